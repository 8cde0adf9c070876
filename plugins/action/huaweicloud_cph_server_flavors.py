# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the flavor of many cloud phone servers of Huawei Cloud, within one task on the controller."""

from __future__ import annotations

from ..module_utils._huaweicloud.argspec import CONNECTION
from ..module_utils._huaweicloud.panel import HUAWEICLOUD
from ..module_utils._huaweicloud.resources.server_flavor import ORDERING
from ..plugin_utils._fleet.fleet_module import FleetModule
from ..plugin_utils._fleet_action import FleetAction
from ..plugin_utils._huaweicloud.server_flavors import (
    OPTIONS,
    SELECTION,
    TARGET,
    ServerFlavors,
    ServerFlavorsBack,
)


class ActionModule(FleetAction):
    """The action."""

    FLEET = FleetModule(
        HUAWEICLOUD,
        ServerFlavors,
        ServerFlavorsBack,
        CONNECTION + OPTIONS,
        selection=SELECTION,
        target=TARGET,
        manner=ORDERING,
        playbook="huaweicloud_fleet_flavor",
    )
