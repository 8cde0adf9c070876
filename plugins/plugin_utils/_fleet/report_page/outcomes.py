# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the outcomes of a run as a bar, and each distinct change with the number of its servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ....module_utils._core.safe_text import plain
from ..groups import Group
from ..results import ItemOutcome
from ..row_text import outcome_text
from ..wording import counted
from .change_lines import change_lines, lines_html
from .markup import Html, number, tag

Report = Mapping[str, Any]

#: Number of groups that are shown at once. The page hides the others behind a button.
SHOWN = 25

#: What an outcome means, for people who do not know the words.
_MEANINGS = {
    ItemOutcome.CHANGED: "at least one value changed",
    ItemOutcome.ORDERED: "ordered, and not changed yet",
    ItemOutcome.DRIFTED: "differs from the target",
    ItemOutcome.UNCHANGED: "already has the target",
    ItemOutcome.REFUSED: "differs only in values that the panel does not change",
    ItemOutcome.FAILED: "not changed, or not completely",
    ItemOutcome.IN_DOUBT: "a write was sent, and its effect is not known",
    ItemOutcome.MOVED: "left alone: changed since the plan, or not on the panel",
    ItemOutcome.SKIPPED: "the run stopped before its turn",
}
_MEANING_OF_A_PLAN = "nothing was changed; the plan would change it"

#: The order of the bar: from what went as planned to what did not.
_ORDER = (
    ItemOutcome.CHANGED,
    ItemOutcome.ORDERED,
    ItemOutcome.UNCHANGED,
    ItemOutcome.REFUSED,
    ItemOutcome.SKIPPED,
    ItemOutcome.MOVED,
    ItemOutcome.DRIFTED,
    ItemOutcome.IN_DOUBT,
    ItemOutcome.FAILED,
)

#: Properties that an item has besides its outcome.
PROPERTIES = {
    "partly_refused": "changed in part",
    "restart_required": "restart required",
    "differ_again": "differ again after the change",
    "unverified": "not verified after the change",
    "earlier": "by an earlier execution",
}

_HEADINGS = {"drift": "What differs", "rollback": "What was restored"}


def class_of(outcome: ItemOutcome, *, dry_run: bool) -> str:
    """Return the CSS class of an outcome."""
    return "would" if dry_run and outcome is ItemOutcome.CHANGED else outcome.value


def word_of(outcome: ItemOutcome, *, dry_run: bool) -> str:
    """Return an outcome in words."""
    row = {"outcome": outcome.value, "changes": ()}
    return outcome_text(row, dry_run=dry_run).replace("_", " ")


def property_words(name: str, *, dry_run: bool) -> str:
    """Return a property of an item in words."""
    word = PROPERTIES[name]
    return word.replace("changed", "would change") if dry_run else word


def outcomes_section(report: Report) -> Html:
    """Return the number of servers for each outcome, as a bar and as a list."""
    totals, dry_run = report["totals"], report["dry_run"]
    there = [outcome for outcome in _ORDER if totals.get(outcome.value)]
    heading = tag("h2", counted(totals.get("selected", 0), "server"), id="outcomes")
    listed = [_outcome(outcome, totals, dry_run=dry_run) for outcome in there]
    besides = [
        tag("li", tag("b", number(totals[name])), " ", property_words(name, dry_run=dry_run))
        for name in PROPERTIES
        if totals.get(name)
    ]
    return tag(
        "section",
        heading,
        _bar(there, totals, dry_run=dry_run),
        tag("ul", *listed, class_="legend"),
        tag("ul", *besides, class_="besides") if besides else None,
        class_="outcomes",
        aria_labelledby="outcomes",
    )


def _outcome(outcome: ItemOutcome, totals: Mapping[str, int], *, dry_run: bool) -> Html:
    plan = dry_run and outcome is ItemOutcome.CHANGED
    kind = class_of(outcome, dry_run=dry_run)
    return tag(
        "li",
        tag("b", number(totals[outcome.value]), class_="count"),
        tag("span", word_of(outcome, dry_run=dry_run), class_=f"outcome {kind}"),
        tag("small", _MEANING_OF_A_PLAN if plan else _MEANINGS[outcome]),
    )


def _bar(there: Sequence[ItemOutcome], totals: Mapping[str, int], *, dry_run: bool) -> Html:
    """Return a bar with one part for each outcome. The list below has the same numbers."""
    counts = [totals[outcome.value] for outcome in there]
    label = ", ".join(
        f"{count:,} {word_of(outcome, dry_run=dry_run)}"
        for outcome, count in zip(there, counts, strict=True)
    )
    parts, at = [], 0.0
    for outcome, width in zip(there, shares(counts), strict=True):
        kind = class_of(outcome, dry_run=dry_run)
        parts.append(
            tag("rect", x=f"{at:.3f}%", width=f"{width:.3f}%", height="100%", class_=f"fill {kind}")
        )
        at += width
    return tag("svg", *parts, class_="bar", role="img", aria_label=label or "no servers")


def shares(counts: Sequence[float], least: float = 0.6) -> list[float]:
    """Return the share of each number as a percentage, and at least a visible one."""
    if not counts:
        return []
    total = sum(counts) or 1
    widths = [max(least, 100 * count / total) for count in counts]
    too_much = sum(widths) - 100
    if too_much > 0:
        widest = widths.index(max(widths))
        widths[widest] -= too_much
    return widths


def groups_section(report: Report, groups: Sequence[Group]) -> Html | None:
    """Return each distinct change once, with the number of its servers and some examples."""
    if not groups:
        return None
    dry_run = report["dry_run"]
    text = "What would change" if dry_run else _HEADINGS.get(str(report["kind"]), "What changed")
    distinct = sum(1 for group in groups if group.outcome is not ItemOutcome.UNCHANGED)
    rows = [_group(place, group, dry_run=dry_run) for place, group in enumerate(groups)]
    columns = [("Servers", "number"), ("Outcome", None), ("Change", None), ("Examples", None)]
    titles = [tag("th", name, scope="col", class_=kind) for name, kind in columns]
    left = len(groups) - SHOWN
    return tag(
        "section",
        tag("h2", text, id="groups"),
        tag("p", counted(distinct, "distinct outcome or change", "distinct outcomes and changes")),
        tag(
            "table",
            tag("thead", tag("tr", *titles)),
            tag("tbody", *rows[:SHOWN]),
            tag("tbody", *rows[SHOWN:], class_="more") if left > 0 else None,
            class_="groups",
        ),
        tag("p", f"{left:,} more are shown in the CSV file beside this page.", class_="onpaper")
        if left > 0
        else None,
        class_="changes",
        aria_labelledby="groups",
    )


def _group(place: int, group: Group, *, dry_run: bool) -> Html:
    outcome = outcome_text(group.rows[0], dry_run=dry_run).replace("_", " ")
    kind = class_of(group.outcome, dry_run=dry_run)
    lines = change_lines(group)
    if group.message:
        lines.append(("message", "", group.message))
    names = ", ".join(f"{plain(row['name'])} ({plain(row['id'])})" for row in group.examples)
    if len(group.rows) > len(group.examples):
        names = f"such as {names}"
    return tag(
        "tr",
        tag("td", number(len(group.rows)), class_="number", data_group=place),
        tag("td", tag("span", outcome, class_=f"outcome {kind}")),
        tag("td", lines_html(lines)),
        tag("td", names, class_="names"),
    )
