# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The convergence loop: read, compare, write the differences, read again, determine the outcomes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from .changes import Comparison, FieldOutcome, Reply
from .clock import wait_until
from .errors import Code, PanelError
from .fields import ACCEPTED, Schema
from .retry import Backoff
from .session import UncertainWrite

View = Mapping[str, Any]

#: The result keys of a task, each with the names of its values; None for a key that has none.
Shown: TypeAlias = Mapping[str, Iterable[str] | None]


def results(**keys: Iterable[str] | None) -> Shown:
    """Declare the result keys of a task, each with the names of its values."""
    return keys


def blank(shown: Shown, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return all result keys with null values.

    :param given: values that are known, by name.
    """
    known = given or {}
    return {
        key: None if names is None else {name: known.get(name) for name in names}
        for key, names in shown.items()
    }


class Resource(ABC):
    """An object of a panel with a desired state.

    :cvar key: the key of the object in the result.
    :cvar schema: the fields that can be compared.
    """

    key: str
    schema: Schema
    #: All result keys, for check mode on an object that does not exist yet.
    shown: ClassVar[Shown] = results()
    #: Values of such an object that the operator gave and that are not compared.
    given: Mapping[str, Any] = MappingProxyType({})
    #: Seconds to keep reading an object that does not yet show an accepted change.
    settle_s: float = 0.0
    #: Whether a read shows at once what a failed write has changed.
    shows_at_once: ClassVar[bool] = False
    #: Whether the panel may have made a change that it refuses for a reason that only a text gives.
    refusals_may_save: ClassVar[bool] = False

    @abstractmethod
    def read(self) -> View:
        """Read and return the projected object. :raises PanelError: it cannot be read."""

    @abstractmethod
    def desired(self) -> Mapping[str, Any]:
        """Return the fields that the operator set, and only these. May read."""

    def predict(self, comparison: Comparison) -> Comparison:
        """Return the comparison with the refusals that are known before a write. May read.

        :raises PanelError: the change must not be made.
        """
        return comparison

    def is_missing(self, view: View) -> bool:
        """Return whether a read shows that the object does not exist."""
        return False

    def permit(self, comparison: Comparison) -> None:  # noqa: B027 - most resources have nothing to refuse
        """Refuse a change that must not be made, also in check mode. :raises PanelError: the reason."""

    @abstractmethod
    def apply(self, comparison: Comparison) -> Reply | None:
        """Write the changes. Called only if there are changes. Return ``None`` if the response has no details."""

    def conclude(self, converged: Converged) -> dict[str, Any]:
        """Return the resource's own result keys.

        :raises PanelError: the outcome is a failure. By default, any ``refused`` field is one.
        """
        refuse(converged.comparison, f"change {self.name(converged.before)}")
        return {}

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        """Return result keys such as ``restart_required``, for a success and a partial failure. Must not raise."""
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
    :param after: the object at the end; in check mode the predicted object.
    :param comparison: the changes with their outcomes.
    :param reply: the panel's response to the write.
    :param unconfirmed: the fields of an accepted write without a visible change and without a "not
        updated" line. The panel may still apply them.
    """

    before: View
    after: View
    comparison: Comparison
    reply: Reply = field(default_factory=Reply)
    unconfirmed: tuple[str, ...] = ()

    def to_result(self, resource: Resource) -> dict[str, Any]:
        """Return the result keys that all write modules share."""
        header = resource.name(self.before)
        return {
            "changed": self.comparison.changed,
            resource.key: {**_of_absent(resource, self.after), **self.after},
            "changes": self.comparison.rows(),
            "refused": self.comparison.rows(FieldOutcome.REFUSED),
            "diff": {**self.comparison.diff(), "before_header": header, "after_header": header},
        }


def _of_absent(resource: Resource, view: View) -> dict[str, Any]:
    """Return all keys of an absent object, null where the operator gave no value; nothing for a present one."""
    if not resource.is_missing(view):
        return {}
    return blank(resource.shown, resource.given).get(resource.key) or {}


def predicted(
    shown: Shown, params: Mapping[str, Any], state: str | None, reason: str
) -> dict[str, Any]:
    """Return the result of a task on an object that an earlier task of the play would create.

    :param params: the options, whose values are returned under the same names.
    :param state: the state that the object would have, if the result shows one.
    :param reason: why the object was not found.
    """
    known = {name: value for name, value in params.items() if name != "state"}
    known["name"] = params.get("name") or params.get("server_name") or params.get("plan_name")
    warning = (
        f"{reason}. The prediction is that an earlier task creates it; nothing else was checked"
    )
    return {
        "changed": True,
        **blank(shown, {**known, "state": state, "present": True}),
        "changes": [],
        "refused": [],
        "diff": {"before": {}, "after": {}},
        "warnings": [warning],
    }


def converge(resource: Resource, *, check_mode: bool, backoff: Backoff) -> dict[str, Any]:
    """Bring the object into the desired state and return the task's result.

    Nothing is written if nothing differs, or in check mode. Check mode and a real run use the same
    comparison.

    :raises PanelError: after an accepted write with ``partial`` set and the changes in its result.
    """
    converged = execute(resource, check_mode=check_mode, backoff=backoff)
    return conclude(resource, converged, check_mode=check_mode)


def execute(resource: Resource, *, check_mode: bool, backoff: Backoff) -> Converged:
    """Bring the object into the desired state and return the comparison and the reads.

    :raises PanelError: see :func:`converge`.
    """
    before = resource.read()
    comparison = Comparison.between(resource.schema, before, resource.desired())
    if comparison.changed:
        comparison = resource.predict(comparison)
    predicted_values = {change.field.name: change.after for change in comparison.changes}
    after: View = {**before, **predicted_values}
    if comparison.changed and resource.is_missing(after):
        after = predicted_values  # a read of an absent object shows none of its other values
    if check_mode and not resource.is_missing(after):
        after = {**_of_absent(resource, before), **after}
    if comparison.changed:
        resource.permit(comparison)
    if check_mode or not comparison.changed:
        return Converged(before, after, comparison)
    try:
        reply = _write(resource, before, comparison, backoff)
    except PanelError as error:
        if error.partial and "changes" not in error.result:
            so_far = _so_far(resource, before, comparison)
            error.result = {**so_far, **error.result}
            if resource.shows_at_once:
                error.partial = so_far.get("changed", True)
                error.uncertain = error.uncertain or not so_far
        raise
    after = _read_back(resource, comparison, reply, backoff)
    sent = comparison.names(FieldOutcome.CHANGED)
    comparison = comparison.judged(after, reply)
    return Converged(before, after, comparison, reply, _unconfirmed(comparison, sent, reply))


def conclude(resource: Resource, converged: Converged, *, check_mode: bool) -> dict[str, Any]:
    """Return the task's result.

    :raises PanelError: see :meth:`Resource.conclude`; ``uncertain`` where a field is unconfirmed.
    """
    result = converged.to_result(resource)
    needs = resource.aftermath(converged)
    try:
        unknown = blank(resource.shown) if check_mode else {}
        result = {**unknown, **result, **needs, **resource.conclude(converged)}
    except PanelError as error:
        error.partial = converged.comparison.changed and not check_mode
        error.result = {**result, **(needs if error.partial else {}), **error.result}
        error.uncertain = error.uncertain or bool(converged.unconfirmed)
        raise
    warnings = [*converged.reply.warnings, *result.get("warnings", ())]
    return {**result, "warnings": warnings} if warnings else result


def _unconfirmed(judged: Comparison, sent: Collection[str], reply: Reply) -> tuple[str, ...]:
    """Return the sent fields that still show their old value although the panel reported nothing."""
    return tuple(
        change.field.name
        for change in judged.with_outcome(FieldOutcome.REFUSED)
        if change.field.name in sent
        and change.field.name not in reply.about
        and change.after == change.before
    )


def refuse(comparison: Comparison, action: str, hint: str = "") -> None:
    """Fail if a field is refused. :raises PanelError: ``refused``."""
    refused = comparison.with_outcome(FieldOutcome.REFUSED)
    if refused:
        message = "; ".join(change.refusal() for change in refused)
        rows = {"changes": comparison.rows(), "refused": comparison.rows(FieldOutcome.REFUSED)}
        raise PanelError(Code.REFUSED, message, action=action, hint=hint, result=rows)


@contextmanager
def after_acceptance() -> Iterator[None]:
    """Handle failures of the reads after a write that the panel has accepted.

    A failed request hides the outcome. A failed job, or the end of a wait, shows it.

    :raises PanelError: with ``partial`` set; ``uncertain`` after a failed request.
    """
    try:
        yield
    except PanelError as error:
        error.partial = True
        if error.operation:
            error.uncertain = True
            error.add_hint(ACCEPTED)
        raise


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


def apply_each(comparison: Comparison, writers: Mapping[str, Callable[[Any], object]]) -> Reply:
    """Write the changed fields one by one, in the order of ``writers``.

    :param writers: for each field, a function that sends its new value.
    :raises PanelError: with ``partial`` set if an earlier field was written.
    """
    desired = comparison.to_write()
    written: set[str] = set()
    for name in filter(desired.__contains__, writers):
        try:
            writers[name](desired[name])
        except PanelError as error:
            # A field can need several writes.
            error.written = frozenset({*written, name} if error.partial else written)
            error.partial = error.partial or bool(written)
            raise
        written.add(name)
    return Reply()


def _write(resource: Resource, before: View, comparison: Comparison, backoff: Backoff) -> Reply:
    """Apply the changes. After a write with unknown effect, read again and apply the remaining changes.

    :raises PanelError: with ``partial`` set if the last read shows some of the changes.
    """
    left = comparison
    attempt = 0
    while True:
        try:
            return replace(resource.apply(left) or Reply(), repeated=attempt > 0)
        except UncertainWrite as error:
            if not error.resend:
                return _half_done(resource, before, comparison, left, error, backoff)
            ended = backoff.pause(attempt, error.retry_after_s)
            view = _read_after(resource, error)
            left = left.seen_again(view)
            if not left.changed:
                return Reply()
            if ended:
                error.result = _stopped(resource, before, comparison, view)
                error.partial = error.result["changed"]
                error.add_hint(ended)
                error.add_hint(_MAY_COME)
                raise
        except PanelError as error:
            wrote = error.partial
            # An earlier write with a lost response may have made some of the changes.
            error.partial = error.partial or left.names(FieldOutcome.CHANGED) != comparison.names(
                FieldOutcome.CHANGED
            )
            settled = _already_so(resource, before, comparison, left, error, wrote=wrote)
            if settled is None:
                if attempt and not error.uncertain:
                    error.uncertain = True
                    error.add_hint(_MAY_COME)
                raise
            return replace(settled, repeated=attempt > 0)
        attempt += 1


#: A read shows what is there now. A request whose response was lost may still be in the panel's queue.
_MAY_COME = "the panel does not show the change, and may still make it: check the panel"

#: Failures that may mean that somebody else has made the change.
_MAY_BE_SO = frozenset({Code.CONFLICT, Code.REFUSED, Code.VALIDATION, Code.NOT_FOUND})


def _already_so(
    resource: Resource,
    before: View,
    comparison: Comparison,
    left: Comparison,
    error: PanelError,
    *,
    wrote: bool,
) -> Reply | None:
    """Read again after a refusal. Return the reply if nothing differs any more, or ``None``.

    The panel refuses a change that somebody else has made, such as to unsuspend a server that is not
    suspended. Fields that this task has written, also in part, count as changed, the others as unchanged.
    If the panel may have made the change that it refuses, all of them count as changed, with a warning: a
    rollback must find them.

    :param wrote: whether this attempt has written something before the refusal.
    """
    if error.code not in _MAY_BE_SO or error.foreign or error.uncertain or not error.operation:
        return None
    try:
        view = resource.read()
    except PanelError:
        return None
    if left.seen_again(view).changed:
        stopped = _stopped(resource, before, comparison, view)
        if error.partial or (resource.refusals_may_save and stopped["changed"]):
            error.result, error.partial = {**stopped, **error.result}, True
        return None
    found = left.names(FieldOutcome.CHANGED) - error.written
    if wrote and not error.written:
        found = set()  # the write does not report which fields it has changed
    if resource.refusals_may_save and error.code is Code.REFUSED:
        return Reply(warnings=(_shown_although(resource, view, error),))
    return Reply(about=dict.fromkeys(found, error.message))


def _half_done(
    resource: Resource,
    before: View,
    comparison: Comparison,
    left: Comparison,
    error: UncertainWrite,
    backoff: Backoff,
) -> Reply:
    """Read again after a response that reports both success and failure.

    :raises UncertainWrite: the object does not show the change.
    """
    view, shown = wait_until(
        lambda: _read_after(resource, error),
        lambda seen: not left.seen_again(seen).changed,
        timeout_s=resource.settle_s,
        clock=backoff.clock,
    )
    if shown:
        return Reply(warnings=(_shown_although(resource, view, error),))
    error.result = _stopped(resource, before, comparison, view)
    error.partial = error.result["changed"]
    error.add_hint("the panel does not show the change: check the panel before you run this again")
    raise error


def _shown_although(resource: Resource, view: View, error: PanelError) -> str:
    return (
        f"{resource.name(view)}: the panel shows the change, but it also reported: {error.message}"
    )


def _read_after(resource: Resource, lost: UncertainWrite) -> View:
    """Read the object after a write with unknown effect."""
    try:
        return resource.read()
    except PanelError as error:
        lost.add_hint(f"the second read failed too: {error.message}")
        raise lost from error


def _read_back(resource: Resource, comparison: Comparison, reply: Reply, backoff: Backoff) -> View:
    """Read the object after an accepted write until it shows the change, for up to ``settle_s``."""
    try:
        view, _settled = wait_until(
            resource.read,
            lambda seen: comparison.settled(seen, reply.about),
            timeout_s=resource.settle_s,
            clock=backoff.clock,
        )
    except PanelError as error:
        error.partial = error.uncertain = True
        error.add_hint("the panel accepted the change, only the second read failed")
        raise
    return view


def _so_far(resource: Resource, before: View, comparison: Comparison) -> dict[str, Any]:
    """Return the result of an incomplete write, or ``{}`` if the object cannot be read."""
    try:
        return _stopped(resource, before, comparison, resource.read())
    except PanelError:
        return {}


def _stopped(
    resource: Resource, before: View, comparison: Comparison, view: View
) -> dict[str, Any]:
    stopped = Converged(before, view, comparison.stopped(view))
    return {**stopped.to_result(resource), **resource.aftermath(stopped)}
