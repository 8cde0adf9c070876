# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker whose parent ends, as early as it may."""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.connection import Connection

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import ProcessStop, Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S

FORK = multiprocessing.get_context("fork")


def _worker(parent: int, tell: Connection, until_orphaned: bool) -> None:
    """Look for a reason to stop, once the parent has ended if it does."""
    while until_orphaned and os.getppid() == parent:
        time.sleep(0.001)
    stop = ProcessStop()
    tell.send((stop.asked, stop.reason))
    os._exit(0)


def _asked(*, parent_ends: bool) -> tuple[bool, Reason | None]:
    """Start a worker from a process of its own; return what it finds."""
    here, there = FORK.Pipe()

    def parent() -> None:
        worker = FORK.Process(target=_worker, args=(os.getpid(), there, parent_ends))
        worker.start()
        if not parent_ends:
            worker.join()
        os._exit(0)

    process = FORK.Process(target=parent)
    process.start()
    assert here.poll(WATCHDOG_S)
    found: tuple[bool, Reason | None] = here.recv()
    process.join()
    return found


@pytest.mark.parametrize(
    ("parent_ends", "found"), [(True, (True, Reason.INTERRUPTED)), (False, (False, None))]
)
def test_a_worker_notices_that_its_parent_ended_earlier(parent_ends, found):
    assert _asked(parent_ends=parent_ends) == found


def test_a_process_that_is_not_a_worker_watches_its_parent():
    assert not ProcessStop().asked


@pytest.mark.parametrize("method", ["spawn", "forkserver", None])
def test_only_a_fork_has_the_recorded_parent(monkeypatch, method):
    class Recorded:
        pid = os.getppid() + 1

    class Current:
        _start_method = method

    monkeypatch.setattr(multiprocessing, "parent_process", Recorded)
    monkeypatch.setattr(multiprocessing, "current_process", Current)
    assert not ProcessStop().asked
