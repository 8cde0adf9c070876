# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Select the tests of this folder with ``-k meta``."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name each test of this folder "meta"."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.extra_keyword_matches.add("meta")
