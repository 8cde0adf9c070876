# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the plan, the failed items and the next command of a run on the operator's screen."""

from __future__ import annotations

from collections.abc import Sequence

from .commands import resume_command
from .growth import Growth
from .plan_text import plan_lines, row_lines
from .progress import Progress
from .results import FAILURES, ItemOutcome, ItemResult
from .run_folder import RunFolder

#: Outcomes that an operator must see at the end. The plan has shown all items.
_ODD = (*FAILURES, ItemOutcome.MOVED)


class RunScreen:
    """The screen of one run.

    :param place: the noun for a place, such as ``hypervisor``.
    :param most: the maximum number of rows; ``None`` to show no rows.
    """

    def __init__(self, progress: Progress, place: str, most: int | None) -> None:
        self._progress = progress
        self._place = place
        self._most = most

    def plan(self, results: Sequence[ItemResult], growth: Sequence[Growth]) -> None:
        """Show predicted outcomes."""
        if self._most is not None:
            for line in plan_lines(results, growth, self._place, self._most):
                self._progress.line(line)

    def begin(self, folder: RunFolder | None) -> None:
        """Show the command that continues the run if it is interrupted."""
        if folder is not None:
            command = resume_command(folder.path)
            self._progress.note(f"if this run is interrupted, continue it with: {command}")

    def end(self, folder: RunFolder, results: Sequence[ItemResult], *, written: bool) -> None:
        """Show the failed items, and how to go on.

        :param written: whether the report is written. If not, the screen shows all items instead.
        """
        if self._most is not None:
            shown = [row for row in results if row.outcome in _ODD or not written]
            for line in row_lines(shown, self._most):
                self._progress.line(line)
        if written:
            self._progress.note(f"the report is in {folder.path}")
        else:
            self._progress.note(f"the report could not be written to {folder.path}")
        command = folder.outlook()[1]
        if command is not None:
            what = (
                "to continue this run"
                if written
                else "to continue this run, or to write its report"
            )
            self._progress.note(f"{what}: {command}")
