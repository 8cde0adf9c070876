# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run playbooks as AWX does: each job in a container of its own, by ansible-runner, from a folder that is then deleted.

AWX 24.6.1 writes the folder of a job (`project`, `inventory`, `env`), starts ansible-runner in a container, and
reads the events. The container has its own host name and its own process IDs, and is killed as a whole. Where Linux
namespaces are allowed, a job has these, too.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.simulator.process import WATCHDOG_S, Simulator

#: Seconds between two looks at a job.
_LOOK_EVERY_S = 0.02


@cache
def namespaces() -> tuple[str, ...]:
    """Return the command that starts a process in namespaces of its own; empty where they are forbidden."""
    for extra in ((), ("--user", "--map-root-user")):
        command = ("unshare", *extra, "--uts", "--pid", "--fork", "--kill-child", "--mount-proc")
        try:
            tried = subprocess.run(
                [*command, "hostname", "vpsfleet-test"], capture_output=True, check=False
            )
        except FileNotFoundError:
            return ()
        if tried.returncode == 0:
            return command
    return ()


@dataclass
class Job:
    """A finished job, as AWX keeps it.

    :param status: as ansible-runner reports it; ``killed`` if its container was killed.
    :param events: in order.
    :param stdout: all output.
    """

    status: str
    events: list[dict[str, Any]]
    stdout: str

    @property
    def ok(self) -> bool:
        """Whether the job was successful."""
        return self.status == "successful"

    @property
    def artifacts(self) -> dict[str, Any]:
        """What the job passes on, from the event in which AWX finds it."""
        found: dict[str, Any] = {}
        for event in self.events:
            found = event.get("event_data", {}).get("artifact_data") or found
        return found

    @property
    def messages(self) -> str:
        """The messages of failed tasks."""
        return "\n".join(
            str(event["event_data"]["res"].get("msg"))
            for event in self.events
            if event["event"] == "runner_on_failed"
        )


@dataclass
class Running:
    """A job that runs.

    :param folder: its own folder.
    """

    folder: Path
    process: subprocess.Popen[bytes]

    def wait(self) -> Job:
        """Wait for the end of the job, and delete its folder, as AWX does."""
        self.process.wait(timeout=WATCHDOG_S)
        return self._collect()

    def kill_when(self, is_time: Callable[[], bool]) -> Job:
        """Kill the container of the job at once when something has happened."""
        until = time.monotonic() + WATCHDOG_S
        while not is_time():
            assert self.process.poll() is None, self._collect().stdout
            assert time.monotonic() < until, "the job did not get there"
            time.sleep(_LOOK_EVERY_S)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=WATCHDOG_S)
        return self._collect(killed=True)

    def _collect(self, *, killed: bool = False) -> Job:
        place = self.folder / "artifacts" / "1"
        status = place / "status"
        events = [
            json.loads(path.read_text())
            for path in (place / "job_events").glob("*.json")
            if not path.name.endswith("-partial.json")
        ]
        stdout = place / "stdout"
        job = Job(
            "killed" if killed else status.read_text() if status.exists() else "error",
            sorted(events, key=lambda event: int(event["counter"])),
            stdout.read_text() if stdout.exists() else "",
        )
        shutil.rmtree(self.folder)
        return job


@dataclass
class Node:
    """A node of AWX, with a disk of its own.

    :param top: an empty folder; folders of jobs are in it.
    :param runs: the folder that is mounted into each job of the node.
    :param environment: what the credential of the job injects.
    """

    top: Path
    runs: Path
    environment: Mapping[str, str]
    jobs: int = 0
    variables: dict[str, Any] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self,
        playbook: str,
        variables: Mapping[str, Any] | None = None,
        *,
        hosts: Mapping[str, Mapping[str, Any]] | None = None,
        play: list[dict[str, Any]] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Running:
        """Start a job.

        :param playbook: of the collection, in the one-line file that a template names.
        :param variables: of the template and of the survey.
        :param hosts: the hosts of the inventory with their variables, besides localhost.
        :param play: a playbook of its own, instead.
        :param environment: more environment variables.
        """
        self.jobs += 1
        number = int.from_bytes(secrets.token_bytes(3))
        folder = self.top / f"awx_{number}"
        for name in ("project", "inventory", "env"):
            (folder / name).mkdir(parents=True)
        imported = [{"ansible.builtin.import_playbook": f"vpsfleet.panels.{playbook}"}]
        (folder / "project" / "main.yml").write_text(json.dumps(play or imported))
        self._write_inventory(folder / "inventory" / "hosts", hosts or {})
        injected = {f"{prefix}_job_id": number for prefix in ("awx", "tower")}
        injected |= {f"{prefix}_user_name": "ann" for prefix in ("awx", "tower")}
        given = {**injected, **self.variables, **(variables or {})}
        (folder / "env" / "extravars").write_text(json.dumps(given))
        (folder / "env" / "settings").write_text(json.dumps({"suppress_ansible_output": True}))
        (folder / "env" / "envvars").write_text(
            json.dumps(
                {
                    "AWX_PRIVATE_DATA_DIR": str(folder),
                    "JOB_ID": str(number),
                    "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
                    "ANSIBLE_FORCE_COLOR": "True",
                    "ANSIBLE_HOST_KEY_CHECKING": "False",
                    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
                    "ANSIBLE_LOCALHOST_WARNING": "False",
                    "HOME": str(folder),
                    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                    **self.environment,
                    **(environment or {}),
                }
            )
        )
        runner = [sys.executable, "-m", "ansible_runner", "run", str(folder), "-p", "main.yml"]
        runner += ["-i", "1", "--quiet"]
        process = subprocess.Popen(
            [*_in_a_container(number), *runner],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.processes.append(process)
        return Running(folder, process)

    def close(self) -> None:
        """Kill the jobs that a failed test has left."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=WATCHDOG_S)

    def run(self, playbook: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Job:
        """Run a job to its end."""
        return self.start(playbook, variables, **more).wait()

    @staticmethod
    def _write_inventory(path: Path, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        """Write the script that AWX makes of an inventory."""
        local = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
        }
        everything = {"localhost": local, **hosts}
        content = {
            "all": {"hosts": list(everything)},
            "_meta": {"hostvars": everything},
        }
        path.write_text(f"#!{sys.executable}\nprint({json.dumps(content)!r})\n")
        path.chmod(0o700)


def _in_a_container(number: int) -> list[str]:
    if not namespaces():
        return []
    # The host name is the ID of the container, and new in each job.
    return [*namespaces(), "sh", "-c", f'hostname job-{number}; exec "$@"', "sh"]


def slices(
    hosts: Mapping[str, Mapping[str, Any]], count: int
) -> Iterator[dict[str, Mapping[str, Any]]]:
    """Yield the hosts of each slice, as AWX cuts them: by name, every nth."""
    names = sorted(hosts)
    for number in range(count):
        yield {name: hosts[name] for name in names[number::count]}


def writes_of(panel: Simulator) -> list[int]:
    """Return the ID of the server of each package change that the panel has received, sorted."""
    paths = [request["path"] for request in panel.control.requests(writes_only=True)]
    changes = [path.split("/") for path in paths if "/package/" in path]
    return sorted(int(parts[parts.index("servers") + 1]) for parts in changes)
