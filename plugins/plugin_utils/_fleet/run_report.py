# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the reports of a run into its folder, at the end of each step, even if the step failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import PanelError
from .durable_file import replace_file
from .report import (
    CHANGE,
    DRIFT,
    PLAN,
    ROLLBACK,
    build_report,
    report_csv,
    report_html,
    report_json,
)
from .run_folder import OPTION, RunFolder

Row = Mapping[str, Any]


class RunReports:
    """The reports of one folder. A file that cannot be written causes a warning.

    :param warnings: receives a sentence for each file that cannot be written.
    """

    def __init__(self, folder: RunFolder, warnings: list[str]) -> None:
        self._folder = folder
        self._warnings = warnings

    def of_plan(self, rows: Sequence[Row], about: Mapping[str, Any]) -> None:
        """Write the plan for people and for spreadsheets. ``plan.json`` is the plan itself."""
        report = build_report(PLAN, self._title(), rows, self._about(about))
        self._write("plan", report, with_json=False)

    def of_run(self, rows: Sequence[Row], about: Mapping[str, Any]) -> None:
        """Write the report of all executions of the run so far.

        :param rows: the outcomes of the items that the plan acts on.
        """
        plan = self._folder.plan() or {"unchanged": [], "terms": {"rollback": None}}
        there = {row["id"] for row in rows}
        left = [_unchanged(row) for row in plan["unchanged"] if row["id"] not in there]
        kind = ROLLBACK if plan["terms"]["rollback"] else CHANGE
        windows = [window.to_plain() for window in self._folder.windows()]
        known = {
            "started": windows[0]["begun"] if windows else None,
            "finished": windows[-1]["ended"] if windows else None,
            "windows": windows,
        }
        report = build_report(kind, self._title(), [*rows, *left], {**known, **self._about(about)})
        self._write("report", report)

    def of_drift(self, title: str, rows: Sequence[Row], about: Mapping[str, Any], now: str) -> None:
        """Write the report of a comparison under a unique name."""
        moment = now[:19].replace(":", "").replace("+", "")
        name, number = f"drift-{moment}Z", 1
        while Path(self._folder.file(f"{name}.json")).exists():
            number += 1
            name = f"drift-{moment}Z-{number}"
        self._write(name, build_report(DRIFT, title, rows, {**about, "finished": now}))

    def _about(self, about: Mapping[str, Any]) -> dict[str, Any]:
        return {**about, "run_dir": str(self._folder.path)}

    def _title(self) -> str:
        plan = self._folder.plan()
        return str(plan["terms"]["title"]) if plan else ""

    def _write(self, name: str, report: Mapping[str, Any], *, with_json: bool = True) -> None:
        texts = {"csv": report_csv, "html": report_html}
        if with_json:
            texts["json"] = report_json
        for suffix, text in texts.items():
            try:
                replace_file(self._folder.file(f"{name}.{suffix}"), text(report), "report", OPTION)
            except PanelError as error:
                # The run is over: refusing is too late, and its results must not be hidden.
                self._warnings.append(error.msg)


def _unchanged(row: Row) -> dict[str, Any]:
    """Return the row of an item that already had the target in the plan. The run does not read it."""
    return {
        "id": row["id"],
        "name": row["name"],
        "outcome": "unchanged",
        "changed": False,
        "changes": [],
        "restart_required": False,
        "earlier": False,
        "msg": "as the plan found it; this run has not read it",
        "failure": None,
        "verified": None,
    }
