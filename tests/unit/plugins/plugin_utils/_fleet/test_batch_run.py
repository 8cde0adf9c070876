# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the worker threads of a run, and the thread that watches them."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.batch_run import (
    work_through,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S


def test_each_item_is_worked_on_once_and_never_too_many_at_a_time():
    seen: list[int] = []
    lock = threading.Lock()
    now, peak = [0], [0]
    three = threading.Barrier(3, timeout=WATCHDOG_S)

    def work(item: int) -> None:
        with lock:
            now[0] += 1
            peak[0] = max(peak[0], now[0])
        three.wait()
        with lock:
            seen.append(item)
            now[0] -= 1

    work_through(range(30), work, 3, Stop(), lambda: None)
    assert sorted(seen) == list(range(30))
    assert peak[0] == 3


def test_after_a_stop_nothing_begins_and_what_has_begun_ends():
    stop, seen = Stop(), []

    def work(item: int) -> None:
        if item == 3:
            stop.ask(Reason.INTERRUPTED, "enough")
        seen.append(item)

    work_through(range(30), work, 1, stop, lambda: None)
    assert seen == [0, 1, 2, 3]


def test_the_watchman_is_awake_while_one_hangs():
    stop, released = Stop(), threading.Event()
    looks: list[int] = []
    seen: list[int] = []

    def work(item: int) -> None:
        if item == 0:
            assert released.wait(WATCHDOG_S)
        seen.append(item)

    def watch() -> None:
        looks.append(len(seen))
        if looks.count(19) >= 2:  # all others were done in the meantime
            released.set()

    work_through(range(20), work, 2, stop, watch)
    assert sorted(seen) == list(range(20))


def test_a_defect_comes_out_and_the_others_end():
    seen: list[int] = []

    def work(item: int) -> None:
        if item == 2:
            raise RuntimeError("defect")
        seen.append(item)

    with pytest.raises(RuntimeError, match="defect"):
        work_through(range(1000), work, 1, Stop(), lambda: None)
    assert seen == [0, 1]


def test_a_stop_keeps_its_first_reason():
    stop = Stop()
    assert (stop.asked, stop.reason, stop.message) == (False, None, "")
    stop.ask(Reason.DEADLINE, "late")
    stop.ask(Reason.INTERRUPTED, "signal")
    assert (stop.asked, stop.reason, stop.message) == (True, Reason.DEADLINE, "late")
