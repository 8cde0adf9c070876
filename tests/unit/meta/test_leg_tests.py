# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that each older leg runs the tests of what it can change."""

from __future__ import annotations

import functools
import os
import subprocess
import sys

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    TOP,
    imports_of,
    name_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

TESTS = TOP / "tests" / "unit" / "plugins"
#: What a file imports, so that the leg must run its tests.
MATTERS = {
    "core": {"ansible", "jinja2"},
    "floor": {"ansible", "jinja2", "requests", "urllib3", "ssl", "socket", "fcntl", "signal", "os"},
}


@functools.cache
def selected(leg: str) -> frozenset[str]:
    """Return the test files that ci/leg_tests.py selects."""
    command = [sys.executable, str(TOP / "ci" / "leg_tests.py"), leg]
    environment = {**os.environ, "TOP": str(TOP)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return frozenset(done.stdout.splitlines())


@pytest.mark.parametrize("leg", MATTERS)
def test_a_leg_runs_the_tests_of_what_it_can_change(leg):
    expected = {
        f"tests/unit/{name_of(path.parent)}/test_{path.name.lstrip('_')}"
        for path in sources(PLUGINS)
        if {dotted.split(".")[0] for dotted in imports_of(path)} & MATTERS[leg]
    }
    expected |= {name_of(path) for path in (TESTS / "modules").glob("test_*.py")}
    there = {name for name in expected if (TOP / name).exists()}
    assert len(there) > 50
    refuse(there - selected(leg), f"ci/leg_tests.py must select these files for {leg}:")


def test_the_floor_runs_what_another_core_runs_and_no_leg_runs_all():
    everything = {name_of(path) for path in TESTS.rglob("test_*.py")}
    assert selected("core") < selected("floor") < everything
