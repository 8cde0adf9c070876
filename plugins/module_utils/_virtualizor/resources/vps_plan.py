# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a Virtualizor VPS: its label and its values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of
from ..._core.changes import Change, Comparison, FieldOutcome, Reply
from ..._core.converge import Converged, Resource, View, refuse, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..client import Virtualizor
from .plan import PLAN, VALUES, checked_plan, find_plan, given, in_terms_of, missing, same_kind
from .vps import STATES, VPS, find_vps_id, read_vps

#: The options that select a VPS's desired plan and values.
PLAN_TARGET = ArgumentSpec(
    {
        "plan_id": {"type": "int"},
        "plan_name": {"type": "str"},
        "apply_plan": {"type": "bool", "default": True},
        "compare": {
            "type": "list",
            "elements": "str",
            "choices": list(VALUES),
            "default": list(VALUES),
        },
    }
)

#: The options that control the change.
PLAN_MANNER = ArgumentSpec(
    {
        "on_refused": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "fail"},
        "allow_disabled": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 10},
    }
)

#: The options of a plan change, except for the selection of the VPS.
PLAN_CHANGE = one_of("plan_id", "plan_name") + PLAN_TARGET + PLAN_MANNER


#: The options of virtualizor_vps_plan.
VPS_PLAN_OPTIONS = (
    one_of("vps_id", "vps_uuid", "vps_name", "hostname")
    + ArgumentSpec(
        {
            "vps_id": {"type": "int"},
            "vps_uuid": {"type": "str"},
            "vps_name": {"type": "str"},
            "hostname": {"type": "str"},
        }
    )
    + PLAN_CHANGE
)


#: A panel may save the label and ignore apply_plan; two billing modules use editvs (virtualizor 3.5).
_IGNORED = (
    "the panel accepted the change but does not show it; if it ignores apply_plan, another run will "
    "not help: apply the plan to the VPS in the panel, whose form (editvs with plid) sets the values"
)

#: The reason why a value that is not compared may stay as it is.
_KEPT = "the panel accepted the change and does not show this value, which compare does not name"
#: The message of a value that was not to be changed.
_UNASKED = "the panel changed it together with the label"


RUNNING = "on"


class VpsChange(Resource):
    """A VPS with desired values. Neither disks nor addresses are ever sent (virtualizor 3.5).

    :param may_run: whether to assume that the VPS runs, without a read of its live state.
    :param settle_s: seconds to keep reading a VPS that does not yet show an accepted change.
    """

    key = "vps"
    schema = VPS
    #: The text of ``err_save_slave`` is translated, and may come without ``done`` (virtualizor 3.5, 4.2).
    refusals_may_save = True

    def __init__(self, client: Virtualizor, *, may_run: bool, settle_s: float) -> None:
        self.client = client
        self.settle_s = settle_s
        #: Whether the VPS runs, null while that is not known.
        self._runs: bool | None = True if may_run else None

    def name(self, view: View) -> str:
        return f"VPS {view['id']} ({view['hostname'] or view['vps_name'] or 'without a name'})"

    def send(self, vps_id: int, plan_id: int, values: Mapping[str, Any]) -> None:
        """Send the form.

        :param plan_id: the label. It is sent even if unchanged: the panel may reset an omitted
            one (virtualizor 2.5).
        :param values: further values by request parameter.
        """
        # The vendor's own client always sends theme_edit with this form (virtualizor 3.5).
        body = {"theme_edit": 1, "plid": plan_id, **values}
        self.client.send("change_vps_plan", path={"vps_id": vps_id}, body=body)

    def restart_required(self, before: View, after: View) -> bool:
        """Return whether the VPS still runs with its previous values, as far as its node reports."""
        if not moved_values(before, after):
            return False
        if self._runs is None:
            self._runs = self._may_run(before)
        return self._runs

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        return {"restart_required": self.restart_required(converged.before, converged.after)}

    def _may_run(self, view: View) -> bool:
        number = int(view["id"])
        try:
            states = self.client.server_states([number])
        except PanelError:
            return True
        return STATES.get(states.get(number, -1), RUNNING) == RUNNING


def moved_values(before: View, after: View) -> list[str]:
    """Return the names of the values that differ between two reads of a VPS."""
    shown = [name for name in VALUES if name in before and name in after]
    return [name for name in shown if before[name] != after[name]]


def refuse_locked(view: View, action: str) -> None:
    """Refuse to change a VPS that is locked by a task of the panel. :raises PanelError: ``locked``."""
    if view.get("locked"):
        raise PanelError(
            Code.LOCKED,
            "the VPS is locked",
            action=action,
            hint="wait for the panel's task, or unlock it there",
            retryable=True,
        )


class VpsPlan(VpsChange):
    """A VPS that must be on a plan.

    The compared values decide whether something is sent. The panel then applies all values of the plan, so
    all of them are part of the change. It may keep values that are not compared.

    :param vps: the projected VPS if it was just read; saves the first read.
    :param plan: the plan if it was already read.
    :param may_run: see :class:`VpsChange`.
    """

    shown = results(vps=VPS, plan=PLAN, restart_required=None)

    def __init__(
        self,
        client: Virtualizor,
        params: Mapping[str, Any],
        *,
        vps: View | None = None,
        plan: View | None = None,
        may_run: bool = False,
    ) -> None:
        check_ranges(params, {"wait_timeout": (0, None)})
        if params["apply_plan"] and not params["compare"]:
            raise invalid(
                "compare must name at least one value", "set apply_plan to false for the label only"
            )
        if not params["apply_plan"] and {*params["compare"]} not in ({*VALUES}, set()):
            raise invalid(
                "compare is only used with apply_plan=true",
                "with apply_plan=false, only the label is compared and set",
            )
        super().__init__(client, may_run=may_run, settle_s=float(params["wait_timeout"]))
        self._params = params
        self._named = checked_plan(params)
        self._compared = frozenset(params["compare"]) if params["apply_plan"] else frozenset()
        self._vps_id: int | None = vps["id"] if vps else None
        self._given = vps
        #: The VPS at the last read, and the desired plan.
        self._seen: dict[str, Any] = {}
        self._target: dict[str, Any] = dict(plan or {})

    def read(self) -> View:
        if self._vps_id is None:
            self._vps_id = find_vps_id(self.client, self._params)
        view, self._given = self._given or read_vps(self.client, self._vps_id), None
        self._check_vps(view, self._compared)
        if not self._target:
            self._target = find_plan(self.client, *self._named)
        self._check_plan(self._compared)
        self._seen = in_terms_of(self._target, view)
        return self._seen

    def desired(self) -> Mapping[str, Any]:
        label = {"plan_id": self._target["id"]}
        if not self._params["apply_plan"]:
            return label
        values = given(self._target, self._seen)
        compared = {name: value for name, value in values.items() if name in self._compared}
        sends = Comparison.between(self.schema, self._seen, {**label, **compared}).changed
        if sends:
            self._check_vps(self._seen, VALUES)
            self._check_plan(VALUES)
        # If nothing is sent, the others are listed only if they show the plan: a resumed run may have set them.
        listed = {
            name: value
            for name, value in values.items()
            if sends or name in compared or self._seen[name] == value
        }
        return {**label, **listed}

    def predict(self, comparison: Comparison) -> Comparison:
        return self._tolerant(comparison)

    def permit(self, comparison: Comparison) -> None:
        refuse_locked(self._seen, self._doing())
        if not same_kind(self._seen, self._target):
            raise PanelError(
                Code.REFUSED,
                f"the plan is for {self._target['virt']}, and the VPS is {self._seen['virt']}",
                action=self._doing(),
                hint="choose a plan of the same virtualization",
            )
        moves = "plan_id" in comparison.names(FieldOutcome.CHANGED)
        if moves and not self._target["enabled"] and not self._params["allow_disabled"]:
            raise PanelError(
                Code.REFUSED,
                "the plan is disabled",
                action=self._doing(),
                hint="enable it in the panel, choose another, or set allow_disabled",
            )
        self._fail_on_refused(comparison)

    def apply(self, comparison: Comparison) -> Reply:
        values = {"apply_plan": 1} if self._params["apply_plan"] else {}
        try:
            self.send(self._seen["id"], self._target["id"], values)
        except PanelError as error:
            if error.code is Code.REFUSED and any(
                c.obstacle is not None for c in comparison.changes
            ):
                error.add_hint("perhaps because the disk would have to shrink")
            raise
        return Reply(silence=_IGNORED if self._params["apply_plan"] else "")

    def conclude(self, converged: Converged) -> dict[str, Any]:
        comparison = self._tolerant(converged.comparison)
        unasked = self._unasked(converged)
        whole = replace(converged, comparison=Comparison((*comparison.changes, *unasked)))
        learnt = {
            **whole.to_result(self),
            "plan": self._target,
            "warnings": self._remarks(self.name(converged.before), comparison, unasked),
        }
        try:
            self._fail_on_refused(comparison)
        except PanelError as error:
            error.result.update(learnt)
            raise
        return learnt

    def _check_vps(self, view: View, names: Collection[str]) -> None:
        _check_shown(view, names, f"read VPS {self._vps_id}")

    def _check_plan(self, names: Collection[str]) -> None:
        _check_shown(self._target, names, f"read VPS plan {self._target['id']}")

    def _tolerant(self, comparison: Comparison) -> Comparison:
        """Return the comparison in which a value that is not compared is never refused, but unchanged."""
        return comparison.revised(
            lambda change: (
                replace(change, outcome=FieldOutcome.UNCHANGED, message=change.obstacle or _KEPT)
                if change.outcome is FieldOutcome.REFUSED
                and change.field.name not in ("plan_id", *self._compared)
                and change.after == change.before
                else change
            )
        )

    def _unasked(self, converged: Converged) -> list[Change]:
        """Return the values that the panel changed besides the ones that were to be changed."""
        before, after = converged.before, converged.after
        asked = {change.field.name for change in converged.comparison.changes}
        return [
            Change(
                VPS[name], before[name], after[name], after[name], FieldOutcome.CHANGED, _UNASKED
            )
            for name in moved_values(before, after)
            if name not in asked
        ]

    def _remarks(self, vps: str, comparison: Comparison, unasked: Iterable[Change]) -> list[str]:
        """Return warnings about tolerated refusals and about unrequested changes.

        :param vps: the name of the VPS.
        :param comparison: the changes with their final outcomes.
        """
        refused = comparison.with_outcome(FieldOutcome.REFUSED)
        tolerated = refused if self._params["on_refused"] == "warn" else []
        return [f"{vps}: {change.refusal()}" for change in tolerated] + [
            f"{vps}: the panel has also changed {change.field.name} from {change.before} to {change.after}"
            for change in unasked
        ]

    def _fail_on_refused(self, comparison: Comparison) -> None:
        """Fail before writing if a value is known to be refused and on_refused is fail."""
        if self._params["on_refused"] == "fail":
            refuse(comparison, self._doing(), "choose another plan, or set on_refused to warn")

    def _doing(self) -> str:
        target = f"plan {self._target['id']} ({self._target['plan_name']})"
        return f"change {self.name(self._seen)} to {target}"


def _check_shown(view: View, names: Collection[str], action: str) -> None:
    """Refuse to compare an object with missing values. :raises PanelError: ``protocol``."""
    hidden = missing(view, names)
    if hidden:
        error = unreadable(f"the panel does not show its {', '.join(hidden)}")
        error.action = action
        raise error
