# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulator for all tests here; each test finds it freshly reset."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.process import Simulator

from .api import Api
from .plain_client import ResetClient


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """The process. It must end without having written anything to standard error."""
    with Simulator() as running:
        yield running
        assert running.stderr() == ""


@pytest.fixture
def panel(simulator: Simulator) -> Iterator[Api]:
    """A client of the freshly reset simulator."""
    with ResetClient(simulator, Api) as client:
        yield client
