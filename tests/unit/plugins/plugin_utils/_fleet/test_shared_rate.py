# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One rate for all threads and all processes."""

from __future__ import annotations

import platform
import subprocess
import sys
import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import SystemClock
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import run_lock, shared_rate
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_lock import machine_id
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.shared_rate import (
    SharedRate,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FrozenClock


def test_two_runs_take_turns(tmp_path):
    clock, path = FrozenClock(100.0), str(tmp_path / "rate")
    first, second = SharedRate(10, clock, path), SharedRate(10, clock, path)
    waits = [first.acquire(), second.acquire(), first.acquire(), second.acquire()]
    assert waits == pytest.approx([0, 0.1, 0.2, 0.3])


def test_runs_with_different_rates_each_leave_their_own_space(tmp_path):
    clock, path = FrozenClock(100.0), str(tmp_path / "rate")
    slow, quick = SharedRate(1, clock, path), SharedRate(10, clock, path)
    waits = [slow.acquire(), quick.acquire(), quick.acquire(), slow.acquire()]
    assert waits == pytest.approx([0, 1.0, 1.1, 1.2])


def test_without_a_limit_no_file_is_used(tmp_path):
    assert SharedRate(0, FrozenClock(), str(tmp_path / "rate")).acquire() == 0.0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "nan", "inf", "-5", "words", "1e9", "99.0"])
def test_an_invalid_rate_file_causes_no_wait(tmp_path, content):
    path = tmp_path / f"rate.{machine_id()}"
    path.write_text(content)
    assert SharedRate(10, FrozenClock(100.0), str(tmp_path / "rate")).acquire() == 0.0
    assert float(path.read_text()) == pytest.approx(100.1)


def test_machines_that_share_a_folder_have_a_rate_of_their_own(tmp_path, monkeypatch):
    here, there = FrozenClock(100.0), FrozenClock(90_000.0)
    path = str(tmp_path / "rate")
    first = SharedRate(10, here, path)
    monkeypatch.setattr(shared_rate, "machine_id", lambda: "another")
    other = SharedRate(10, there, path)
    waits = [first.acquire(), other.acquire(), first.acquire(), other.acquire(), first.acquire()]
    assert waits == pytest.approx([0, 0, 0.1, 0.1, 0.2])
    assert len(list(tmp_path.iterdir())) == 2


def test_a_machine_without_a_boot_id_is_known_by_its_name(tmp_path, monkeypatch):
    assert machine_id() == machine_id() != ""
    monkeypatch.setattr(run_lock, "_BOOT_ID", tmp_path / "missing")
    assert machine_id() == platform.node()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PanelError, match="check state_dir"):
        SharedRate(10, FrozenClock(), str(tmp_path / "no" / "rate")).acquire()


def test_threads_get_slots_of_their_own(tmp_path):
    clock = FrozenClock(100.0)
    rate = SharedRate(10, clock, str(tmp_path / "rate"))
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda: waits.extend(rate.acquire() for dummy in range(25)))
        for dummy in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([n / 10 for n in range(200)])


_PROCESS = """
import sys
sys.path[:0] = {path!r}
from {name} import SharedRate
from {clock} import SystemClock
rate = SharedRate(100, SystemClock(), {file!r})
for dummy in range(20):
    rate.acquire()
"""


def test_processes_share_the_rate(tmp_path):
    code = _PROCESS.format(
        path=[entry for entry in sys.path if entry],
        name=SharedRate.__module__,
        clock=SystemClock.__module__,
        file=str(tmp_path / "rate"),
    )
    begun = SystemClock().monotonic()
    running = [subprocess.Popen([sys.executable, "-c", code]) for dummy in range(3)]
    assert [process.wait(WATCHDOG_S) for process in running] == [0, 0, 0]
    # Sixty requests at a hundred a second, however they are spread.
    assert SystemClock().monotonic() - begun >= 0.59
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
