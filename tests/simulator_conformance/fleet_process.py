# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the bulk action against a simulator, in this process or in one that can be killed.

`python -m tests.simulator_conformance.fleet_process OPTIONS TROUBLE` takes both as JSON and prints the
result. TROUBLE holds the arguments of `Trouble`.
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


def start(options: dict[str, Any], failed_attempt: Trouble | None = None) -> subprocess.Popen[str]:
    """Run the action in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [
        *(sys.executable, "-m", __spec__.name if __spec__ else __name__),
        *(json.dumps(options), json.dumps(asdict(failed_attempt or Trouble()))),
    ]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    Trouble(**json.loads(sys.argv[2])).prepare(Path(given["journal"]))
    print(json.dumps(run(given)))
