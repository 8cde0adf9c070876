# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""House rules as data. One test per rule lists every offender, with the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import pytest


class Named(Protocol):
    """A subject of a rule."""

    @property
    def name(self) -> str:
        """Return the name by which an offender is listed."""


#: Prefix of a line for a subject on which the rule could not be checked.
UNREADABLE = "cannot be checked"
SubjectT = TypeVar("SubjectT", bound=Named)
Find = Callable[[SubjectT], Iterable[str]]


@dataclass(frozen=True)
class Rule:
    """One rule.

    :param find: returns the offences of one subject.
    :param remedy: the remedy, shown above the offenders.
    :param planted: a subject that breaks the rule, which proves that the rule can fail.
    :param where: pattern that the beginning of a subject's name matches.
    """

    find: Find[Any]
    remedy: str
    planted: Named
    where: str = ""

    def offenders(self, subjects: Iterable[SubjectT]) -> Iterator[str]:
        """Return a line for each offence."""
        for subject in subjects:
            if re.match(self.where, subject.name):
                yield from (f"{subject.name}: {what}" for what in self._found(subject))

    def _found(self, subject: SubjectT) -> list[str]:
        try:
            return list(self.find(subject))
        except (AttributeError, LookupError) as error:
            # A part that the rule reads is missing. The message of a KeyError is only the key.
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            return [f"{UNREADABLE}, {what}"]
        except Exception as error:
            return [f"{UNREADABLE}, {type(error).__name__}: {error}"]

    def hold(self, subjects: Iterable[SubjectT]) -> None:
        """Fail with every offender."""
        concerned = [subject for subject in subjects if re.match(self.where, subject.name)]
        if not concerned:
            pytest.fail(f"The rule applies to nothing: no name matches {self.where!r}.")
        refuse(self.offenders(concerned), self.remedy)


def refuse(offenders: Iterable[str], remedy: str) -> None:
    """Fail if there are offenders. The message has the remedy and a line for each of them."""
    found = sorted(offenders)
    if found:
        pytest.fail("\n".join([remedy, *(f"  {line}" for line in found)]), pytrace=False)


def toothless(rules: Mapping[str, Rule]) -> list[str]:
    """Return the names of the rules that do not find their planted offender."""
    return [
        name
        for name, rule in rules.items()
        if not list(rule.offenders([rule.planted]))
        or any(UNREADABLE in line for line in rule.offenders([rule.planted]))
    ]


def differences(documented: Iterable[str], actual: Iterable[str], where: str = "") -> Iterator[str]:
    """Return a line for each name that only one side has."""
    documented, actual = set(documented), set(actual)
    place = f" in {where}" if where else ""
    yield from (f"{name} is missing{place}" for name in sorted(actual - documented))
    yield from (f"{name}{place} does not exist" for name in sorted(documented - actual))
