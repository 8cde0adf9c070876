# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the options that select items, where a value that matches no item is often a typo.

A mistyped name that excludes nobody lets a server be changed that must not be, and a selection of
no item lets a nightly comparison succeed without comparing anything.

A shard is a part of the selection, so that several runs share one fleet. The ID of an item alone decides
which shard has it. The plan and every later step therefore agree, whatever happens to the order or the
number of the items meanwhile.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.errors import Code, PanelError, invalid
from ...module_utils._core.paging import OddRow
from ...module_utils._core.safe_text import plain
from ...module_utils._core.select import mistaken_id, mistaken_name, similar

SHARD_OPTION = "shard"

#: More shards than this are a typing error.
MOST = 1000

_TEXT = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Shard:
    """One of several parts of all items of a panel.

    :param number: of the shard, starting at 1.
    :param count: of all shards.
    """

    number: int
    count: int

    @classmethod
    def of(cls, text: str | None) -> Shard | None:
        """Return the shard that an option names, or ``None`` if it is not set.

        :raises PanelError: ``validation``.
        """
        if text is None:
            return None
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise invalid(
                f"{SHARD_OPTION} must be a number of a shard and the number of all shards, not {text!r:.40}",
                "such as 2/4",
            )
        number, count = int(match[1]), int(match[2])
        if not 1 <= count <= MOST:
            raise invalid(f"{SHARD_OPTION} must be one of 1 to {MOST} shards, and is {text!r}")
        if not 1 <= number <= count:
            raise invalid(
                f"{SHARD_OPTION} {text!r} does not exist",
                f"the shards are 1/{count} to {count}/{count}",
            )
        return cls(number, count)

    def has(self, item_id: int | str) -> bool:
        """Return whether an item is in this shard: its number modulo the count, see :func:`number_of`."""
        return number_of(item_id) % self.count == self.number % self.count

    @property
    def slug(self) -> str:
        """The shard in the name of a file or a variable."""
        return f"{self.number}_of_{self.count}"

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


def number_of(item_id: int | str) -> int:
    """Return the number of an item that decides its shard.

    This is the ID itself if it is an integer. If it is a text, such as a UUID, it is the number in the first
    eight hexadecimal digits of its SHA-256, which is the same on every controller.
    """
    if isinstance(item_id, int):
        return item_id
    return int(hashlib.sha256(item_id.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)


FAIL, WARN, IGNORE = ON_UNMATCHED = ["fail", "warn", "ignore"]

#: How many values of one option a message names.
_NAMED = 10

View = Mapping[str, Any]


def chosen_way(params: Mapping[str, Any], ways: Sequence[Sequence[str]], noun: str) -> str:
    """Return the first option of the only way to select items that is set.

    :param ways: the options of each way. Options of one way may be set together.
    :raises PanelError: ``validation``, no way or more than one is set.
    """
    given = [[option for option in way if params[option] not in (None, False)] for way in ways]
    found = [options for options in given if options]
    if len(found) == 1:
        return next(way[0] for way in ways if found[0][0] in way)
    names = [option for way in ways for option in way]
    rule = f"exactly one of {', '.join(names[:-1])} and {names[-1]} must select the {noun}"
    together = [" and ".join(way) for way in ways if len(way) > 1]
    hint = "; ".join(f"{options} may be set together" for options in together)
    if not found:
        raise invalid(f"{rule}, and none is set", hint)
    raise invalid(f"{rule}, and {found[0][0]} and {found[1][0]} are both set", hint)


@dataclass(frozen=True)
class _Unmatched:
    """A value of an option that matches no item.

    :param names_item: whether the value names one item, which then has its own result.
    """

    option: str
    value: int | str
    hint: str
    names_item: bool

    @property
    def text(self) -> str:
        shown = repr(self.value) if isinstance(self.value, str) else str(self.value)
        return plain(f"{shown} ({self.hint})" if self.hint else shown)

    def message(self, noun: str) -> str:
        """Return the reason why the named item is left alone."""
        hint = f" ({self.hint})" if self.hint else ""
        return plain(f"no {noun} match this value of {self.option}{hint}")


class Selection:
    """The selection of one run, and the values of its options that match no item.

    A change reports values with :meth:`match`; the engine calls :meth:`conclude`.

    :param noun: the plural noun for the items.
    :param on_unmatched: the option of the same name.
    :param shard: the part of the items that the run is about, ``None`` for all.
    :ivar warnings: warnings about the selection.
    """

    def __init__(self, noun: str, on_unmatched: str, shard: Shard | None = None) -> None:
        self.warnings: list[str] = []
        self._noun = noun
        self._on_unmatched = on_unmatched
        self._unmatched: list[_Unmatched] = []
        self._why_empty: str | None = None
        self._shard = shard
        self._in_other_shards = False

    def in_shard(self, item_id: int | str) -> bool:
        """Return whether an item is in the shard of the run, be it selected or not."""
        return self._shard is None or self._shard.has(item_id)

    def takes(self, item_id: int | str) -> bool:
        """Return whether the run is about a selected item. If not, remember that another shard has some."""
        if self.in_shard(item_id):
            return True
        self._in_other_shards = True
        return False

    @property
    def is_elsewhere(self) -> bool:
        """Whether other shards have selected items, so that this one may have none."""
        return self._in_other_shards

    def match(
        self,
        option: str,
        values: Iterable[Any] | None,
        rows: Iterable[View],
        field: str,
        *,
        name: str = "name",
        names_items: bool = False,
    ) -> list[Any]:
        """Record the values of an option that no row has, and return them.

        Nothing is recorded if a row lacks the field: the row may have the value.

        :param rows: the items before any filter of this collection. The fields of duplicates are
            merged.
        :param field: the field that the option is compared with.
        :param name: the field that names a row, for hints.
        :param names_items: whether each value names one item.
        """
        given = list(values or ())
        if not given:
            return []
        known = _by_id(rows)
        if any(field not in row for row in known):
            return []
        there = {row[field] for row in known}
        missing = [value for value in given if value not in there]
        by = field if any(isinstance(value, str) for value in missing) else name
        for place, value in enumerate(missing):
            hint = _hint(value, known, field, by) if place < _NAMED else ""
            self._unmatched.append(_Unmatched(option, value, hint, names_items))
        return missing

    def may_be_empty(self, why: str) -> None:
        """Accept an empty selection, since an earlier run of the change may have emptied it.

        :param why: the warning for that case.
        """
        self._why_empty = why

    def check(self) -> None:
        """Refuse values that match no item, before more is read.

        :raises PanelError: ``not_found``, unless ``on_unmatched`` accepts them.
        """
        if self._unmatched and self._on_unmatched == FAIL:
            raise self._refused(f"no {self._noun} match {self._text()}")

    def conclude(self, ids: Collection[int | str], *, resumed: bool) -> dict[int | str, str]:
        """Return each unknown name or ID, with the reason.

        :param ids: the IDs of the selected items.
        :param resumed: whether an earlier run has changed items, which may no longer be selected.
        :raises PanelError: ``not_found``, unless ``on_unmatched`` accepts it.
        """
        self.check()
        none = self._why_empty or f"no {self._noun} are selected"
        if self._in_other_shards:
            none = self._why_empty = f"no selected {self._noun} are in the shard {self._shard}"
        accepted = resumed or self._why_empty is not None or self._on_unmatched != FAIL
        if not ids and not accepted:
            raise self._refused(none)
        if self._on_unmatched != IGNORE:
            if self._unmatched:
                self.warnings.append(f"no {self._noun} match {self._text()}")
            if not ids:
                self.warnings.append(none)
        return {
            each.value: each.message(self._noun)
            for each in self._unmatched
            if each.names_item and each.value not in ids and self.takes(each.value)
        }

    def _refused(self, message: str) -> PanelError:
        return PanelError(
            Code.NOT_FOUND,
            message,
            action=f"select the {self._noun}",
            hint="correct the options that select them, or set on_unmatched to warn",
        )

    def _text(self) -> str:
        """Return the unmatched values by option."""
        by_option: dict[str, list[str]] = {}
        for each in self._unmatched:
            by_option.setdefault(each.option, []).append(each.text)
        parts = []
        for option, texts in by_option.items():
            more = len(texts) - _NAMED
            tail = f" and {more} more" if more > 0 else ""
            parts.append(f"{option} {', '.join(texts[:_NAMED])}{tail}")
        return "; ".join(parts)


def _by_id(rows: Iterable[View]) -> list[View]:
    """Return each item once. A full read adds fields to the short row of a list."""
    known: dict[Any, View] = {}
    for row in rows:
        before = known.get(row["id"])
        if before is None:
            known[row["id"]] = row
        elif not isinstance(row, OddRow):
            known[row["id"]] = {**before, **row}
    return list(known.values())


def _hint(value: Any, rows: Sequence[View], field: str, by: str) -> str:
    if isinstance(value, str):
        return mistaken_id(value, rows, by) or similar(value, [row[field] for row in rows])
    if field == "id" and all(by in row for row in rows):
        return mistaken_name(value, rows, by)
    return ""


def numeric(ids: Iterable[int | str]) -> list[int]:
    """Return the numeric IDs.

    An unknown item has its name as its ID in results and plans.
    """
    return [item_id for item_id in ids if isinstance(item_id, int)]
