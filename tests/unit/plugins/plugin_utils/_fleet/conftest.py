# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests of the bulk engine."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.file_server import FileServer


@pytest.fixture
def server():
    """Return a file server that is a store of runs."""
    with FileServer() as running:
        yield running
