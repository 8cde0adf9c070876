# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record which plans were applied, so that one approval begins one series of runs.

The file has one line of JSON for each plan that a run began to apply, and for each plan that was rolled
back. It is in ``state_dir`` beside the run's lock, and only the holder of a lock opens it, for a short time. Runs of
several shards hold a lock at the same time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from ...module_utils._core.errors import invalid
from .durable_file import AppendFile, cannot
from .identity import canonical, parsed

OPTION = "state_dir"


class Approvals:
    """The approvals file, opened by one run.

    :param path: of the file.
    :raises PanelError: ``validation``, it cannot be used.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._used: dict[str, tuple[str | None, str]] = {}
        self._withdrawn: dict[str, str] = {}
        try:
            self._file = AppendFile(path, wait=True)
        except OSError as error:
            raise cannot(f"use {path}", OPTION, error) from error
        # A line that a crash cut off belongs to a run that had not begun to write.
        whole = self._file.content.rfind(b"\n") + 1
        self._file.cut(whole)
        for line in self._file.content[:whole].splitlines():
            try:
                self._take(parsed(line))
            except (ValueError, KeyError, TypeError):
                self.close()
                raise invalid(f"{path} is damaged", f"check {OPTION}") from None

    def check(self, sha256: str, journal: str | None) -> None:
        """Refuse a plan that other runs have used. Runs with the same journal may continue it.

        :raises PanelError: ``validation``.
        """
        message = None
        if sha256 in self._withdrawn:
            message = f"the run {self._withdrawn[sha256]} has begun to roll its changes back"
        elif sha256 in self._used and self._used[sha256][0] != _place(journal):
            there, run = self._used[sha256]
            where = f"the journal {there}" if there else "no journal"
            message = f"the run {run} has used it, with {where}"
        if message is not None:
            error = invalid(message, "make a new plan with check mode, and have it approved")
            error.action = "apply the plan again"
            raise error

    def use(self, sha256: str, journal: str | None, run: str) -> None:
        """Record that a run begins to apply a plan. :raises PanelError: it cannot be recorded."""
        if sha256 not in self._used:
            self._add({"plan_sha256": sha256, "journal": _place(journal), "run": run})

    def withdraw(self, plans: Iterable[str], run: str) -> None:
        """Record that a rollback of the runs of plans begins. :raises PanelError: it cannot be recorded."""
        for sha256 in plans:
            if sha256 not in self._withdrawn:
                self._add({"plan_sha256": sha256, "rolled_back_by": run})

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _take(self, entry: dict[str, Any]) -> None:
        if "rolled_back_by" in entry:
            self._withdrawn[entry["plan_sha256"]] = str(entry["rolled_back_by"])
        else:
            self._used.setdefault(entry["plan_sha256"], (entry["journal"], str(entry["run"])))

    def _add(self, entry: dict[str, Any]) -> None:
        try:
            self._file.append(canonical(entry))
        except OSError as error:
            raise cannot(f"write {self._path}", OPTION, error) from error
        self._take(entry)


def _place(journal: str | None) -> str | None:
    return None if journal is None else os.path.realpath(journal)
