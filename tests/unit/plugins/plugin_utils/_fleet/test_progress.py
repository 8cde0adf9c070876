# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operator sees."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.progress import (
    Progress,
    duration,
)


def test_lines_come_at_the_start_seldom_and_at_the_end(clock):
    lines: list[str] = []
    progress = Progress("toys", "things", lines.append, clock, every_s=5)
    progress.planned(100, "100 things to change", [1, 99], 10)
    for done in range(0, 100, 10):
        progress.tick(done, f"{done} changed", "batch 2 of 2")
        clock.sleep(1)
    progress.ended(100, "100 changed", "")
    assert lines == [
        "toys: 100 things to change; batches of 1, 99; 10 at a time",
        "toys: 50 of 100 things (50 changed), batch 2 of 2, 10.0/s, about 5 s left",
        "toys: ended: 100 changed, in 10 s, 10.0/s",
    ]


def test_before_the_first_is_done_nothing_is_promised(clock):
    lines: list[str] = []
    progress = Progress("toys", "things", lines.append, clock)
    progress.planned(100, "", [100], 10)
    clock.sleep(6)
    progress.tick(0, "nothing", "batch 1 of 1")
    assert lines[-1].endswith("waiting for the first")


def test_a_stopped_run_has_its_reason(clock):
    lines: list[str] = []
    Progress("toys", "things", lines.append, clock).ended(0, "2 skipped", "SIGTERM was received")
    assert lines == ["toys: stopped (SIGTERM was received): 2 skipped, in 0 s"]


def test_many_batches_do_not_fill_the_screen(clock):
    lines: list[str] = []
    Progress("toys", "things", lines.append, clock).planned(99, "", list(range(1, 40)), 1)
    assert "1, 2, 3, 4, 5, 6, 7, 8, …;" in lines[0]


def test_no_output_is_required(clock):
    Progress("toys", "things", None, clock).say("hello")


@pytest.mark.parametrize(
    ("seconds", "message"),
    [(0.4, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (7500, "2 h 5 min"), (3599.6, "1 h 0 min")],
)
def test_a_duration_is_readable(seconds, message):
    assert duration(seconds) == message
