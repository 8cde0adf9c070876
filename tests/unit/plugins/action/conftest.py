# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for the tests of the actions for CI servers."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import CiActions


@pytest.fixture
def ci(tmp_path):
    """Return the actions for CI servers on a panel of their own."""
    return CiActions(tmp_path)


@pytest.fixture
def server(ci):
    """Return the function that runs virtfusion_ci_server."""
    return ci.server
