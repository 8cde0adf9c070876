# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating servers (virtfusion 1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes
from .records import Package, Server
from .seed_servers import live_resources, new_disk, new_server
from .server_views import full_view
from .tasks import add_task

routes = new_routes()

RULESETS = range(1, 6)
"""IDs of the firewall rulesets. They are created in the web interface (virtfusion 1.10)."""

OVERRIDES = {
    "storage": ("storage", 1),
    "traffic": ("traffic", 0),
    "memory": ("memory", 1),
    "cpuCores": ("cpuCores", 1),
    "networkSpeedInbound": ("speedIn", 0),
    "networkSpeedOutbound": ("speedOut", 0),
}
"""Body key → (resource, least value). A value overrides the package (DOCUMENTED for 7.1)."""


@dataclass(frozen=True)
class Order:
    """A validated request for a server, with its hypervisor and addresses."""

    package: Package
    user_id: int
    hypervisor_id: int
    ipv4_block: int
    ipv4: list[str]
    overrides: dict[str, Any]
    rulesets: list[int]
    extra_disks: list[int]
    storage_profile: int


@routes.add("POST", "/servers")
def create_server(call: Call) -> Reply:
    """Create a server. A dry run (DOCUMENTED for 7.1) refuses what the real run would refuse."""
    order = _order(call)
    if call.flag("dryRun"):
        return data({"dryRun": "success"}, int(call.switches.word("dry_run_status")))
    number = call.state.next_id("server")
    server = new_server(call.state, number, call.state.random, order.package, call.now())
    server["hiddenReads"] = call.switches.number("address_reads")
    server.update({"ownerId": order.user_id, "hypervisorId": order.hypervisor_id})
    server["resources"].update(order.overrides)  # type: ignore[typeddict-item]
    server["live"] = live_resources(server)
    server["primary"]["rulesets"] = order.rulesets
    server["primary"]["ipv4"] = [
        call.state.new_ipv4(order.ipv4_block, address) for address in order.ipv4
    ]
    if order.storage_profile:
        server["disks"][0]["profile"] = order.storage_profile
    for capacity in order.extra_disks:
        _add_disk(call, server, capacity)
    call.state.servers[number] = server
    call.state.forget_derived()
    return data(full_view(call.state, server, call.jobs.progress(server)), 201)


def _order(call: Call) -> Order:
    """Validate the request. `hypervisorId` of the body is the ID of a hypervisor *group* (DOCUMENTED)."""
    package_id, user_id, group_id = (
        call.integer(name) for name in ("packageId", "userId", "hypervisorId")
    )
    # Without `ipv4` the server gets no address (OBSERVED).
    addresses = call.integer("ipv4", low=0, high=200, required=False)
    overrides, rulesets, extra_disks = _overrides(call), _rulesets(call), _extra_disks(call)
    storage_profile = call.integer("storageProfile", required=False)
    call.check("create_errors")
    package = call.state.packages.get(package_id)
    if package is None or not package["enabled"] or user_id not in call.state.users:
        # OBSERVED text. Which mistakes cause it is INFERRED (virtfusion 1.3).
        raise refusals.errors(422, "Invalid request")
    if not set(rulesets) <= set(RULESETS):
        raise refusals.errors(422, "Invalid or disabled firewall ruleset")
    _refuse_over_limit(call, user_id, package)
    hypervisor_id = _place(call, group_id, package, overrides)
    block = call.state.groups[group_id]["ipv4Block"]
    free = call.state.free_addresses(block, addresses)
    if len(free) < addresses:
        raise refusals.errors(422, "Not enough IPv4 addresses available")
    return Order(
        package=package,
        user_id=user_id,
        hypervisor_id=hypervisor_id,
        ipv4_block=block,
        ipv4=free,
        overrides=overrides,
        rulesets=rulesets,
        extra_disks=extra_disks,
        storage_profile=storage_profile,
    )


def _refuse_over_limit(call: Call, user_id: int, package: Package) -> None:
    """Refuse a server beyond the limit of its owner or of its package (INFERRED, virtfusion 1.6)."""
    limit = call.state.users[user_id]["serverLimit"]
    if limit is not None and len(call.state.owned_by(user_id)) >= limit:
        raise refusals.errors(422, "User has reached the server limit")
    limit = package["serverLimit"]
    of_package = sum(server["packageId"] == package["id"] for server in call.state.servers.values())
    if limit is not None and of_package >= limit:
        raise refusals.errors(422, "Package has reached the server limit")


def _overrides(call: Call) -> dict[str, Any]:
    return {
        resource: call.integer(key, low=low)
        for key, (resource, low) in OVERRIDES.items()
        if call.body.get(key) is not None
    }


def _rulesets(call: Call) -> list[int]:
    """Return the rulesets for the new server. -1, bare or in a list, means none (form not known, virtfusion 1.6)."""
    if call.body.get("firewallRulesets") == -1:
        return []
    return [
        number for number in call.items("firewallRulesets", int, required=False) if number != -1
    ]


def _extra_disks(call: Call) -> list[int]:
    """Return capacities of at most two additional disks."""
    return [
        call.integer(f"additionalStorage{slot}Capacity", low=1)
        for slot in (1, 2)
        if call.boolean(f"additionalStorage{slot}Enable")
    ]


def _place(call: Call, group_id: int, package: Package, overrides: dict[str, Any]) -> int:
    """Return the hypervisor of the group with the most free memory that can take the server."""
    memory = overrides.get("memory", package["memory"])
    cores = overrides.get("cpuCores", package["cpuCores"])
    storage = overrides.get("storage", package["primaryStorage"])
    candidates: list[tuple[int, int]] = []
    for hypervisor in call.state.hypervisors.values():
        taken = call.state.allocated(hypervisor["id"])
        fits = (
            _fits(hypervisor["maxMemory"], taken["memory"], memory)
            and _fits(hypervisor["maxCpu"], taken["cpuCores"], cores)
            and _fits(hypervisor["maxStorage"], taken["storage"], storage)
            and _fits(hypervisor["maxServers"], taken["servers"], 1)
        )
        if hypervisor["groupId"] == group_id and hypervisor["enabled"] and fits:
            candidates.append((taken["memory"] - hypervisor["maxMemory"], hypervisor["id"]))
    if not candidates:
        raise refusals.errors(422, "No suitable hypervisor found")
    return min(candidates)[1]


def _fits(most: int, taken: int, wanted: int) -> bool:
    return most == 0 or taken + wanted <= most


def _add_disk(call: Call, server: Server, capacity: int) -> None:
    """Add a disk that is not enabled, and its pending task, whose text is DOCUMENTED for sdb."""
    disk = new_disk(call.state, capacity, 0, call.now(), primary=False)
    server["disks"].append(disk)
    letter = "abc"[len(server["disks"]) - 1]
    payload = {"disk": {"id": disk["id"], "disk_storage_id": None}}
    add_task(call, server, f"Create HDD (sd{letter})", payload)
