# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the bulk change with hand-written clients, and measure how it scales with the fleet."""

from __future__ import annotations

import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .figures import Figure, Goal, ratios
from .panel import Panel
from .playbooks import TOP, Playbooks
from .processes import Cost
from .scale import SLOW_MS, WORKERS, Scale

BULK, JOURNAL = "bulk change", "bulk change with journal"
THREADS, ASYNCIO = "bare threads", "bare asyncio"
PEERS = {THREADS: "bare_threads", ASYNCIO: "bare_asyncio"}
FLOOR = "latency floor"
GOALS = {f"{BULK} / {THREADS}": Goal(1.25), f"{BULK} / {FLOOR}": Goal(1.4)}

NOTHING = [{"ansible.builtin.meta": "noop"}]


@dataclass
class Runs:
    """The costs of several runs of one client.

    :param panel_cpu_s: processor time of the panel during each run.
    """

    calls: int = 0
    costs: list[Cost] = field(default_factory=list)
    panel_cpu_s: list[float] = field(default_factory=list)

    @property
    def walls(self) -> list[float]:
        """The seconds of each run."""
        return [cost.wall_s for cost in self.costs]

    def ms_per_call(self, seconds: list[float]) -> list[float]:
        """Return the milliseconds per call for each run."""
        return [1000 * value / self.calls for value in seconds]


class FleetBench:
    """Measures changes and plans of fleets.

    :param show: shows a line of progress.
    """

    def __init__(
        self, panel: Panel, playbooks: Playbooks, scale: Scale, show: Callable[[str], None]
    ) -> None:
        self._panel = panel
        self._playbooks = playbooks
        self._scale = scale
        self._show = show
        self._walls: dict[int, list[float]] = {}

    def change(self, latency_ms: int) -> list[Figure]:
        """Compare the bulk change with the bare clients and with the latency floor.

        At the highest latency there is a single run and no goal, since a run takes long.
        """
        slow = latency_ms == SLOW_MS
        clients = [BULK, THREADS] if slow else [BULK, THREADS, ASYNCIO, JOURNAL]
        runs = self._changes(clients, latency_ms, 1 if slow else self._scale.repeats)
        self._walls[latency_ms] = runs[BULK].walls
        setting = f"{self._scale.servers} servers, {latency_ms} ms"
        goals = {} if slow else GOALS
        return [
            *_compared(runs, setting, goals),
            *_above_floor(runs, setting, goals, latency_ms),
            *_processor_time(runs, setting),
        ]

    def seconds_per_server(self, latency_ms: int) -> float:
        """Return the median time of the bulk change per server."""
        return statistics.median(self._walls[latency_ms]) / self._scale.servers

    def plan(self) -> list[Figure]:
        """Measure calls and memory of a plan without a change."""
        servers = self._scale.planned
        self._show(f"preparing {servers} servers for the plan")
        self._panel.prepare(servers, 0)
        self._bulk()
        calls, above_mb = [], []
        for turn in range(self._scale.repeats):
            self._show(f"plan of {servers} servers with nothing to change, {turn + 1}")
            nothing = self._playbooks.play(NOTHING, memory=True)
            self._panel.reset_counters()
            planned = self._bulk(check=True, memory=True)
            if self._panel.changed():
                raise RuntimeError("a plan changed something")
            calls.append(self._panel.calls().total() / servers)
            if planned.peak_mb is not None and nothing.peak_mb is not None:
                above_mb.append(planned.peak_mb - nothing.peak_mb)
        setting = f"{servers} servers"
        return [
            Figure("plan with nothing to change: requests per server", setting, calls),
            Figure(
                "plan with nothing to change: peak memory above a no-op playbook",
                setting,
                above_mb,
                "MB",
                Goal(150),
            ),
        ]

    def growth(self) -> list[Figure]:
        """Compare the cost per server of a big and a small fleet, without the start of the program."""
        sizes = (self._scale.small, self._scale.big)
        per_server: dict[tuple[str, int], list[float]] = defaultdict(list)
        for turn in range(self._scale.long_repeats):
            for servers in sizes:
                self._show(f"change and plan of {servers} servers, {turn + 1}")
                self._panel.prepare(servers, 0)
                start_s = self._playbooks.play(NOTHING).wall_s
                for what, check in (("change", False), ("plan", True)):
                    wall_s = self._bulk(check=check).wall_s
                    per_server[what, servers].append((wall_s - start_s) / servers)
                self._check_changed(servers)
        small, big = sizes
        return [
            Figure(
                f"{what}: cost per server at {big} / at {small}",
                "0 ms",
                ratios(per_server[what, big], per_server[what, small]),
                goal=Goal(1.1),
            )
            for what in ("change", "plan")
        ]

    def _changes(self, clients: list[str], latency_ms: int, repeats: int) -> dict[str, Runs]:
        """Change the whole fleet with each client in turn."""
        self._panel.prepare(self._scale.servers, latency_ms)
        runs = {client: Runs() for client in clients}
        expected = None
        for turn in range(repeats):
            for client in clients:
                self._show(
                    f"{self._scale.servers} servers at {latency_ms} ms: {client}, {turn + 1}"
                )
                self._panel.require_change()
                before_s = self._panel.cpu_s()
                runs[client].costs.append(self._change_by(client))
                runs[client].panel_cpu_s.append(self._panel.cpu_s() - before_s)
                self._check_changed(self._scale.servers)
                calls = self._panel.calls()
                expected = expected or calls
                if calls != expected:
                    raise RuntimeError(
                        f"{client} made other calls than {BULK}: {calls}, {expected}"
                    )
                runs[client].calls = calls.total()
        return runs

    def _change_by(self, client: str) -> Cost:
        if client in (BULK, JOURNAL):
            return self._bulk(journal=client == JOURNAL)
        module = f"tests.benchmark.peers.{PEERS[client]}"
        command = [sys.executable, "-m", module, *self._panel.order(WORKERS).to_arguments()]
        return self._playbooks.run(command, folder=TOP)

    def _bulk(self, *, check: bool = False, memory: bool = False, journal: bool = False) -> Cost:
        options = {
            "api_url": self._panel.api_url,
            "api_token": self._panel.token,
            "all": True,
            "package_id": self._panel.PACKAGE_ID,
            "workers": WORKERS,
            "state_dir": str(self._playbooks.scratch / "state"),
        }
        if journal:
            options["journal"] = str(self._playbooks.file("journal"))
        task = {"vpsfleet.panels.virtfusion_server_packages": options}
        return self._playbooks.play([task], check=check, memory=memory)

    def _check_changed(self, servers: int) -> None:
        if self._panel.changed() != servers:
            raise RuntimeError(f"{self._panel.changed()} of {servers} servers were changed")


def _compared(runs: Mapping[str, Runs], setting: str, goals: Mapping[str, Goal]) -> list[Figure]:
    """Return the time of each client relative to another."""
    pairs = [(BULK, THREADS), (BULK, ASYNCIO), (JOURNAL, BULK)]
    return [
        Figure(name, setting, ratios(runs[one].walls, runs[other].walls), goal=goals.get(name))
        for one, other in pairs
        if one in runs and other in runs and (name := f"{one} / {other}")
    ]


def _above_floor(
    runs: Mapping[str, Runs], setting: str, goals: Mapping[str, Goal], latency_ms: int
) -> list[Figure]:
    """Return the time of each client relative to the time of the latency alone."""
    if not latency_ms:
        return []
    floor_s = runs[BULK].calls * latency_ms / 1000 / WORKERS
    return [
        Figure(name, setting, [wall / floor_s for wall in found.walls], goal=goals.get(name))
        for client, found in runs.items()
        if client != JOURNAL and (name := f"{client} / {FLOOR}")
    ]


def _processor_time(runs: Mapping[str, Runs], setting: str) -> list[Figure]:
    """Return the processor time per call of each client, its start included, and of the panel."""
    spent = {
        client: found.ms_per_call([cost.cpu_s for cost in found.costs])
        for client, found in runs.items()
        if client != JOURNAL
    }
    spent["simulated panel"] = runs[BULK].ms_per_call(runs[BULK].panel_cpu_s)
    return [
        Figure(f"processor time of a request: {program}", setting, values, "ms")
        for program, values in spent.items()
    ]
