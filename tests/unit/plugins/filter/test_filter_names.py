# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that each filter plugin defines the filter that its file is named after."""

from __future__ import annotations

import importlib

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import PLUGINS, ROOT


def test_each_file_defines_the_filter_of_its_name():
    names = sorted(path.stem for path in (PLUGINS / "filter").glob("*.py"))
    assert names
    for name in names:
        plugin = importlib.import_module(f"{ROOT}plugins.filter.{name}")
        assert plugin.FilterModule().filters() == {name: getattr(plugin, name)}, name
