# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build a report from the files of bulk actions, and read a report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..module_utils._core.plain_text import plain

#: The version of the report's structure.
SCHEMA = 1

#: The outcomes of servers, in the order of the totals. Only a report of drift has ``drifted``.
OUTCOMES = (
    "changed",
    "drifted",
    "unchanged",
    "refused",
    "failed",
    "in_doubt",
    "moved",
    "skipped",
)

#: The files of a part, and the key that identifies the content of each.
_FILES = {"planned": "results", "plan": "items", "done": "results", "verified": "results"}

Row = dict[str, Any]


def build_report(parts: Iterable[Any], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of one run.

    :param parts: the files of each bulk action of the run, see the filter ``fleet_report``.
    :param about: the keys of the report for the whole run.
    :raises ValueError: a part or one of its files is invalid.
    :raises OSError: a file cannot be read.
    """
    # Before ansible-core 2.19, a filter gets an empty text for a null in a variable.
    about = {name: None if value == "" else value for name, value in about.items()}
    drift = about.get("kind") == "drift"
    read = [_part(part) for part in parts]
    rows = [row for part in read for row in _rows(part, drift)]
    only = read[0] if len(read) == 1 else {}
    done = only.get("done") or only.get("planned") or {}
    plan = only.get("plan") or {}
    return {
        "schema": SCHEMA,
        **about,
        "panel": plan.get("address") or about.get("panel"),
        "plan_sha256": plan.get("sha256"),
        "run_id": done.get("run_id"),
        "stopped": done.get("stopped"),
        "warnings": [
            line for part in read for line in (part.get("plan") or {}).get("warnings", ())
        ],
        "totals": count(rows, drift=drift),
        "servers": rows,
    }


def count(rows: Sequence[Row], *, drift: bool) -> dict[str, int]:
    """Return the number of rows with each outcome, and further totals."""
    counted = Counter(row["outcome"] for row in rows)
    own = {"changed"} if drift else {"drifted"}
    return {
        "selected": len(rows),
        **{outcome: counted[outcome] for outcome in OUTCOMES if outcome not in own},
        "earlier": sum(row["earlier"] for row in rows),
        "restart_required": sum(row["restart_required"] for row in rows),
        "differ_again": sum(row["verified"] is False for row in rows),
    }


def read_report(report: Any) -> dict[str, Any]:
    """Return a report from its text or data. :raises ValueError: it is not a report."""
    found = json.loads(report) if isinstance(report, str) else report
    if not isinstance(found, Mapping) or not {"totals", "servers"} <= set(found):
        raise ValueError("the value is not a report of the filter fleet_report")
    return dict(found)


def changes_text(row: Mapping[str, Any]) -> str:
    """Return the changes of a server in one line."""
    return "; ".join(
        f"{plain(change['field'])} {change_text(change)}{_unit(change)}"
        for change in row["changes"]
        if change["outcome"] == "changed"
    )


def change_text(change: Mapping[str, Any]) -> str:
    """Return a row of ``changes`` as ``2 -> 4``, or as ``stays 200`` if it is refused."""
    after = _value(change["after"])
    if change["outcome"] == "refused":
        return f"stays {after}"
    return f"{_value(change['before'])} -> {after}"


def _value(value: Any) -> str:
    return "none" if value is None else plain(value)


def refused_fields(row: Mapping[str, Any]) -> list[str]:
    """Return the names of the refused fields of a server."""
    return [change["field"] for change in row["changes"] if change["outcome"] == "refused"]


def _unit(change: Mapping[str, Any]) -> str:
    return f" {plain(change['unit'])}" if change.get("unit") else ""


def _part(part: Any) -> dict[str, Any]:
    """Read the files of a part."""
    if not isinstance(part, Mapping):
        raise ValueError("each part of a report must be a dictionary")
    files = {name: _content(part.get(name), key) for name, key in _FILES.items()}
    return {**files, "target": part.get("target"), "stopped": part.get("stopped")}


def _content(path: Any, key: str) -> dict[str, Any] | None:
    """Return the content of a file of a bulk action, or ``None`` if there is no path."""
    if not path:
        return None
    found = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(found, Mapping) or key not in found:
        raise ValueError(f"{path} is not a file of a bulk action with {key}")
    return dict(found)


def _rows(part: Mapping[str, Any], drift: bool) -> list[Row]:
    planned, done = _by_id(part["planned"]), _by_id(part["done"])
    verified = _by_id(part["verified"])
    if part["done"] is None and part["stopped"]:
        planned = {key: _not_begun(row, part["stopped"]) for key, row in planned.items()}
    rows = []
    for key, row in {**planned, **done}.items():
        seen = verified.get(key)
        own = {"verified": None if seen is None else seen["outcome"] in ("unchanged", "refused")}
        if drift and row["outcome"] == "changed":
            own |= {"outcome": "drifted", "changed": False}
        rows.append({"target": part["target"], **row, **own})
    return rows


def _by_id(results: Mapping[str, Any] | None) -> dict[Any, Row]:
    return {row["id"]: row for row in results["results"]} if results else {}


def _not_begun(row: Row, message: str) -> Row:
    """Return the row of a server that the run was stopped before."""
    if row["outcome"] != "changed":
        return row
    own = {"outcome": "skipped", "changed": False, "changes": [], "restart_required": False}
    return {**row, **own, "msg": message}
