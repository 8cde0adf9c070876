# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manages the user plans of a Virtualizor panel from a list, within one task on the controller."""

from __future__ import annotations

from ..plugin_utils._fleet_action import FleetAction
from ..plugin_utils._virtualizor.user_plans import UserPlansModule


class ActionModule(FleetAction):
    """The action."""

    FLEET = UserPlansModule()
