# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures: a client of the common simulator, reset before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.process import Simulator

from ..plain_client import ResetClient
from .api import Admin


@pytest.fixture
def panel(simulator: Simulator) -> Iterator[Admin]:
    """Yield a client of the simulator after a reset."""
    with ResetClient(simulator, Admin) as client:
        yield client
