# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: a simulated panel with real SSH servers behind its servers, reset before each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ci_server.pipelines import Pipelines
from tests.simulator.process import Simulator
from tests.simulator.sshd import SshUnavailable, find_sshd
from tests.simulator_conformance.api import Api
from tests.simulator_conformance.plain_client import ResetClient


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Yield the process. Its standard error must stay empty."""
    try:
        find_sshd()
    except SshUnavailable as missing:
        pytest.skip(str(missing))
    with Simulator(servers=8, ssh=True) as running:
        yield running
        assert running.stderr() == ""


@pytest.fixture
def panel(simulator: Simulator) -> Iterator[Api]:
    """Yield a client of the simulator after a reset."""
    with ResetClient(simulator, Api) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose name has a space and a percent sign."""
    path = tmp_path / "a folder 100%"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def pipelines(simulator: Simulator, tmp_path: Path) -> Iterator[Pipelines]:
    """Yield pipelines of a panel whose records and responses have one clock."""
    made = Pipelines(simulator, tmp_path)
    made.begin_afresh()
    yield made
    made.end()
