# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the collection against a simulator, and the rule that their results must be true.

The waits of a task pass on the simulator's virtual clock, so that no test waits.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import result_of
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from tests.simulator.process import ControlClient, Simulator
from tests.simulator.switches import Switch

PLACE = "ansible_collections.vpsfleet.panels.plugins.modules"
DEFECT = "internal"
OK = "ok"
SERVERS = 30

Options = Mapping[str, Any]
State = Mapping[str, Any]


@dataclass(frozen=True)
class ModuleTask:
    """A task that sets something on a panel.

    :param holds: whether the panel has what the task sets, by the simulator's own records.
    :param once: whether each run has an effect, so that a second run says nothing.
    :param before: tasks that prepare the panel. They are not tested.
    :param stale: what the first reads show instead of their answer, as if another client were faster: the
        path, the place in the answer, and the value.
    :param stale_reads: how many reads.
    :param servers: how many servers the panel has.
    :param usual: the outcome, see :meth:`TaskRunner.outcome`.
    :param under: the outcomes under values of switches, if they differ.
    """

    name: str
    module: str
    options: Options
    holds: Callable[[State], bool] = lambda state: True
    once: bool = False
    before: tuple[ModuleTask, ...] = ()
    stale: tuple[str, str, Any] | None = None
    stale_reads: int = 1
    servers: int = SERVERS
    usual: str = OK
    under: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    @property
    def panel(self) -> str:
        """Return the name of the panel."""
        return self.module.partition("_")[0]


def other_values(switch: Switch) -> tuple[str, ...]:
    """Return the values of a switch without its default."""
    return tuple(value for value in switch.choices or ("0", "3") if value != switch.default)


def connection_of(simulator: Simulator, panel: str) -> Options:
    """Return the options of the connection to a panel."""
    account = simulator.huaweicloud
    endpoints = {f"{name}_endpoint": simulator.huaweicloud_url for name in ("cph", "iam", "bss")}
    return {
        "virtfusion": {"api_url": simulator.url, "api_token": simulator.token},
        "virtualizor": {
            "api_url": simulator.virtualizor_url,
            "api_key": simulator.virtualizor_key,
            "api_pass": simulator.virtualizor_pass,
        },
        "huaweicloud": {
            "region": account.region,
            "project_id": account.project_id,
            "domain_id": account.domain_id,
            "access_key": account.access_key,
            "secret_key": account.secret_key,
            **endpoints,
        },
    }[panel]


class PanelClock:
    """A clock whose sleeps advance the simulator's virtual time."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._now = 1_700_000_000.0

    def monotonic(self) -> float:
        return self._now

    def time(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        self._control.advance(seconds)


class TaskRunner:
    """Runs tasks in this process with the options of the connection to a panel."""

    def __init__(self, simulator: Simulator, panel: str) -> None:
        self.control = simulator.control
        self.connection = connection_of(simulator, panel)
        self._panel = panel

    def run(self, task: ModuleTask, *, check_mode: bool = False) -> tuple[dict[str, Any], bool]:
        """Return the result of a task and whether it failed."""
        declared = importlib.import_module(f"{PLACE}.{task.module}").MODULE
        options = TaskOptions(declared.arguments, {**self.connection, **task.options}, task.module)
        assert options.mistake is None, options.mistake
        return result_of(
            lambda: run(
                declared.panel,
                declared.work,
                options.params,
                check_mode=check_mode,
                clock=PanelClock(self.control),
            )
        )

    def state(self) -> State:
        """Return the records of the panel."""
        state: State = self.control.state()["panels"][self._panel]
        return state

    def wrong_with(self, tasks: Sequence[ModuleTask], kind: str, **params: Any) -> dict[str, str]:
        """Return the unexpected outcomes of tasks if each answer to a read is distorted."""
        outcomes, fault = {}, {"kind": kind, "method": "GET", "times": None, **params}
        for task in tasks:
            if not task.stale:
                found = self.outcome(task, {}, fault)
                outcomes |= {} if found == task.usual else {task.name: found}
        return outcomes

    def unreached(self, tasks: Sequence[ModuleTask], table: Sequence[Switch]) -> set[str]:
        """Return the switches that none of the tasks makes the panel look at."""
        reached: set[str] = set()
        for task in tasks:
            self.outcome(task, {})
            reached.update(self.switches_seen())
        return {switch.name for switch in table} - reached

    def spared(self) -> list[str]:
        """Return what is wrong if a fault has struck no request: its test would prove nothing."""
        idle = [fault["kind"] for fault in self.control.faults() if not fault["fired"]]
        return [f"no request met the faults {idle}"] if idle else []

    def switches_seen(self) -> list[str]:
        """Return the switches that the panel has looked at since the last reset."""
        return [name for name, shown in self.control.switches().items() if shown["read"]]

    def _prepare(self, task: ModuleTask, switches: Options) -> str:
        """Reset the panel and run the tasks before. Return the failure code of one that fails."""
        self.control.reset(servers=task.servers)
        self.control.switches(**switches)
        for each in task.before:
            result, failed = self.run(each)
            if failed:
                return str(result["failure"]["code"])
        return ""

    def wrong(self, task: ModuleTask, table: Sequence[Switch]) -> list[str]:
        """Return the unexpected outcomes of a task under each value of each switch that matters to it."""
        found = self.outcome(task, {})
        wrong = [] if found == task.usual else [found]
        matter = self.switches_seen()
        for switch in table:
            for value in other_values(switch) if switch.name in matter else ():
                found = self.outcome(task, {switch.name: value})
                if found != task.under.get((switch.name, value), task.usual):
                    wrong.append(f"{switch.name}={value}: {found}")
        return wrong

    def outcome(self, task: ModuleTask, switches: Options, fault: Options | None = None) -> str:
        """Run a task twice, without switches in check mode before.

        :returns: `ok`, the failure code with which the task ended, or what is not true in its results.
        """
        if code := self._prepare(task, switches):
            return code
        if fault:
            self.control.fault(**fault)
        untrue = [] if switches or fault else self._run_in_check_mode(task)
        self.control.clear_log()
        if task.stale:
            path, at, value = task.stale
            self.control.fault(
                "wrong_type",
                method="GET",
                path=f"{path}$",
                times=task.stale_reads,
                at=at,
                value=value,
            )
        result, failed = self.run(task)
        applied = bool(self.control.counters()["applied"])
        if failed:
            failure = result["failure"]
            untrue += untrue_failure(result, applied)
            return shown(untrue, result) or str(failure["code"])
        if result["changed"] is not applied:
            untrue.append(f"changed is {result['changed']}, and something was written: {applied}")
        if not task.holds(self.state()):
            untrue.append("the panel has other values")
        if not task.once:
            untrue += self._run_again(task)
        return shown(untrue, result) or OK

    def _run_in_check_mode(self, task: ModuleTask) -> list[str]:
        self.control.clear_log()
        self.run(task, check_mode=True)
        return ["check mode writes"] if self.control.counters()["writes"] else []

    def _run_again(self, task: ModuleTask) -> list[str]:
        self.control.clear_log()
        result, failed = self.run(task)
        writes = self.control.counters()["writes"]
        if failed or result["changed"] or writes:
            return [f"the second run has {writes} writes and returns {result}"]
        return []


def untrue_failure(result: dict[str, Any], applied: bool) -> list[str]:
    """Return what is not true in the result of a failed task."""
    failure = result["failure"]
    untrue = []
    if failure["code"] == DEFECT:
        untrue.append("a defect")
    if result["changed"] and not applied and failure["state"] == "known":
        untrue.append("nothing was written")
    if not result["changed"] and applied and failure["state"] == "known":
        untrue.append("something was written")
    return untrue


def shown(untrue: list[str], result: dict[str, Any]) -> str:
    return f"UNTRUE: {'; '.join(untrue)}: {result}" if untrue else ""
