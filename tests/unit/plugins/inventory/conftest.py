# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the inventory tests: panels without a network, and source files that are parsed."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _server_cache
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import (
    FakeNetwork,
    Network,
    Sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock


@pytest.fixture
def kinds() -> tuple[type[FakeNetwork], type[Sources]]:
    """Return the network and the source files of VirtFusion. Tests of other plugins override it."""
    return Network, Sources


@pytest.fixture
def network(
    kinds: tuple[type[FakeNetwork], type[Sources]], monkeypatch: pytest.MonkeyPatch
) -> FakeNetwork:
    """The panels that there are."""
    found = kinds[0]()
    monkeypatch.setattr(runner, "RequestsBackend", found.backend)
    return found


@pytest.fixture
def sources(
    kinds: tuple[type[FakeNetwork], type[Sources]],
    tmp_path: Path,
    network: FakeNetwork,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Sources:
    """Parses source files."""
    monkeypatch.setattr(_server_cache.ServerCache.__init__, "__defaults__", (clock.time,))
    monkeypatch.setattr(constants, "INVENTORY_ANY_UNPARSED_IS_FAILED", False)
    return kinds[1](tmp_path, network)
