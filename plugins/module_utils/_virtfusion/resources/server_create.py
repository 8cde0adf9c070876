# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request that creates a VirtFusion server."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from ..._core.argspec import Range, check_ranges
from ..._core.converge import View
from ..._core.errors import Code, PanelError, invalid
from ..client import VirtFusion
from .package import find_package
from .server_view import SERVER
from .user import EXT_RELATION_IDS

#: Required values of a new server, each with the options that can provide it.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "package_id": ("package_id", "package_name"),
    "user_id": ("user_id", "ext_relation_id", "relation_string"),
    "hypervisor_group_id": ("hypervisor_group_id",),
}

#: Options copied into the request. Omitted ones default to the package's values, except for
#: ``ipv4``: without it a server gets no address (virtfusion 1.6).
_BODY: Mapping[str, str] = {
    # In the request this is the group; in the response, the chosen hypervisor (virtfusion 1.6).
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
#: Sent instead of IDs for an empty list, which overrides the package. The published type of the
#: parameter is a list; whether -1 must be in one is not published (virtfusion 1.6).
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

#: A server has at most three disks, including the primary one (virtfusion 1.6).
MOST_ADDITIONAL_STORAGES = 2


def check_new_server(params: Mapping[str, Any]) -> None:
    """Reject values that the panel does not accept. :raises PanelError: ``validation``."""
    check_ranges(params, RANGES)
    for option in _LISTS:
        if any(number < 1 for number in params[option] or ()):
            raise invalid(f"{option} must be IDs, not {params[option]}", "an empty list means none")
    storages = params["additional_storages"] or ()
    if len(storages) > MOST_ADDITIONAL_STORAGES:
        raise invalid(
            f"additional_storages must be at most {MOST_ADDITIONAL_STORAGES}, not {len(storages)}"
        )
    for storage in storages:
        check_ranges(storage, {"capacity": (1, None), "profile": (0, None)})


def missing_for_new_server(params: Mapping[str, Any]) -> list[str]:
    """Return the required options that are missing."""
    return [
        name
        for name, options in REQUIRED.items()
        if all(params[option] is None for option in options)
    ]


def enabled_package(client: VirtFusion, params: Mapping[str, Any]) -> View:
    """Return the package of a new server. :raises PanelError: it does not exist or is disabled."""
    package = find_package(client, params["package_id"], params["package_name"])
    if not package["enabled"]:
        raise PanelError(
            Code.REFUSED,
            "the package is disabled",
            action=f"create a server with package {package['id']} ({package['name']})",
            hint="enable it in the panel, or choose another",
        )
    return package


def new_server(client: VirtFusion, params: Mapping[str, Any], owner_id: int) -> dict[str, Any]:
    """Return the body of the request that creates a server.

    :raises PanelError: if the package does not exist or is disabled.
    """
    package = enabled_package(client, params)
    numbers = {key: params[option] for option, key in _BODY.items() if params[option] is not None}
    lists = {
        key: params[option] or _NONE for option, key in _LISTS.items() if params[option] is not None
    }
    body = {"packageId": package["id"], "userId": owner_id, **numbers, **lists}
    return {**body, **_additional_storages(params["additional_storages"])}


def try_to_create(client: VirtFusion, body: Mapping[str, Any], name: str) -> View | None:
    """Check with a dry run whether the panel would create a server (virtfusion 1.6).

    :param name: the server, for messages.
    :returns: the server that the panel created nevertheless, or ``None``.
    :raises PanelError: the panel would not create it.
    """
    response = client.one("try_create_server", query={"dryRun": "true"}, body=body)
    if response.get("dryRun", "success") != "success":
        raise PanelError(
            Code.REFUSED,
            f"the dry run ends with {response['dryRun']!r:.60}",
            action=f"create {name}",
        )
    return SERVER.project(response) if "id" in response else None


def ignored_dry_run(server: View, name: str, hint: str) -> PanelError:
    """Return the error for a server that the panel created in a dry run."""
    return PanelError(
        Code.PROTOCOL,
        f"this panel ignored dryRun and created server {server['id']}",
        action=f"try to create {name}",
        hint=hint,
        partial=True,
    )


def create(client: VirtFusion, body: Mapping[str, Any]) -> View:
    """Create a server and return it. :raises PanelError: uncertain if its ID is not known."""
    try:
        return SERVER.project(client.one("create_server", body=body))
    except PanelError as error:
        # Accepted, but the response does not identify the new server.
        error.uncertain = error.uncertain or error.code is Code.PROTOCOL
        raise


def _additional_storages(storages: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Return both slots if the option is set: an omitted slot defaults to the package's value."""
    body: dict[str, Any] = {}
    if storages is None:
        return body
    for slot, storage in zip_longest(range(1, MOST_ADDITIONAL_STORAGES + 1), storages):
        body[f"additionalStorage{slot}Enable"] = storage is not None
        if storage is not None:
            body[f"additionalStorage{slot}Capacity"] = storage["capacity"]
        if storage is not None and storage["profile"] is not None:
            body[f"additionalStorage{slot}Profile"] = storage["profile"]
    return body
