# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task for each server: in a loop and over hosts, with `ansible.builtin.uri` and with our modules."""

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

#: How a module runs: as any module does, and inside Ansible's own process.
MODULE, DIRECT = "module", "direct"
#: A play without a task that does anything.
NOTHING = "nothing"


class TaskBench:
    """Measures with tasks.

    :param say: takes a line about what is being done.
    """

    def __init__(
        self, panel: Panel, playbooks: Playbooks, scale: Scale, say: Callable[[str], None]
    ) -> None:
        self._panel = panel
        self._playbooks = playbooks
        self._scale = scale
        self._say = say

    def loops(self, latency_ms: int, bulk_s: float) -> list[Figure]:
        """A loop over servers, for each server in relation to the bulk change.

        :param bulk_s: seconds that the bulk change takes for each server.
        """
        items = {"loop": list(range(1, self._scale.loop + 1))}
        ways: dict[str, list[Task]] = {
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
        for way, tasks in ways.items():
            values = []
            for turn in range(self._scale.long_repeats):
                self._say(
                    f"loop over {self._scale.loop} servers at {latency_ms} ms: {way}, {turn + 1}"
                )
                cost = self._change(tasks, self._scale.loop, latency_ms)
                values.append(cost.wall_s / self._scale.loop / bulk_s)
            goal = Goal(150, at_least=True) if way == "uri" else None
            setting = f"{self._scale.loop} items, {latency_ms} ms"
            figures.append(Figure(names[way], setting, values, goal=goal))
        return figures

    def hosts(self, latency_ms: int) -> list[Figure]:
        """A host for each server."""
        walls: dict[str, list[float]] = {MODULE: [], DIRECT: []}
        for turn in range(self._scale.long_repeats):
            for way, found in walls.items():
                self._say(f"{self._scale.hosts} hosts at {latency_ms} ms: {way}, {turn + 1}")
                tasks = [self._package("{{ number }}", way)]
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
        """One GET, in a play of its own.

        The start and the end of ``ansible-playbook`` are about half of the whole, whatever the task is. So
        direct execution is measured without them, too.
        """
        self._panel.prepare(1, latency_ms)
        read = {"package_id": self._panel.PACKAGE_ID, **self._connection()}
        info = {"vpsfleet.panels.virtfusion_package_info": read}
        ways: dict[str, Task] = {
            "uri": self._one_uri("GET", f"packages/{self._panel.PACKAGE_ID}"),
            MODULE: {**info, **_way(MODULE)},
            DIRECT: info,
            NOTHING: {"ansible.builtin.meta": "noop"},
        }
        walls: dict[str, list[float]] = {way: [] for way in ways}
        self._say(f"one GET at {latency_ms} ms, {self._scale.single_repeats} times")
        for dummy in range(self._scale.single_repeats):
            for way, task in ways.items():
                self._panel.count_anew()
                walls[way].append(self._playbooks.play([task]).wall_s)
                if self._panel.calls().total() != (way != NOTHING):
                    raise RuntimeError(f"{way} made {self._panel.calls()}")
        goals = {MODULE: Goal(1.0), DIRECT: Goal(0.65)}
        setting = f"one call, {latency_ms} ms"
        start = statistics.median(walls[NOTHING])
        task_alone = ratios(
            [wall - start for wall in walls[DIRECT]], [wall - start for wall in walls["uri"]]
        )
        return [
            *(
                Figure(
                    f"info module / uri GET, {way}",
                    setting,
                    ratios(walls[way], walls["uri"]),
                    goal=goal,
                )
                for way, goal in goals.items()
            ),
            Figure("info task / uri task, direct", setting, task_alone, goal=Goal(0.5)),
        ]

    def _change(self, tasks: Sequence[Task], servers: int, latency_ms: int, hosts: int = 0) -> Cost:
        self._panel.prepare(servers, latency_ms)
        cost = self._playbooks.play(tasks, hosts=hosts, forks=FORKS)
        if self._panel.changed() != servers:
            raise RuntimeError(f"{self._panel.changed()} of {servers} servers were changed")
        return cost

    def _package(self, server: str, way: str) -> Task:
        """The single module."""
        options = {
            "server_id": server,
            "package_id": self._panel.PACKAGE_ID,
            **self._connection(),
        }
        return {"vpsfleet.panels.virtfusion_server_package": options, **_way(way)}

    def _uri(self, server: str) -> list[Task]:
        """The same without a module for it: look, and send."""
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


def _way(way: str) -> Task:
    return {"vars": {"vpsfleet_direct": False}} if way == MODULE else {}
