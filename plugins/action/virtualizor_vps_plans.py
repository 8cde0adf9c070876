# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Moves many Virtualizor VPSs to a plan, within one task on the controller."""

from __future__ import annotations

from ..module_utils._virtualizor.argspec import CONNECTION
from ..module_utils._virtualizor.panel import VIRTUALIZOR
from ..module_utils._virtualizor.resources.vps_plan import PLAN_MANNER, PLAN_TARGET
from ..plugin_utils._fleet.fleet_module import FleetModule
from ..plugin_utils._fleet_action import FleetAction
from ..plugin_utils._virtualizor.vps_plans import OPTIONS, SELECTION, VpsPlans
from ..plugin_utils._virtualizor.vps_rollback import VpsRollback


class ActionModule(FleetAction):
    """The action."""

    FLEET = FleetModule(
        VIRTUALIZOR,
        VpsPlans,
        VpsRollback,
        CONNECTION + OPTIONS,
        selection=SELECTION,
        target=PLAN_TARGET,
        manner=PLAN_MANNER,
        playbook="virtualizor_fleet_plan",
    )
