# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: a simulated panel, nodes that run jobs, and an AWX that can take the content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.awx.jobs import Node
from tests.awx.stand_in import StandIn
from tests.simulator.process import Simulator

#: Servers of the panel.
SERVERS = 24


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Yield the process. Its standard error must stay empty."""
    with Simulator(servers=SERVERS) as running:
        yield running
        assert running.stderr() == ""


@pytest.fixture
def panel(simulator: Simulator) -> Simulator:
    """Return the simulator after a reset."""
    simulator.control.reset(servers=SERVERS)
    simulator.control.clear_log()
    simulator.control.clear_faults()
    return simulator


@pytest.fixture
def disk() -> Iterator[Path]:
    """Yield a folder that is mounted into jobs. It is not in /tmp, which a container has for itself."""
    folder = tempfile.mkdtemp(prefix="vpsfleet-awx-", dir="/var/tmp")
    yield Path(folder)
    shutil.rmtree(folder)


@pytest.fixture
def node_of(panel: Simulator, tmp_path: Path) -> Iterator[Callable[[Path], Node]]:
    """Yield a function that makes a node with this folder mounted."""
    nodes: list[Node] = []
    credential = {"VIRTFUSION_API_URL": panel.url, "VIRTFUSION_API_TOKEN": panel.token}

    def node(runs: Path) -> Node:
        top = tmp_path / f"node-{len(list(tmp_path.iterdir()))}"
        top.mkdir()
        runs.mkdir(exist_ok=True)
        state = {"vps_fleet_state_dir": str(runs / "state")}
        nodes.append(Node(top, runs, credential, variables=state))
        return nodes[-1]

    yield node
    for each in nodes:
        each.close()


@pytest.fixture
def node(node_of: Callable[[Path], Node], disk: Path) -> Node:
    """Return the only node."""
    return node_of(disk / "node")


@pytest.fixture
def awx() -> Iterator[StandIn]:
    """Yield an AWX that can take the content."""
    with StandIn() as stand_in:
        stand_in.show_paths = ["/var/lib/fleet:/var/lib/fleet:rw"]
        for name in ("a", "b"):
            stand_in.data.add("instance_groups", {"name": name})
        yield stand_in
