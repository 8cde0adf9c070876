# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new VirtFusion server is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import Code, PanelError, invalid
from ..._core.ranges import Range, check_ranges
from ..client import VirtFusion
from .package import find_package
from .user import EXT_RELATION_IDS

#: What a new server cannot do without, and the options of which one says it.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "package_id": ("package_id", "package_name"),
    "user_id": ("user_id", "ext_relation_id", "relation_string"),
    "hypervisor_group_id": ("hypervisor_group_id",),
}

#: Options that go into the request as they are. Those that are left out are as the package says,
#: but for ``ipv4``, without which a server gets no address (virtfusion 1.6).
_BODY: Mapping[str, str] = {
    # The group, although the answer has the chosen hypervisor under this name (virtfusion 1.6).
    "hypervisor_group_id": "hypervisorId",
    "ipv4_count": "ipv4",
    "memory": "memory",
    "cpu": "cpuCores",
    "primary_disk_size": "storage",
    "primary_network_traffic": "traffic",
    "primary_network_inbound_speed": "networkSpeedInbound",
    "primary_network_outbound_speed": "networkSpeedOutbound",
    "primary_storage_profile": "storageProfile",
    "primary_network_profile": "networkProfile",
}
_LISTS: Mapping[str, str] = {
    "firewall_rulesets": "firewallRulesets",
    "hypervisor_asset_groups": "hypervisorAssetGroups",
}
#: Instead of IDs: none, whatever the package says. Whether bare or in a list is not published; a
#: list is what the request is declared to hold (virtfusion 1.6).
_NONE = [-1]

RANGES: Mapping[str, Range] = {
    "package_id": (1, None),
    "user_id": (1, None),
    "ext_relation_id": EXT_RELATION_IDS,
    "hypervisor_group_id": (1, None),
    "ipv4_count": (0, None),
    "primary_disk_size": (1, None),
    "primary_network_inbound_speed": (0, None),
    "primary_network_outbound_speed": (0, None),
    "primary_storage_profile": (0, None),
    "primary_network_profile": (0, None),
}

#: A server has at most three disks, the primary one included (virtfusion 1.6).
MOST_ADDITIONAL_STORAGES = 2


def check_new_server(params: Mapping[str, Any]) -> None:
    """Refuse values that the panel would not take. :raises PanelError: ``validation``."""
    check_ranges(params, RANGES)
    for option in _LISTS:
        if any(number < 1 for number in params[option] or ()):
            raise invalid(f"{option} must be ids, not {params[option]}", "an empty list means none")
    storages = params["additional_storages"] or ()
    if len(storages) > MOST_ADDITIONAL_STORAGES:
        raise invalid(
            f"additional_storages must be at most {MOST_ADDITIONAL_STORAGES}, not {len(storages)}"
        )
    for storage in storages:
        check_ranges(storage, {"capacity": (1, None), "profile": (0, None)})


def missing_for_new_server(params: Mapping[str, Any]) -> list[str]:
    """Return the options without which the panel cannot make a server."""
    return [
        name
        for name, options in REQUIRED.items()
        if all(params[option] is None for option in options)
    ]


def new_server(client: VirtFusion, params: Mapping[str, Any], owner_id: int) -> dict[str, Any]:
    """Return the body of the request that makes a server.

    :raises PanelError: there is no such package, or it is disabled.
    """
    package = find_package(client, params["package_id"], params["package_name"])
    if not package["enabled"]:
        raise PanelError(
            Code.REFUSED,
            "the package is disabled",
            action=f"make a server with package {package['id']} ({package['name']})",
            hint="enable it in the panel, or choose another",
        )
    numbers = {key: params[option] for option, key in _BODY.items() if params[option] is not None}
    lists = {
        key: params[option] or _NONE for option, key in _LISTS.items() if params[option] is not None
    }
    body = {"packageId": package["id"], "userId": owner_id, **numbers, **lists}
    return {**body, **_additional_storages(params["additional_storages"])}


def _additional_storages(storages: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Both slots, where the operator speaks of them at all: a slot left out is as the package says."""
    body: dict[str, Any] = {}
    if storages is None:
        return body
    for slot in range(1, MOST_ADDITIONAL_STORAGES + 1):
        storage = storages[slot - 1] if slot <= len(storages) else None
        body[f"additionalStorage{slot}Enable"] = storage is not None
        if storage is not None:
            body[f"additionalStorage{slot}Capacity"] = storage["capacity"]
        if storage is not None and storage["profile"] is not None:
            body[f"additionalStorage{slot}Profile"] = storage["profile"]
    return body
