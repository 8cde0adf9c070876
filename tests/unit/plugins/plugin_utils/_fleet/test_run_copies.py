# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies of runs in a store: whatever node continues a run, no accepted write is forgotten or repeated."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import LockedFile
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal_loss import unsealed
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_copies import RunCopies
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    store_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)

BATCHES = ["1", "3", "100%"]


class Died(BaseException):
    """The process is killed: nothing after it happens."""


@pytest.fixture(params=["folder", "http"])
def store(request, tmp_path):
    """Return a function that opens the store, as each job does."""
    if request.param == "folder":
        return lambda: folder_store(tmp_path / "store")
    server = request.getfixturevalue("server")
    params = {"run_store": f"{server.url}/fleet/?sig=s3cret", "run_store_token": None}
    return lambda: store_of(params, FakeClock())


@pytest.fixture
def toys():
    return ToyPanel([1] * 8)


@pytest.fixture
def node(toys, tmp_path, store):
    """Return a function that returns the folder of the run on a node."""

    def on(name: str) -> ToyFolder:
        (tmp_path / name).mkdir(exist_ok=True)
        folder = ToyFolder(toys, tmp_path / name)
        folder.store = store()
        return folder

    return on


def die_at(toys: ToyPanel, number: int, *, written: bool = False) -> None:
    """Kill the process at a write: before it, or after it took effect and before its outcome is recorded."""

    def die(dummy) -> None:
        if sum(toys.writes.values()) + (0 if written else 1) == number:
            raise Died

    setattr(toys, "after" if written else "before", die)


def revive(toys: ToyPanel) -> None:
    toys.before = toys.after = lambda dummy: None


# --- from one node to another -------------------------------------------------------------------------


def test_another_node_applies_the_plan(node, toys):
    approved = node("one").planned()
    other = node("two")
    result = other.step("apply", plan_sha256=approved)
    assert (result["run_state"], result["totals"]["changed"]) == ("finished", 8)
    assert {"plan.json", "journal", "report.json", "report.html"} <= set(other.files)


def test_the_time_of_fetching_is_no_event_of_the_run_that_died(node, toys):
    run = node("one")
    approved = run.planned(batches=BATCHES)
    die_at(toys, 3)
    with pytest.raises(Died):
        run.step("apply", plan_sha256=approved)
    other = node("two")
    RunCopies(other.store, other.folder).fetch("2099-01-01T00:00:00.000+00:00")
    assert b"2099-01-01" in (other.path / "journal").read_bytes()
    (window,) = other.folder.windows()
    assert window.last == run.folder.windows()[0].batches[0].ended
    assert "2099" not in json.dumps(window.to_plain())


@pytest.mark.parametrize("written", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("number", range(1, 9))
def test_another_node_resumes_a_run_that_died_at_any_write(node, toys, number, written):
    run = node("one")
    approved = run.planned(batches=BATCHES)
    die_at(toys, number, written=written)
    with pytest.raises(Died):
        run.step("apply", plan_sha256=approved)
    revive(toys)
    other = node("two")
    result = other.step("resume")
    assert (result["run_state"], result["totals"]["changed"]) == ("finished", 8)
    # A server that was written to before its outcome was stored is read, and not written again.
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)


@pytest.mark.parametrize("number", [1, 2, 4, 6, 8])
def test_another_node_rolls_back_every_write_of_a_run_that_died(node, toys, number):
    run = node("one")
    approved = run.planned(batches=BATCHES)
    die_at(toys, number, written=True)
    with pytest.raises(Died):
        run.step("apply", plan_sha256=approved)
    revive(toys)
    assert list(toys.sizes.values()).count(10) == number
    other = node("two")
    other.fetched()
    back = other.rollback()
    approved = json.loads((back.path / "plan.json").read_text())["sha256"]
    back.step("apply", plan_sha256=approved)
    assert list(toys.sizes.values()) == [1] * 8
    assert other.state is RunState.ROLLED_BACK


def test_a_third_node_continues_the_rollback(node, toys):
    run = node("one")
    run.applied()
    back = run.rollback()
    approved = json.loads((back.path / "plan.json").read_text())["sha256"]
    toys.writes.clear()
    die_at(toys, 3, written=True)
    with pytest.raises(Died):
        back.step("apply", plan_sha256=approved)
    revive(toys)
    third = node("three")
    third.fetched()
    assert third.state is RunState.ROLLED_BACK
    again = third.inside(back.path.name)
    assert again.step("resume")["run_state"] == "finished"
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)
    assert "a rollback of its run has begun" in third.refusal("resume").msg


def test_the_copy_is_renewed_after_each_batch(node, toys, tmp_path):
    run = node("one")
    approved = run.planned(batches=BATCHES)
    seen = []
    name = "run/journal"
    toys.before = lambda dummy: seen.append(
        (run.store.get(name) or b"").count(b'"event":"outcome"')
    )
    run.step("apply", plan_sha256=approved)
    assert seen == [0, 1, 1, 3, 3, 3, 3, 3]


# --- a copy and a folder that differ ------------------------------------------------------------------


def test_an_older_folder_is_brought_up_to_date(node, toys, tmp_path):
    run = node("one")
    approved = run.planned()
    shutil.copytree(tmp_path / "one", tmp_path / "before")
    run.step("apply", plan_sha256=approved)
    old = node("before")
    assert old.state is RunState.PLANNED
    assert "an approval is for one run" in old.refusal("apply", plan_sha256=approved).msg
    assert old.state is RunState.FINISHED


def test_a_newer_plan_replaces_the_one_of_the_folder(node, toys, tmp_path):
    first = node("one").planned()
    (tmp_path / "two").mkdir()
    shutil.copytree(tmp_path / "one" / "run", tmp_path / "two" / "run")
    plan = json.loads((tmp_path / "two" / "run" / "plan.json").read_text())
    assert plan["sha256"] == first
    toys.sizes[1] = 2
    newer = node("two")
    second = newer.planned(workers=2)
    assert second != first
    result = node("three").step("apply", plan_sha256=second, workers=2)
    assert result["run_state"] == "finished"


def test_a_run_that_was_continued_on_two_nodes_is_refused(node, toys):
    one = node("one")
    approved = one.planned(batches=BATCHES)
    die_at(toys, 5)
    with pytest.raises(Died):
        one.step("apply", plan_sha256=approved)
    revive(toys)
    node("two").step("resume")
    error = one.refusal("resume")
    assert error.code is Code.CONFLICT
    assert "the same run was continued elsewhere" in error.msg


def died(run: ToyFolder, toys: ToyPanel, at: int, *, written: bool = False) -> None:
    """Plan and apply a run that dies at a write."""
    approved = run.planned(batches=BATCHES)
    die_at(toys, at, written=written)
    with pytest.raises(Died):
        run.step("apply", plan_sha256=approved)
    revive(toys)


def look(other: ToyFolder, how: str) -> None:
    """Look at the run on a node, without continuing it."""
    if how == "drift":
        other.step("drift")
    elif how == "plan a rollback":
        other.fetched()
        other.rollback()
    else:
        other.fetched()


LOOKS = pytest.mark.parametrize("how", ["drift", "fleet_run_info", "plan a rollback"])


@LOOKS
def test_who_only_looks_at_a_run_does_not_continue_it(node, toys, how):
    one, two = node("one"), node("two")
    died(one, toys, 5, written=True)
    look(two, how)
    # The node with the newer journal continues, and nothing of it is forgotten.
    result = one.step("resume")
    assert (result["run_state"], result["totals"]["changed"]) == ("finished", 8)
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)
    stored = (unsealed(one.store.get("run/journal") or b"") or b"").decode()
    assert stored == (one.path / "journal").read_text()
    assert '"fetched":true' not in stored
    # The folder of the other node is only older, and is brought up to date.
    look(two, "drift")
    assert two.state is RunState.FINISHED
    assert (two.path / "journal").read_text() == stored


@LOOKS
def test_who_only_looks_at_a_run_does_not_replace_its_end_in_the_store(node, toys, how):
    one, two = node("one"), node("two")
    died(one, toys, 5)
    two.fetched()

    put, finished = two.store.put, []

    def finish() -> None:
        if not finished:
            finished.append(True)
            one.step("resume")

    def put_later(name: str, content: bytes) -> None:
        finish()
        put(name, content)

    # It ends after the other node has looked, and before this stores its first file.
    two.store.put = put_later
    look(two, how)
    finish()
    assert '"complete":true' in (one.store.get("run/journal") or b"").decode()
    two.fetched()
    assert two.state is RunState.FINISHED


@LOOKS
def test_a_node_that_has_looked_at_a_run_reads_what_the_dead_one_may_have_changed(node, toys, how):
    died(node("one"), toys, 5, written=True)
    two = node("two")
    look(two, how)
    assert two.step("resume")["run_state"] == "finished"
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)


def test_a_comparison_stores_only_its_own_reports(node, toys):
    one = node("one")
    died(one, toys, 5)
    names = ("plan.json", "journal", "report.json", "plan_report.json")
    before = {name: one.store.get(f"run/{name}") for name in names}
    one.step("drift")
    assert {name: one.store.get(f"run/{name}") for name in names} == before
    (report,) = one.path.glob("drift-*.json")
    assert one.store.get(f"run/{report.name}") == report.read_bytes()


def test_a_rollback_that_another_node_planned_is_applied_where_the_run_was(node, toys):
    one, two = node("one"), node("two")
    one.applied()
    two.fetched()
    back = two.rollback()
    approved = json.loads((back.path / "plan.json").read_text())["sha256"]
    one.fetched()
    assert one.inside("rollback").step("apply", plan_sha256=approved)["run_state"] == "finished"
    assert list(toys.sizes.values()) == [1] * 8


@pytest.mark.parametrize("used", ["its folder", "its journal"])
def test_a_run_that_is_in_use_is_not_replaced_by_its_copy(node, toys, tmp_path, used):
    one = node("one")
    approved = one.planned()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    two = node("two")
    (two.path / "journal").write_bytes(b"")
    one.step("apply", plan_sha256=approved)
    # A step uses the folder, and a rollback of the run only its journal.
    path = str(two.path / ("lock" if used == "its folder" else "journal"))
    with closing(LockedFile(path)):
        two.fetched()
        assert (two.path / "journal").read_bytes() == b""
    two.fetched()
    assert two.state is RunState.FINISHED


@pytest.mark.parametrize("moment", ["before the copy is read", "after the copy is read"])
def test_a_run_that_is_copied_while_it_is_fetched_is_not_replaced(node, toys, moment):
    """The copy is read before the folder: what a run adds meanwhile makes only the folder newer."""
    one = node("one")
    approved = one.planned()
    get, inodes = one.store.get, []

    def run() -> None:
        if not inodes:
            again = ToyFolder(toys, one.path.parent)
            again.step("apply", plan_sha256=approved)
            RunCopies(one.store, again.folder).save()
            inodes.append((one.path / "journal").stat().st_ino)

    def get_meanwhile(name: str) -> bytes | None:
        if name == "run/journal" and moment.startswith("before"):
            run()
        content = get(name)
        if name == "run/journal":
            run()
        return content

    one.store.get = get_meanwhile
    one.fetched()
    assert one.state is RunState.FINISHED
    assert inodes == [(one.path / "journal").stat().st_ino]


def test_a_folder_of_another_run_with_the_same_name_is_refused(node, toys):
    node("one").applied()
    other = node("two")
    error = other.refusal("plan", size=10)
    assert "it holds a run that is finished" in error.msg


def test_check_mode_fetches_nothing(node, toys):
    node("one").applied()
    other = node("two")
    with pytest.raises(PanelError, match="there is no such folder"):
        other.step("resume", check_mode=True)
    assert not other.path.exists()


def test_nothing_but_the_files_of_the_run_is_stored(node, toys, tmp_path):
    run = node("one")
    run.applied()
    (Path(run.path) / ".hidden.json").write_text("x")
    run.step("drift")
    assert run.store.get("run/lock") is None
    assert run.store.get("run/.hidden.json") is None
    assert run.store.get("run/report.csv")
