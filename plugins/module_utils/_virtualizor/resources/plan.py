# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Virtualizor VPS plan, which defines a VPS. A user plan, in contrast, limits a user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.errors import invalid
from ..._core.fields import Field, Schema, text
from ..._core.runner import Query
from ..._core.select import exactly_one, with_id
from ..argspec import VIRTUALIZATIONS
from ..client import Virtualizor
from ..values import whole_number, yes_or_no
from .plan_values import VALUES

#: A plan counts as enabled if the panel does not show it: some versions do not (virtualizor 3.1).
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
    return [PLAN.project(raw) for raw in client.plans(**filters)]


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

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        self._client = client
        self._plan = checked_plan(params)
        self._virt: str | None = params["virt"]
        self._enabled: bool | None = params["enabled"]

    def read(self) -> dict[str, Any]:
        return {"plans": [plan for plan in self._named() if self._wants(plan)]}

    def _named(self) -> list[dict[str, Any]]:
        if self._plan != (None, None):
            return [find_plan(self._client, *self._plan)]
        return read_plans(self._client, **({"ptype": self._virt} if self._virt else {}))

    def _wants(self, plan: Mapping[str, Any]) -> bool:
        right_kind = self._virt in (None, plan.get("virt"))
        return right_kind and self._enabled in (None, plan["enabled"])
