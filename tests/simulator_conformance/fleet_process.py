# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the bulk action against a simulator, in this process or in one that can be killed.

`python -m tests.simulator_conformance.fleet_process` reads lines of JSON: the options, and the arguments of
`Trouble`. For each of them it forks. It prints the number of the copy, and how the copy ended with what result.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import (
    Clock,
    SystemClock,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop

FLEET = ActionModule.FLEET


class Hurry(SystemClock):
    """A clock that runs faster than the machine's.

    :param rate: factor of the speed.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate

    def monotonic(self) -> float:
        return time.monotonic() * self._rate

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self._rate)


def run(
    options: dict[str, Any], *, check_mode: bool = False, clock: Clock | None = None
) -> tuple[dict[str, Any], bool]:
    """Run the action in this process. Return its result and whether it failed."""
    params = {name: rule.get("default") for name, rule in FLEET.arguments.options.items()}
    return FLEET.execute(
        {**params, **options},
        check_mode=check_mode,
        show=None,
        stop=Stop(),
        clock=clock,
    )


@dataclass(frozen=True)
class Trouble:
    """What happens to the process.

    :param file_size: bytes beyond which none of its files can grow, as on a full disk.
    :param lines: lines of the journal at which it is killed. It does that itself, in the write that makes
        them so many: another process might look too late.
    :param delay_s: time from there to its death.
    """

    file_size: int | None = None
    lines: int | None = None
    delay_s: float = 0

    def prepare(self, journal: Path) -> None:
        """Make it happen in this process."""
        if self.file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.file_size, resource.RLIM_INFINITY))
        if self.lines is None:
            return
        die = threading.Timer(self.delay_s, os.kill, (os.getpid(), signal.SIGKILL))
        fsync, once = os.fsync, threading.Lock()

        def counting(descriptor: int) -> None:
            fsync(descriptor)
            if lines_of(journal) >= (self.lines or 0) and once.acquire(blocking=False):
                die.start()

        os.fsync = counting


def lines_of(path: Path) -> int:
    """Return how many lines a file has, 0 if there is none."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


class Running:
    """A run in a process of its own."""

    def __init__(self, nursery: subprocess.Popen[str]) -> None:
        self._nursery = nursery
        #: The number of the process, and how it has ended: negative if a signal killed it.
        self.pid = int(self._line())
        self.status: int | None = None
        self._output = ""

    def _line(self) -> str:
        assert self._nursery.stdout is not None
        return self._nursery.stdout.readline()

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    def wait(self) -> str:
        """Wait for the end of the process. Return its result as JSON."""
        if self.status is None:
            self.status, self._output = json.loads(self._line())
        return self._output


class Nursery:
    """Starts runs as copies of one process, which has imported the action. An import takes longer than a run."""

    def __enter__(self) -> Nursery:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        command = [sys.executable, "-m", __spec__.name if __spec__ else __name__]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._last: Running | None = None
        return self

    def start(self, options: dict[str, Any], failed_attempt: Trouble | None = None) -> Running:
        """Run the action in a process of its own, one at a time."""
        assert self._process.stdin is not None
        order = [options, asdict(failed_attempt or Trouble())]
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self._last = Running(self._process)
        return self._last

    def __exit__(self, *dummy: object) -> None:
        if self._last is not None and self._last.status is None:
            self._last.send_signal(signal.SIGKILL)
            self._last.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _copy(result: int, options: dict[str, Any], trouble: dict[str, Any]) -> int:
    """Fork a process that runs the action and writes the result to a pipe. Return its number."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        Trouble(**trouble).prepare(Path(options["journal"]))
        with os.fdopen(result, "w", encoding="utf-8") as file:
            json.dump(run(options), file)
        status = 0
    finally:
        os._exit(status)  # the copy must not return to the loop


def _serve() -> None:
    for line in sys.stdin:
        source, result = os.pipe()
        pid = _copy(result, *json.loads(line))
        os.close(result)
        print(pid, flush=True)
        with os.fdopen(source, encoding="utf-8") as file:
            output = file.read()
        dummy, status = os.waitpid(pid, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), output]), flush=True)


if __name__ == "__main__":
    _serve()
