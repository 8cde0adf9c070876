# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion package, and the eleven aspects of a server that a package change can set.

No read shows which package a server is on. A server is on a package if its aspects equal those of
the package (virtfusion 2.6). Their two tables define where each aspect is found (virtfusion 2.5).

The response to a package change names only the aspects that it did not update (virtfusion 2.2). Seven
wordings are published and four are inferred from them, so lines are matched by keywords, not exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ..._core.argspec import ArgumentSpec, named, positive
from ..._core.changes import Reply
from ..._core.fields import (
    NOT_SHOWN,
    Compare,
    Field,
    Schema,
    boolean,
    identifier,
    integer,
    limit,
    text,
)
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..client import VirtFusion

_DISK = "storage[primary=true]"
_NIC = "network.interfaces[0]"


def size(value: Any) -> int | None:
    """Return a whole number, or None for null or a falsy value of another type (virtfusion 1.4)."""
    return None if value is False or value in ("", [], {}) else integer(value)


class Aspect(NamedTuple):
    """One aspect: its name, its flag in the body of a package change, and its path in a package."""

    name: str
    flag: str
    package: str


ASPECTS: tuple[Aspect, ...] = (
    Aspect("cpu", "cpu", "cpuCores"),
    Aspect("memory", "memory", "memory"),
    Aspect("primary_disk_size", "primaryDiskSize", "primaryStorage"),
    Aspect("primary_disk_read_iops", "primaryDiskReadIOPS", "primaryStorageReadIopsSec"),
    Aspect("primary_disk_write_iops", "primaryDiskWriteIOPS", "primaryStorageWriteIopsSec"),
    Aspect(
        "primary_disk_read_throughput", "primaryDiskReadThroughput", "primaryStorageReadBytesSec"
    ),
    Aspect(
        "primary_disk_write_throughput", "primaryDiskWriteThroughput", "primaryStorageWriteBytesSec"
    ),
    Aspect("primary_network_inbound_speed", "primaryNetworkInboundSpeed", "primaryNetworkSpeedIn"),
    Aspect(
        "primary_network_outbound_speed", "primaryNetworkOutboundSpeed", "primaryNetworkSpeedOut"
    ),
    Aspect("primary_network_traffic", "primaryNetworkTraffic", "traffic"),
    Aspect("backup_plan", "backupPlan", "backupPlanId"),
)

#: The aspects in the read of a single server, then in a user's list. Null, 0 and a missing value of a
#: limit of the disk mean no limit; older panels send none, and no backup plan.
SERVER_ASPECTS = Schema(
    Field("cpu", ("cpu.cores", "settings.resources.cpuCores", "resources.cpuCores"), size, "cores"),
    Field("memory", ("settings.resources.memory", "resources.memory"), size, "MB"),
    Field(
        "primary_disk_size",
        (f"{_DISK}.capacity", "settings.resources.storage", "resources.storage"),
        size,
        "GB",
        Compare.AT_LEAST,
        why_not="VirtFusion never makes a disk smaller",
    ),
    Field("primary_disk_read_iops", f"{_DISK}.iops.read", limit, "operations/s", absent=None),
    Field("primary_disk_write_iops", f"{_DISK}.iops.write", limit, "operations/s", absent=None),
    Field("primary_disk_read_throughput", f"{_DISK}.bytes.read", limit, "bytes/s", absent=None),
    Field("primary_disk_write_throughput", f"{_DISK}.bytes.write", limit, "bytes/s", absent=None),
    Field("primary_network_inbound_speed", f"{_NIC}.inAverage", size, "kB/s"),
    Field("primary_network_outbound_speed", f"{_NIC}.outAverage", size, "kB/s"),
    Field(
        "primary_network_traffic", ("settings.resources.traffic", "resources.traffic"), size, "GB"
    ),
    Field("backup_plan", ("backupPlan.id", "backup_plan.id", "backup_plan"), limit, absent=None),
)
PACKAGE_ASPECTS = Schema(
    *(replace(SERVER_ASPECTS[aspect.name], path=aspect.package) for aspect in ASPECTS)
)

#: Aspects whose new value takes effect in a running guest only after a restart (virtfusion 2.3).
NEED_RESTART = frozenset({"cpu", "memory"})


def unknown_aspects(view: Mapping[str, Any]) -> set[str]:
    """Return the aspects that are missing from a projected object."""
    return {
        name
        for name, field in SERVER_ASPECTS.items()
        if field.absent is NOT_SHOWN and view.get(name) is None
    }


_LEFT_ALONE = re.compile(r"^(?P<subject>.+?) not updated\b", re.IGNORECASE)

#: Words that name an aspect; the first match counts. DOCUMENTED, except for the lines marked.
_SUBJECTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), aspect)
    for words, aspect in (
        (r"\bcpu\b", "cpu"),
        (r"\bread\b.*\biops\b", "primary_disk_read_iops"),  # INFERRED
        (r"\bwrite\b.*\biops\b", "primary_disk_write_iops"),
        (r"\bread\b.*\bbytes\b", "primary_disk_read_throughput"),  # INFERRED
        (r"\bwrite\b.*\bbytes\b", "primary_disk_write_throughput"),
        (r"\bdisk\b", "primary_disk_size"),
        (r"\binbound\b", "primary_network_inbound_speed"),
        (r"\boutbound\b", "primary_network_outbound_speed"),
        (r"\btraffic\b", "primary_network_traffic"),
        (r"\bmemory\b", "memory"),  # INFERRED
        (r"\bbackup\b", "backup_plan"),  # INFERRED
    )
)


def aspect_of(line: str) -> str | None:
    """Return the aspect named in a "not updated" line, or ``None``."""
    left_alone = _LEFT_ALONE.match(line.strip())
    if left_alone is None:
        return None
    return next(
        (aspect for words, aspect in _SUBJECTS if words.search(left_alone["subject"])), None
    )


def read_info(lines: Iterable[str]) -> Reply:
    """Split the panel's lines into "not updated" lines by aspect and unknown lines."""
    about: dict[str, str] = {}
    unknown: list[str] = []
    kept = tuple(lines)
    for line in kept:
        aspect = aspect_of(line)
        if aspect is None:
            unknown.append(line)
        else:
            about.setdefault(aspect, line)
    return Reply(about, tuple(unknown), kept)


def writer(
    client: VirtFusion, server_id: int, operation: str, key: str, **query: str
) -> Callable[[Any], object]:
    """Return the function that sets one value of a server."""
    return lambda value: client.send(
        operation, path={"server_id": server_id}, query=query, body={key: value}
    )


def size_writers(client: VirtFusion, server_id: int) -> Mapping[str, Callable[[Any], object]]:
    """Return the functions that each set one resource of a server, without a package."""
    return {
        "memory": writer(client, server_id, "modify_server_memory", "memory"),
        "cpu": writer(client, server_id, "modify_server_cpu_cores", "cores"),
        "primary_network_traffic": writer(client, server_id, "modify_server_traffic", "traffic"),
        "backup_plan": lambda plan: client.send(
            "change_server_backup_plan", path={"server_id": server_id, "plan_id": plan or 0}
        ),
    }


#: Old panels do not send ``enabled``; all of their packages are enabled.
PACKAGE = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("description", "description", text),
    Field("enabled", "enabled", boolean, absent=True),
    *PACKAGE_ASPECTS.values(),
    Field("primary_disk_type", "primaryDiskType", text),
    Field("primary_storage_profile", "primaryStorageProfile", integer),
    Field("primary_network_profile", "primaryNetworkProfile", integer),
    Field("created", "created", text),
)


def find_package(client: VirtFusion, package_id: int | None, name: str | None) -> dict[str, Any]:
    """Return the one package with that ID, or else with that name, projected."""
    if package_id is not None:
        return PACKAGE.project(client.package(positive("package_id", package_id)))
    desired = named("package_name", name)
    rows = [PACKAGE.project(raw) for raw in client.packages()]
    return dict(exactly_one(rows, desired, what="package", option="package_id"))


#: The options of virtfusion_package_info.
PACKAGE_INFO_OPTIONS = ArgumentSpec(
    {
        "package_id": {"type": "int"},
        "package_name": {"type": "str"},
        "enabled": {"type": "bool"},
    },
    mutually_exclusive=[("package_id", "package_name")],
)


class PackageInfo(Query[VirtFusion]):
    """One package, or all of them."""

    def read(self) -> dict[str, Any]:
        package_id, name = self._params["package_id"], self._params["package_name"]
        if package_id is not None or name is not None:
            packages = [find_package(self._client, package_id, name)]
        else:
            packages = [PACKAGE.project(raw) for raw in self._client.packages()]
        enabled = self._params["enabled"]
        return {
            "packages": [package for package in packages if enabled in (None, package["enabled"])]
        }
