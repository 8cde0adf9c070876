# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compare the time until the servers of a pipeline answer on SSH with the time that the panel itself takes.

The panel builds in real time, and a real SSH server answers for each built server.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.simulator.process import Simulator
from tests.simulator.sshd import SshUnavailable, find_sshd
from tests.simulator_conformance.api import Api

from .figures import Figure, Goal, ratios
from .playbooks import Playbooks
from .scale import Scale

#: Seconds of a build (a documented one took 23, virtfusion 3.2), and from its end until SSH answers.
BUILD_S = 20
BOOT_S = 5
LATENCY_MS = 50
MANY = 10
#: Reads never end a build. Only time does.
NO_POLLS = "1000000"
BUILD = "POST /servers/{serverId}/build"
OWNER = {"name": "CI", "email": "ci@example.com", "relStr": "ci"}


class CiBench:
    """Measures the provision of servers for pipelines.

    :param show: shows a line of progress.
    """

    def __init__(self, playbooks: Playbooks, scale: Scale, show: Callable[[str], None]) -> None:
        self._playbooks = playbooks
        self._scale = scale
        self._show = show

    def provision(self) -> list[Figure]:
        """Compare one server with the panel's own delays, and several servers with one."""
        try:
            find_sshd()
        except SshUnavailable as missing:
            self._show(f"left out: {missing}")
            return []
        walls: dict[int, list[float]] = {1: [], MANY: []}
        for turn in range(self._scale.repeats):
            for count, found in walls.items():
                self._show(f"provision of {count} servers, {turn + 1}")
                found.append(self._seconds(count))
        delay = BUILD_S + BOOT_S
        setting = f"build {BUILD_S} s, boot {BOOT_S} s, {LATENCY_MS} ms"
        return [
            Figure(
                "provision of a server / build and boot",
                setting,
                [wall / delay for wall in walls[1]],
                goal=Goal(1.15),
            ),
            Figure(
                f"provision of {MANY} servers / of one",
                setting,
                ratios(walls[MANY], walls[1]),
                goal=Goal(1.5),
            ),
        ]

    def _seconds(self, count: int) -> float:
        """Return the time of the whole playbook on a new panel."""
        with Simulator(servers=8, ssh=True) as panel:
            with Api(panel) as api:
                api.ok("POST", "/users", OWNER)
            panel.control.follow_wall()
            panel.control.switches(
                job_polls=NO_POLLS, job_seconds=str(BUILD_S), machine_boot_ms=str(BOOT_S * 1000)
            )
            panel.control.latency(LATENCY_MS)
            folder = self._playbooks.scratch / str(panel.control.health()["pid"])
            folder.mkdir()
            options: dict[str, Any] = {
                "connection": {"api_url": panel.api_url, "api_token": panel.token},
                "relation_string": OWNER["relStr"],
                "package_name": "Cloud 1",
                "template_name": "Debian 12 (Bookworm) Minimal",
                "hypervisor_group_id": 1,
                "pipeline": "benchmark",
                "count": count,
                "ssh_port": panel.control.machines()["port"],
                "state_dir": str(folder / "state"),
                "output_dir": str(folder / "out"),
            }
            given = {f"virtfusion_ci_server_{name}": value for name, value in options.items()}
            cost = self._playbooks.run(
                [self._playbooks.program, "vpsfleet.panels.ci_provision", "-e", json.dumps(given)]
            )
            made = panel.control.counters()["by_operation"].get(BUILD, 0)
            if made != count:
                raise RuntimeError(f"{made} servers were built, not {count}")
            return cost.wall_s
