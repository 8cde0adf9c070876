# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that survive a crash."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import (
    AppendFile,
    Held,
    LockedFile,
    check_folder,
    replace_file,
)


def test_a_file_is_replaced_whole_and_for_its_owner_only(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text("old")
    replace_file(str(path), "new", "plan", "plan_file")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "plan.json"
    path.write_text("old")

    def full(*dummy: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable_file.os, "pwrite", full)
    with pytest.raises(PanelError) as caught:
        replace_file(str(path), "new", "plan", "plan_file")
    assert "No space left on device" in caught.value.msg
    assert "plan_file" in caught.value.msg
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_is_not_followed(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="link"):
        AppendFile(str(tmp_path / "link"))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("where", ["missing/plan.json", "."])
def test_a_place_that_takes_no_file_is_refused_beforehand(tmp_path, where):
    with pytest.raises(PanelError, match="results_file"):
        check_folder(str(tmp_path / where), "results_file")


def test_one_process_holds_a_file_at_a_time(tmp_path):
    path = str(tmp_path / "lock")
    first = LockedFile(path)
    with pytest.raises(Held):
        LockedFile(path)
    first.close()
    LockedFile(path).close()


def test_what_was_appended_is_there_and_no_more(tmp_path, monkeypatch):
    path = tmp_path / "journal"
    file = AppendFile(str(path))
    file.append("one")
    real = os.pwrite
    left = [3]

    def nearly_full(descriptor: int, content: bytes, offset: int) -> int:
        if not left:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, content[: left.pop()], offset)

    with monkeypatch.context() as patch:
        patch.setattr(durable_file.os, "pwrite", nearly_full)
        with pytest.raises(OSError, match="No space"):
            file.append("two is too long")
    assert path.read_text() == "one\n"
    file.append("three")
    file.close()
    assert path.read_text() == "one\nthree\n"


def test_lines_of_many_threads_stay_whole_and_share_the_wait(tmp_path, monkeypatch):
    path = tmp_path / "journal"
    file = AppendFile(str(path))
    waits = []
    real = os.fsync
    monkeypatch.setattr(durable_file.os, "fsync", lambda d: (waits.append(d), real(d))[1])

    def write(number: int) -> None:
        for turn in range(20):
            file.append(f"{number}-{turn}-" + "x" * 100)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    lines = path.read_text().splitlines()
    desired = {f"{n}-{turn}-" + "x" * 100 for n in range(8) for turn in range(20)}
    assert set(lines) == desired
    assert len(lines) == 160
    assert 0 < len(waits) <= 160
