# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the bulk action against a simulator; as a program of its own, one that can be killed.

`python -m tests.simulator_conformance.fleet_process OPTIONS` takes the options as JSON and prints the result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fleet.fleet_module import (
    FleetModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fleet.stop import Stop
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.dialect import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_packages import (
    OPTIONS,
    ServerPackages,
)

FLEET = FleetModule(VIRTFUSION, ServerPackages, CONNECTION + OPTIONS)


def run(options: dict[str, Any], *, check_mode: bool = False) -> tuple[dict[str, Any], bool]:
    """Carry the action out here; return its result, and whether it failed."""
    params = {name: rule.get("default") for name, rule in FLEET.arguments.options.items()}
    return FLEET.carry_out({**params, **options}, check_mode=check_mode, show=None, stop=Stop())


def start(options: dict[str, Any]) -> subprocess.Popen[str]:
    """Carry the action out in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, json.dumps(options)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))
