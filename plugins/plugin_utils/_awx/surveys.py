# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The surveys: the questions of each template, and how an answer becomes a variable of the job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

#: How an answer becomes the value of a variable. AWX sends '' for a question without an answer, and the roles of this
#: collection treat '' as not set. A list without elements would be set, so it becomes '', too.
MAPPINGS = {
    "plain": "{{{{ {variable} | default('') }}}}",
    "choice": "{{{{ '' if {variable} | default('default') == 'default' else {variable} }}}}",
    "lines": (
        "{{{{ ({variable} | default('') | string).splitlines() | map('trim') | select | list or '' }}}}"
    ),
    "numbers": "{{{{ {variable} | default('') | string | replace(',', ' ') | split | list or '' }}}}",
}
#: A question about the target and the servers of a panel stands for all options of the bulk action.
TARGET = "target"


def asked(
    names: Iterable[str], questions: Mapping[str, Any], panel_types: Iterable[str]
) -> list[Mapping[str, Any]]:
    """Return the questions of a survey.

    :param names: variables of the role without prefix, and ``target``.
    :param questions: all questions, by ``fleet`` and by type of panel.
    """
    types = list(dict.fromkeys(panel_types))
    found: list[Mapping[str, Any]] = []
    for name in names:
        if name == TARGET:
            for each in types:
                found += questions[each].values()
        else:
            found.append(questions["fleet"][name])
    return found


def survey_spec(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a survey in the form of AWX's API."""
    spec = [
        {key: value for key, value in each.items() if key not in ("maps", "sets")} for each in found
    ]
    return {"name": "", "description": "", "spec": spec} if spec else {}


def survey_variables(found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the variables of a job that take the answers."""
    return {
        each["sets"]: MAPPINGS[each["maps"]].format(variable=each["variable"])
        for each in found
        if each.get("sets")
    }
