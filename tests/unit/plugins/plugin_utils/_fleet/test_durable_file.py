# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that survive a crash."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import (
    AppendFile,
    Held,
    LockedFile,
    append_line,
    check_folder,
    make_folder,
    read_file,
    replace_file,
    unchanging,
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


# --- what other users put in the way ---------------------------------------------------------


def _unchanging(path: str) -> None:
    with unchanging(path, "journal", "rollback"):
        pass


#: Each way in which an existing file is used.
USES: dict[str, Callable[[str], object]] = {
    "read": lambda path: read_file(path, "plan", "plan_file"),
    "held": lambda path: LockedFile(path).close(),
    "appended": lambda path: AppendFile(path).close(),
    "kept from others": _unchanging,
    "appended once": lambda path: append_line(path, 0, "line"),
}


def _message(use: str, path: Path) -> str:
    """Return why a file is refused."""
    with pytest.raises((PanelError, OSError)) as caught:
        USES[use](str(path))
    return str(caught.value)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o664])
def test_a_file_that_others_can_write_to_is_refused(tmp_path, use, mode):
    path = tmp_path / "file"
    path.write_text("{}")
    path.chmod(mode)
    message = _message(use, path)
    assert f"other users can write to it (mode 0{mode:o})" in message
    assert "chmod go-w" in message
    assert path.read_text() == "{}"


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("owner", "me"), [(1000, 0), (1001, 1000)])
def test_a_file_of_another_user_is_refused_also_by_root(tmp_path, monkeypatch, use, owner, me):
    path = tmp_path / "file"
    path.write_text("{}")
    _owned_by(monkeypatch, owner, me)
    message = _message(use, path)
    assert f"it belongs to the user {durable_file._user(owner)}, and must belong to" in message
    assert path.read_text() == "{}"


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("owner", "me"), [(0, 0), (0, 1000), (1000, 1000)])
def test_a_file_of_ones_own_or_of_root_is_used(tmp_path, monkeypatch, use, owner, me):
    path = tmp_path / "file"
    path.write_text("{}")
    path.chmod(0o644)
    _owned_by(monkeypatch, owner, me)
    USES[use](str(path))


def _owned_by(monkeypatch: pytest.MonkeyPatch, owner: int, me: int) -> None:
    """Let all files belong to one user, and this process be another."""
    real = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        there = list(real(descriptor))
        there[stat.ST_UID] = owner
        return os.stat_result(there)

    monkeypatch.setattr(durable_file.os, "fstat", fstat)
    monkeypatch.setattr(durable_file.os, "geteuid", lambda: me)


@pytest.mark.parametrize("use", USES)
def test_a_pipe_in_place_of_a_file_does_not_block(tmp_path, use):
    path = tmp_path / "pipe"
    os.mkfifo(path, 0o600)
    assert _message(use, path)


@pytest.mark.parametrize("use", [use for use in USES if use != "read"])
def test_a_folder_at_the_place_of_a_file_is_refused(tmp_path, use):
    assert _message(use, tmp_path)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_only_a_file_is_replaced(tmp_path, make):
    path = tmp_path / "results.json"
    make(path)
    with pytest.raises(PanelError, match="not a regular file"):
        replace_file(str(path), "new", "results", "results_file")
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(PanelError, match="results_file"):
        check_folder(str(path), "results_file")


def test_a_new_file_has_an_unguessable_name(tmp_path, monkeypatch):
    path, elsewhere = tmp_path / "plan.json", tmp_path / "elsewhere"
    path.write_text("old")
    path.chmod(0o666)
    taken = tmp_path / f".{'ab' * 16}.new"
    taken.symlink_to(elsewhere)
    with monkeypatch.context() as patch:
        patch.setattr(durable_file.secrets, "token_hex", lambda size: "ab" * size)
        with pytest.raises(PanelError, match="File exists"):
            replace_file(str(path), "new", "plan", "plan_file")
    assert (path.read_text(), elsewhere.exists(), taken.is_symlink()) == ("old", False, True)
    names = set()
    real = os.open
    monkeypatch.setattr(
        durable_file.os, "open", lambda name, *rest: (names.add(str(name)), real(name, *rest))[1]
    )
    for _again in range(2):
        replace_file(str(path), "new", "plan", "plan_file")
    assert len([name for name in names if name.endswith(".new")]) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_and_its_parents_are_made_for_their_owner_only(tmp_path):
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    make_folder(str(there / "a" / "b"), "state_dir")
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (there, there / "a", there / "a/b")]
    assert modes == [0o755, 0o700, 0o700]
    make_folder(str(there / "a" / "b"), "state_dir")
    (there / "file").touch()
    with pytest.raises(PanelError, match="state_dir"):
        make_folder(str(there / "file"), "state_dir")


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_no_file_can_have_is_a_mistake_in_the_option(tmp_path, name):
    path = str(tmp_path / name)
    for use in (
        lambda: read_file(path, "plan", "plan_file"),
        lambda: replace_file(path, "new", "plan", "plan_file"),
        lambda: make_folder(path, "plan_file"),
    ):
        with pytest.raises(PanelError, match="check plan_file"):
            use()
