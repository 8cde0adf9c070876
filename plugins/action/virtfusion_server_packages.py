# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts many VirtFusion servers on a package, within one task on the controller."""

from __future__ import annotations

from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..module_utils._virtfusion.resources.server_package import PACKAGE_MANNER, PACKAGE_TARGET
from ..plugin_utils._fleet.fleet_module import FleetModule
from ..plugin_utils._fleet_action import FleetAction
from ..plugin_utils._virtfusion.server_packages import OPTIONS, SELECTION, ServerPackages
from ..plugin_utils._virtfusion.server_rollback import ServerRollback


class ActionModule(FleetAction):
    """The action."""

    FLEET = FleetModule(
        VIRTFUSION,
        ServerPackages,
        ServerRollback,
        CONNECTION + OPTIONS,
        selection=SELECTION,
        target=PACKAGE_TARGET,
        manner=PACKAGE_MANNER,
        playbook="virtfusion_fleet_package",
    )
