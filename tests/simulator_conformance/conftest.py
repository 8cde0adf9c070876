# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: one simulator for all tests, reset before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.process import Simulator

from .api import Api
from .plain_client import ResetClient


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Yield the process. Its standard error must stay empty."""
    with Simulator() as running:
        yield running
        assert running.stderr() == ""


@pytest.fixture
def panel(simulator: Simulator) -> Iterator[Api]:
    """Yield a client of the simulator after a reset."""
    with ResetClient(simulator, Api) as client:
        yield client
