# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a VPS plan gives a VPS, in one table for both sides.

A VPS is labelled with a plan, and has values of its own. The two come apart when only the label was
moved, or when the plan or the VPS was edited later (virtualizor 3.5). So both are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..._core.fields import Compare, Field, Schema
from ..values import amount, decimal_number, whole_number

#: A plan and a VPS show them under the same names; the forms that set a plan do not (virtualizor 3.1, 3.2, 3.4).
VALUES = Schema(
    Field(
        "space",
        "space",
        amount,
        "GB",
        Compare.AT_LEAST,
        why_not="the panel never makes a disk smaller",
    ),
    Field("ram", "ram", amount, "MB"),
    Field("burst", "burst", amount, "MB"),
    Field("swap", "swap", amount, "MB"),
    Field("cpu", "cpu", whole_number),
    Field("cores", "cores", whole_number),
    Field("cpu_percent", "cpu_percent", decimal_number, "%"),
    Field("io", "io", whole_number),
    Field("bandwidth", "bandwidth", amount, "GB"),
    Field("network_speed", "network_speed", whole_number, "KB/s"),
    Field("upload_speed", "upload_speed", whole_number, "KB/s"),
    Field("total_iops_sec", "total_iops_sec", whole_number),
    Field("read_bytes_sec", "read_bytes_sec", whole_number, "MB/s"),
    Field("write_bytes_sec", "write_bytes_sec", whole_number, "MB/s"),
)

#: What every panel shows of a VPS (virtualizor 3.4): without them no VPS can be said to be on a plan.
CENTRAL = ("space", "ram", "cores", "bandwidth")

#: Virtualizations that let a VPS burst; all others give it swap instead (virtualizor 2.3, 3.2).
_BURSTING = ("openvz", "vzo", "proxo")
#: A plan may name the way a kind virtualizes, where the VPS only names the kind.
_KINDS: Mapping[str, str] = {"xenhvm": "xen", "xcphvm": "xcp"}
#: Upload as fast as ``network_speed`` (virtualizor 2.3).
_AS_DOWNLOAD = -1


def same_kind(vps: Mapping[str, Any], plan: Mapping[str, Any]) -> bool:
    """Return whether a plan is for the virtualization of a VPS, as far as both tell."""
    kinds = {_KINDS.get(view["virt"], view["virt"]) for view in (vps, plan) if view.get("virt")}
    return len(kinds) < 2


def given(plan: Mapping[str, Any], vps: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a plan gives a VPS: those that both show and that its virtualization has."""
    idle = "swap" if vps.get("virt") in _BURSTING else "burst"
    return {name: plan[name] for name in VALUES if name in plan and name in vps and name != idle}


def in_terms_of(plan: Mapping[str, Any], vps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a VPS with its upload speed spelt as in the plan, where they mean the same.

    Of -1 and the number that it stands for the plan may show the one and the VPS the other.
    """
    same = _speeds(plan) == _speeds(vps) and "upload_speed" in plan
    return {**vps, **({"upload_speed": plan["upload_speed"]} if same else {})}


def differing(vps: Mapping[str, Any], plan: Mapping[str, Any]) -> list[str]:
    """Return the names of the values in which a VPS is not as a plan has it; a larger disk counts too."""
    seen = in_terms_of(plan, vps)
    return [name for name, value in given(plan, seen).items() if seen[name] != value]


def missing(view: Mapping[str, Any], names: Collection[str]) -> list[str]:
    """Return which central values an object should show and does not."""
    return [name for name in CENTRAL if name in names and name not in view]


def _speeds(view: Mapping[str, Any]) -> tuple[Any, Any]:
    download, upload = view.get("network_speed"), view.get("upload_speed")
    return download, download if upload == _AS_DOWNLOAD else upload
