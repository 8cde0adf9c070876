# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a Virtualizor VPS: its label, and its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.changes import Outcome, Plan, Reply
from ..._core.converge import Converged, Resource, View, refuse
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..client import Virtualizor
from .plan import checked_plan, find_plan
from .plan_values import VALUES, given, in_terms_of, missing, same_kind
from .vps import STATES, VPS, find_vps_id, read_vps

_RUNNING = "on"


class VpsPlan(Resource):
    """A VPS that is to be on a plan. Neither disks nor addresses are ever sent (facts 3.5)."""

    key = "vps"
    schema = VPS

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        if params["wait_timeout"] < 0:
            raise invalid(f"wait_timeout must be at least 0, not {params['wait_timeout']}")
        if params["apply_plan"] and not params["compare"]:
            raise invalid(
                "compare must name at least one value", "set apply_plan to false for the label only"
            )
        self._client = client
        self._params = params
        self._named = checked_plan(params)
        self._compared = frozenset(params["compare"]) if params["apply_plan"] else frozenset()
        self._vps_id: int | None = None
        #: The VPS at the last read, and the plan that it is to be on.
        self._seen: dict[str, Any] = {}
        self._target: dict[str, Any] = {}
        self.settle_s = float(params["wait_timeout"])

    def name(self, view: View) -> str:
        return f"VPS {view['id']} ({view['hostname'] or view['vps_name'] or 'without a name'})"

    def read(self) -> View:
        if self._vps_id is None:
            self._vps_id = find_vps_id(self._client, self._params)
        view = read_vps(self._client, self._vps_id)
        self._check_shown(view, f"read VPS {self._vps_id}")
        if not self._target:
            self._target = find_plan(self._client, *self._named)
            self._check_shown(self._target, f"read VPS plan {self._target['id']}")
        self._seen = in_terms_of(self._target, view)
        return self._seen

    def wanted(self) -> Mapping[str, Any]:
        values = given(self._target, self._seen)
        compared = {name: values[name] for name in values if name in self._compared}
        return {"plan_id": self._target["id"], **compared}

    def permit(self, plan: Plan) -> None:
        if self._seen.get("locked"):
            raise PanelError(
                Code.LOCKED,
                "the VPS is locked",
                doing=self._doing(),
                hint="wait for the panel's task, or unlock it there",
                retryable=True,
            )
        if not same_kind(self._seen, self._target):
            raise PanelError(
                Code.REFUSED,
                f"the plan is for {self._target['virt']}, and the VPS is {self._seen['virt']}",
                doing=self._doing(),
                hint="choose a plan of the same virtualization",
            )
        moves = "plan_id" in plan.names(Outcome.CHANGED)
        if moves and not self._target["enabled"] and not self._params["allow_disabled"]:
            raise PanelError(
                Code.REFUSED,
                "the plan is disabled",
                doing=self._doing(),
                hint="enable it in the panel, choose another, or set allow_disabled",
            )
        self._fail_on_refused(plan)

    def apply(self, plan: Plan) -> Reply:
        values = {"apply_plan": 1} if self._params["apply_plan"] else {}
        # The vendor's own client always sends theme_edit with this form (facts 3.5).
        body = {"theme_edit": 1, "plid": self._target["id"], **values}
        try:
            self._client.send("change_vps_plan", path={"vps_id": self._seen["id"]}, body=body)
        except PanelError as error:
            if error.code is Code.REFUSED and plan.with_outcome(Outcome.REFUSED):
                error.add_hint("perhaps because the disk would have to shrink")
            raise
        return Reply()

    def conclude(self, converged: Converged) -> dict[str, Any]:
        before, after = converged.before, converged.after
        moved = [name for name in VALUES if before.get(name) != after.get(name)]
        learnt = {
            "plan": self._target,
            "restart_required": bool(moved) and self._may_run(),
            "warnings": self._remarks(converged, moved),
        }
        try:
            self._fail_on_refused(converged.plan)
        except PanelError as error:
            error.result.update(learnt)
            raise
        return learnt

    def _check_shown(self, view: View, doing: str) -> None:
        """Refuse to compare with an object that leaves open what it has. :raises PanelError: ``protocol``."""
        names = missing(view, self._compared)
        if names:
            error = unreadable(f"the panel does not show its {', '.join(names)}")
            error.doing = doing
            raise error

    def _may_run(self) -> bool:
        """Whether the VPS runs, as its node says; one that does not say may."""
        number = self._seen["id"]
        try:
            states = self._client.server_states([number])
        except PanelError:
            return True
        return STATES.get(states.get(number, -1), _RUNNING) == _RUNNING

    def _remarks(self, converged: Converged, moved: list[str]) -> list[str]:
        """What the operator should know: what stays, where that is no failure, and what moved unasked."""
        before, after, plan = converged.before, converged.after, converged.plan
        asked = {change.field.name for change in plan.changes}
        vps = self.name(before)
        said = []
        if self._params["on_refused"] == "warn":
            said = [f"{vps}: {change.refusal()}" for change in plan.with_outcome(Outcome.REFUSED)]
        if self._params["apply_plan"]:
            return said
        return said + [
            f"{vps}: the panel has also changed {name} from {before.get(name)} to {after.get(name)}"
            for name in moved
            if name not in asked
        ]

    def _fail_on_refused(self, plan: Plan) -> None:
        """Fail where the operator wants all or nothing: before writing, as far as that can be known."""
        if self._params["on_refused"] == "fail":
            refuse(plan, self._doing(), "choose another plan, or set on_refused to warn")

    def _doing(self) -> str:
        target = f"plan {self._target['id']} ({self._target['plan_name']})"
        return f"change {self.name(self._seen)} to {target}"
