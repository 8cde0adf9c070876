# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a package gives a server: the eleven aspects that a package change can move.

No read shows which package a server is on, so a server is on a package when its aspects are the
package's (virtfusion 2.6). This table is the one place that says where each is (virtfusion 2.5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.fields import NOT_SHOWN, Compare, Field, Schema, integer, limit

_DISK = "storage[primary=true]"
_NIC = "network.interfaces[0]"


def size(value: Any) -> int | None:
    """Return a whole number, or None where the panel sends null or a falsy value of another type (virtfusion 1.4)."""
    return None if value is False or value in ("", [], {}) else integer(value)


@dataclass(frozen=True)
class Aspect:
    """One aspect.

    :param name: in options and results.
    :param flag: in the body of a package change.
    :param package: where a package has it.
    :param server: where a server has it: in the single read first, then in the rows of a user's list.
    :param kind: type of its value, the same on both sides.
    :param unit: of its value.
    :param compare: ``AT_LEAST`` for the disk.
    :param absent: its value on panels that do not know it yet.
    :param why_not: see :class:`Field`.
    """

    name: str
    flag: str
    package: str
    server: tuple[str, ...]
    kind: Callable[[Any], Any] = size
    unit: str = ""
    compare: Compare = Compare.EQ
    absent: Any = NOT_SHOWN
    why_not: str = ""

    def field(self, path: str | tuple[str, ...]) -> Field:
        """The aspect as a field of an object that has it at ``path``."""
        return Field(
            self.name,
            path,
            self.kind,
            self.unit,
            self.compare,
            absent=self.absent,
            why_not=self.why_not,
        )


def _limit(name: str, flag: str, package: str, server: str, unit: str) -> Aspect:
    """A limit of the primary disk: null, 0 and absence all mean none."""
    return Aspect(name, flag, package, (server,), limit, unit, absent=None)


ASPECTS: tuple[Aspect, ...] = (
    Aspect(
        "cpu",
        "cpu",
        "cpuCores",
        ("cpu.cores", "settings.resources.cpuCores", "resources.cpuCores"),
        unit="cores",
    ),
    Aspect(
        "memory", "memory", "memory", ("settings.resources.memory", "resources.memory"), unit="MB"
    ),
    Aspect(
        "primary_disk_size",
        "primaryDiskSize",
        "primaryStorage",
        (f"{_DISK}.capacity", "settings.resources.storage", "resources.storage"),
        unit="GB",
        compare=Compare.AT_LEAST,
        why_not="VirtFusion never makes a disk smaller",
    ),
    _limit(
        "primary_disk_read_iops",
        "primaryDiskReadIOPS",
        "primaryStorageReadIopsSec",
        f"{_DISK}.iops.read",
        "operations/s",
    ),
    _limit(
        "primary_disk_write_iops",
        "primaryDiskWriteIOPS",
        "primaryStorageWriteIopsSec",
        f"{_DISK}.iops.write",
        "operations/s",
    ),
    _limit(
        "primary_disk_read_throughput",
        "primaryDiskReadThroughput",
        "primaryStorageReadBytesSec",
        f"{_DISK}.bytes.read",
        "bytes/s",
    ),
    _limit(
        "primary_disk_write_throughput",
        "primaryDiskWriteThroughput",
        "primaryStorageWriteBytesSec",
        f"{_DISK}.bytes.write",
        "bytes/s",
    ),
    Aspect(
        "primary_network_inbound_speed",
        "primaryNetworkInboundSpeed",
        "primaryNetworkSpeedIn",
        (f"{_NIC}.inAverage",),
        unit="kB/s",
    ),
    Aspect(
        "primary_network_outbound_speed",
        "primaryNetworkOutboundSpeed",
        "primaryNetworkSpeedOut",
        (f"{_NIC}.outAverage",),
        unit="kB/s",
    ),
    Aspect(
        "primary_network_traffic",
        "primaryNetworkTraffic",
        "traffic",
        ("settings.resources.traffic", "resources.traffic"),
        unit="GB",
    ),
    Aspect(
        "backup_plan",
        "backupPlan",
        "backupPlanId",
        ("backupPlan.id", "backup_plan.id", "backup_plan"),
        kind=limit,
        absent=None,
    ),
)

#: The fields of a package and of a server that hold the aspects.
PACKAGE_ASPECTS = Schema(*(aspect.field(aspect.package) for aspect in ASPECTS))
SERVER_ASPECTS = Schema(*(aspect.field(aspect.server) for aspect in ASPECTS))

#: Aspects whose new value a running guest sees only after a restart (virtfusion 2.3).
NEED_RESTART = frozenset({"cpu", "memory"})


def unknown_aspects(view: Mapping[str, Any]) -> set[str]:
    """Return the aspects that a projected object should show and does not."""
    return {
        aspect.name
        for aspect in ASPECTS
        if aspect.absent is NOT_SHOWN and view.get(aspect.name) is None
    }
