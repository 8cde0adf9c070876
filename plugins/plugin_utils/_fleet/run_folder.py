# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the folder of a run, with its plan, journal and reports.

A folder has one run. The plan is approved by its hash, the journal records that the run began, and
from then on nothing replaces the plan.
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from ...module_utils._core.errors import PanelError, invalid
from .commands import apply_command, resume_command
from .durable_file import Held, LockedFile, cannot, make_folder, read_file
from .identity import Identity
from .journal import Damaged, JournalState, journal_refused, read_journal
from .journal_loss import RESTORE, Executions, beside, executions_in, loss
from .plan_file import changes_nothing, check_approved, plan_in
from .rollback_folders import rollback_name, rollback_number
from .windows import Window, windows_in

OPTION = "run_dir"

Data = TypeVar("Data")

#: Files of a plan, each with the end of its name in the folder of former plans.
_PLAN_FILES = {
    "plan.html": ".html",
    "plan.csv": ".csv",
    "plan_report.json": "_report.json",
    "plan.json": ".json",
}


class RunState(str, enum.Enum):
    """The state of the run in a folder."""

    #: There is no plan.
    EMPTY = "empty"
    #: There is a plan, and nothing was written to the panel.
    PLANNED = "planned"
    #: A run began, and has not recorded its end: it is active, or was killed.
    BEGUN = "begun"
    #: A run ended, and work remains.
    STOPPED = "stopped"
    #: A run recorded that no work remains.
    FINISHED = "finished"
    #: A rollback of the run has begun.
    ROLLED_BACK = "rolled_back"


#: States in which a run has begun and work may remain.
_UNFINISHED = (RunState.BEGUN, RunState.STOPPED)
#: States of a run that is not resumed any more.
ENDED = (RunState.FINISHED, RunState.ROLLED_BACK)

#: The terms of a plan that was made in a folder. A plan that was made with ``plan_file`` has none.
TERMS = frozenset(("target", "servers", "manner", "pace", "rollback", "title", "playbook"))

_OTHER_FOLDER = "set run_dir to a new folder"
_MODE = "check its owner, its mode, and whether its file system is read-only"


class _Parsed(Generic[Data]):
    """The data of a file, which is parsed once for each content: one of many servers takes seconds."""

    def __init__(self) -> None:
        self._known: tuple[bytes, Data] | None = None

    def of(self, content: bytes, parse: Callable[[bytes], Data]) -> Data:
        """Return the data in a content."""
        digest = hashlib.sha256(content).digest()
        if self._known is None or self._known[0] != digest:
            self._known = (digest, parse(content))
        return self._known[1]


class RunFolder:
    """The folder of one run.

    :param path: as the operator wrote it; a relative path is relative to Ansible's working directory.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path).expanduser().absolute()
        self._plan: _Parsed[dict[str, Any]] = _Parsed()
        self._journal: _Parsed[JournalState] = _Parsed()
        self._executions: _Parsed[Executions] = _Parsed()
        #: Copies the changed files to a store, if the run has one.
        self.copy_files: Callable[[], None] | None = None

    def copy(self) -> None:
        """Copy the changed files to the store of the run, if it has one. :raises PanelError: it is not stored."""
        if self.copy_files is not None:
            self.copy_files()

    def file(self, name: str) -> str:
        """Return the path of a file of the folder."""
        return str(self.path / name)

    @property
    def plan_path(self) -> str:
        """The path of the plan."""
        return self.file("plan.json")

    @property
    def journal_path(self) -> str:
        """The path of the journal."""
        return self.file("journal")

    # --- content ----------------------------------------------------------------------------------

    def plan(self, approved: str | None = None) -> dict[str, Any] | None:
        """Return the content of the plan, or ``None`` if there is no plan.

        :param approved: the required hash of the plan.
        :raises PanelError: ``validation``, it is damaged, has another hash, or is not the plan of a folder.
        """
        if not Path(self.plan_path).exists():
            return None
        content = read_file(self.plan_path, "plan", OPTION)
        plan = self._plan.of(content, lambda file: plan_in(file, self.plan_path, _OTHER_FOLDER))
        check_approved(plan, self.plan_path, approved)
        terms = plan.get("terms")
        if not isinstance(terms, Mapping) or not terms.keys() >= TERMS:
            raise self.refused(
                "its plan.json was made with plan_file, and not by a run in this folder",
                _OTHER_FOLDER,
            )
        return plan

    def journal(self) -> JournalState:
        """Return the state that the journal records. :raises PanelError: ``validation``, it is damaged."""
        return self._journal.of(
            self._journal_content(), lambda content: read_journal(self.journal_path, content, None)
        )

    def windows(self) -> list[Window]:
        """Return each execution of the run, in order. :raises PanelError: the journal is damaged."""
        try:
            return windows_in(self._journal_content())
        except Damaged as damage:
            raise journal_refused(self.journal_path, damage.message) from None

    def state(self) -> RunState:
        """Return the state of the run. :raises PanelError: a file of it is damaged."""
        journal = self.journal()
        if journal.rollback:
            return RunState.ROLLED_BACK
        if not journal.runs:
            return RunState.PLANNED if Path(self.plan_path).exists() else RunState.EMPTY
        if journal.finished:
            return RunState.FINISHED
        return RunState.STOPPED if journal.ended else RunState.BEGUN

    @property
    def reported(self) -> bool:
        """Whether the report of the latest execution is written and there."""
        return self.journal().reported and Path(self.file("report.json")).is_file()

    @property
    def lacks_report(self) -> bool:
        """Whether the run was finished and its report is missing, also if it was rolled back since."""
        return self.journal().finished and not self.reported

    def rollbacks(self) -> list[RunFolder]:
        """Return the folders of the run's rollbacks, in order."""
        found: list[RunFolder] = []
        while (folder := self._rollback(len(found) + 1)).path.is_dir():
            found.append(folder)
        return found

    def next_rollback(self) -> RunFolder:
        """Return the folder for the next rollback: the latest one unless it has ended."""
        before = self.rollbacks()
        if before and before[-1].state() not in ENDED:
            return before[-1]
        return self._rollback(len(before) + 1)

    def _rollback(self, number: int) -> RunFolder:
        return RunFolder(self.file(rollback_name(number)))

    def _journal_content(self) -> bytes:
        if not Path(self.journal_path).exists():
            return b""
        return read_file(self.journal_path, "journal", OPTION)

    # --- checks -----------------------------------------------------------------------------------

    def check_for_plan(self, action: str) -> None:
        """Refuse a folder that must not get a new plan. Write nothing.

        :raises PanelError: ``validation``, it holds another run, or cannot be used.
        """
        self.check_fitness()
        state = self.state()
        if state in _UNFINISHED:
            raise self.refused(
                f"it holds a run that is not finished: {self._described()}",
                f"resume it with {resume_command(self.path)}, or choose another folder",
            )
        if state in ENDED:
            how = "is finished" if state is RunState.FINISHED else "has a rollback"
            raise self.refused(
                f"it holds a run that {how}: {self._described()}",
                f"write its missing report with {resume_command(self.path)}, and choose another folder"
                if self.lacks_report
                else "its reports stay as they are; set run_dir to a new folder",
            )
        plan = self.plan()
        if plan is not None and plan["action"] != action:
            raise self._of_another_change()

    def check_identity(self, identity: Identity) -> None:
        """Refuse to replace the plan of another change.

        A plan to roll a run back can be replaced until it is applied: the run may have been resumed since.

        :raises PanelError: ``validation``.
        """
        plan = self.plan()
        if plan is None or identity.difference(plan) is None:
            return
        if not (plan["terms"]["rollback"] and identity.target.keys() >= {"rollback_of"}):
            raise self._of_another_change()

    def _of_another_change(self) -> PanelError:
        return self.refused(
            f"it holds the plan of another change: {self._described()}",
            "set run_dir to a new folder",
        )

    def check_for_apply(self) -> None:
        """Refuse a folder whose plan must not be applied.

        :raises PanelError: ``validation``, there is no plan, or its approval is used up.
        """
        self.check_exists()
        state = self.state()
        if state is RunState.EMPTY:
            raise self.refused("it holds no plan", "make one with run_step=plan")
        if state in _UNFINISHED:
            raise self.refused(
                "the run that was approved has begun already",
                f"resume it with {resume_command(self.path)}",
            )
        if state is not RunState.PLANNED:
            raise self.refused(
                "the run that was approved has ended, and an approval is for one run",
                "plan again in a new folder",
            )
        self._check_not_undone()

    def check_for_resume(self) -> None:
        """Refuse a folder without a run that can be resumed. Accept a run that only needs its report, or nothing.

        :raises PanelError: ``validation``.
        """
        self.check_exists()
        state = self.state()
        if state is RunState.EMPTY:
            raise self.refused("it holds no run", f"set {OPTION} to the folder of a run")
        if state is RunState.PLANNED:
            raise self.not_begun()
        if state is RunState.ROLLED_BACK and not self.lacks_report:
            unfinished = [
                folder
                for folder in self.rollbacks()
                if folder.state() in _UNFINISHED or folder.lacks_report
            ]
            raise self.refused(
                "a rollback of its run has begun, so the run must not be resumed",
                f"resume the rollback with {resume_command(unfinished[-1].path)}"
                if unfinished
                else "plan again in a new folder",
            )
        if state in _UNFINISHED:
            self._check_not_undone()

    def _check_not_undone(self) -> None:
        """Refuse the rollback of a rollback that would redo what a later rollback of the same run undoes.

        :raises PanelError: ``validation``.
        """
        folder = self.path
        while (number := rollback_number(folder)) is not None:
            folder = folder.parent
            begun = [each for each in RunFolder(str(folder)).rollbacks() if each.journal().runs]
            if any((rollback_number(each.path) or 0) > number for each in begun):
                raise self.refused(
                    f"a later rollback of the run in {folder} has begun, so this one must not be applied or resumed",
                    "plan again in a new folder",
                )

    def check_for_rollback(self) -> None:
        """Refuse a folder whose run changed nothing.

        :raises PanelError: ``validation``.
        """
        self.check_exists()
        if not self.journal().runs:
            raise self.refused("its run has changed nothing", "there is nothing to roll back")

    def check_for_drift(self) -> dict[str, Any]:
        """Return the plan, whose target the servers are compared with.

        :raises PanelError: ``validation``, there is no plan, or its target does not apply.
        """
        self.check_exists()
        plan = self.plan()
        if plan is None:
            raise self.refused("it holds no run", f"set {OPTION} to the folder of a run")
        if not self.journal().runs:
            raise self.not_begun()
        if self.state() is RunState.ROLLED_BACK:
            raise self.refused(
                "a rollback of its run has begun, so its target no longer applies",
                "set a target to compare the servers with",
            )
        if plan["terms"]["rollback"]:
            raise self.refused(
                "it is the folder of a rollback, which has no target of its own",
                "set a target to compare the servers with",
            )
        return plan

    def check_exists(self) -> None:
        """Check that the folder exists. :raises PanelError: ``validation``, it does not, or cannot be used."""
        if not self.path.is_dir():
            raise self.refused("there is no such folder", f"set {OPTION} to the folder of a run")
        self.check_fitness()

    def check_fitness(self) -> None:
        """Refuse a folder that another user could change, that is not writable, or whose files are not one run's.

        :raises PanelError: ``validation``.
        """
        try:
            found = os.stat(self.path)  # noqa: PTH116 - one call for owner, mode and kind
        except FileNotFoundError:
            self._check_place()
            return
        except OSError as error:
            raise cannot(f"use the folder {self.path}", OPTION, error) from error
        if not stat.S_ISDIR(found.st_mode):
            raise self.refused("it is not a folder", "set run_dir to a new folder")
        if found.st_uid != os.geteuid():
            raise self.refused(
                f"it belongs to another user (UID {found.st_uid})", "use a folder of your own"
            )
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise self.refused(
                "other users may write to it, and could change what is done",
                f"run chmod go-w {self.path}",
            )
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise self.refused("it is not writable", _MODE)
        self._check_files()

    def _check_place(self) -> None:
        """Refuse a folder that cannot be created."""
        place = next(each for each in self.path.parents if each.exists())
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise self.refused(f"it cannot be created in {place}", _MODE)

    def _check_files(self) -> None:
        """Refuse a journal of another run than the plan's, or one that has lost records."""
        journal = self.journal()
        parse = partial(self._executions.of, parse=executions_in)
        if (lost := loss(journal, beside(self.journal_path), parse)) is not None:
            raise self.refused(lost, RESTORE)
        if not journal.runs:
            return
        plan = self.plan()
        if plan is None or plan["sha256"] != journal.latest.get("plan_sha256"):
            why = "there is no plan" if plan is None else "it names another plan"
            raise self.refused(f"its journal is not that of its run: {why}", _OTHER_FOLDER)

    def not_begun(self) -> PanelError:
        """Return the error for a run without any change, whose plan waits for its approval."""
        command = self.next_command()
        return self.refused(
            "its run was planned and never begun",
            f"begin it with {command}" if command else "its plan has nothing to change",
        )

    def refused(self, message: str, hint: str) -> PanelError:
        """Return the error for a folder that must not be used."""
        error = invalid(message, hint)
        error.action = f"use the folder {self.path}"
        return error

    def _described(self) -> str:
        """Return a description of the run in the operator's words."""
        plan = self.plan()
        if plan is None:
            journal = self.journal()
            return f"{journal.latest.get('action')} on {journal.latest.get('address')}"
        return f"{plan['terms']['title']} on {plan['address']}"

    # --- locking ----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Lock the folder against other runs. :raises PanelError: ``validation``, a run is using it."""
        try:
            file = LockedFile(self.file("lock"))
        except Held:
            raise self._used() from None
        except OSError as error:
            raise cannot(f"use the folder {self.path}", OPTION, error) from error
        try:
            yield
        finally:
            file.close()

    def check_not_in_use(self) -> None:
        """Refuse a folder that a run is using. :raises PanelError: ``validation``."""
        if self.in_use:
            raise self._used()

    def _used(self) -> PanelError:
        return self.refused("another run is using it", "wait until it has ended")

    @property
    def in_use(self) -> bool:
        """Whether another process holds the folder."""
        if not Path(self.file("lock")).exists():
            return False
        try:
            LockedFile(self.file("lock")).close()
        except Held:
            return True
        except OSError:
            return False
        return False

    def make(self) -> None:
        """Create the folder, for its owner only. :raises PanelError: ``validation``."""
        make_folder(str(self.path), OPTION)

    def keep_former_plan(self) -> None:
        """Move the files of a plan to be replaced into the folder ``plans``."""
        former = self.plan()
        if former is None:
            return
        place = self.path / "plans"
        make_folder(str(place), OPTION)
        try:
            for name, suffix in _PLAN_FILES.items():
                file = self.path / name
                if file.exists():
                    file.replace(place / f"{former['sha256'][:12]}{suffix}")
        except OSError as error:
            raise cannot(f"keep the plan {self.plan_path}", OPTION, error) from error

    def outlook(self) -> tuple[RunState | None, str | None, str | None]:
        """Return the state, the next command, and why the folder cannot be read.

        For the end of a run: its results must be shown even if its files cannot be read any more.
        """
        try:
            return self.state(), self.next_command(), None
        except PanelError as error:
            return None, resume_command(self.path), error.msg

    def next_command(self) -> str | None:
        """Return the command that begins or resumes the run, or ``None`` if no work remains."""
        plan = self.plan()
        if plan is None:
            return None
        state = self.state()
        if state is RunState.PLANNED:
            if changes_nothing(plan):
                return None
            rollback = plan["terms"]["rollback"] == os.path.join("..", "journal")  # noqa: PTH118
            return apply_command(
                plan["terms"]["playbook"], self.path, plan["sha256"], rollback=rollback
            )
        if state in _UNFINISHED or self.lacks_report:
            return resume_command(self.path)
        return None
