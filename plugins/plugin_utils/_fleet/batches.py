# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Split a fleet into batches, such as one item, then 5 %, then all."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from ...module_utils._core.errors import invalid

T = TypeVar("T")

_STEP = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<percent>%?)", re.ASCII)


@dataclass(frozen=True)
class Share:
    """A number of items, or a percentage of all."""

    number: float
    percent: bool

    def of(self, total: int) -> int:
        """Return the share of a total as a number of items, rounded up."""
        if not self.percent:
            return min(total, int(self.number))
        return min(total, math.ceil(total * self.number / 100))


def share(option: str, text: str) -> Share:
    """Read a number such as ``5``, or a percentage such as ``5%``.

    :raises PanelError: ``validation``, naming the option.
    """
    match = _STEP.fullmatch(text.strip())
    if match is None or (not match["percent"] and "." in match["number"]):
        raise invalid(f"{option} must be a number or a percentage, not {text!r}", "such as 5 or 5%")
    found = Share(float(match["number"]), bool(match["percent"]))
    if found.percent and found.number > 100:
        raise invalid(f"{option} must not be above 100%, and is {text!r}")
    return found


class Batches:
    """The batches of a run, counted from the beginning: ``1, 5%, 100%`` changes one item, continues to
    5 %, and then changes the rest.

    :param steps: as the operator wrote them.
    :raises PanelError: ``validation``, the steps do not increase up to all items.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        self._steps = [share("batches", step) for step in steps]
        if not self._steps or self._steps[-1] != Share(100, True):
            raise invalid("batches must end with 100%", hint="such as 1, 5%, 25%, 100%")
        for percent in (False, True):
            numbers = [step.number for step in self._steps if step.percent is percent]
            if any(number <= 0 for number in numbers):
                raise invalid("batches must not contain 0")
            if any(after <= before for before, after in itertools.pairwise(numbers)):
                written = ", ".join(steps)
                raise invalid(
                    f"batches must increase, and {written} do not",
                    "each is the number of items changed at its end, including those before it",
                )

    def cut(self, items: Sequence[T]) -> list[list[T]]:
        """Return the items in batches, without empty ones."""
        found: list[list[T]] = []
        begin = 0
        for step in self._steps:
            end = step.of(len(items))
            if end > begin:
                found.append(list(items[begin:end]))
                begin = end
        return found


class FailureLimit:
    """A maximum number of failures, or a percentage of the items to change.

    As with Ansible's ``max_fail_percentage``, the limit must be exceeded: 0 stops at the first failure.

    :param text: as the operator wrote it.
    :param option: the option it comes from.
    :raises PanelError: ``validation``.
    """

    def __init__(self, text: str, option: str = "max_failures") -> None:
        self._text = text.strip()
        self._option = option
        self._share = share(option, text)

    def exceeded(self, failures: int, total: int, *, done: int = 0) -> bool:
        """Whether the failures exceed the limit. If all items fail, they always do.

        :param done: number of further items that already have the target.
        """
        return (not done and 0 < total <= failures) or self.above(failures, total)

    def above(self, failures: int, total: int) -> bool:
        """Whether the failures are more than the limit itself."""
        allowed = self._share.number
        if self._share.percent:
            return failures * 100 > allowed * total
        return failures > allowed

    def sentence(self, failures: int, total: int, noun: str, *, in_doubt: int = 0) -> str:
        """Return the message for an exceeded limit.

        :param in_doubt: the number of failures whose effect is not known.
        """
        if not self.above(failures, total):
            return f"all {total} {noun} {_failed(in_doubt)}"
        number = f"{failures} of {total} {noun} {_failed(in_doubt)}"
        return f"{number}, and {self._option} allows {self._text}"


class BatchLimit:
    """The failure limit of one batch.

    A limit for the whole run hides a batch in which most items fail: a canary of one server is 1 % of a
    hundred. So each batch is checked by itself, and no item of the first of several may fail.

    :param whole: the limit of the whole run, which also applies to each batch.
    :param own: the operator's limit for each batch, ``None`` for the rule above.
    """

    def __init__(self, whole: FailureLimit, own: FailureLimit | None) -> None:
        self._whole = whole
        self._own = own

    def exceeded(self, failures: int, total: int, *, batch: int, batches: int) -> bool:
        """Whether the failures exceed the limit of one batch.

        :param batch: its number, starting at 1.
        """
        if batches == 1:
            return False  # the limit of the whole run is the limit of its only batch
        if self._own is not None:
            return self._own.above(failures, total)
        return bool(failures) if batch == 1 else self._whole.exceeded(failures, total)

    def sentence(
        self, failures: int, total: int, noun: str, *, batch: int, batches: int, in_doubt: int = 0
    ) -> str:
        """Return the message for an exceeded limit."""
        place = f"in batch {batch} of {batches}"
        if self._own is None and batch == 1:
            return (
                f"{failures} of {total} {noun} {_failed(in_doubt)} {place}, and no failure is allowed in the"
                " first batch unless max_batch_failures is set"
            )
        limit = self._own or self._whole
        return f"{place} {limit.sentence(failures, total, noun, in_doubt=in_doubt)}"


def _failed(in_doubt: int) -> str:
    return "failed or are in doubt" if in_doubt else "failed"
