# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Virtualizor VPS plan, which defines a VPS. A user plan, in contrast, limits a user.

A VPS has a plan ID, its label, and its own values. They diverge if only the label was changed, or if
the plan or the VPS was edited later (virtualizor 3.5). So both are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.errors import invalid
from ..._core.fields import Compare, Field, Schema, pick, text
from ..._core.paging import read_row, whole
from ..._core.runner import Query
from ..._core.select import exactly_one, with_id
from ..argspec import VIRTUALIZATIONS
from ..client import Virtualizor
from ..values import amount, decimal_number, whole_number, yes_or_no


class Quantity(Field):
    """A value for which 0 would be a real amount. An empty value has no known meaning, so it is not shown."""

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

#: Values that every panel should show (virtualizor 3.4). Without them a VPS cannot be compared with a plan.
CENTRAL = ("space", "ram", "cores", "bandwidth")

#: Virtualizations with burst memory: OpenVZ, and presumably OpenVZ in Virtuozzo and Proxmox. All others
#: have swap instead (virtualizor 2.3, 2.6, 3.2).
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
    """Return the plan's values that the VPS also shows and that its virtualization supports."""
    idle = "swap" if vps.get("virt") in _BURSTING else "burst"
    return {name: plan[name] for name in VALUES if name in plan and name in vps and name != idle}


def in_terms_of(plan: Mapping[str, Any], vps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a VPS with its upload speed in the plan's notation if both mean the same.

    One of the two may show -1, and the other the number that -1 means.
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


#: A plan counts as enabled if the panel does not show it: some versions may not (virtualizor 3.1).
PLAN = Schema(
    Field("id", "plid", whole_number, required=True),
    Field("plan_name", "plan_name", text, required=True),
    Field("virt", "virt", text),
    Field("enabled", "is_enabled", yes_or_no, absent=True),
    *VALUES.values(),
    Field("ips", "ips", whole_number),
    Field("ips6", "ips6", whole_number),
    Field("ips6_subnet", "ips6_subnet", whole_number),
    Field("ips_int", "ips_int", whole_number),
    Field("inodes", "inodes", whole_number),
    Field("nic_type", "nic_type", text),
    Field("virtio", "virtio", yes_or_no),
    Field("band_suspend", "band_suspend", yes_or_no),
)


def read_plans(client: Virtualizor, **filters: Any) -> list[dict[str, Any]]:
    """Return the projected VPS plans; filters as for :meth:`Virtualizor.plans`."""
    return [whole(read_row(PLAN, raw, "VPS plan", "plan_name")) for raw in client.plans(**filters)]


def checked_plan(params: Mapping[str, Any]) -> tuple[int | None, str | None]:
    """Return the options that select a plan. :raises PanelError: ``validation``."""
    plan_id, name = params["plan_id"], params["plan_name"]
    if plan_id is not None:
        positive("plan_id", plan_id)
    if name is not None and not name.strip():
        raise invalid("plan_name is empty")
    return plan_id, name


def find_plan(client: Virtualizor, plan_id: int | None, name: str | None) -> dict[str, Any]:
    """Return the plan with that ID, or else with exactly that name.

    The panel's filter matches substrings, and its treatment of some characters is unknown
    (virtualizor 3.1); if it finds nothing, all plans are searched.

    :raises PanelError: ``not_found`` or ``ambiguous``.
    """
    if name is not None:
        found = [plan for plan in read_plans(client, planname=name) if plan["plan_name"] == name]
        rows = found or read_plans(client)
        return dict(exactly_one(rows, name, what="VPS plan", option="plan_id", by="plan_name"))
    return with_id(read_plans(client), positive("plan_id", plan_id), "VPS plan")


#: The options of virtualizor_plan_info.
PLAN_INFO_OPTIONS = ArgumentSpec(
    {
        "plan_id": {"type": "int"},
        "plan_name": {"type": "str"},
        "virt": {"type": "str", "choices": list(VIRTUALIZATIONS)},
        "enabled": {"type": "bool"},
    },
    mutually_exclusive=[("plan_id", "plan_name")],
)


class PlanInfo(Query[Virtualizor]):
    """One VPS plan, the plans for one virtualization, or all plans."""

    def read(self) -> dict[str, Any]:
        plan, virt = checked_plan(self._params), self._params["virt"]
        if plan != (None, None):
            plans = [find_plan(self._client, *plan)]
        else:
            plans = read_plans(self._client, **({"ptype": virt} if virt else {}))
        allowed = {"virt": virt, "enabled": self._params["enabled"]}
        return {
            "plans": [
                row for row in plans if all(v in (None, row.get(k)) for k, v in allowed.items())
            ]
        }
