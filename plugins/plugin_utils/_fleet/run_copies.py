# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the copy of a run in a store, so that another node can resume it or roll it back.

The store gets the plan when it is made, the journal before the first write, after each batch and at the end, and
the reports. A run that died may have written to servers after the latest copy of its journal. A run that is
fetched therefore gets an ``intent`` for each planned item without an outcome: resuming and rolling back read
these items before they write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import Code, PanelError
from .change import rows_with
from .durable_file import append_line, cannot, make_folder, read_file, replace_file
from .identity import canonical, parsed, sha256_of
from .journal import JournalState
from .run_folder import OPTION, RunFolder
from .run_store import RunStore

#: A rollback is kept inside the folder of its run.
_ROLLBACK = re.compile(r"rollback(-\d+)?")

_PLAN, _JOURNAL = "plan.json", "journal"
#: Other files that are copied, by their suffixes.
_SUFFIXES = (".json", ".html", ".csv")


class RunCopies:
    """The copies of one run and its rollbacks.

    :param folder: of the run, or of one of its rollbacks.
    """

    def __init__(self, store: RunStore, folder: RunFolder) -> None:
        self._store = store
        self._folder = folder
        nested = _ROLLBACK.fullmatch(folder.path.name)
        #: The folder of the run, in which its rollbacks are.
        self._top = folder.path.parent if nested else folder.path
        self._sent: dict[str, str] = {}

    def close(self) -> None:
        """Release connections."""
        self._store.close()

    def save(self) -> None:
        """Copy the files that have changed since the last copy. :raises PanelError: a file is not stored."""
        places = dict.fromkeys((self._folder.path, self._top))
        for place in places:
            for file in _files(place):
                content = read_file(str(file), "file", OPTION)
                name, digest = self._name(file), sha256_of(content.hex())
                if self._sent.get(name) != digest:
                    self._store.put(name, content)
                    self._sent[name] = digest

    def fetch(self, now: str) -> bool:
        """Fetch the run if the folder has none, or if the copy is newer. Return whether it was fetched.

        :param now: the time as text.
        :raises PanelError: the store cannot be read, or has another run than the folder.
        """
        plan = self._get(self._top / _PLAN)
        if plan is None:
            return False
        if not self._is_newer(self._top, plan):
            return False
        make_folder(str(self._top), OPTION)
        self._fetch_one(RunFolder(str(self._top)), plan, now)
        for number in range(1, 1000):
            place = self._top / ("rollback" if number == 1 else f"rollback-{number}")
            plan = self._get(place / _PLAN)
            if plan is None:
                break
            if self._is_newer(place, plan):
                make_folder(str(place), OPTION)
                self._fetch_one(RunFolder(str(place)), plan, now)
        return True

    def _is_newer(self, place: Path, plan: bytes) -> bool:
        """Return whether the copy of a run is newer than its folder."""
        there = _content(place / _PLAN)
        if there is None:
            return True
        mine = _content(place / _JOURNAL) or b""
        theirs = self._get(place / _JOURNAL) or b""
        if not mine and not theirs:
            return _made(plan) > _made(there)
        if there == plan and mine.startswith(theirs):
            return False
        if there == plan and theirs.startswith(mine):
            return True
        raise PanelError(
            Code.CONFLICT,
            f"the store {self._store.place} has another run, or the same run was continued elsewhere",
            action=f"use the folder {place}",
            hint=f"set {OPTION} to a new folder to use the run of the store",
        )

    def _fetch_one(self, folder: RunFolder, plan: bytes, now: str) -> None:
        """Fetch the files of a run or of a rollback. The plan is last: it shows that all is there."""
        journal = self._get(folder.path / _JOURNAL)
        reports = {name: self._get(folder.path / name) for name in _REPORTS}
        for name, content in {**reports, _JOURNAL: journal, _PLAN: plan}.items():
            if content is not None:
                text = content.decode("utf-8", "surrogateescape")
                replace_file(folder.file(name), text, "copy of the run", OPTION)
        if journal is not None:
            _doubt(folder, folder.journal(), folder.plan() or {}, now)

    def _get(self, file: Path) -> bytes | None:
        return self._store.get(self._name(file))

    def _name(self, file: Path) -> str:
        return file.relative_to(self._top.parent).as_posix()


#: Files to fetch besides plan and journal, if they are there.
_REPORTS = (
    *("plan.html", "plan.csv", "plan_report.json"),
    *("report.html", "report.csv", "report.json"),
)


def _files(place: Path) -> Iterator[Path]:
    """Yield the files of a folder to copy: first the plan, then the journal."""
    found = [place / name for name in (_PLAN, _JOURNAL) if (place / name).is_file()]
    yield from found
    for file in sorted(place.glob("*")):
        if file.suffix in _SUFFIXES and file not in found and not file.name.startswith("."):
            yield file


def _made(plan: bytes) -> str:
    """Return when a plan was made, as text that can be compared; empty if it cannot be read."""
    try:
        return str(parsed(plan)["made"])
    except (ValueError, KeyError, TypeError):
        return ""


def _content(file: Path) -> bytes | None:
    return read_file(str(file), "file", OPTION) if file.exists() else None


def _doubt(folder: RunFolder, state: JournalState, plan: Mapping[str, Any], now: str) -> None:
    """Record an intent for each planned item that the dead run may have written to.

    A run that recorded its end wrote nothing after it. The plan of a rollback that has begun covers the journal
    as it is.
    """
    if not state.runs or state.ended or state.rollback:
        return
    lines = []
    for row in plan.get("items", ()):
        changes = rows_with(row["changes"], FieldOutcome.CHANGED)
        if changes and row["id"] not in state.done and row["id"] not in state.begun:
            intent = {
                "event": "intent",
                "at": now,
                "id": row["id"],
                "name": row["name"],
                "before": {each["field"]: each["before"] for each in changes},
                "desired": {each["field"]: each["desired"] for each in changes},
                "fetched": True,
            }
            lines.append(canonical(intent))
    if not lines:
        return
    try:
        append_line(folder.journal_path, state.size, "\n".join(lines))
    except OSError as error:
        raise cannot(f"write the journal {folder.journal_path}", OPTION, error) from error
