# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two runs of one change do not mix."""

from __future__ import annotations

import errno
import json
import os
import time
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_lock import (
    LockFiles,
    LockHolder,
    RunLock,
    is_held,
    machine_id,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.selection import Shard
from ansible_collections.vpsfleet.panels.tests.unit.support.broken_os import BrokenOs
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FakeClock

ME = LockHolder("ann", "here", "boot-1", 1, "run-1")
OTHER = LockHolder("bob", "there", "boot-2", 2, "run-2")


def _lock(
    path: Path,
    clock,
    owner: LockHolder = ME,
    *,
    force: bool = False,
    shard: Shard | None = None,
) -> RunLock:
    return RunLock(LockFiles(path.parent, path.stem, shard), owner, clock, ttl_s=300, force=force)


def test_the_second_run_shows_the_lock_holder(tmp_path, clock):
    with _lock(tmp_path / "run.lock", clock, OTHER):
        with pytest.raises(PanelError) as caught, _lock(tmp_path / "run.lock", clock):
            pass
        assert caught.value.code is Code.LOCKED
        assert "bob on there (process 2)" in caught.value.msg
        assert "force_unlock" in caught.value.msg
    with _lock(tmp_path / "run.lock", clock) as mine:
        assert mine.lost() is None


def test_a_discarded_lock_leaves_no_file_and_is_free(tmp_path, clock):
    first = _lock(tmp_path / "run.lock", clock).__enter__()
    with pytest.raises(PanelError), _lock(tmp_path / "run.lock", clock, OTHER):
        pass
    first.discard()
    assert list(tmp_path.iterdir()) == []
    with _lock(tmp_path / "run.lock", clock, OTHER) as second:
        first.discard()
        assert second.lost() is None
        assert (tmp_path / "run.lock").exists()


@pytest.mark.parametrize("host", ["here", "a-container", None])
def test_the_file_of_a_dead_run_of_this_machine_is_not_a_lock(tmp_path, clock, host):
    path = tmp_path / "run.lock"
    mark = {**vars(OTHER), "host": host, "machine": ME.machine}
    path.write_text(json.dumps({**mark, "renewed": clock.time(), "ttl_s": 300}))
    with _lock(path, clock) as mine:
        assert mine.lost() is None


@pytest.mark.parametrize("host", ["there", "here"])
def test_what_another_machine_left_counts_until_it_is_old(tmp_path, clock, host):
    path = tmp_path / "run.lock"
    mark = {**vars(OTHER), "host": host, "renewed": clock.time(), "ttl_s": 300}
    path.write_text(json.dumps(mark))
    clock.sleep(299)
    with pytest.raises(PanelError), _lock(path, clock):
        pass
    assert json.loads(path.read_text()) == mark
    clock.sleep(2)
    with _lock(path, clock):
        assert json.loads(path.read_text())["user"] == "ann"


def test_a_look_at_a_lock_says_what_a_run_would_meet_and_writes_nothing(tmp_path, clock):
    path = tmp_path / "run.lock"
    assert not is_held(str(path), clock)
    assert list(tmp_path.iterdir()) == []
    with _lock(path, clock):
        assert is_held(str(path), clock)
    assert not is_held(str(path), clock)
    mark = json.dumps({**vars(OTHER), "renewed": clock.time(), "ttl_s": 300})
    path.write_text(mark)
    assert is_held(str(path), clock)
    clock.sleep(301)
    assert not is_held(str(path), clock)
    assert path.read_text() == mark
    path.chmod(0o666)
    with pytest.raises(PanelError) as caught:
        is_held(str(path), clock)
    assert caught.value.code is Code.VALIDATION
    assert "read the lock" in caught.value.msg


def test_a_clock_that_was_set_back_makes_no_lock_old(tmp_path, clock):
    path = tmp_path / "run.lock"
    path.write_text(json.dumps({**vars(OTHER), "renewed": clock.time() + 5000, "ttl_s": 300}))
    with pytest.raises(PanelError), _lock(path, clock):
        pass


def test_a_lock_that_is_forced_is_lost_by_its_holder(tmp_path, clock):
    path = tmp_path / "run.lock"
    with _lock(path, clock, OTHER) as theirs, _lock(path, clock, force=True) as mine:
        assert mine.lost() is None
        assert "force_unlock" in (theirs.lost() or "")
        assert json.loads(path.read_text())["user"] == "ann"
    assert path.read_text() == ""


def test_who_lost_the_lock_does_not_wipe_the_new_mark(tmp_path, clock):
    path = tmp_path / "run.lock"
    theirs = _lock(path, clock, OTHER)
    theirs.__enter__()
    with _lock(path, clock, force=True):
        theirs.__exit__()
        assert json.loads(path.read_text())["user"] == "ann"


def test_the_mark_is_renewed_in_time(tmp_path, clock):
    path = tmp_path / "run.lock"
    with _lock(path, clock) as mine:
        first = json.loads(path.read_text())["renewed"]
        clock.sleep(99)
        assert mine.lost() is None
        assert json.loads(path.read_text())["renewed"] == first
        clock.sleep(2)
        assert mine.lost() is None
        assert json.loads(path.read_text())["renewed"] == clock.time()


def takes(path: Path, clock: FakeClock, run: str = "run-2") -> dict[str, object]:
    """Let another machine take the lock that does not see the lock of the operating system."""
    mark = {**vars(OTHER), "run": run, "renewed": clock.time(), "ttl_s": 300}
    path.write_text(json.dumps(mark))
    return mark


@pytest.mark.parametrize("seconds", [0, 101])
def test_a_lock_that_another_machine_took_in_the_same_file_is_lost(tmp_path, clock, seconds):
    path = tmp_path / "run.lock"
    with _lock(path, clock) as mine:
        inode = path.stat().st_ino
        theirs = takes(path, clock)
        assert path.stat().st_ino == inode
        clock.sleep(seconds)
        assert "another run took the lock" in (mine.lost() or "")
        with pytest.raises(PanelError) as caught:
            mine.check()
        assert caught.value.code is Code.LOCKED
        # The mark of the other run is neither renewed nor removed.
        assert json.loads(path.read_text()) == theirs
    assert json.loads(path.read_text()) == theirs


def test_a_lock_that_another_machine_took_and_released_is_lost(tmp_path, clock):
    path = tmp_path / "run.lock"
    with _lock(path, clock) as mine:
        path.write_text("")
        assert "another run took the lock" in (mine.lost() or "")


def test_a_lock_that_was_not_renewed_in_time_is_lost_for_good(tmp_path, clock):
    path = tmp_path / "run.lock"
    with _lock(path, clock) as mine:
        clock.sleep(299)
        assert mine.lost() is None
        clock.sleep(300)
        assert "was not renewed for 300 seconds" in (mine.lost() or "")
        before = path.read_text()
        assert "was not renewed for 300 seconds" in (mine.lost() or "")
        assert path.read_text() == before


@pytest.mark.parametrize("leap_s", [301, -1_000_000])
def test_a_lock_is_renewed_at_once_after_the_date_was_set_or_the_machine_was_suspended(
    tmp_path, leap_s
):
    """The monotonic clock of a suspended machine stands still."""

    class Leaping(FakeClock):
        leap_s = 0.0

        def time(self) -> float:
            return self.now + self.leap_s

    clock, path = Leaping(), tmp_path / "run.lock"
    with _lock(path, clock) as mine:
        clock.leap_s = leap_s
        assert mine.lost() is None
        mark = json.loads(path.read_text())
        assert mark["renewed"] == clock.time()
        clock.leap_s *= 2
        path.write_text(json.dumps({**mark, "run": "of another machine"}))
        assert "another run took the lock" in (mine.lost() or "")


def test_a_shorter_mark_leaves_nothing_of_a_longer_one(tmp_path, clock):
    """Between the two steps of a write, another machine would find no valid mark, and take the lock."""
    path = tmp_path / "run.lock"
    clock.now += 0.123456
    with _lock(path, clock) as mine:
        first = path.stat().st_size
        clock.now = round(clock.now) + 150
        assert mine.lost() is None
        assert json.loads(path.read_text())["renewed"] == clock.now
        assert path.stat().st_size == first


def test_the_mark_is_renewed_while_the_run_only_waits(tmp_path, clock):
    path = tmp_path / "run.lock"
    files = LockFiles(path.parent, path.stem)
    with RunLock(files, ME, clock, ttl_s=0.06, force=False) as mine:
        clock.now += 0.04
        until = time.monotonic() + WATCHDOG_S
        while json.loads(path.read_text() or "{}").get("renewed") != clock.now:
            assert time.monotonic() < until, "the mark was not renewed"
        assert mine.lost() is None


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "no json", '{"host": "there"}', '{"renewed": "x"}']
)
def test_a_mark_without_data_locks_no_run_out(tmp_path, clock, content):
    path = tmp_path / "run.lock"
    path.write_text(content)
    with _lock(path, clock) as mine:
        assert mine.lost() is None


def test_a_folder_that_is_not_there_is_named(tmp_path, clock):
    with (
        pytest.raises(PanelError, match="check state_dir"),
        _lock(tmp_path / "no" / "run.lock", clock),
    ):
        pass


def test_this_process_is_known():
    me = LockHolder.me("run")
    assert me.pid > 0
    assert me.machine == machine_id()


@pytest.mark.parametrize("number", [errno.ESTALE, errno.EIO, errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("call", ["pwrite", "stat", "fstat", "ftruncate"])
def test_a_lock_that_cannot_be_renewed_is_lost_with_the_reason(
    tmp_path, clock, monkeypatch, number, call
):
    system = BrokenOs(monkeypatch, number, call)
    with _lock(tmp_path / "run.lock", clock) as mine:
        clock.sleep(101)
        system.broken = True
        assert f"cannot be renewed: {os.strerror(number)}" in (mine.lost() or "")


@pytest.mark.parametrize("content", ['{"renewed": NaN}', "[" * 100_000, '{"host": "\\ud800"}'])
def test_a_mark_that_is_not_json_locks_no_run_out(tmp_path, clock, content):
    (tmp_path / "run.lock").write_text(content)
    with _lock(tmp_path / "run.lock", clock) as mine:
        assert mine.lost() is None


def test_a_lock_that_cannot_be_marked_is_let_go(tmp_path, clock, monkeypatch):
    system = BrokenOs(monkeypatch, errno.ENOSPC, "pwrite")
    system.broken = True
    with pytest.raises(PanelError, match="No space left"), _lock(tmp_path / "run.lock", clock):
        pass
    system.broken = False
    with _lock(tmp_path / "run.lock", clock) as mine:
        assert mine.lost() is None
