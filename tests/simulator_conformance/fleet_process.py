# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the bulk action against a simulator; as a program of its own, one that can be killed.

`python -m tests.simulator_conformance.fleet_process OPTIONS [BYTES]` takes the options as JSON and prints
the result; no file of the process can grow beyond so many bytes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.waiting import (
    Clock,
    SystemClock,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.fleet_module import (
    FleetModule,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtfusion.server_packages import (
    OPTIONS,
    ServerPackages,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtfusion.server_rollback import (
    ServerRollback,
)

FLEET = FleetModule(VIRTFUSION, ServerPackages, ServerRollback, CONNECTION + OPTIONS)


class Hurry(SystemClock):
    """A clock that runs faster than the machine's.

    :param rate: how many times.
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
    """Carry the action out here; return its result, and whether it failed."""
    params = {name: rule.get("default") for name, rule in FLEET.arguments.options.items()}
    return FLEET.execute(
        {**params, **options},
        check_mode=check_mode,
        show=None,
        stop=Stop(),
        clock=clock,
    )


def start(options: dict[str, Any], *, file_size: int | None = None) -> subprocess.Popen[str]:
    """Carry the action out in a process of its own.

    :param file_size: bytes beyond which no file of it can grow, as on a disk that is full.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, json.dumps(options)]
    if file_size is not None:
        command.append(str(file_size))
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    print(json.dumps(run(json.loads(sys.argv[1]))))
