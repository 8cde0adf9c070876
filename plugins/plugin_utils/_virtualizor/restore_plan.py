# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choose how to restore the plan and the values of a Virtualizor VPS after a change of plan."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from ...module_utils._core.changes import Change, FieldOutcome
from ...module_utils._core.converge import View
from ...module_utils._virtualizor.resources.plan import given, in_terms_of, same_kind
from ...module_utils._virtualizor.resources.vps import VPS
from .._fleet.converging import RestorePlan

#: The values that clients set without a plan (virtualizor 2.5). For all others, no field name is known.
SINGLE = ("ram", "cores", "bandwidth")

_NO_PLAN = 0
_PLAN_ONLY = "the panel only sets it with a plan, and the earlier plan would not restore the values"


@dataclass(frozen=True, kw_only=True)
class VpsRestorePlan(RestorePlan):
    """The values of a VPS to restore, and how. They include the label if it differs.

    :param plan_id: the label to send.
    :param by_plan: whether the panel applies the plan's values; if not, each is sent.
    """

    plan_id: int
    by_plan: bool

    @property
    def sent(self) -> dict[str, Any]:
        """The values to send besides the label."""
        if self.by_plan:
            return {"apply_plan": 1}
        return {name: value for name, value in self.values.items() if name in SINGLE}


def find_restore_plan(
    left: Mapping[str, Any], vps: View, plans: Mapping[int, View], *, allow_disabled: bool
) -> VpsRestorePlan:
    """Choose how to restore a VPS.

    If the earlier plan still has these values, it is applied. Otherwise the label and single values
    are sent, since a plan with a smaller disk may be refused as a whole (virtualizor 3.5).

    :param left: the values to restore, with the label as ``plan_id``.
    :param vps: the VPS as it is now.
    :param plans: the plans of the panel, by ID.
    :param allow_disabled: whether a disabled plan may be restored.
    """
    plan_id = int(left.get("plan_id", vps["plan_id"]))
    plan = plans.get(plan_id, {})
    changes = {name: Change.planned(VPS[name], vps.get(name), left[name]) for name in left}
    reachable = {name: left[name] for name, change in changes.items() if _possible(change)}
    unfit = _unfit(plan_id, plan, vps, allow_disabled) if "plan_id" in left else None
    values = reachable.keys() - {"plan_id"}
    by_plan = bool(values) and not unfit and _gives(plan, {**vps, **reachable}, values)
    why_not = {} if by_plan else dict.fromkeys(values - set(SINGLE), _PLAN_ONLY)
    if unfit:
        why_not["plan_id"] = unfit
    for name, message in why_not.items():
        changes[name] = _refused(changes[name], message)
    return VpsRestorePlan(
        plan_id=int(vps["plan_id"]) if unfit else plan_id,
        by_plan=by_plan,
        values={name: value for name, value in reachable.items() if name not in why_not},
        impossible=tuple(change for change in changes.values() if not _possible(change)),
    )


def _unfit(plan_id: int, plan: View, vps: View, allow_disabled: bool) -> str | None:
    """Return why the earlier label of a VPS cannot be restored, or ``None``."""
    if plan_id == _NO_PLAN:
        return None
    if not plan:
        return f"the panel no longer has plan {plan_id}"
    if not same_kind(vps, plan):
        return f"plan {plan_id} is for {plan['virt']} by now"
    if not plan["enabled"] and not allow_disabled:
        return f"plan {plan_id} ({plan['plan_name']}) is disabled (see allow_disabled)"
    return None


def _gives(plan: View, before: View, names: Set[str]) -> bool:
    """Return whether applying a plan restores the earlier label and these values of a VPS."""
    before = in_terms_of(plan, before)
    values = given(plan, before)
    return names <= values.keys() and all(before[name] == values[name] for name in values)


def _refused(change: Change, message: str) -> Change:
    return replace(change, after=change.before, outcome=FieldOutcome.REFUSED, message=message)


def _possible(change: Change) -> bool:
    return change.outcome is not FieldOutcome.REFUSED
