# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the report of a plan, a change, a rollback or a comparison, as JSON, CSV and HTML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...module_utils._core.safe_text import plain
from .csv_text import csv_text
from .groups import groups_of
from .identity import KEYS as ATTRIBUTION
from .report_page.page import page
from .results import TOTALS, ItemOutcome
from .row_text import changes_text, is_partly_refused, outcome_text, refused_fields

#: Version of the report format.
SCHEMA = 3

#: Kinds of reports.
PLAN, CHANGE, ROLLBACK, DRIFT = "plan", "change", "rollback", "drift"

_COLUMNS = {
    **{
        name: name
        for name in (
            *("id", "name", "target", "outcome", "changes", "refused", "restart_required"),
            *("verified", "earlier"),
        )
    },
    "message": "msg",
    **{name: name for name in ("uuid", "owner", "place", "begun", "ended")},
}

#: Keys of a row that a report can be without.
_OPTIONAL = ("uuid", "owner", "place", "verified", "earlier", "begun", "ended")

#: Keys of the whole run, in the order of the file; null for what is not known.
_ABOUT = (
    *(
        "panel",
        "address",
        "place_noun",
        "action",
        "shard",
        "run_id",
        "plan_sha256",
        "run_dir",
        "msg",
        "failure",
    ),
    *("stopped", "warnings", "started", "finished", *ATTRIBUTION, "windows", "links"),
)
_LISTS = ("warnings", "windows", "links")

#: Columns of a report that is merged from several.
_OF_PARTS = {"panel": "panel", "address": "address", "shard": "shard"}

Row = Mapping[str, Any]


def build_report(
    kind: str, title: str, rows: Sequence[Row], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a report as plain data.

    :param kind: such as :data:`PLAN`.
    :param title: the target of the servers, in words.
    :param rows: one for each selected server, as in a result.
    :param about: properties of the whole run, with ``growth`` as in a result.
    """
    about = dict(about)
    growth = list(about.pop("growth", ()))
    return {
        "schema": SCHEMA,
        "kind": kind,
        "dry_run": kind == PLAN,
        "target": title,
        **dict.fromkeys(_ABOUT),
        **{key: [] for key in _LISTS},
        **about,
        "totals": totals_of(rows, dry_run=kind == PLAN),
        "growth": growth,
        "groups": [group.to_plain() for group in groups_of(rows)],
        "servers": [{"target": title, **row} for row in rows],
    }


def totals_of(rows: Iterable[Row], *, dry_run: bool = False) -> dict[str, int]:
    """Return the number of rows of each kind, named like the totals of a result.

    :param dry_run: whether the rows are predictions, which nothing verifies.
    """
    counts: Counter[str] = Counter()
    for row in rows:
        counts["selected"] += 1
        counts[row["outcome"]] += 1
        counts["partly_refused"] += is_partly_refused(row)
        counts["earlier"] += bool(row.get("earlier"))
        counts["restart_required"] += bool(row["restart_required"])
        counts["differ_again"] += row.get("verified") is False
        unverified = (
            row["outcome"] == ItemOutcome.CHANGED.value and row.get("verified", True) is None
        )
        counts["unverified"] += unverified and not dry_run
    return {name: counts[name] for name in TOTALS}


def report_json(report: Mapping[str, Any]) -> str:
    """Return a report as JSON."""
    return json.dumps(report, indent=1) + "\n"


def report_csv(report: Mapping[str, Any]) -> str:
    """Return a report as CSV, one line for each server."""
    rows = [
        {
            **dict.fromkeys(_OPTIONAL),
            **row,
            "outcome": outcome_text(row, dry_run=report["dry_run"]),
            "changes": changes_text(row),
            "refused": refused_fields(row),
            "msg": plain(row["msg"]),
        }
        for row in report["servers"]
    ]
    of_parts = any("shard" in row for row in report["servers"])
    return csv_text(rows, _COLUMNS | _OF_PARTS if of_parts else _COLUMNS)


def report_html(report: Mapping[str, Any]) -> str:
    """Return a report as one HTML page that loads nothing."""
    return page(report)
