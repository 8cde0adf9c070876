# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the servers: as data for the script of the page, and as a short table for paper.

The paper table has the servers that need attention. It also serves readers whose browser runs no script.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ....module_utils._core.safe_text import plain
from ..groups import Group
from ..results import URGENT, ItemOutcome
from ..row_text import is_partly_refused, outcome_text, refused_fields
from ..wording import counted
from .change_lines import Line, change_lines, lines_html
from .facts import failure_text
from .markup import Html, duration_text, joined, moment, number, seconds_between, tag
from .outcomes import PROPERTIES, class_of, property_words, word_of

Row = Mapping[str, Any]

#: A table of at most so many servers is printed as a whole.
_SHORT = 60
#: Largest number of servers on paper.
_ON_PAPER = 100

#: Keys of a row with a place of their own on the page. The others are details of a panel.
_SHOWN = frozenset(
    {
        *("id", "name", "target", "outcome", "changed", "changes", "refused", "restart_required"),
        *("verified", "earlier", "msg", "failure", "uuid", "owner", "place", "begun", "ended"),
    }
)

#: Keys of a row that say which of several merged reports it comes from.
_PARTS = ("panel", "address", "shard")

#: Columns of the table, each with its heading.
_COLUMNS = {
    "id": "ID",
    "name": "Server",
    "outcome": "Outcome",
    "change": "Change",
    "target": "Target",
    "place": "Place",
    "owner": "Owner",
    "ended": "Ended",
}
#: The columns that are left out if they hold nothing.
_OPTIONAL = ("place", "owner", "ended")

#: IDs with more letters stand below the name, since a column for them would be too wide.
_LONG = 10

#: The columns on paper. The others are in a line below the name.
_PAPER_COLUMNS = ("id", "name", "outcome", "change")

_RANKS = {outcome.value: rank for rank, outcome in enumerate(URGENT)}


class Servers:
    """The servers of a report in the order of the page: what needs attention comes first."""

    def __init__(self, report: Mapping[str, Any], groups: Sequence[Group]) -> None:
        self.dry_run = bool(report["dry_run"])
        self.groups = groups
        self.totals: Mapping[str, int] = report["totals"]
        self._group_of = {id(row): at for at, group in enumerate(groups) for row in group.rows}
        self.rows = sorted(report["servers"], key=_rank)
        # The facts of the run have a value that all rows share.
        self._parts = [key for key in _PARTS if len({row.get(key) for row in self.rows}) > 1]
        self._long_ids = any(len(str(row["id"])) > _LONG for row in self.rows)
        #: The columns in use, with their titles.
        self.columns = {name: title for name, title in _COLUMNS.items() if self._is_used(name)}
        if "place" in self.columns:
            self.columns["place"] = plain(report.get("place_noun") or "place").capitalize()

    def _is_used(self, column: str) -> bool:
        if column == "id":
            return not self._long_ids
        if column == "target":
            return len({row.get("target") for row in self.rows}) > 1
        return column not in _OPTIONAL or any(_is_given(row.get(column)) for row in self.rows)

    def group_of(self, row: Row) -> int:
        """Return the place of the group of a row."""
        return self._group_of[id(row)]

    def ids(self, row: Row) -> list[str]:
        """Return the IDs that stand below the name."""
        ids = [plain(row.get("uuid"))]
        if self._long_ids:
            ids.insert(0, plain(row["id"]))
        return list(dict.fromkeys(filter(None, ids)))

    def own_lines(self, row: Row) -> list[Line]:
        """Return the lines of a row that the other servers of its group do not share."""
        lines: list[Line] = []
        group = self.groups[self.group_of(row)]
        message = plain(row.get("msg"))
        if message and not (row["outcome"] in _TOLD_BY_FIELDS and refused_fields(row)):
            lines.append(("message", "", message))
        elif group.message and not message:
            lines.append(("message", "", group.message))
        failure = failure_text(row.get("failure"))
        if failure:
            lines.append(("detail", "failure", failure))
        parts = ", ".join(
            f"shard {plain(row[key])}" if key == "shard" else plain(row[key])
            for key in self._parts
            if _is_given(row.get(key))
        )
        if parts:
            lines.append(("detail", "from", parts))
        for key, value in row.items():
            if key not in _SHOWN and key not in _PARTS and _is_given(value):
                lines.append(("detail", plain(key).replace("_", " "), plain(value)))
        return lines

    def notes(self, row: Row) -> list[str]:
        """Return what is known of a row besides its outcome."""
        verified = _VERIFIED.get(row.get("verified"))
        return [
            *filter(None, [verified, "by an earlier execution" if row.get("earlier") else None])
        ]


#: The words for ``verified``.
_VERIFIED = {None: None, True: "verified", False: "differs again"}

#: Outcomes whose message repeats the reasons of the refused fields.
_TOLD_BY_FIELDS = ("changed", "ordered", "refused")


def _is_given(value: Any) -> bool:
    return value is not None and value != ""


def _rank(row: Row) -> float:
    """Return the place of a row: failures first, then what did not go as planned."""
    if row.get("verified") is False:
        return _RANKS["in_doubt"] + 0.5
    return _RANKS[row["outcome"]] - (0.5 if is_partly_refused(row) else 0)


def _is_odd(row: Row) -> bool:
    return _rank(row) < _RANKS["changed"]


def data_json(servers: Servers) -> Html:
    """Return the servers for the script as JSON that can stand inside of a ``script`` element."""
    dry_run = servers.dry_run
    groups = [
        {
            "kind": class_of(group.outcome, dry_run=dry_run),
            "outcome": group.outcome.value,
            "word": outcome_text(group.rows[0], dry_run=dry_run).replace("_", " "),
            "lines": change_lines(group),
            "partly_refused": is_partly_refused(group.rows[0]),
        }
        for group in servers.groups
    ]
    rows = [_data(servers, row) for row in servers.rows]
    text = json.dumps({"groups": groups, "rows": rows}, separators=(",", ":"))
    # ASCII only: no U+2028, no lone surrogate. Without "<" it cannot end its element.
    return Html(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _data(servers: Servers, row: Row) -> list[Any]:
    """Return a row as a list, whose places the script names."""
    number_or_text = row["id"] if isinstance(row["id"], int) else plain(row["id"])
    known = {None: 0, True: 1, False: -1}[row.get("verified")]
    time, date = _times(row)
    return [
        servers.group_of(row),
        number_or_text,
        plain(row["name"]),
        servers.ids(row),
        plain(row.get("target")) if "target" in servers.columns else "",
        plain(row.get("place")),
        plain(row.get("owner")),
        plain(row.get("ended") or row.get("begun")),
        time,
        date,
        known,
        1 if row.get("earlier") else 0,
        1 if row.get("restart_required") else 0,
        servers.own_lines(row),
    ]


def _times(row: Row) -> tuple[str, str]:
    """Return the time at which a server was finished, and its date with the duration."""
    ended, begun = moment(row.get("ended")), moment(row.get("begun"))
    if ended is None:
        return (f"{begun:%H:%M:%S}", f"begun {begun:%Y-%m-%d}") if begun else ("", "")
    seconds = seconds_between(row.get("begun"), row.get("ended"))
    took = "" if seconds is None else f", {duration_text(seconds)}"
    return f"{ended:%H:%M:%S}", f"{ended:%Y-%m-%d}{took}"


def servers_section(servers: Servers) -> Html:
    """Return the tools, the empty table that the script fills, and the table for paper."""
    titles = [
        tag(
            "th",
            tag("button", title, type="button", data_column=name),
            scope="col",
            role="columnheader",
            class_=name,
            aria_sort="ascending" if name == "outcome" else None,
        )
        for name, title in servers.columns.items()
    ]
    head = tag("thead", tag("tr", *titles, role="row"), role="rowgroup")
    body = tag("tbody", role="rowgroup")
    table = tag("table", head, body, role="table", aria_labelledby="servers", class_="rows")
    return tag(
        "section",
        tag("h2", "Servers", id="servers", tabindex="-1"),
        tag(
            "div",
            _tools(servers),
            table,
            tag("p", tag("button", "Show more", type="button", id="more"), class_="more"),
            class_="onscreen",
        ),
        _paper(servers),
        class_="servers",
        aria_labelledby="servers",
    )


def _tools(servers: Servers) -> Html:
    """Return the search field and the filters."""
    counts = Counter(row["outcome"] for row in servers.rows)
    dry_run = servers.dry_run
    outcomes = [
        _filter(
            "outcome",
            outcome.value,
            word_of(outcome, dry_run=dry_run),
            counts[outcome.value],
            f"outcome {class_of(outcome, dry_run=dry_run)}",
        )
        for outcome in URGENT
        if counts[outcome.value]
    ]
    properties = [
        _filter("property", name, property_words(name, dry_run=dry_run), servers.totals[name])
        for name in PROPERTIES
        if servers.totals.get(name)
    ]
    search = tag(
        "label",
        tag("span", "Search"),
        tag("input", type="search", id="search", autocomplete="off", spellcheck="false"),
        class_="search",
    )
    return tag(
        "div",
        search,
        tag("div", *outcomes, *properties, class_="filters", role="group", aria_label="Filters"),
        tag("p", role="status", aria_live="polite", id="count"),
        class_="tools",
    )


def _filter(kind: str, value: str, word: str, count: int, look: str | None = None) -> Html:
    return tag(
        "button",
        tag("span", word, class_=look),
        " ",
        tag("small", number(count)),
        type="button",
        aria_pressed="false",
        data_kind=kind,
        data_value=value,
    )


def _paper(servers: Servers) -> Html:
    """Return the table for paper and for browsers that run no script."""
    rows = servers.rows
    if len(rows) > _SHORT:
        rows = [row for row in rows if _is_odd(row)][:_ON_PAPER]
    left = len(servers.rows) - len(rows)
    note = f"{counted(left, 'more server')}: see the CSV file beside this page." if left else None
    if not rows:
        return tag("div", tag("p", note or "No server is selected."), class_="paper")
    headings = [
        tag("th", title, scope="col", class_=name)
        for name, title in servers.columns.items()
        if name in _PAPER_COLUMNS
    ]
    lines = [
        tag(
            "tr",
            tag("td", row["id"], class_="id") if "id" in servers.columns else None,
            tag("td", row["name"], tag("small", _paper_facts(servers, row)), class_="name"),
            tag("td", _paper_outcome(servers, row), class_="outcome"),
            tag("td", _paper_change(servers, row), class_="change"),
        )
        for row in rows
    ]
    return tag(
        "div",
        tag("p", "Servers that need attention come first.") if left else None,
        tag("table", tag("thead", tag("tr", *headings)), tag("tbody", *lines)),
        tag("p", note) if note else None,
        class_="paper",
    )


def _paper_outcome(servers: Servers, row: Row) -> Html:
    word = outcome_text(row, dry_run=servers.dry_run).replace("_", " ")
    kind = class_of(ItemOutcome(row["outcome"]), dry_run=servers.dry_run)
    notes = [tag("small", text) for text in servers.notes(row)]
    return joined([tag("span", word, class_=f"outcome {kind}"), *notes], " ")


def _paper_facts(servers: Servers, row: Row) -> Html:
    """Return what has a column of its own on the screen."""
    ids = [] if "id" in servers.columns else servers.ids(row)[:1]
    columns = [name for name in ("target", "place", "owner") if name in servers.columns]
    facts = filter(None, [*ids, *(plain(row.get(name)) for name in columns), *_times(row)])
    return joined((tag("span", fact) for fact in facts), " · ")


def _paper_change(servers: Servers, row: Row) -> Html:
    group = servers.groups[servers.group_of(row)]
    return lines_html([*change_lines(group), *servers.own_lines(row)])
