# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches: behaviours that are not known for certain, or that differ between panel versions.

A client must work under every value of each switch. The table of each panel carries a text that says what
the switch decides and the provenance of its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


class SwitchError(ValueError):
    """An unknown switch, or a value that the switch does not take."""


@dataclass(frozen=True)
class Switch:
    """One choice. `choices` is empty for a whole number."""

    name: str
    default: str
    choices: tuple[str, ...]
    provenance: str
    doc: str

    def parse(self, value: Any) -> str:
        """Check a value and give it as the word that the table uses."""
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if self.choices and word not in self.choices:
            raise SwitchError(f"switch {self.name} takes {' | '.join(self.choices)}, not {word!r}")
        if not self.choices and not word.isdigit():
            raise SwitchError(f"switch {self.name} takes a whole number, not {word!r}")
        return word


class Switches:
    """The switches of all panels with their present values."""

    def __init__(self, table: Iterable[Switch], start: Mapping[str, Any]) -> None:
        self._table = {switch.name: switch for switch in table}
        self._start: dict[str, str] = {}
        self._start = self._checked(start)
        self.reset()

    def reset(self) -> None:
        """Go back to the values the process was started with."""
        self._values = {name: switch.default for name, switch in self._table.items()} | self._start

    def set(self, changes: Mapping[str, Any]) -> None:
        """Set some switches; nothing is set when one of them is wrong."""
        self._values |= self._checked(changes)

    def is_set(self, name: str, value: str) -> bool:
        """True if the switch stands at this value."""
        switch = self._table[name]
        if value not in switch.choices:
            raise SwitchError(f"switch {name} has no value {value!r}")
        return self._values[name] == value

    def flag(self, name: str) -> bool:
        """The value of a `true | false` switch."""
        return self.is_set(name, "true")

    def number(self, name: str) -> int:
        """The value of a numeric switch."""
        return int(self._values[name])

    def word(self, name: str) -> str:
        """The value as a word."""
        return self._values[name]

    def describe(self) -> dict[str, dict[str, Any]]:
        """The table with present values, for `GET /_sim/switches`."""
        return {
            name: {**asdict(switch), "value": self._values[name]}
            for name, switch in self._table.items()
        }

    def _checked(self, changes: Mapping[str, Any]) -> dict[str, str]:
        unknown = set(changes) - set(self._table)
        if unknown:
            raise SwitchError(f"no such switch: {', '.join(sorted(unknown))}")
        return {name: self._table[name].parse(value) for name, value in changes.items()}
