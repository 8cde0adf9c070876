# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches: behaviour that is uncertain or differs between versions of a panel.

A client must work under every value of each switch. Each switch has a description and the provenance of its
values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


class SwitchError(ValueError):
    """An unknown switch or an invalid value."""


@dataclass(frozen=True)
class Switch:
    """A switch. `choices` is empty if the value is a whole number."""

    name: str
    default: str
    choices: tuple[str, ...]
    provenance: str
    doc: str

    def parse(self, value: Any) -> str:
        """Validate a value and return it as text."""
        word = str(value).lower() if isinstance(value, bool) else str(value)
        if self.choices and word not in self.choices:
            raise SwitchError(f"switch {self.name} takes {' | '.join(self.choices)}, not {word!r}")
        if not self.choices and not word.isdigit():
            raise SwitchError(f"switch {self.name} takes a whole number, not {word!r}")
        return word


class Switches:
    """The switches of all panels with their current values."""

    def __init__(self, table: Iterable[Switch], start: Mapping[str, Any]) -> None:
        self._table = {switch.name: switch for switch in table}
        self._start: dict[str, str] = {}
        self._start = self._checked(start)
        self.reset()

    def reset(self) -> None:
        """Restore the values of the start options."""
        self._values = {name: switch.default for name, switch in self._table.items()} | self._start
        self._read: set[str] = set()

    def set(self, changes: Mapping[str, Any]) -> None:
        """Set some switches. If one is invalid, none is set."""
        self._values |= self._checked(changes)

    def is_set(self, name: str, value: str) -> bool:
        """Return whether a switch has this value."""
        switch = self._table[name]
        if value not in switch.choices:
            raise SwitchError(f"switch {name} has no value {value!r}")
        return self.word(name) == value

    def flag(self, name: str) -> bool:
        """Return the value of a `true | false` switch."""
        return self.is_set(name, "true")

    def number(self, name: str) -> int:
        """Return the value of a numeric switch."""
        return int(self.word(name))

    def word(self, name: str) -> str:
        """Return the value as text."""
        self._read.add(name)
        return self._values[name]

    def describe(self) -> dict[str, dict[str, Any]]:
        """Return all switches for `GET /_sim/switches`: their values, and whether the panel looked at them."""
        return {
            name: {**asdict(switch), "value": self._values[name], "read": name in self._read}
            for name, switch in self._table.items()
        }

    def _checked(self, changes: Mapping[str, Any]) -> dict[str, str]:
        unknown = set(changes) - set(self._table)
        if unknown:
            raise SwitchError(f"no such switch: {', '.join(sorted(unknown))}")
        return {name: self._table[name].parse(value) for name, value in changes.items()}
