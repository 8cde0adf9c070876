# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bulk actions against a simulator: a planned run, its resumption, a second run and a rollback must be true."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from tests.simulator.process import Simulator

from .module_task import (
    OK,
    ModuleTask,
    Options,
    PanelClock,
    State,
    TaskRunner,
    shown,
    untrue_failure,
)

PLACE = "ansible_collections.vpsfleet.panels.plugins.action"
#: More than the virtual time of a run, in which the heartbeat of the lock cannot keep up.
LOCK_TTL_S = 10**7


@dataclass(frozen=True)
class BulkTask(ModuleTask):
    """A run of a bulk action in which each server changes.

    :param shows: the values that it changes, by the simulator's own records.
    """

    shows: Callable[[State], Any] = lambda state: None


class ActionRunner(TaskRunner):
    """Runs actions in this process."""

    def __init__(self, simulator: Simulator, panel: str) -> None:
        super().__init__(simulator, panel)
        self._checked: dict[str, dict[str, Any]] = {}

    def run(
        self, task: ModuleTask, *, check_mode: bool = False, **more: Any
    ) -> tuple[dict[str, Any], bool]:
        result: tuple[dict[str, Any], bool] = self.declared(task).execute(
            {**self._params(task), **more},
            check_mode=check_mode,
            show=None,
            stop=Stop(),
            clock=PanelClock(self.control),
        )
        return result

    def _params(self, task: ModuleTask) -> dict[str, Any]:
        """Return the checked options of a task. A check takes as long as several requests."""
        given = {**self.connection, **task.options}
        if str(given) not in self._checked:
            options = TaskOptions(self.declared(task).arguments, given, task.module)
            assert options.mistake is None, options.mistake
            self._checked[str(given)] = options.params
        return self._checked[str(given)]

    def declared(self, task: ModuleTask) -> Any:
        """Return the declaration of a task's action."""
        return importlib.import_module(f"{PLACE}.{task.module}").ActionModule.FLEET


class BulkRunner(ActionRunner):
    """Runs bulk actions with a plan and a journal.

    :param folder: keeps their files.
    """

    def __init__(self, simulator: Simulator, panel: str, folder: Path) -> None:
        super().__init__(simulator, panel)
        self._folder = folder
        self._number = 0

    def run(
        self, task: ModuleTask, *, check_mode: bool = False, **more: Any
    ) -> tuple[dict[str, Any], bool]:
        ours = {"workers": 1, "lock_ttl": LOCK_TTL_S, "state_dir": self._file("state")}
        return super().run(task, check_mode=check_mode, **ours, **more)

    def _file(self, name: str) -> str:
        return str(self._folder / f"{self._number}-{name}")

    def outcome(self, task: ModuleTask, switches: Options, fault: Options | None = None) -> str:
        """Plan a run and apply the plan. Unless the panel refuses it, resume it, run it again and roll it back.

        :param fault: of the first requests that match. A resumed run must complete what it interrupts.
        :returns: `ok`, the failure code of the run, or of its rollback, or what is not true in the results.
        """
        assert isinstance(task, BulkTask)
        if code := self._prepare(task, switches):
            return code
        self._number += 1
        before = task.shows(self.state())
        self.control.clear_log()
        if fault:
            self.control.fault(**fault)
        plan, failed = self.run(task, check_mode=True, plan_file=self._file("plan"))
        untrue = ["the plan writes"] if self.control.counters()["writes"] else []
        if failed:
            return shown(untrue, plan) or str(plan["failure"]["code"])
        approved = {
            "plan_file": self._file("plan"),
            "plan_sha256": plan["plan_sha256"],
            "journal": self._file("journal"),
        }
        result, failed = self.run(task, **approved)
        untrue += self._untrue(plan, result, failed=failed) + self.spared()
        code = str(result["failure"]["code"]) if failed else OK
        if failed and not fault:
            return shown(untrue, result) or code
        untrue += self._continue(task, approved, resumes=failed)
        if not task.holds(self.state()):
            untrue.append("the panel has other values")
        return shown(untrue, result) or self._roll_back(task, before, result) or code

    def _untrue(self, plan: dict[str, Any], result: dict[str, Any], *, failed: bool) -> list[str]:
        """Return what is not true in the result of a run."""
        applied, rows = self._applied(), _outcomes(result)
        total = Counter(rows.values())
        untrue = untrue_failure(result, bool(applied)) if failed else []
        if not total["changed"] <= len(applied) <= total["changed"] + total["in_doubt"]:
            untrue.append(f"{len(applied)} servers were written to")
        if not failed and result["changed"] is not bool(applied):
            untrue.append(f"changed is {result['changed']}")
        if not failed and (rows != _outcomes(plan) or set(rows.values()) != {"changed"}):
            untrue.append(f"the plan predicted {_outcomes(plan)}, and the outcomes are {rows}")
        return untrue

    def _continue(
        self, task: ModuleTask, approved: Mapping[str, Any], *, resumes: bool
    ) -> list[str]:
        """Resume the run, and start a new one. Return what is not true in their results.

        :param resumes: whether the run was interrupted.
        """
        untrue = []
        result, failed = self.run(task, **approved)
        if failed:
            untrue.append(f"the resumed run returns {result}")
        if repeated := [write for write, number in self._applied().items() if number > 1]:
            untrue.append(f"written twice: {repeated}")
        if not resumes:
            untrue += self._unchanged(result, failed=failed)
        self.control.clear_log()
        result, failed = self.run(task)
        return untrue + self._unchanged(result, failed=failed)

    def _unchanged(self, result: dict[str, Any], *, failed: bool) -> list[str]:
        if failed or result["changed"]:
            return [f"a second run returns {result}"]
        return []

    def _roll_back(self, task: BulkTask, before: Any, run: dict[str, Any]) -> str:
        """Undo the run. Return the failure code, or what is not true in the results."""
        fleet = self.declared(task)
        beside = {*fleet.selection.options, *fleet.target.options}
        manner = {name: value for name, value in task.options.items() if name not in beside}
        back = replace(task, options={**manner, "rollback": self._file("journal")})
        self.control.clear_log()
        predicted, dummy = self.run(back, check_mode=True)
        untrue = ["the prediction writes"] if self.control.counters()["writes"] else []
        result, failed = self.run(back, journal=self._file("back"))
        untrue += self._untrue(predicted, result, failed=failed)
        if not failed and (after := task.shows(self.state())) != before:
            untrue.append(
                f"the panel had {before} before the run, and has {after} after the rollback"
            )
        code = str(result["failure"]["code"]) if failed else ""
        return shown(untrue, result) or (code and f"rollback: {code}")

    def _applied(self) -> Counter[str]:
        """Return the writes that the panel has applied, with how often each was."""
        return Counter(
            str((entry["path"], entry["query"], entry["body"]))
            for entry in self.control.requests(writes_only=True)
            if entry["effect_applied"]
        )


def _outcomes(result: dict[str, Any]) -> dict[str, str]:
    """Return the outcome of each server."""
    return {str(row["id"]): row["outcome"] for row in result.get("results", ())}
