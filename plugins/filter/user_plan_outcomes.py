# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert the results of a loop over Virtualizor user plans to one row for each user plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: user_plan_outcomes
short_description: Return the outcome of each user plan from the results of a loop
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Combines the results of a loop around M(vpsfleet.panels.virtualizor_user_plan) in check mode, and of
    the same loop without check mode, to one row for each entry.
  - Without the second loop, the rows have the planned outcomes.
positional: _input, done, today, again
options:
  _input:
    description:
      - The C(results) of the loop in check mode. Each element of the loop is a dictionary with
        C(user_plan_id) or C(plan_name).
    type: list
    elements: dict
    required: true
  done:
    description:
      - The C(results) of the loop without check mode, over the same elements or some of them. An element
        that needs a change and is missing here is V(skipped).
    type: list
    elements: dict
  today:
    description: The user plans before the change, as M(vpsfleet.panels.virtualizor_user_plan_info) returns them.
    type: list
    elements: dict
    default: []
  again:
    description:
      - The C(results) of the loop in check mode, repeated for an element just before the loop without check mode.
      - An element that now has another plan is V(failed), unless it is in O(done). An element that no longer needs a
        change is V(unchanged).
    type: list
    elements: dict
    default: []
seealso:
  - plugin: vpsfleet.panels.user_plan_lines
    plugin_type: filter
  - module: vpsfleet.panels.virtualizor_user_plan
"""

EXAMPLES = r"""
- name: Plan some user plans
  vpsfleet.panels.virtualizor_user_plan:
    plan_name: "{{ item.plan_name }}"
    ram: "{{ item.ram }}"
  check_mode: true
  loop: "{{ plans }}"
  register: planned
  failed_when: false

- name: Show the planned outcomes
  ansible.builtin.debug:
    msg: "{{ planned.results | vpsfleet.panels.user_plan_outcomes }}"
"""

RETURN = r"""
_value:
  description: One row for each user plan, in the order of the first loop.
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the user plan, null if it does not exist yet.
      type: int
    name:
      description: Name of the user plan, before a change of its name. Empty if it is not known.
      type: str
    outcome:
      description: V(created), V(changed), V(deleted), V(unchanged), V(failed) or V(skipped).
      type: str
    changed_fields:
      description: Names of the values that changed, without the name of a new user plan.
      type: list
      elements: str
    changes:
      description: The rows of the module's C(changes) that are not V(unchanged).
      type: list
      elements: dict
    failure:
      description: The module's C(failure), null if nothing failed.
      type: dict
    msg:
      description: The error message. Empty if nothing failed.
      type: str
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._core.errors import Code, PanelError
from ..plugin_utils._task_failure import failure_of

Row = dict[str, Any]


def user_plan_outcomes(
    planned: Iterable[Any],
    done: Iterable[Any] | None = None,
    today: Iterable[Any] = (),
    again: Iterable[Any] = (),
) -> list[Row]:
    """Return one row for each planned result. :raises AnsibleFilterError: the input is not such results."""
    names = {plan["id"]: plan["plan_name"] for plan in today}
    worked_on = [] if done is None else [(_entry(result), result) for result in done]
    repeated = [(_entry(result), result) for result in again]
    rows = []
    for result in planned:
        entry = _entry(result)
        latest = next((other for same, other in worked_on if same == entry), result)
        row = _row(latest, entry, names)
        if done is not None and latest is result and row["outcome"] not in ("failed", "unchanged"):
            now = next((other for same, other in repeated if same == entry), result)
            row = _not_applied(row, result, now, entry, names)
        rows.append(row)
    return rows


def _not_applied(
    row: Row, planned: Any, now: Any, entry: Mapping[str, Any], names: Mapping[Any, str]
) -> Row:
    """Return the row of a planned change that was not applied.

    :param row: the row of the plan.
    :param now: the result of the same check just before the change.
    """
    seen = _row(now, entry, names)
    if seen["outcome"] in ("failed", "unchanged"):
        return seen
    skipped = {
        **row,
        "outcome": "skipped",
        "changed_fields": [],
        "changes": [_not_made(change) for change in row["changes"]],
    }
    if _approved(planned, entry) == _approved(now, entry):
        return skipped
    verb = {"created": "create", "deleted": "delete"}.get(row["outcome"], "change")
    number = "" if row["id"] is None else f"{row['id']} "
    moved = PanelError(
        Code.CONFLICT,
        "the panel no longer has what the plan was made from, so it was left alone",
        action=f"{verb} user plan {number}({row['name']})",
        hint="run the role again for a new plan",
    )
    return {**skipped, "outcome": "failed", "failure": moved.failure(), "msg": moved.msg}


def _approved(result: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[Row, Any]:
    """Return what an approval is about: the row, and the object with its ID and its name on the panel."""
    return _row(result, entry, {}), (result.get("diff") or {}).get("before_header")


def _entry(result: Any) -> Mapping[str, Any]:
    loop_var = result.get("ansible_loop_var", "item") if isinstance(result, Mapping) else None
    entry = result.get(loop_var) if loop_var else None
    if not isinstance(entry, Mapping) or not {"user_plan_id", "plan_name"} & set(entry):
        raise AnsibleFilterError(
            "user_plan_outcomes takes the results of loops over entries with a user_plan_id or a plan_name"
        )
    return entry


def _row(result: Mapping[str, Any], entry: Mapping[str, Any], names: Mapping[Any, str]) -> Row:
    failure = failure_of(result, reported="changes" in result)
    changes = [
        dict(change) for change in result.get("changes") or () if change["outcome"] != "unchanged"
    ]
    if failure and not failure.get("partial"):
        changes = [_not_made(change) for change in changes]
    changed = [change for change in changes if change["outcome"] == "changed"]
    state = next((change["after"] for change in changed if change["field"] == "state"), None)
    if failure:
        outcome = "failed"
    else:
        outcome = {"present": "created", "absent": "deleted"}.get(state or "", "changed")
    plan = result.get("user_plan") or {}
    number = plan.get("id") or _number(entry.get("user_plan_id")) or _id_of(entry, names)
    name = names.get(number) or plan.get("plan_name") or entry.get("plan_name") or ""
    own = ("state", "plan_name") if state else ()
    return {
        "id": number,
        "name": str(name),
        "outcome": outcome if changed or failure else "unchanged",
        "changed_fields": [change["field"] for change in changed if change["field"] not in own],
        "changes": changes,
        "failure": failure,
        "msg": str(result.get("msg") or failure["message"]) if failure else "",
    }


def _number(value: Any) -> int | None:
    """Return an ID, also from text of the command line, or None."""
    return int(value) if str(value).isdecimal() else None


def _id_of(entry: Mapping[str, Any], names: Mapping[Any, str]) -> Any:
    found = [number for number, name in names.items() if name == entry.get("plan_name")]
    return found[0] if len(found) == 1 else None


def _not_made(change: Mapping[str, Any]) -> Row:
    if change["outcome"] != "changed":
        return dict(change)
    return {**change, "outcome": "skipped", "after": change["before"]}


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        return {"user_plan_outcomes": user_plan_outcomes}
