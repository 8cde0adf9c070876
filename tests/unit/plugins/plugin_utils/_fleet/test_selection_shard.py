# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shards of a panel: each item is in exactly one, and their runs do not mix."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_lock import (
    LockFiles,
    LockHolder,
    RunLock,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.selection import (
    MOST,
    Selection,
    Shard,
    number_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    fleet_failure,
    fleet_run,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

COUNTS = [*range(1, 13), 64, MOST]
WHOLE = None


def shards(count: int) -> list[Shard]:
    return [Shard(number, count) for number in range(1, count + 1)]


# --- which shard an item is in ---------------------------------------------------------------------


@given(st.integers(0, 2**63) | st.text(), st.sampled_from(COUNTS))
def test_each_item_is_in_exactly_one_shard(item_id, count):
    assert sum(shard.has(item_id) for shard in shards(count)) == 1


def test_the_shard_is_the_id_modulo_the_number_of_shards():
    assert [item_id for item_id in range(1, 13) if Shard(2, 4).has(item_id)] == [2, 6, 10]
    assert [item_id for item_id in range(1, 13) if Shard(4, 4).has(item_id)] == [4, 8, 12]


def test_the_shard_of_a_text_is_the_same_on_every_controller():
    # The first eight digits that `printf ... | sha256sum` prints.
    assert number_of("1678567b8bab40f93711234cb80d0000") == 0x6CB68B22
    assert number_of("web01") == 0x1F94FE44


def test_texts_are_spread_evenly():
    spread = Counter(number_of(f"{number:032x}") % 4 for number in range(4000))
    assert all(900 < size < 1100 for size in spread.values())


@pytest.mark.parametrize(
    "text",
    ["", "2", "a/b", "2/", "/4", "1/2/3", "-1/4", "1.0/4", "0/4", "5/4", "1/0", "1/1001", "٢/٤"],
)
def test_a_shard_that_does_not_exist_is_refused(text):
    with pytest.raises(PanelError) as caught:
        Shard.of(text)
    assert caught.value.code is Code.VALIDATION
    assert caught.value.msg.startswith("shard ")


def test_no_shard_is_all_items():
    assert Shard.of(None) is None
    assert str(Shard.of(" 2/4 ")) == "2/4"


# --- what a shard selects -----------------------------------------------------------------------------


def test_an_unknown_name_has_a_row_in_one_shard_only():
    rows = [{"id": 1, "name": "web01"}]
    found = []
    for shard in shards(3):
        selection = Selection("things", "warn", shard)
        selection.match("names", ["web07"], rows, "name", names_items=True)
        found += selection.conclude([1], resumed=False)
    assert found == ["web07"]


def test_a_shard_may_be_empty_but_a_selection_may_not():
    selection = Selection("things", "fail", Shard(2, 4))
    assert not selection.takes(5)
    assert selection.conclude([], resumed=False) == {}
    assert selection.warnings == ["no selected things are in the shard 2/4"]
    with pytest.raises(PanelError, match="no things are selected"):
        Selection("things", "fail", Shard(2, 4)).conclude([], resumed=False)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("size", [0, 1, 2, 5, 30])
def test_all_shards_change_each_item_once(tmp_path, size, count):
    toys = ToyPanel([1] * size)
    for shard in shards(count):
        run = ToyFolder(toys, tmp_path, f"run-{shard.number}")
        result = run.applied(shard=str(shard))
        assert result["shard"] == str(shard)
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)


# --- plan, journal and report -------------------------------------------------------------------------


def test_the_shard_is_part_of_what_an_approval_covers(tmp_path):
    toys = ToyPanel([1, 1, 1, 1])
    run = ToyFolder(toys, tmp_path)
    approved = run.planned(shard="1/2")
    content = json.loads((run.path / "plan.json").read_text())
    assert content["shard"] == "1/2"
    assert [item["id"] for item in content["items"]] == [1, 3]
    refusal = run.refusal("apply", plan_sha256=approved, shard="2/2")
    assert "has shard 1/2, and this task sets 2/2" in refusal.msg
    assert run.step("apply", plan_sha256=approved, shard="1/2")["totals"]["changed"] == 2
    report = json.loads((run.path / "report.json").read_text())
    assert report["shard"] == "1/2"


def test_a_plan_of_another_shard_is_not_replaced(tmp_path):
    run = ToyFolder(ToyPanel([1, 1]), tmp_path)
    run.planned(shard="1/2")
    assert "another change" in run.refusal("plan", size=10, shard="2/2").msg
    assert "another change" in run.refusal("plan", size=10).msg


def test_a_journal_belongs_to_one_shard(tmp_path):
    journal = str(tmp_path / "journal")
    toys = ToyPanel([1, 1])
    fleet_run(toys, tmp_path, journal=journal, change=sharded(toys, "1/2"))
    error = fleet_failure(toys, tmp_path, journal=journal, change=sharded(toys, "2/2"))
    assert "it is for the shard 1/2, and this is the shard 2/2" in error.msg
    error = fleet_failure(toys, tmp_path, journal=journal)
    assert "it is for the shard 1/2, and this is all shards" in error.msg


def sharded(toys, text):
    change = ToySizes(toys)
    change.shard = Shard.of(text)
    return change


def test_the_rollback_of_a_shard_is_about_the_same_shard(tmp_path):
    run = ToyFolder(ToyPanel([1, 1, 1]), tmp_path)
    run.applied(shard="2/3")
    back = run.rollback()
    plan = json.loads((back.path / "plan.json").read_text())
    assert plan["shard"] == "2/3"
    done = back.step("apply", plan_sha256=plan["sha256"])
    assert (done["shard"], done["totals"]["changed"]) == ("2/3", 1)


# --- locks --------------------------------------------------------------------------------------------


def lock(folder, clock, shard, *, run: str = "run", machine: str = "boot-1", force: bool = False):
    holder = LockHolder("ann", "here", machine, 7, run, str(shard) if shard else None)
    return RunLock(LockFiles(folder, "toys", shard), holder, clock, ttl_s=300, force=force)


@pytest.mark.parametrize(
    ("first", "second", "excluded"),
    [
        (WHOLE, WHOLE, True),
        (WHOLE, Shard(1, 4), True),
        (Shard(1, 4), WHOLE, True),
        (Shard(1, 4), Shard(1, 4), True),
        (Shard(1, 4), Shard(2, 4), False),
        (Shard(1, 4), Shard(2, 3), True),
        (Shard(1, 14), Shard(1, 4), True),
        (Shard(1, 4), Shard(1, 14), True),
    ],
)
@pytest.mark.parametrize("alive", [True, False], ids=["this machine", "another machine"])
def test_which_runs_exclude_each_other(tmp_path, clock, first, second, excluded, alive):
    held = ExitStack()
    if alive:
        held.enter_context(lock(tmp_path, clock, first))
    else:
        # Another machine shares the folder, and its operating system cannot be asked.
        mark = {"user": "ann", "host": "there", "machine": "boot-2", "pid": 7}
        mark |= {"renewed": clock.time(), "ttl_s": 300, "shard": str(first) if first else None}
        (tmp_path / LockFiles(tmp_path, "toys", first).path).write_text(json.dumps(mark))
    with held:
        if excluded:
            with pytest.raises(PanelError) as caught, lock(tmp_path, clock, second):
                pass
            assert caught.value.code is Code.LOCKED
            assert (f"for the shard {first}" in caught.value.msg) is (first is not None)
        else:
            with lock(tmp_path, clock, second) as mine:
                assert mine.lost() is None


@pytest.mark.parametrize("first", [WHOLE, Shard(1, 4), Shard(2, 3)])
def test_a_forced_lock_is_taken_from_every_run_that_it_excludes(tmp_path, clock, first):
    with (
        lock(tmp_path, clock, first) as theirs,
        lock(tmp_path, clock, Shard(1, 4), force=True) as mine,
    ):
        assert mine.lost() is None
        assert "force_unlock" in (theirs.lost() or "")


def test_a_forced_lock_leaves_other_shards_alone(tmp_path, clock):
    with (
        lock(tmp_path, clock, Shard(2, 4)) as theirs,
        lock(tmp_path, clock, Shard(1, 4), force=True),
    ):
        assert theirs.lost() is None


def test_files_of_ended_runs_exclude_no_run(tmp_path, clock):
    for shard in (WHOLE, Shard(1, 4), Shard(2, 3)):
        with lock(tmp_path, clock, shard) as mine:
            assert mine.lost() is None


def test_shards_that_run_at_the_same_time_share_the_record_of_approvals(tmp_path):
    toys = ToyPanel([1, 1])
    first, second = (ToyFolder(toys, tmp_path, f"run-{number}") for number in (1, 2))
    approved = second.planned(shard="2/2")
    inner: list[dict] = []

    def before(item_id):
        if item_id == 1:  # the first run is active and holds its lock
            inner.append(second.step("apply", plan_sha256=approved))

    toys.before = before
    first.applied(shard="1/2")
    assert inner[0]["totals"]["changed"] == 1
    assert dict(toys.writes) == {1: 1, 2: 1}
