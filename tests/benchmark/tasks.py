# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure one task per server, in a loop and over hosts, with `ansible.builtin.uri` and with modules."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from .figures import Figure, Goal, ratios
from .panel import Panel
from .peers.order import FLAGS
from .playbooks import Playbooks, Task
from .processes import Cost
from .scale import FORKS, Scale

#: Kinds of execution: as a module process, or inside Ansible's process.
MODULE, DIRECT = "module", "direct"
#: A play with an empty task.
NOTHING = "nothing"


class TaskBench:
    """Measures single tasks.

    :param show: shows a line of progress.
    """

    def __init__(
        self, panel: Panel, playbooks: Playbooks, scale: Scale, show: Callable[[str], None]
    ) -> None:
        self._panel = panel
        self._playbooks = playbooks
        self._scale = scale
        self._show = show

    def loops(self, latency_ms: int, bulk_s: float) -> list[Figure]:
        """Compare a loop over servers with the bulk change, per server.

        :param bulk_s: seconds of the bulk change per server.
        """
        items = {"loop": list(range(1, self._scale.loop + 1))}
        kinds: dict[str, list[Task]] = {
            "uri": [{**task, **items} for task in self._uri("{{ item }}")],
            MODULE: [{**self._package("{{ item }}", MODULE), **items}],
            DIRECT: [{**self._package("{{ item }}", DIRECT), **items}],
        }
        names = {
            "uri": "loop of uri GET + PUT / bulk change, per server",
            MODULE: "loop of the module / bulk change, per server",
            DIRECT: "loop of the module, direct / bulk change, per server",
        }
        figures = []
        for kind, tasks in kinds.items():
            values = []
            for turn in range(self._scale.long_repeats):
                self._show(
                    f"loop over {self._scale.loop} servers at {latency_ms} ms: {kind}, {turn + 1}"
                )
                cost = self._change(tasks, self._scale.loop, latency_ms)
                values.append(cost.wall_s / self._scale.loop / bulk_s)
            goal = Goal(150, at_least=True) if kind == "uri" else None
            setting = f"{self._scale.loop} items, {latency_ms} ms"
            figures.append(Figure(names[kind], setting, values, goal=goal))
        return figures

    def hosts(self, latency_ms: int) -> list[Figure]:
        """Compare both kinds of execution with one host for each server."""
        walls: dict[str, list[float]] = {MODULE: [], DIRECT: []}
        for turn in range(self._scale.long_repeats):
            for kind, found in walls.items():
                self._show(f"{self._scale.hosts} hosts at {latency_ms} ms: {kind}, {turn + 1}")
                tasks = [self._package("{{ number }}", kind)]
                hosts = self._scale.hosts
                found.append(self._change(tasks, hosts, latency_ms, hosts=hosts).wall_s)
        return [
            Figure(
                "per host, direct / module",
                f"{self._scale.hosts} hosts, {FORKS} forks, {latency_ms} ms",
                ratios(walls[DIRECT], walls[MODULE]),
                goal=Goal(0.1),
            )
        ]

    def single(self, latency_ms: int) -> list[Figure]:
        """Compare a play with one info module and one with a single GET by uri.

        The start and the end of ``ansible-playbook`` are about half of the time. One figure of direct
        execution excludes them.
        """
        self._panel.prepare(1, latency_ms)
        read = {"package_id": self._panel.PACKAGE_ID, **self._connection()}
        info = {"vpsfleet.panels.virtfusion_package_info": read}
        kinds: dict[str, Task] = {
            "uri": self._one_uri("GET", f"packages/{self._panel.PACKAGE_ID}"),
            MODULE: {**info, **_kind(MODULE)},
            DIRECT: info,
            NOTHING: {"ansible.builtin.meta": "noop"},
        }
        walls: dict[str, list[float]] = {kind: [] for kind in kinds}
        self._show(f"one GET at {latency_ms} ms, {self._scale.single_repeats} times")
        for dummy in range(self._scale.single_repeats):
            for kind, task in kinds.items():
                self._panel.reset_counters()
                walls[kind].append(self._playbooks.play([task]).wall_s)
                if self._panel.calls().total() != (kind != NOTHING):
                    raise RuntimeError(f"{kind} made {self._panel.calls()}")
        goals = {MODULE: Goal(1.0), DIRECT: Goal(0.65)}
        setting = f"one call, {latency_ms} ms"
        start = statistics.median(walls[NOTHING])
        task_alone = ratios(
            [wall - start for wall in walls[DIRECT]], [wall - start for wall in walls["uri"]]
        )
        return [
            *(
                Figure(
                    f"info module / uri GET, {kind}",
                    setting,
                    ratios(walls[kind], walls["uri"]),
                    goal=goal,
                )
                for kind, goal in goals.items()
            ),
            Figure("info task / uri task, direct", setting, task_alone, goal=Goal(0.5)),
        ]

    def _change(self, tasks: Sequence[Task], servers: int, latency_ms: int, hosts: int = 0) -> Cost:
        self._panel.prepare(servers, latency_ms)
        cost = self._playbooks.play(tasks, hosts=hosts, forks=FORKS)
        if self._panel.changed() != servers:
            raise RuntimeError(f"{self._panel.changed()} of {servers} servers were changed")
        return cost

    def _package(self, server: str, kind: str) -> Task:
        """Return a task with the single module."""
        options = {
            "server_id": server,
            "package_id": self._panel.PACKAGE_ID,
            **self._connection(),
        }
        return {"vpsfleet.panels.virtfusion_server_package": options, **_kind(kind)}

    def _uri(self, server: str) -> list[Task]:
        """Return the tasks for the same change with uri: read, then write."""
        change = f"servers/{server}/package/{self._panel.PACKAGE_ID}"
        return [
            self._one_uri("GET", f"servers/{server}"),
            self._one_uri("PUT", change, body=FLAGS, body_format="json"),
        ]

    def _one_uri(self, method: str, path: str, **options: Any) -> Task:
        return {
            "ansible.builtin.uri": {
                "url": f"{self._panel.api_url}/{path}",
                "method": method,
                "headers": {"Authorization": f"Bearer {self._panel.token}"},
                **options,
            }
        }

    def _connection(self) -> dict[str, Any]:
        return {"api_url": self._panel.api_url, "api_token": self._panel.token}


def _kind(kind: str) -> Task:
    return {"vars": {"vpsfleet_direct": False}} if kind == MODULE else {}
