# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of single properties of a server. Reads show new values at once (OBSERVED, virtfusion 2.3)."""

from __future__ import annotations

from ..exchange import NO_BODY, Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .records import Server
from .seed_servers import XML_SECTIONS
from .state import BACKUP_PLANS
from .tasks import await_power_transition

routes = new_routes()

MOST_TRAFFIC = 999999999
LONGEST_NAME = 63
"""A free label, not a host name (OBSERVED, virtfusion 1.11)."""

BACKUP_ACCESS = ("inherit", "disabled", "scheduled", "view_restore", "full", "manual")


@routes.add("PUT", "/servers/{serverId}/modify/name")
def rename(call: Call) -> Reply:
    """Rename a server."""
    server = call.server()
    name = call.text("name", longest=LONGEST_NAME)
    call.check()
    server["name"] = name
    call.touch(server)
    return nothing(int(call.switches.word("rename_status")))


@routes.add("PUT", "/servers/{serverId}/modify/memory")
def modify_memory(call: Call) -> Reply:
    """Set the memory in MB."""
    server = call.server()
    memory = call.integer("memory", low=256)
    call.check()
    return _resize(call, server, "memory", memory)


@routes.add("PUT", "/servers/{serverId}/modify/cpuCores")
def modify_cores(call: Call) -> Reply:
    """Set the cores. 422 if the hypervisor has too few free cores (DOCUMENTED for 7.1)."""
    server = call.server()
    cores = call.integer("cores", low=1, high=600)
    call.check()
    hypervisor = call.state.hypervisors[server["hypervisorId"]]
    others = call.state.allocated(hypervisor["id"])["cpuCores"] - server["resources"]["cpuCores"]
    if hypervisor["maxCpu"] and others + cores > hypervisor["maxCpu"]:
        raise refusals.errors(422, "The hypervisor does not have enough free CPU cores")
    return _resize(call, server, "cpuCores", cores)


@routes.add("PUT", "/servers/{serverId}/modify/traffic")
def modify_traffic(call: Call) -> Reply:
    """Set the traffic allowance in GB. It is declared as a string with an integer as example; both are accepted."""
    server = call.server()
    traffic = call.integer("traffic", low=0, high=MOST_TRAFFIC)
    call.check()
    return _resize(call, server, "traffic", traffic)


@routes.add("PUT", "/servers/{serverId}/modify/cpuThrottle")
def modify_throttle(call: Call) -> Reply:
    """Throttle the CPU by some percent. `sync` only decides when that applies."""
    server = call.server()
    percent = call.integer("percent", low=0, high=99)
    call.check()
    server["cpuThrottle"] = percent
    call.touch(server)
    return nothing(int(call.switches.word("modify_status")))


@routes.add("PUT", "/servers/{serverId}/backups/plan/{planId}")
def set_backup_plan(call: Call) -> Reply:
    """Set the backup plan; 0 removes it."""
    server = call.server()
    plan = call.number("planId", "backup plan")
    if plan and plan not in BACKUP_PLANS:
        raise refusals.not_found("backup plan")
    server["resources"]["backupPlan"] = plan or None
    call.touch(server)
    return nothing(201)


@routes.add("PUT", "/servers/{serverId}/backupManager/access")
def set_backup_access(call: Call) -> Reply:
    """Set the owner's access to backups. No read shows it (virtfusion 10, operation 22)."""
    server = call.server()
    access = call.choice("type", BACKUP_ACCESS)
    call.check()
    server["backupAccess"] = access
    call.touch(server)
    return nothing(201)


@routes.add("PUT", "/servers/{serverId}/owner/{newOwnerId}")
def change_owner(call: Call) -> Reply:
    """Set the owner of a server."""
    server = call.server()
    owner = call.record(call.state.users, "newOwnerId", "user")
    if owner["id"] == server["ownerId"]:
        # OBSERVED: part of the text of this 422 (virtfusion 1.3).
        raise refusals.errors(422, "The new owner is the same as the existing owner")
    server["ownerId"] = owner["id"]
    call.state.forget_derived()
    call.touch(server)
    return nothing(201)


@routes.add("POST", "/servers/{serverId}/customXML")
def set_custom_xml(call: Call) -> Reply:
    """Set custom XML. The request is flat (`domain`, `domainEnabled`), the read is nested."""
    server = call.server()
    sections = server["customXml"]
    for name in XML_SECTIONS:
        sent = name in call.body or f"{name}Enabled" in call.body
        if not sent and call.switches.is_set("customxml_unsent", "keep"):
            continue
        before = sections[name] if sent else {"xml": "", "enabled": False}
        xml = call.text(name, required=False, longest=65535) if name in call.body else before["xml"]
        enabled = call.boolean(f"{name}Enabled", bool(before["enabled"]))
        sections[name] = {"xml": str(xml), "enabled": enabled}
    call.check()
    call.touch(server)
    quoted = call.switches.is_set("custom_xml_body", "quoted")
    return Reply(200, "" if quoted else NO_BODY)


@routes.add("GET", "/backups/server/{serverId}")
def list_backups(call: Call) -> Reply:
    """Return the backups of a server, not paged: two if it has a backup plan, else none."""
    server = call.server()
    days = (3, 4) if server["resources"]["backupPlan"] else ()
    return data(
        [
            {
                "id": server["id"] * 10 + day,
                "serverId": server["id"],
                "storage": {"id": 5, "name": "Backup Server 1", "enabled": True},
                "deleting": False,
                "restoring": False,
                "progress": False,
                "complete": True,
                "deleteAfter": None,
                "created": f"2025-01-0{day}T20:25:01+00:00",
                "updated": f"2025-01-0{day}T20:26:01+00:00",
            }
            for day in days
        ]
    )


def _resize(call: Call, server: Server, resource: str, value: int) -> Reply:
    call.refuse_if_busy(server)
    if server["resources"][resource] != value:  # type: ignore[literal-required]
        server["resources"][resource] = value  # type: ignore[literal-required]
        await_power_transition(call, server, resource, value)
        call.state.resources_changed(server)
    call.touch(server)
    return nothing(int(call.switches.word("modify_status")))
