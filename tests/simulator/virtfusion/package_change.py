# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the package of a server: the most important operation (virtfusion 2).

Each of the eleven aspects has a flag of its own. The answer lists the aspects that were *not* updated; the absence
of a line means a change. The primary disk never shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import BUSY_ALWAYS, Call, new_routes, nothing
from .records import Package, Server
from .seed_servers import resources_of
from .tasks import await_power_transition

routes = new_routes()

MATCHES = "It matches the current value"
MATCHES_OR_LOWER = "It either matches or is lower than the current value"


@dataclass(frozen=True)
class Aspect:
    """One aspect: its flag in the request, its place in `Server.resources`, its name in `info`."""

    flag: str
    resource: str
    noun: str
    documented: bool = True
    """Whether the line with this noun is published. Otherwise it is INFERRED from the pattern (virtfusion 2.2)."""
    grow_only: bool = False

    def line(self) -> str:
        """Return the line for an aspect that was not updated."""
        reason = MATCHES_OR_LOWER if self.grow_only else MATCHES
        return f"{self.noun} not updated. {reason}"


ASPECTS = (
    Aspect("cpu", "cpuCores", "CPU cores"),
    Aspect("memory", "memory", "memory", documented=False),
    Aspect("primaryDiskSize", "storage", "primary disk", grow_only=True),
    Aspect("primaryNetworkTraffic", "traffic", "traffic"),
    Aspect("primaryNetworkInboundSpeed", "speedIn", "primary network speed inbound"),
    Aspect("primaryNetworkOutboundSpeed", "speedOut", "primary network speed outbound"),
    Aspect("primaryDiskReadIOPS", "readIops", "read IOPS", documented=False),
    Aspect("primaryDiskWriteIOPS", "writeIops", "write IOPS"),
    Aspect("primaryDiskReadThroughput", "readBytes", "read bytes/sec", documented=False),
    Aspect("primaryDiskWriteThroughput", "writeBytes", "write bytes/sec"),
    Aspect("backupPlan", "backupPlan", "backup plan", documented=False),
)
"""All aspects in the order of the published lines. The positions of the four inferred lines are INFERRED."""


@routes.add("PUT", "/servers/{serverId}/package/{packageId}")
def change_package(call: Call) -> Reply:
    """Move a server to a package, aspect by aspect."""
    server, package = call.server(), call.package()
    call.refuse_if_busy(server, BUSY_ALWAYS)
    _refuse_by_switch(call, server, package)
    default = call.switches.flag("omitted_flags")
    chosen = [aspect for aspect in ASPECTS if call.boolean(aspect.flag, default)]
    call.check()
    info = _apply(call, server, package, chosen)
    server["packageId"] = package["id"]
    call.touch(server)
    call.state.resources_changed(server)
    if call.switches.is_set("package_reply", "empty204"):
        return nothing(204)
    # Not wrapped in `data`: DOCUMENTED, an exception (virtfusion 1.1).
    return Reply(200, {"info": info})


def _refuse_by_switch(call: Call, server: Server, package: Package) -> None:
    switches = call.switches
    if not package["enabled"] and switches.is_set("disabled_package", "refuse"):
        raise refusals.errors(422, "Invalid or disabled package")
    if server["suspended"] and switches.is_set("suspended_package_change", "refuse"):
        raise refusals.errors(422, "The server is suspended")
    if not server["commissionStatus"] and switches.is_set("unbuilt_package_change", "refuse"):
        raise refusals.errors(422, "The server has not been built")


def _apply(call: Call, server: Server, package: Package, chosen: list[Aspect]) -> list[str]:
    """Change the aspects that differ. Return the lines for the others."""
    wanted: dict[str, Any] = dict(resources_of(package))
    silent, reported = _faulty(call, "silent_refusal"), _faulty(call, "info_only")
    info: list[str] = []
    for aspect in chosen:
        current = server["resources"][aspect.resource]  # type: ignore[literal-required]
        new = wanted[aspect.resource]
        if aspect.flag in silent:
            continue
        unchanged = new <= current if aspect.grow_only else new == current
        if unchanged or aspect.flag in reported:
            if aspect.documented or call.switches.flag("info_for_inferred"):
                info.append(aspect.line())
            continue
        _set(call, server, aspect, new)
    return info


def _set(call: Call, server: Server, aspect: Aspect, new: Any) -> None:
    if aspect.flag in _faulty(call, "slow_apply"):
        assert call.fault is not None
        reads = call.fault.params["reads"]
        server["deferred"].append({"resource": aspect.resource, "value": new, "reads": reads})
    else:
        server["resources"][aspect.resource] = new  # type: ignore[literal-required]
    await_power_transition(call, server, aspect.resource, new)


def _faulty(call: Call, kind: str) -> list[str]:
    """Return the flags named by a fault of this kind. For `slow_apply`, no name means all."""
    if call.fault is None or call.fault.kind != kind:
        return []
    named: list[str] = call.fault.params["aspects"]
    return named or ([aspect.flag for aspect in ASPECTS] if kind == "slow_apply" else [])
