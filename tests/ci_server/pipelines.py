# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pipelines as a CI system runs them: the playbooks in processes of their own, which can be killed."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from ansible_collections.vpsfleet.panels.plugins.action import (
    virtfusion_ci_janitor,
    virtfusion_ci_server,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from tests.simulator.process import WATCHDOG_S, Simulator

OWNER = "ci"
ORDER: dict[str, Any] = {
    "relation_string": OWNER,
    "package_name": "Cloud 1",
    "template_name": "Debian 12 (Bookworm) Minimal",
    "hypervisor_group_id": 1,
}
#: Seconds between two looks at something that another process does.
_LOOK_S = 0.02
#: Its processes begin with all that this module imports.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])

SERVERS = 8
ACTIONS = {
    "virtfusion_ci_server": virtfusion_ci_server.ActionModule.FLEET,
    "virtfusion_ci_janitor": virtfusion_ci_janitor.ActionModule.FLEET,
}


def _execute(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Run an action in this process, and return its result."""
    module = ACTIONS[name]
    options = {
        option: value for option, value in given.items() if option in module.arguments.options
    }
    checked = TaskOptions(module.arguments, options, name)
    assert checked.mistake is None, checked.mistake
    result, failed = module.execute(checked.params, check_mode=False, show=None, stop=Stop())
    assert not failed, result
    return result


class BareProcess:
    """An action in a process of its own without Ansible, with the interface of a process of subprocess."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self._process = _FORKS.Process(target=_execute, args=(name, dict(given)))
        self._process.start()

    @property
    def pid(self) -> int:
        """Return the process ID."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, None if the process still runs."""
        return self._process.exitcode

    def communicate(self, timeout: float) -> None:
        """Wait for the end of the process."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, "the process works on"


class Pipelines:
    """A simulated panel with an owner for CI, and the playbooks against it.

    :param folder: for the state of the controller and the outputs.
    """

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.control = simulator.control
        self.folder = folder
        self.owner_id = 0
        self.foreign: Mapping[str, Any] = {}
        self._begun: list[subprocess.Popen[str] | BareProcess] = []

    def begin_afresh(self) -> None:
        """Reset the panel and the controller. From now on the panel's records and its responses have one clock.

        A real panel does not use an ID twice, so the controller must not remember those of another panel.
        """
        self.folder = self.folder / "fresh"
        self.folder.mkdir()
        self.control.reset(servers=SERVERS, seed=1)
        self.control.clear_faults()
        self.control.skew(0)
        self.control.follow_wall()
        self.owner_id = self._make_owner()
        self.foreign = self._foreign()
        self.control.clear_log()

    def end(self) -> None:
        """Kill what still runs, and undo what a reset does not."""
        for process in self._begun:
            if process.poll() is None:
                kill_everything(process)
        self.control.clear_faults()
        self.control.switches(job_polls="2", machine_ssh="answers")
        self.control.latency(0)
        self.control.skew(0)

    def options(self, **variables: Any) -> dict[str, Any]:
        """Return the options of a task."""
        out = f"out-{variables.get('pipeline', '')}".replace("/", "-")
        return {
            "relation_string": OWNER,
            "state_dir": str(self.folder / "state"),
            "output_dir": str(self.folder / out),
            **variables,
        }

    def act(self, name: str, **options: Any) -> dict[str, Any]:
        """Run an action in this process, and return its result."""
        return _execute(name, self._given(options))

    def begin_bare(self, name: str, **options: Any) -> BareProcess:
        """Start an action in a process of its own, without the seconds that a playbook takes to start."""
        process = BareProcess(name, self._given(options))
        self._begun.append(process)
        return process

    def _given(self, options: Mapping[str, Any]) -> dict[str, Any]:
        panel = {"api_url": self.simulator.api_url, "api_token": self.simulator.token}
        return {**panel, **self.options(**options)}

    def begin(self, playbook: str, **variables: Any) -> subprocess.Popen[str]:
        """Start a playbook."""
        given = {**ORDER, "ssh_port": self.ssh_port(), **self.options(**variables)}
        given = {f"virtfusion_ci_server_{name}": value for name, value in given.items()}
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("ansible-playbook")),
                f"vpsfleet.panels.{playbook}",
                "-e",
                json.dumps(given),
            ],
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._begun.append(process)
        return process

    def run(self, playbook: str, **variables: Any) -> str:
        """Run a playbook, which must succeed, and return its output."""
        process = self.begin(playbook, **variables)
        output = ended(process)
        assert process.returncode == 0, output
        return output

    def environment(self) -> dict[str, str]:
        """Return the environment of a step."""
        return {
            **os.environ,
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "VIRTFUSION_API_URL": self.simulator.api_url,
            "VIRTFUSION_API_TOKEN": self.simulator.token,
            "VIRTFUSION_RETRIES": "0",
        }

    def sweep(self) -> dict[str, Any]:
        """Run the janitor after the end of every lease and every grace time."""
        self.control.skew(200_000)
        return self.act("virtfusion_ci_janitor", dry_run=False, max_deletes=100)

    def ours(self) -> dict[str, Any]:
        """Return the servers, keys and addresses of the owner."""
        state = self.control.state()["panels"]["virtfusion"]
        servers = [row for row in state["servers"].values() if row["ownerId"] == self.owner_id]
        return {
            "servers": servers,
            "names": sorted(row["name"] for row in servers),
            "keys": [key for key in state["ssh_keys"].values() if key["userId"] == self.owner_id],
            "addresses": [row for server in servers for row in server["primary"]["ipv4"]],
        }

    def assert_nothing_left(self) -> None:
        """Check that the owner has nothing, and that everything of others is as it was. Both are counted."""
        ours = self.ours()
        assert ours["names"] == []
        assert ours["keys"] == []
        assert ours["addresses"] == []
        assert self._foreign() == self.foreign
        assert len(self.foreign["servers"]) == SERVERS

    def wait_until(
        self, happened: Callable[[], bool], process: subprocess.Popen[str] | BareProcess
    ) -> None:
        """Wait for an event while a process runs, or until it has ended."""
        until = time.monotonic() + WATCHDOG_S
        while not happened() and process.poll() is None:
            assert time.monotonic() < until, "the event never came"
            time.sleep(_LOOK_S)

    def requests(self) -> list[dict[str, Any]]:
        """Return the requests to the panel so far."""
        return self.control.requests()

    def ssh_port(self) -> int:
        """Return the port of the SSH servers."""
        return int(self.control.machines()["port"])

    def _make_owner(self) -> int:
        session = requests.Session()
        session.trust_env = False
        response = session.post(
            f"{self.simulator.api_url}/users",
            headers={"Authorization": f"Bearer {self.simulator.token}"},
            json={"name": "CI", "email": "ci@example.com", "relStr": OWNER},
            timeout=WATCHDOG_S,
        )
        return int(response.json()["data"]["id"])

    def _foreign(self) -> Mapping[str, Any]:
        state = self.control.state()["panels"]["virtfusion"]
        return {
            "servers": {
                key: row for key, row in state["servers"].items() if row["ownerId"] != self.owner_id
            },
            "keys": {
                key: row for key, row in state["ssh_keys"].items() if row["userId"] != self.owner_id
            },
        }


def ended(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process and return its output."""
    output, _none = process.communicate(timeout=WATCHDOG_S)
    return output


def kill_everything(process: subprocess.Popen[str] | BareProcess) -> None:
    """Kill a process and all that it has started, as a runner that is torn down does."""
    for number in [*_descendants(process.pid), process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    process.communicate(timeout=WATCHDOG_S)


def kill_alone(process: subprocess.Popen[str]) -> None:
    """Kill a process, and wait for the end of the orphans, whose output ansible-core has detached."""
    orphans = [Path(f"/proc/{number}") for number in _descendants(process.pid)]
    process.kill()
    process.communicate(timeout=WATCHDOG_S)
    until = time.monotonic() + WATCHDOG_S
    while any(path.exists() for path in orphans):
        assert time.monotonic() < until, "an orphan works on"
        time.sleep(_LOOK_S)


def _descendants(parent: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            # The name of the program is in parentheses and can have blanks.
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    waiting = [parent]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            yield child
            waiting.append(child)
