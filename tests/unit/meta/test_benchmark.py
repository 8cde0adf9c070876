# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that the benchmark's table shows the measurements, and that only a full run changes the documentation."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.benchmark.figures import Figure, Goal, ratios
from ansible_collections.vpsfleet.panels.tests.benchmark.report import (
    as_rst,
    as_text,
    write_docs,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

PAGE = TOP / "docs" / "docsite" / "rst" / "guide_fleet_benchmark.rst"

FIGURES = [
    Figure("bulk / bare threads", "50 ms", [1.3, 1.1, 1.2], goal=Goal(1.25)),
    Figure("uri loop / bulk", "50 ms", [120.4], goal=Goal(150, at_least=True)),
    Figure("memory", "10,000 servers", [131.0, 133.0], unit="MB", goal=Goal(150)),
    Figure("bulk / asyncio", "0 ms", []),
]


def results(*, quick: bool = False):
    """What the benchmark leaves behind."""
    return {
        "quick": quick,
        "circumstances": {"processors": 2},
        "figures": [figure.to_plain() for figure in FIGURES],
    }


def test_a_goal_is_a_bound_of_the_median():
    assert [figure.median for figure in FIGURES] == [1.2, 120.4, 132.0, None]
    assert [figure.reached for figure in FIGURES] == [True, False, True, None]
    assert Goal(1.25).reached(1.25)
    assert not Goal(1.25).reached(1.26)


def test_runs_are_compared_one_by_one():
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    with pytest.raises(ValueError):
        ratios([1.0], [1.0, 2.0])


def test_the_table_has_a_line_for_each_figure():
    lines = as_text(results()).splitlines()
    assert lines[0] == "processors 2"
    assert [line.split("  ")[0] for line in lines[4:]] == [figure.name for figure in FIGURES]
    assert lines[4].split()[-6:] == ["1.1", "to", "1.3,", "3", "runs", "yes"]
    assert lines[5].endswith("no")
    assert "≤ 150 MB" in lines[6]
    assert "132 MB" in lines[6]
    assert "unknown on this machine" in lines[7]


def test_the_page_has_a_place_for_the_table(tmp_path):
    page = tmp_path / "page.rst"
    page.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    write_docs(results(), page)
    written = page.read_text(encoding="utf-8")
    assert as_rst(results()) in written
    write_docs(results(), page)
    assert page.read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("quick", "content", "message"),
    [(True, ".. results begin\n.. results end\n", "quick run"), (False, "nothing", "has no lines")],
)
def test_other_text_does_not_change_the_page(tmp_path, quick, content, message):
    page = tmp_path / "page.rst"
    page.write_text(content)
    with pytest.raises(ValueError, match=message):
        write_docs(results(quick=quick), page)
    assert page.read_text() == content
