# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deletes VirtFusion servers whose pipeline is over."""

from __future__ import annotations

from ..module_utils._virtfusion.argspec import CONNECTION
from ..module_utils._virtfusion.panel import VIRTFUSION
from ..plugin_utils._ci_server.actions import JANITOR, prepare_janitor
from ..plugin_utils._ci_server.ci_module import CiModule
from ..plugin_utils._fleet_action import FleetAction
from ..plugin_utils._virtfusion.ci_panel import OWNER_OPTIONS, VirtFusionCi


class ActionModule(FleetAction):
    """The action."""

    FLEET = CiModule(
        "virtfusion_ci_janitor",
        VIRTFUSION,
        VirtFusionCi,
        prepare_janitor,
        CONNECTION + OWNER_OPTIONS + JANITOR,
    )
