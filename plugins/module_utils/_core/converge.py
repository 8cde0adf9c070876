# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The convergence loop: read, compare, write the differences, read again, determine the outcomes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from .changes import FieldOutcome, Plan, Reply
from .errors import Code, PanelError
from .fields import Schema
from .retry import Backoff
from .session import UncertainWrite
from .waiting import wait_until

View = Mapping[str, Any]


class Resource(ABC):
    """An object of a panel with a desired state.

    :cvar key: the key of the object in the result.
    :cvar schema: the fields that can be compared.
    """

    key: str
    schema: Schema
    #: Seconds to keep reading an object that does not yet show an accepted change.
    settle_s: float = 0.0

    @abstractmethod
    def read(self) -> View:
        """Read and return the projected object. :raises PanelError: it cannot be read."""

    @abstractmethod
    def desired(self) -> Mapping[str, Any]:
        """Return the fields that the operator set, and only these. May read."""

    def permit(self, plan: Plan) -> None:  # noqa: B027 - most resources have nothing to refuse
        """Refuse a change that must not be made; asked in check mode too. :raises PanelError: why not."""

    @abstractmethod
    def apply(self, plan: Plan) -> Reply:
        """Write the plan's changes; called only when there are some."""

    def conclude(self, converged: Converged) -> dict[str, Any]:
        """Return the resource's own result keys.

        :raises PanelError: the outcome is a failure. By default, any ``refused`` field is one.
        """
        refuse(converged.plan, f"change {self.name(converged.before)}")
        return {}

    def name(self, view: View) -> str:
        """Return the object's name for the header of a diff."""
        number, name = view.get("id"), view.get("name")
        return " ".join(
            [self.key, *([str(number)] if number else []), *([f"({name})"] if name else [])]
        )


@dataclass(frozen=True)
class Converged:
    """The result of the convergence loop.

    :param before: the object at the first read.
    :param after: the object at the end; in check mode as it is expected to be.
    :param plan: the changes with their outcomes.
    :param reply: what the panel said to the write.
    """

    before: View
    after: View
    plan: Plan
    reply: Reply

    def to_result(self, resource: Resource) -> dict[str, Any]:
        """Return the result keys that all write modules share."""
        header = resource.name(self.before)
        return {
            "changed": self.plan.changed,
            resource.key: dict(self.after),
            "changes": self.plan.rows(),
            "refused": self.plan.rows(FieldOutcome.REFUSED),
            "diff": {**self.plan.diff(), "before_header": header, "after_header": header},
        }


def converge(resource: Resource, *, check_mode: bool, backoff: Backoff) -> dict[str, Any]:
    """Bring the object into the desired state and return the task's result.

    Nothing is written if nothing differs, or in check mode. Check mode and a real run use the same
    comparison.

    :raises PanelError: after an accepted write with ``partial`` set and the changes in its result.
    """
    before = resource.read()
    plan = Plan.between(resource.schema, before, resource.desired())
    reply = Reply()
    after: View = {**before, **{change.field.name: change.after for change in plan.changes}}
    if plan.changed:
        resource.permit(plan)
    if plan.changed and not check_mode:
        try:
            reply = _write(resource, before, plan, backoff)
        except PanelError as error:
            if error.partial and "changes" not in error.result:
                error.result = {**_so_far(resource, before, plan), **error.result}
            raise
        after = _read_back(resource, plan, reply, backoff)
        plan = plan.judged(after, reply)
    converged = Converged(before, after, plan, reply)
    result = converged.to_result(resource)
    try:
        return {**result, **resource.conclude(converged)}
    except PanelError as error:
        error.result = {**result, **error.result}
        error.partial = plan.changed and not check_mode
        raise


def refuse(plan: Plan, action: str, hint: str = "") -> None:
    """Fail where the plan has values that differ and stay so. :raises PanelError: ``refused``."""
    refused = plan.with_outcome(FieldOutcome.REFUSED)
    if refused:
        message = "; ".join(change.refusal() for change in refused)
        rows = {"changes": plan.rows(), "refused": plan.rows(FieldOutcome.REFUSED)}
        raise PanelError(Code.REFUSED, message, action=action, hint=hint, result=rows)


def in_turn(*writes: Callable[[], object]) -> None:
    """Send writes one after another.

    :raises PanelError: the error of the first failed write, with ``partial`` set if it was not the first.
    """
    for number, write in enumerate(writes):
        try:
            write()
        except PanelError as error:
            error.partial = error.partial or number > 0
            raise


def apply_each(plan: Plan, writers: Mapping[str, Callable[[Any], object]]) -> Reply:
    """Write the changed fields one by one, in the order of ``writers``.

    :param writers: for each field, a function that sends its new value.
    :raises PanelError: with ``partial`` set if an earlier field was written.
    """
    desired = {
        change.field.name: change.desired for change in plan.with_outcome(FieldOutcome.CHANGED)
    }
    in_turn(*(partial(write, desired[name]) for name, write in writers.items() if name in desired))
    return Reply()


def _write(resource: Resource, before: View, plan: Plan, backoff: Backoff) -> Reply:
    """Apply the plan. After a write whose effect is unknown, look, and apply only what still differs.

    :raises PanelError: with ``partial`` set if the last read shows some of the changes.
    """
    left = plan
    attempt = 0
    while True:
        try:
            return replace(resource.apply(left), repeated=attempt > 0)
        except UncertainWrite as error:
            ended = backoff.pause(attempt, error.retry_after_s)
            view = _look_again(resource, error)
            left = left.seen_again(view)
            if not left.changed:
                return Reply()
            if ended:
                stopped = plan.stopped(view)
                error.uncertain = False  # the look has just shown what took place
                error.partial = stopped.changed
                error.result = Converged(before, view, stopped, Reply()).to_result(resource)
                error.add_hint(ended)
                raise
        except PanelError as error:
            # What a lost write did before this one is a part of the plan.
            error.partial = error.partial or left.names(FieldOutcome.CHANGED) != plan.names(
                FieldOutcome.CHANGED
            )
            raise
        attempt += 1


def _look_again(resource: Resource, lost: UncertainWrite) -> View:
    """Read the object after a write whose effect is unknown."""
    try:
        return resource.read()
    except PanelError as error:
        lost.add_hint(f"the second read failed too: {error.message}")
        raise lost from error


def _read_back(resource: Resource, plan: Plan, reply: Reply, backoff: Backoff) -> View:
    """Read the object after an accepted write, until it shows the change or time is up."""
    try:
        view, _settled = wait_until(
            resource.read,
            lambda seen: plan.settled(seen, reply.about),
            timeout_s=resource.settle_s,
            clock=backoff.clock,
        )
    except PanelError as error:
        error.partial = error.uncertain = True
        error.add_hint("the panel accepted the change, only the second read failed")
        raise
    return view


def _so_far(resource: Resource, before: View, plan: Plan) -> dict[str, Any]:
    """Return what a write that stopped half-way has done, as far as the panel still tells."""
    try:
        after = resource.read()
    except PanelError:
        return {}
    return Converged(before, after, plan.stopped(after), Reply()).to_result(resource)
