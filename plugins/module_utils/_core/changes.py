# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes of an object: values before, desired and after, the outcome, and the panel's message."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .fields import Field, Schema


class FieldOutcome(str, enum.Enum):
    """The outcome of one field."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    #: The value still differs from the desired one: the panel reports or shows it, or is known to refuse.
    REFUSED = "refused"


_SILENCE = "the panel accepted the change but does not show it"
_LOST = "it had the desired value before the failure"


@dataclass(frozen=True)
class Change:
    """The change of one field of an object.

    :param field: the declaration of the field.
    :param before: the value at the first read.
    :param desired: the value that the operator set.
    :param after: the value at the end; in check mode the predicted value.
    :param outcome: see :class:`FieldOutcome`.
    :param message: the panel's message about the field, or the known reason for a refusal.
    """

    field: Field
    before: Any
    desired: Any
    after: Any
    outcome: FieldOutcome
    message: str | None = None

    @classmethod
    def planned(cls, field: Field, before: Any, desired: Any) -> Change:
        """Compare two values and predict the outcome."""
        obstacle = field.obstacle(before, desired)
        if obstacle is not None:
            return cls(field, before, desired, before, FieldOutcome.REFUSED, obstacle)
        if field.satisfied(before, desired):
            return cls(field, before, desired, before, FieldOutcome.UNCHANGED)
        return cls(field, before, desired, desired, FieldOutcome.CHANGED)

    def judged(
        self, after: Any, message: str | None, *, repeated: bool = False, silence: str = ""
    ) -> Change:
        """Return the change with its final outcome.

        Panels report only the fields that they did not update. The second read therefore proves the
        value, and a "not updated" line proves that this task did not set it.

        :param after: the value at the second read.
        :param message: the panel's "not updated" line about this field, or ``None``.
        :param repeated: whether the write was sent again after a lost response. A "not updated" line
            may then mean that the first write set the value.
        :param silence: why an accepted change may not show, if the panel gives no reason.
        """
        reached = (
            self.field.satisfied(after, self.desired)
            and self.field.obstacle(after, self.desired) is None
        )
        if not reached:
            reason = message or self.message or silence or _SILENCE
            return replace(self, after=after, outcome=FieldOutcome.REFUSED, message=reason)
        moved = self.outcome is FieldOutcome.CHANGED and (message is None or repeated)
        return replace(
            self,
            after=after,
            outcome=FieldOutcome.CHANGED if moved else FieldOutcome.UNCHANGED,
            message=message,
        )

    @property
    def obstacle(self) -> str | None:
        """The known reason why the panel refuses the change, or ``None``."""
        return self.field.obstacle(self.before, self.desired)

    @property
    def moved(self) -> bool:
        """Whether the value changes, even if not to the desired one."""
        if self.outcome is FieldOutcome.REFUSED:
            return bool(self.after != self.before)
        return self.outcome is FieldOutcome.CHANGED

    def stopped(self, after: Any) -> Change:
        """Return the change after an incomplete write."""
        # A new object shows empty values where the absent object had none.
        kept = (after or None) == (self.before or None)
        if self.outcome is FieldOutcome.CHANGED and kept:
            return replace(self, after=after, outcome=FieldOutcome.UNCHANGED)
        had = self.field.satisfied(self.before, self.desired)
        if had and not kept and after is not None and not self.field.satisfied(after, self.desired):
            return replace(self, after=after, outcome=FieldOutcome.REFUSED, message=_LOST)
        return replace(self, after=after)

    def refusal(self) -> str:
        """Return one sentence with the actual value, the desired value and the reason."""
        unit = f" {self.field.unit}" if self.field.unit else ""
        return f"{self.field.name} stays at {self.after}{unit} instead of {self.desired}{unit}: {self.message}"

    def to_result(self) -> dict[str, Any]:
        """Return the row of ``changes`` in the task's result."""
        return {
            "field": self.field.name,
            "unit": self.field.unit or None,
            "before": self.before,
            "desired": self.desired,
            "after": self.after,
            "outcome": self.outcome.value,
            "message": self.message,
        }


@dataclass(frozen=True)
class Reply:
    """The panel's response to a write.

    :param about: the "not updated" messages, by field name.
    :param unknown: lines that match no known message.
    :param lines: all lines, unchanged.
    :param repeated: whether the response to an earlier write of the same changes was lost.
    :param silence: why an accepted change may not show, if the panel gives no reason.
    :param warnings: warnings for the operator although the write was accepted.
    """

    about: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    repeated: bool = False
    silence: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The desired fields of one object, compared with the actual ones."""

    changes: tuple[Change, ...]

    @classmethod
    def between(
        cls, schema: Schema, before: Mapping[str, Any], desired: Mapping[str, Any]
    ) -> Comparison:
        """Compare the desired fields, and only those."""
        planned = (
            Change.planned(schema[name], before.get(name), desired[name]) for name in desired
        )
        return cls(tuple(planned))

    def revised(self, revise: Callable[[Change], Change]) -> Comparison:
        """Return the comparison with another change in the place of each."""
        return Comparison(tuple(map(revise, self.changes)))

    def seen_again(self, view: Mapping[str, Any]) -> Comparison:
        """Compare the same desired values with a later read."""
        return self.revised(lambda c: Change.planned(c.field, view.get(c.field.name), c.desired))

    def with_outcome(self, outcome: FieldOutcome) -> list[Change]:
        """Return the changes with this outcome, predicted or final."""
        return [change for change in self.changes if change.outcome is outcome]

    def rows(self, outcome: FieldOutcome | None = None) -> list[dict[str, Any]]:
        """Return the rows of the task's result, all or with one outcome."""
        return [c.to_result() for c in self.changes if outcome in (None, c.outcome)]

    def to_write(self) -> dict[str, Any]:
        """Return the desired values of the fields that change, by field name."""
        return {c.field.name: c.desired for c in self.with_outcome(FieldOutcome.CHANGED)}

    def names(self, outcome: FieldOutcome) -> set[str]:
        """Return the names of the fields with this outcome, predicted or final."""
        return {change.field.name for change in self.with_outcome(outcome)}

    @property
    def changed(self) -> bool:
        """Whether anything changes. Before the write: whether anything must be written."""
        return any(change.moved for change in self.changes)

    def settled(self, view: Mapping[str, Any], about: Iterable[str]) -> bool:
        """Return whether a read shows every predicted change, except the fields in ``about``."""
        not_updated = set(about)
        return all(
            change.field.satisfied(view.get(change.field.name), change.desired)
            for change in self.with_outcome(FieldOutcome.CHANGED)
            if change.field.name not in not_updated
        )

    def judged(self, view: Mapping[str, Any], reply: Reply) -> Comparison:
        """Return the comparison with final outcomes, from a second read and the panel's response."""
        return self.revised(
            lambda change: change.judged(
                view.get(change.field.name),
                reply.about.get(change.field.name),
                repeated=reply.repeated,
                silence=reply.silence,
            )
        )

    def stopped(self, view: Mapping[str, Any]) -> Comparison:
        """Return the comparison after an incomplete write."""
        return self.revised(lambda change: change.stopped(view.get(change.field.name)))

    def diff(self) -> dict[str, dict[str, Any]]:
        """Return the changed values, for ``--diff``."""
        changed = [change for change in self.changes if change.moved]
        return {
            "before": {change.field.name: change.before for change in changed},
            "after": {change.field.name: change.after for change in changed},
        }
