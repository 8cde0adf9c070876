# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the report of a plan, a change, a rollback or a comparison, as JSON, CSV and HTML."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...module_utils._core.plain_text import plain
from .csv_text import csv_text
from .report_page import page
from .results import TOTALS
from .row_text import changes_text, refused_fields

#: Version of the report format.
SCHEMA = 2

#: Kinds of reports.
PLAN, CHANGE, ROLLBACK, DRIFT = "plan", "change", "rollback", "drift"

#: Names of outcomes in a plan.
_PLANNED = {"changed": "would change"}

_COLUMNS = {
    name: name
    for name in (
        "id",
        "name",
        "target",
        "outcome",
        "changes",
        "refused",
        "restart_required",
        "verified",
        "earlier",
    )
} | {"message": "msg"}

Row = Mapping[str, Any]


def build_report(
    kind: str, title: str, rows: Sequence[Row], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a report as plain data.

    :param kind: such as :data:`PLAN`.
    :param title: the target of the servers, in words.
    :param rows: one for each selected server, as in a result.
    :param about: properties of the whole run.
    """
    return {
        "schema": SCHEMA,
        "kind": kind,
        "dry_run": kind == PLAN,
        "target": title,
        **about,
        "totals": totals_of(rows),
        "servers": [{"target": title, **row} for row in rows],
    }


def totals_of(rows: Iterable[Row]) -> dict[str, int]:
    """Return the number of rows of each kind, named like the totals of a result."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts["selected"] += 1
        counts[row["outcome"]] += 1
        counts["partly_refused"] += is_partly_refused(row)
        counts["earlier"] += bool(row.get("earlier"))
        counts["restart_required"] += bool(row["restart_required"])
        counts["differ_again"] += row.get("verified") is False
    return {name: counts[name] for name in TOTALS}


def is_partly_refused(row: Row) -> bool:
    """Whether a server changed, and the panel refused some of the values."""
    return row["outcome"] in ("changed", "ordered") and bool(refused_fields(row))


def outcome_text(row: Row, *, dry_run: bool) -> str:
    """Return an outcome in words."""
    text = _PLANNED.get(row["outcome"], row["outcome"]) if dry_run else row["outcome"]
    return f"{text} in part" if is_partly_refused(row) else str(text)


def report_json(report: Mapping[str, Any]) -> str:
    """Return a report as JSON."""
    return json.dumps(report, indent=1) + "\n"


def report_csv(report: Mapping[str, Any]) -> str:
    """Return a report as CSV, one line for each server."""
    rows = [
        {
            "verified": None,
            "earlier": None,
            **row,
            "outcome": outcome_text(row, dry_run=report["dry_run"]),
            "changes": changes_text(row),
            "refused": refused_fields(row),
            "msg": plain(row["msg"]),
        }
        for row in report["servers"]
    ]
    return csv_text(rows, _COLUMNS)


def report_html(report: Mapping[str, Any]) -> str:
    """Return a report as one HTML page that loads nothing."""
    dry_run = report["dry_run"]
    rows = [
        (
            row["id"],
            row["name"],
            row["target"],
            outcome_text(row, dry_run=dry_run),
            changes_text(row),
            ", ".join(refused_fields(row)),
            "required" if row["restart_required"] else "",
            _message(row),
        )
        for row in report["servers"]
    ]
    return page(report, rows)


def _message(row: Row) -> str:
    message = row["msg"] or ""
    if row.get("verified") is False:
        message = f"{message} It was changed, and a second look found other values.".strip()
    return message
