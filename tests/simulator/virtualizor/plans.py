# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPS plans (virtualizor 3.1 to 3.3)."""

from __future__ import annotations

from typing import Any

from .acts import Acts
from .answers import Refused
from .call import Call, ids
from .columns import PLAN, VIRTS, values
from .paging import named_like, page_of, sorted_rows
from .state import Row, whole

acts = Acts()

NEEDED = {
    "plan_name": "no_name",
    "cplan": "no_type",
    "disk_space": "no_disk_space",
    "guaranteed_ram": "no_ram",
    "swapram": "no_swap_ram",
    "bandwidth": "no_bandwidth",
    "cpu_units": "no_cpu_units",
    "cpu_cores": "no_cpu_cores",
    "percent_cpu": "no_percent_cpu",
}
"""Required fields with their errors. OBSERVED, except for the name `no_type` (virtualizor 3.2)."""

BURSTING = ("openvz", "vzo", "proxo")
"""Virtualizations with burst RAM in place of swap."""


@acts.page("plans", "Plans")
def list_plans(call: Call) -> dict[str, Any]:
    """Return one page, filtered and sorted. Filters are read from query and form (virtualizor 3.1)."""
    kind = call.text("ptype")
    rows = [
        row
        for row in call.state.plans.values()
        if named_like(call, row["plan_name"]) and kind in ("", row["virt"])
    ]
    return {"plans": page_of(call, sorted_rows(call, rows), "plid", dict)}


@acts.write("plans", "delete")
def delete_plans(call: Call) -> dict[str, Any]:
    """Delete plans by a comma list, all or none (INFERRED). A plan in use is refused (OBSERVED, virtualizor 3.3)."""
    state = call.state
    numbers = [number for number in ids(call.text("delete")) if number in state.plans]
    if {whole(row["plid"]) for row in state.vs.values()}.intersection(numbers):
        raise Refused("vps_use_error")
    deleted = {str(number): state.plans.pop(number) for number in numbers}
    return {"done": deleted, **list_plans(call)}


@acts.page("addplan", "Add Plan")
def show_new_plan(call: Call) -> dict[str, Any]:
    """Return the empty form."""
    return {"virts": list(VIRTS), "mgs": call.state.media_groups}


@acts.submit("addplan", "addplan")
def add_plan(call: Call) -> dict[str, Any]:
    """Add a plan; `done` is its id."""
    row = _read(call, None)
    number = call.state.next_id("plan")
    call.state.plans[number] = {"plid": str(number), **row, "is_enabled": "1"}
    return {"done": number, **show_new_plan(call)}


@acts.page("editplan", "Edit Plan")
def show_plan(call: Call) -> dict[str, Any]:
    """Return the form with one record. Its key is INFERRED."""
    row = call.state.plans.get(call.query_number("plid"))
    return {"plan": dict(row) if row else {}, **show_new_plan(call)}


@acts.submit("editplan", "editplan")
def edit_plan(call: Call) -> dict[str, Any]:
    """Save a plan. VPSs with the plan do not change."""
    row = call.state.plans.get(call.query_number("plid"))
    if row is None:
        raise Refused("no_plan")
    row.update(_read(call, row))
    return {"done": True, **show_plan(call)}


def _read(call: Call, old: Row | None) -> Row:
    """Validate the form and return its values. Names are unique (OBSERVED, virtualizor 3.2)."""
    needed = dict(NEEDED)
    if call.field("cplan") in BURSTING:
        needed["burst_ram"] = "no_burst_ram"
        del needed["swapram"]
    if old is not None and call.switch("omitted_on_edit") == "keep":
        needed = {}
    problems = [text for name, text in needed.items() if not call.field(name)]
    row = values(call, PLAN, old)
    others = (known for known in call.state.plans.values() if known is not old)
    if any(known["plan_name"] == row["plan_name"] for known in others):
        problems.append("plannameexist")
    if problems:
        raise Refused(*problems)
    return row
