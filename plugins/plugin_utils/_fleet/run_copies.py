# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keep the copy of a run in a store, so that another node can resume it or roll it back.

The store gets the plan when it is made, the journal before the first write, after each batch and at the end, and
the reports. A run that died may have written to servers after the latest copy of its journal. A run that is
fetched therefore gets an ``intent`` for each planned item without an outcome: resuming and rolling back read
these items before they write.

The intents of a fetched run are doubts of this node. They become a part of the run only if this node continues
it. Until then, they are not stored, and a newer copy replaces them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from ...module_utils._core.changes import FieldOutcome
from ...module_utils._core.errors import Code, PanelError, invalid
from .change import rows_with
from .durable_file import Held, LockedFile, cannot, make_folder, read_file, replace_file
from .identity import canonical, parsed
from .journal import read_journal
from .journal_loss import sealed, unsealed
from .plan_file import plan_in
from .rollback_folders import lineage_of, rollback_name
from .run_folder import OPTION, RunFolder
from .run_store import OPTION as STORE
from .run_store import RunStore, name_in_store

_PLAN, _JOURNAL = "plan.json", "journal"
#: The key of an intent that was added when the run was fetched.
_FETCHED = "fetched"
#: What to do about a damaged copy.
_REPAIR = f"nothing was fetched; repair the copy, or check {STORE}"
#: Other files that are copied, by their suffixes.
_SUFFIXES = (".json", ".html", ".csv")


class RunCopies:
    """The copies of one run and its rollbacks.

    :param folder: of the run, or of one of its rollbacks.
    """

    def __init__(self, store: RunStore, folder: RunFolder) -> None:
        self._store = store
        self._folder = folder
        #: The folders from that of the run to this one, each with its rollbacks inside.
        self._lineage = lineage_of(folder.path)
        #: The hash of each file that the store is known to have.
        self._stored: dict[str, str] = {}

    def close(self) -> None:
        """Release connections."""
        self._store.close()

    def save(self, beginning: str = "") -> None:
        """Copy the files that have changed since the last copy.

        A file that is the same as in the store is not sent: another node may have stored a newer one since.

        :param beginning: of the names of the files.
        :raises PanelError: a file is not stored.
        """
        for place in reversed(self._lineage):
            for file in _files(place):
                if not file.name.startswith(beginning):
                    continue
                content = read_file(str(file), "file", OPTION)
                if file.name == _JOURNAL:
                    content = sealed(_records(content))
                name, digest = name_in_store(file), _digest(content)
                if self._stored.get(name) != digest:
                    self._store.put(name, content)
                    self._stored[name] = digest

    def fetch(self, now: str) -> bool:
        """Fetch the run and the rollbacks of each folder, as far as it has none or the copy is newer.

        What another process on this node uses is not fetched, since it is the newest.

        :param now: the time as text.
        :returns: whether anything was fetched.
        :raises PanelError: the store cannot be read, or has another run than the folder.
        """
        fetched = self._fetch_all(self._lineage[:1], now)
        for place in self._lineage:
            fetched |= self._fetch_all(_rollbacks(place), now)
        return fetched

    def _fetch_all(self, places: Iterable[Path], now: str) -> bool:
        """Fetch folders up to the first that the store does not have. Return whether anything was fetched."""
        fetched = False
        for place in places:
            plan = self._get(place / _PLAN)
            if plan is None:
                break
            fetched |= self._fetch(RunFolder(str(place)), plan, now)
        return fetched

    def _fetch(self, folder: RunFolder, plan: bytes, now: str) -> bool:
        """Fetch a run or a rollback if its copy is newer. Return whether it was."""
        # First the copy: a run that continues meanwhile only makes the folder newer than it.
        journal = self._journal(folder)
        make_folder(str(folder.path), OPTION)
        with ExitStack() as held:
            try:
                held.enter_context(closing(LockedFile(folder.file("lock"))))
                # A rollback uses the journal of the run, and not its folder.
                if Path(folder.journal_path).exists():
                    held.enter_context(closing(LockedFile(folder.journal_path)))
            except Held:
                return False
            except OSError as error:
                raise cannot(f"use the folder {folder.path}", OPTION, error) from error
            if not self._is_newer(folder.path, plan, journal):
                return False
            self._fetch_files(folder, plan, journal, now)
        return True

    def _is_newer(self, place: Path, plan: bytes, journal: bytes) -> bool:
        """Return whether the copy of a run is newer than its folder, which no other process may use."""
        there = _content(place / _PLAN)
        if there is None:
            return True
        mine = _records(_content(place / _JOURNAL) or b"")
        if not mine and not journal:
            return _made(plan) > _made(there)
        if there == plan and mine.startswith(journal):
            return False
        if there == plan and journal.startswith(mine):
            return True
        raise PanelError(
            Code.CONFLICT,
            f"the store {self._store.location} has another run, or the same run was continued elsewhere",
            action=f"use the folder {place}",
            hint=f"set {OPTION} to a new folder to use the run of the store",
        )

    def _fetch_files(self, folder: RunFolder, plan: bytes, journal: bytes, now: str) -> None:
        """Write the files of a run or of a rollback. The plan is last: it shows that all is there.

        :raises PanelError: ``validation``, the plan is damaged; nothing is written.
        """
        plan_in(plan, self._named(folder, _PLAN), _REPAIR)
        for name in _REPORTS:
            content = self._get(folder.path / name)
            if content is not None:
                _write(folder, name, content)
        if journal:
            _write(folder, _JOURNAL, _with_doubts(folder, plan, journal, now))
        _write(folder, _PLAN, plan)

    def _journal(self, folder: RunFolder) -> bytes:
        """Return the copy of a journal, empty if there is none.

        A shortened journal would look like an older copy, and would replace the complete one at the next copy.

        :raises PanelError: ``validation``, the copy is not complete.
        """
        copy = self._get(folder.path / _JOURNAL)
        journal = b"" if copy is None else unsealed(copy)
        if journal is None:
            error = invalid(
                "it is not complete", f"{_REPAIR}; remove it if a folder has the whole run"
            )
            error.action = f"use the journal {self._named(folder, _JOURNAL)}"
            raise error
        return journal

    def _named(self, folder: RunFolder, name: str) -> str:
        """Return the name of a copy and its place, for messages."""
        return f"{name_in_store(folder.path / name)} in {self._store.location}"

    def _get(self, file: Path) -> bytes | None:
        name = name_in_store(file)
        content = self._store.get(name)
        if content is not None:
            self._stored[name] = _digest(content)
        return content


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


def _rollbacks(place: Path) -> Iterator[Path]:
    """Yield the folders of the possible rollbacks of a run or of a rollback, in order."""
    return (place / rollback_name(number) for number in range(1, 1000))


def _made(plan: bytes) -> str:
    """Return when a plan was made, as text that can be compared; empty if it cannot be read."""
    try:
        return str(parsed(plan)["made"])
    except (ValueError, KeyError, TypeError):
        return ""


def _content(file: Path) -> bytes | None:
    return read_file(str(file), "file", OPTION) if file.exists() else None


def _write(folder: RunFolder, name: str, content: bytes) -> None:
    text = content.decode("utf-8", "surrogateescape")
    replace_file(folder.file(name), text, "copy of the run", OPTION)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _with_doubts(folder: RunFolder, plan: bytes, journal: bytes, now: str) -> bytes:
    """Return a fetched journal with an intent for each planned item that the dead run may have written to.

    A run that recorded its end wrote nothing after it. The plan of a rollback that has begun covers the journal
    as it is.

    :raises PanelError: ``validation``, plan or journal are damaged.
    """
    state = read_journal(folder.journal_path, journal, None)
    if not state.runs or state.ended or state.rollback:
        return journal
    lines = []
    for row in plan_in(plan, folder.plan_path)["items"]:
        changes = rows_with(row["changes"], FieldOutcome.CHANGED)
        if changes and row["id"] not in state.done and row["id"] not in state.in_doubt:
            intent = {
                "event": "intent",
                "at": now,
                "id": row["id"],
                "name": row["name"],
                "before": {each["field"]: each["before"] for each in changes},
                "desired": {each["field"]: each["desired"] for each in changes},
                _FETCHED: True,
            }
            lines.append(f"{canonical(intent)}\n".encode())
    return journal[: state.size] + b"".join(lines) if lines else journal


def _records(journal: bytes) -> bytes:
    """Return the complete records of a journal, without the intents at its end that were added by fetching it.

    A process that was killed can leave the beginning of a record.
    """
    end = journal.rfind(b"\n") + 1
    while end:
        begin = journal.rfind(b"\n", 0, end - 1) + 1
        if not _is_doubt(journal[begin:end]):
            break
        end = begin
    return journal[:end]


def _is_doubt(line: bytes) -> bool:
    if _FETCHED.encode() not in line:
        return False
    try:
        event = parsed(line)
        return bool(event["event"] == "intent" and event.get(_FETCHED))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
