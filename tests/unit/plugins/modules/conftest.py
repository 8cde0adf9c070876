# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the module tests."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.modules import ModuleRunner


@pytest.fixture
def modules(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> ModuleRunner:
    """Runs modules in this process."""
    return ModuleRunner(capsys, monkeypatch)
