# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse an approval that is too old, or that another run has used.

An old approval may no longer fit the panel, or the intent of its approver. The plan holds the
limit, so its hash covers it, and the task that applies the plan can only lower it. One approval begins one
series of runs, so a file records which plans were applied.

The file has one line of JSON for each plan that a run began to apply, and for each plan that was rolled
back. It is in ``state_dir`` beside the run's lock, and only the holder of a lock writes to it, for a short time. Runs
of several shards hold a lock at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from ...module_utils._core.errors import PanelError, invalid
from .durable_file import AppendFile, cannot, read_file
from .identity import canonical, parsed, seconds_of
from .plan_file import FleetPlan
from .progress import duration

OPTION = "state_dir"


class UsedApprovals:
    """The plans that runs have used, as an approvals file records them.

    :param path: of the file.
    :param journal: of the run that asks, ``None`` for a run without a journal.
    """

    def __init__(self, path: str, journal: str | None) -> None:
        self.path = path
        self.journal = journal
        self._used: dict[str, tuple[str | None, str]] = {}
        self._withdrawn: dict[str, str] = {}

    def check(self, sha256: str) -> None:
        """Refuse a plan that other runs have used. Runs with the same journal may continue it.

        :raises PanelError: ``validation``.
        """
        if sha256 in self._withdrawn:
            run = self._withdrawn[sha256]
            raise _refused(f"the run {run} has begun to roll its changes back")
        if sha256 in self._used and self._used[sha256][0] != _place(self.journal):
            there, run = self._used[sha256]
            where = f"the journal {there}" if there else "no journal"
            raise _refused(f"the run {run} has used it, with {where}")

    def check_write(self, sha256: str, runs: Collection[str]) -> None:
        """Refuse to write with a used plan if the journal has no record of the run that used it.

        Nothing records what that run did. A server that was set back since looks like one that it did not reach.
        In a folder, a run without a write is refused, too: its report would not have the changes of that run.

        :param runs: the IDs of the runs in the journal.
        :raises PanelError: ``validation``.
        """
        run = self._used[sha256][1] if sha256 in self._used else None
        if run is None or run in runs:
            return
        unknown = "so it is not known what that run changed"
        if self.journal is None:
            raise _refused(
                f"the run {run} has used it without a journal, {unknown}",
                "make a new plan with check mode, and apply it with a journal, so that it can be resumed",
            )
        raise _refused(
            f"the run {run} has used it, and the journal {self.journal} does not have that run any more, {unknown}",
            "restore the journal of that run, or make a new plan with check mode",
        )

    def take(self, content: bytes) -> int:
        """Take the lines of a file. Return the bytes up to the end of the last whole line.

        A line that a crash cut off belongs to a run that had not begun to write.

        :raises PanelError: ``validation``, it is damaged.
        """
        whole = content.rfind(b"\n") + 1
        for line in content[:whole].splitlines():
            try:
                self._take(parsed(line))
            except (ValueError, KeyError, TypeError):
                raise invalid(f"{self.path} is damaged", f"check {OPTION}") from None
        return whole

    def _take(self, entry: dict[str, Any]) -> None:
        if "rolled_back_by" in entry:
            self._withdrawn[entry["plan_sha256"]] = str(entry["rolled_back_by"])
        else:
            self._used.setdefault(entry["plan_sha256"], (entry["journal"], str(entry["run"])))


def read_approvals(path: str, journal: str | None) -> UsedApprovals:
    """Return what an approvals file records, and write nothing. The parameters are those of the class.

    :raises PanelError: ``validation``, it cannot be read, or is damaged.
    """
    found = UsedApprovals(path, journal)
    if Path(path).exists():
        found.take(read_file(path, "record of approvals", OPTION))
    return found


class Approvals(UsedApprovals):
    """The approvals file, opened by one run.

    :raises PanelError: ``validation``, it cannot be used.
    """

    def __init__(self, path: str, journal: str | None) -> None:
        super().__init__(path, journal)
        try:
            self._file = AppendFile(path, wait=True)
        except OSError as error:
            raise cannot(f"use {path}", OPTION, error) from error
        try:
            self._file.cut(self.take(self._file.content))
        except PanelError:
            self.close()
            raise

    def use(self, sha256: str, run: str) -> None:
        """Record that a run begins to apply a plan. :raises PanelError: it cannot be recorded."""
        if sha256 not in self._used:
            self._add({"plan_sha256": sha256, "journal": _place(self.journal), "run": run})

    def withdraw(self, plans: Iterable[str], run: str) -> None:
        """Record that a rollback of the runs of plans begins. :raises PanelError: it cannot be recorded."""
        for sha256 in plans:
            if sha256 not in self._withdrawn:
                self._add({"plan_sha256": sha256, "rolled_back_by": run})

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _add(self, entry: dict[str, Any]) -> None:
        try:
            self._file.append(canonical(entry))
        except OSError as error:
            raise cannot(f"write {self.path}", OPTION, error) from error
        self._take(entry)


def _refused(
    message: str, hint: str = "make a new plan with check mode, and have it approved"
) -> PanelError:
    error = invalid(message, hint)
    error.action = "apply the plan again"
    return error


def _place(journal: str | None) -> str | None:
    return None if journal is None else os.path.realpath(journal)


#: Seconds for which an approval is valid by default.
DEFAULT_S = 604_800

#: Seconds by which the clocks of two controllers may differ.
_CLOCKS_DIFFER_S = 300

_DAY_S = 86_400


def check_age(plan: FleetPlan, limit_s: int | None, now: float) -> None:
    """Refuse a plan that was made too long ago, or in the future.

    :param limit_s: the limit of the task, ``None`` to use that of the plan. 0 is no limit.
    :param now: the time of the controller's clock.
    :raises PanelError: ``validation``, with the age.
    """
    try:
        age = now - seconds_of(plan.made)
    except ValueError:
        raise _too_old(f"it does not state when it was made: {plan.made!r:.40}") from None
    if age < -_CLOCKS_DIFFER_S:
        raise _too_old(
            f"it was made at {plan.made}, which is {_span(-age)} later than the clock of this machine",
            "correct the clock of the machine that is wrong, and make a new plan",
        )
    limits = [limit for limit in (plan.approval_ttl, limit_s) if limit]
    if limits and age > min(limits):
        raise _too_old(
            f"it was made at {plan.made}, {_span(age)} ago, and an approval is valid for"
            f" {_span(min(limits))}"
        )


def _too_old(message: str, hint: str = "make a new plan, and have it approved") -> PanelError:
    error = invalid(message, f"nothing was changed; {hint}")
    error.action = "apply the plan"
    return error


def _span(seconds: float) -> str:
    days = int(seconds // _DAY_S)
    if days >= 2:
        return f"{days} days"
    return duration(seconds)
