# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the reports of a run into its folder, at the end of each step, even if the step failed.

Each report is a page, a spreadsheet and JSON, and the reports of one folder link to each other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import PanelError
from .change import evidence_in
from .durable_file import read_file, replace_file
from .identity import KEYS as ATTRIBUTION
from .identity import parsed
from .report import (
    CHANGE,
    DRIFT,
    PLAN,
    ROLLBACK,
    SCHEMA,
    build_report,
    report_csv,
    report_html,
    report_json,
)
from .results import ItemOutcome, ItemResult
from .run_folder import OPTION, RunFolder

Row = Mapping[str, Any]

#: File of the data of each report. ``plan.json`` is the plan itself, whose hash is approved.
_DATA = {"plan": "plan_report.json", "report": "report.json"}
#: Beginning of the names of the files about comparisons.
DRIFT_REPORTS = "drift-"


class RunReports:
    """The reports of one folder. A file that cannot be written causes a warning.

    :param warnings: receives a sentence for each file that cannot be written.
    """

    def __init__(self, folder: RunFolder, warnings: list[str]) -> None:
        self._folder = folder
        self._warnings = warnings

    def of_plan(self, rows: Sequence[Row], about: Mapping[str, Any]) -> bool:
        """Write the report of a plan. Return whether all of it was written."""
        links = {"links": self._links_of_plan()}
        report = build_report(PLAN, self._title(), rows, {**self._about(about), **links})
        return self._write("plan", report)

    def of_run(self, rows: Sequence[Row], about: Mapping[str, Any]) -> bool:
        """Write the report of all executions of the run so far. Return whether all of it was written.

        :param rows: the outcomes of the items that the plan acts on.
        """
        try:
            return self._of_run(rows, about)
        except PanelError as error:  # a file of the run cannot be read any more
            self._warnings.append(error.msg)
            return False

    def _of_run(self, rows: Sequence[Row], about: Mapping[str, Any]) -> bool:
        plan = self._folder.plan() or {"unchanged": [], "terms": {"rollback": None}}
        there = {row["id"] for row in rows}
        left = [_unchanged(row) for row in plan["unchanged"] if row["id"] not in there]
        kind = ROLLBACK if plan["terms"]["rollback"] else CHANGE
        known = {**self._about(about), **self._executions(), "links": self._links_of_run()}
        # A resumed run changes the rest; the approved plan has the growth of all.
        known["growth"] = plan.get("growth") or known.get("growth", ())
        written = self._write("report", build_report(kind, self._title(), [*rows, *left], known))
        try:
            self._link_back()
        except PanelError as error:  # a file of another folder cannot be read
            self._warnings.append(error.msg)
        return written

    def of_drift(self, title: str, rows: Sequence[Row], about: Mapping[str, Any], now: str) -> bool:
        """Write the report of a comparison under a unique name. Return whether all of it was written."""
        moment = now[:19].replace(":", "").replace("+", "")
        name, number = f"{DRIFT_REPORTS}{moment}Z", 1
        while Path(self._folder.file(f"{name}.json")).exists():
            number += 1
            name = f"{DRIFT_REPORTS}{moment}Z-{number}"
        links = [*_run_links(self._folder), *_plan_links(self._folder)]
        known = {**self._about(about), "finished": now, "links": links}
        return self._write(name, build_report(DRIFT, title, rows, known))

    def _about(self, about: Mapping[str, Any]) -> dict[str, Any]:
        return {**about, "run_dir": str(self._folder.path)}

    def _executions(self) -> dict[str, Any]:
        """Return when the run was executed, and who is responsible according to the first record."""
        windows = [window.to_plain() for window in self._folder.windows()]
        if not windows:
            return {"windows": []}
        by = {
            key: next((window[key] for window in windows if window[key]), None)
            for key in ATTRIBUTION
        }
        times = {"started": windows[0]["begun"], "finished": windows[-1]["ended"]}
        return {**times, **by, "windows": windows}

    def _title(self) -> str:
        plan = self._folder.plan()
        return str(plan["terms"]["title"]) if plan else ""

    # --- links ------------------------------------------------------------------------------------

    def _links_of_plan(self) -> list[dict[str, str]]:
        return [*_origin_links(self._folder), *_run_links(self._folder)]

    def _links_of_run(self) -> list[dict[str, str]]:
        folder = self._folder
        found = [*_plan_links(folder), *_origin_links(folder)]
        for rollback in folder.rollbacks():
            if _has(rollback, "report.html"):
                found.append(_link(ROLLBACK, rollback.path.name, folder, rollback, "report.html"))
        return found

    def _link_back(self) -> None:
        """Add links to the report of this run to the related reports that were written earlier.

        These are the reports of its plan, of the run that it undoes, and, if this report is late, of its rollbacks.
        """
        self._relink("plan", self._links_of_plan())
        origin = _origin(self._folder)
        if origin is not None:
            reports = RunReports(origin, self._warnings)
            reports._relink("report", reports._links_of_run())
        for rollback in self._folder.rollbacks():
            reports = RunReports(rollback, self._warnings)
            reports._relink("plan", reports._links_of_plan())
            reports._relink("report", reports._links_of_run())

    def _relink(self, name: str, links: list[dict[str, str]]) -> None:
        """Replace the links of a report that was written earlier."""
        report = report_data(self._folder, name)
        if report is not None and report.get("links") != links:
            self._write(name, {**report, "links": links}, ("html", "json"))

    def _write(
        self,
        name: str,
        report: Mapping[str, Any],
        suffixes: Sequence[str] = ("csv", "html", "json"),
    ) -> bool:
        texts = {"csv": report_csv, "html": report_html, "json": report_json}
        written = True
        for suffix in suffixes:
            file = _DATA.get(name, f"{name}.json") if suffix == "json" else f"{name}.{suffix}"
            try:
                replace_file(self._folder.file(file), texts[suffix](report), "report", OPTION)
            except PanelError as error:
                # The run is over: refusing is too late, and its results must not be hidden.
                self._warnings.append(error.msg)
                written = False
        return written


def _has(folder: RunFolder, file: str) -> bool:
    return Path(folder.file(file)).is_file()


def _origin(folder: RunFolder) -> RunFolder | None:
    """Return the folder of the run that a rollback undoes, or ``None`` if there is none."""
    plan = folder.plan()
    journal = plan["terms"]["rollback"] if plan else None
    if not journal:
        return None
    origin = RunFolder(os.path.normpath(folder.path / journal)).path.parent
    found = RunFolder(str(origin))
    return found if _has(found, "report.html") else None


def _link(kind: str, name: str, folder: RunFolder, other: RunFolder, file: str) -> dict[str, str]:
    href = Path(os.path.relpath(other.file(file), folder.path)).as_posix()
    return {"kind": kind, "href": href, "name": name}


def _plan_links(folder: RunFolder) -> list[dict[str, str]]:
    return [_link(PLAN, "plan", folder, folder, "plan.html")] if _has(folder, "plan.html") else []


def _run_links(folder: RunFolder) -> list[dict[str, str]]:
    """Return a link to the report of the run in a folder, if there is one."""
    if not _has(folder, "report.html"):
        return []
    plan = folder.plan()
    kind = ROLLBACK if plan and plan["terms"]["rollback"] else CHANGE
    return [_link(kind, "report", folder, folder, "report.html")]


def _origin_links(folder: RunFolder) -> list[dict[str, str]]:
    origin = _origin(folder)
    return [] if origin is None else [_link(CHANGE, "run", folder, origin, "report.html")]


def report_data(folder: RunFolder, name: str) -> dict[str, Any] | None:
    """Return the data of a report, or ``None`` if it cannot be read or is not such a report.

    :param name: ``plan`` or ``report``.
    """
    file = folder.file(_DATA[name])
    if not Path(file).exists():
        return None
    try:
        data = parsed(read_file(file, "report", OPTION))
    except (PanelError, ValueError):
        return None
    return data if isinstance(data, dict) and data.get("schema") == SCHEMA else None


def _unchanged(row: Row) -> dict[str, Any]:
    """Return the row of an item that already had the target in the plan. The run does not read it."""
    result = ItemResult(
        row["id"],
        row["name"],
        ItemOutcome.UNCHANGED,
        message="as the plan found it; this run has not read it",
        evidence=evidence_in(row),
    )
    return result.to_result()
