# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of roles that a panel may set in the list of panels, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ci:
    """Servers for pipelines.

    :param template: the operator's job template that uses them.
    :param variables: of the role that provides them.
    """

    template: str
    variables: Mapping[str, Any] = field(repr=False)


def variable_problems(
    entry: Mapping[str, Any], what: str, kind: str, definitions: Mapping[str, Any]
) -> list[str]:
    """Return what is wrong with the fleet and with the variables for the plans of a panel."""
    if not isinstance(entry.get("variables") or {}, Mapping):
        return [f"variables of the {what} must be a dictionary."]
    fleet = entry.get("fleet") or []
    if not isinstance(fleet, (list, tuple)) or not all(isinstance(row, Mapping) for row in fleet):
        return [f"fleet of the {what} must be a list of dictionaries."]
    asked = {
        row["sets"]: "it is a question of the survey"
        for row in definitions["questions"][kind].values()
    }
    known = {**asked, **definitions["plan_variables"]}
    return list(_not_settable(entry.get("variables") or {}, f"variables of the {what}", known))


def read_ci(
    entry: Mapping[str, Any], what: str, kind: str, definitions: Mapping[str, Any]
) -> tuple[Ci | None, list[str]]:
    """Return the servers for pipelines of a panel, and a sentence for each mistake."""
    given = entry.get("ci")
    if given is None:
        return None, []
    data = definitions["pipelines"]
    if kind != data["type"]:
        return None, [
            f"The {what} is of type {kind}. Only a panel of type {data['type']} has the key ci."
        ]
    if not isinstance(given, Mapping):
        return None, [f"ci of the {what} must be a dictionary."]
    variables = {key: value for key, value in given.items() if key != "template"}
    problems = list(_not_settable(variables, f"ci of the {what}", definitions["ci_variables"]))
    template = str(given.get("template") or "")
    if not template:
        problems.append(
            f"ci of the {what} needs template, the name of your job template that uses the servers."
        )
    for group in data["needs"]:
        names = [data["prefix"] + name for name in group]
        if not any(_is_given(variables.get(name)) for name in names):
            words = " or ".join(names)
            problems.append(f"ci of the {what} needs {words}.")
    return Ci(template, variables), problems


def _not_settable(names: Iterable[Any], where: str, known: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each name that is unknown, or that the content sets.

    :param known: the variables -> why a panel cannot set them, or an empty text.
    """
    free: Sequence[str] = sorted(name for name, reason in known.items() if not reason)
    for name in map(str, names):
        if known.get(name):
            yield f"{where} must not contain {name}: {known[name]}."
        elif name not in known:
            close = difflib.get_close_matches(name, free, n=1, cutoff=0.7)
            hint = f"Did you mean {close[0]}?" if close else f"It can contain {', '.join(free)}."
            yield f"{where} must not contain {name}: the role has no such variable. {hint}"


def _is_given(value: Any) -> bool:
    return value is not None and value != ""
