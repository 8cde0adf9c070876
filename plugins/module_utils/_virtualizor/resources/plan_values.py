# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values that a VPS plan and a VPS have in common.

A VPS has a plan ID, its label, and its own values. They diverge if only the label was changed, or if
the plan or the VPS was edited later (virtualizor 3.5). So both are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..._core.fields import Compare, Field, Schema, pick
from ..values import amount, decimal_number, whole_number


class Quantity(Field):
    """A value for which 0 would be a real amount. An empty one is not shown: nobody knows what it stands for."""

    def read(self, raw: Any) -> Any:
        """Return the amount, or ``NOT_SHOWN``. See :meth:`Field.read`."""
        return self.absent if pick(raw, str(self.path)) in (None, "") else super().read(raw)


#: Plans and VPSs use the same names; the forms that set a plan use others (virtualizor 3.1, 3.2, 3.4).
VALUES = Schema(
    Quantity(
        "space",
        "space",
        amount,
        "GB",
        Compare.AT_LEAST,
        why_not="the panel never makes a disk smaller",
    ),
    Quantity("ram", "ram", amount, "MB"),
    Quantity("burst", "burst", amount, "MB"),
    Quantity("swap", "swap", amount, "MB"),
    Field("cpu", "cpu", whole_number),
    Quantity("cores", "cores", whole_number),
    Field("cpu_percent", "cpu_percent", decimal_number, "%"),
    Field("io", "io", whole_number),
    Quantity("bandwidth", "bandwidth", amount, "GB"),
    Field("network_speed", "network_speed", whole_number, "KB/s"),
    Field("upload_speed", "upload_speed", whole_number, "KB/s"),
    Field("total_iops_sec", "total_iops_sec", whole_number),
    Field("read_bytes_sec", "read_bytes_sec", whole_number, "MB/s"),
    Field("write_bytes_sec", "write_bytes_sec", whole_number, "MB/s"),
)

#: Values that every panel shows (virtualizor 3.4). Without them a VPS cannot be compared with a plan.
CENTRAL = ("space", "ram", "cores", "bandwidth")

#: Virtualizations with burst memory; all others have swap instead (virtualizor 2.3, 3.2).
_BURSTING = ("openvz", "vzo", "proxo")
#: A plan may name a variant of a virtualization, while the VPS names only the virtualization.
_KINDS: Mapping[str, str] = {"xenhvm": "xen", "xcphvm": "xcp"}
#: Upload as fast as ``network_speed`` (virtualizor 2.3).
_AS_DOWNLOAD = -1


def same_kind(vps: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Return whether a plan is for the virtualization of a VPS. An unknown one matches."""
    kinds = {_KINDS.get(view["virt"], view["virt"]) for view in (vps, plan) if view.get("virt")}
    return len(kinds) < 2


def given(plan: Mapping[str, Any], vps: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plan's values for a VPS: those that both show and that its virtualization supports."""
    idle = "swap" if vps.get("virt") in _BURSTING else "burst"
    return {name: plan[name] for name in VALUES if name in plan and name in vps and name != idle}


def in_terms_of(plan: Mapping[str, Any], vps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a VPS with its upload speed in the plan's notation if both mean the same.

    One of the two may show -1 and the other the number for which -1 stands.
    """
    same = _speeds(plan) == _speeds(vps) and "upload_speed" in plan
    return {**vps, **({"upload_speed": plan["upload_speed"]} if same else {})}


def differing(vps: Mapping[str, Any], plan: Mapping[str, Any]) -> list[str]:
    """Return the names of the values that differ between a VPS and a plan, including a larger disk."""
    seen = in_terms_of(plan, vps)
    return [name for name, value in given(plan, seen).items() if seen[name] != value]


def missing(view: Mapping[str, Any], names: Collection[str]) -> list[str]:
    """Return the central values that are missing from an object."""
    return [name for name in CENTRAL if name in names and name not in view]


def _speeds(view: Mapping[str, Any]) -> tuple[Any, Any]:
    download, upload = view.get("network_speed"), view.get("upload_speed")
    return download, download if upload == _AS_DOWNLOAD else upload
