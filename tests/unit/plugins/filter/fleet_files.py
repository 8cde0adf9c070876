# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Result and plan files as a bulk action writes them, for the tests of reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def change(field: str, before: Any, after: Any, unit: str | None = None, **other: Any) -> Row:
    return {
        "field": field,
        "unit": unit,
        "before": before,
        "desired": after,
        "after": after,
        "outcome": "changed",
        "message": None,
        **other,
    }


def row(number: int, name: str, outcome: str = "changed", *changes: Row, **other: Any) -> Row:
    return {
        "id": number,
        "name": name,
        "outcome": outcome,
        "changed": outcome == "changed",
        "changes": list(changes),
        "restart_required": False,
        "earlier": False,
        "msg": None,
        "failure": None,
        **other,
    }


def results_file(path: Path, *rows: Row, **other: Any) -> str:
    content = {"run_id": "run", "stopped": None, "results": list(rows), **other}
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def plan_file(path: Path, **other: Any) -> str:
    content = {
        "address": "https://panel.example.com",
        "sha256": "5dea",
        "warnings": [],
        "items": [],
    }
    path.write_text(json.dumps({**content, **other}), encoding="utf-8")
    return str(path)
