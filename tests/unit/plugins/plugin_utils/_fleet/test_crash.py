# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that dies anywhere: the next one with the same journal does the rest, and nothing twice."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import (
    AppendFile,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    fleet_run,
    row,
)

THINGS = [1, 2, 10, 3, 11, 4, 5]
TO_CHANGE = {1, 2, 4, 6, 7}


class Killed(BaseException):
    """The process is gone: no handler of the engine's may catch it."""


class Death:
    """Strikes at one step of a run; steps are lines of the journal and both sides of a write.

    :param half: whether a line is then half-written.
    """

    def __init__(self, step: int, *, half: bool) -> None:
        self.left = step
        self.half = half

    def step(self, *dummy: object) -> None:
        """One more step."""
        self.left -= 1
        if self.left == 0:
            raise Killed

    def arm(self, toys: ToyPanel, patch: pytest.MonkeyPatch) -> None:
        """Lie in wait."""
        toys.before = toys.after = self.step
        real = AppendFile.append

        def append(file: AppendFile, line: str) -> None:
            try:
                self.step()
            except Killed:
                if self.half:
                    with Path(file._file.path).open("ab") as raw:
                        raw.write(line.encode()[: len(line) // 2])
                raise
            real(file, line)
            self.step()

        patch.setattr(AppendFile, "append", append)


def _die(toys: ToyPanel, folder: Path, journal: str, death: Death) -> bool:
    """Run until death; whether it came."""
    with pytest.MonkeyPatch.context() as patch:
        death.arm(toys, patch)
        try:
            fleet_run(toys, folder, journal=journal)
        except Killed:
            return True
        finally:
            toys.before = toys.after = lambda item_id: None
    return False


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=4))
def test_after_any_number_of_deaths_everything_is_done_once(deaths):
    with tempfile.TemporaryDirectory() as scratch:
        folder, toys = Path(scratch), ToyPanel(THINGS)
        journal = str(folder / "journal.jsonl")
        for step, half in deaths:
            _die(toys, folder, journal, Death(step, half=half))
        result = fleet_run(toys, folder, journal=journal)
    assert toys.writes == dict.fromkeys(TO_CHANGE, 1)
    assert result["totals"]["failed"] == 0
    assert set(toys.sizes.values()) == {10, 11}


@given(st.data())
def test_a_journal_that_is_cut_at_any_byte_repeats_nothing(data):
    with tempfile.TemporaryDirectory() as scratch:
        folder, toys = Path(scratch), ToyPanel(THINGS)
        path = folder / "journal.jsonl"
        _die(toys, folder, str(path), Death(data.draw(st.integers(1, 40)), half=False))
        content = path.read_bytes() if path.exists() else b""
        path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
        fleet_run(toys, folder, journal=str(path))
    assert toys.writes == dict.fromkeys(TO_CHANGE, 1)


@given(st.integers(1, 40), st.booleans())
def test_a_plan_is_resumed_after_a_crash(step, half):
    with tempfile.TemporaryDirectory() as scratch:
        folder, toys = Path(scratch), ToyPanel(THINGS)
        plan, journal = str(folder / "plan.json"), str(folder / "journal.jsonl")
        fleet_run(toys, folder, check_mode=True, plan_file=plan)
        _die(toys, folder, journal, Death(step, half=half))
        result = fleet_run(toys, folder, journal=journal, plan_file=plan)
    assert toys.writes == dict.fromkeys(TO_CHANGE, 1)
    assert result["totals"]["moved"] == 0


def test_what_an_earlier_run_did_is_in_the_result(tmp_path):
    toys, journal = ToyPanel([1, 2, 3]), str(tmp_path / "journal.jsonl")
    # begin: steps 1, 2; each thing: intent 2, write 2, outcome 2.
    assert _die(toys, tmp_path, journal, Death(2 + 6 + 4, half=False))
    result = fleet_run(toys, tmp_path, journal=journal)
    assert [(r["id"], r["outcome"], r["earlier"], r["changed"]) for r in result["results"]] == [
        (1, "changed", True, False),
        (2, "changed", True, False),
        (3, "changed", False, True),
    ]
    assert "without a recorded outcome" in result["results"][1]["msg"]
    assert result["results"][1]["changes"][0]["before"] == 2
    assert result["totals"]["earlier"] == 2
    assert toys.looks == [2]


def test_a_change_by_another_client_after_a_crash_is_not_undone(tmp_path):
    toys = ToyPanel([1, 2, 3])
    plan, journal = str(tmp_path / "plan.json"), str(tmp_path / "journal.jsonl")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    _die(toys, tmp_path, journal, Death(2 + 2 + 1, half=False))
    toys.sizes[1] = 7
    result = fleet_run(toys, tmp_path, journal=journal, plan_file=plan)
    assert outcomes(result) == {1: "moved", 2: "changed", 3: "changed"}
    assert toys.sizes[1] == 7


class TwoFields(ToySizes):
    """Has one more field, which the panel is known to refuse."""

    def _item(self, item_id):
        item = super()._item(item_id)
        weight = {**row(3, 2, refused=True), "field": "weight"}
        return replace(item, changes=(*item.changes, weight))


def test_what_is_found_changed_after_a_death_is_partly_refused_all_the_same(tmp_path):
    toys, journal = ToyPanel([1]), str(tmp_path / "journal.jsonl")
    toys.after = Death(1, half=False).step
    with pytest.raises(Killed):
        fleet_run(toys, tmp_path, journal=journal, change=TwoFields(toys))
    toys.after = lambda item_id: None
    result = fleet_run(toys, tmp_path, journal=journal, change=TwoFields(toys))
    assert result["msg"] == "things: 1 changed (1 of them only in part) (1 by an earlier run)"
    assert "weight stays at 3 instead of 2" in result["results"][0]["msg"]


def test_what_an_earlier_run_changed_is_partly_refused_by_now(tmp_path):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal.jsonl")
    # begin, and all steps of the first thing.
    assert _die(toys, tmp_path, journal, Death(2 + 6 + 1, half=False))
    result = fleet_run(toys, tmp_path, journal=journal, change=TwoFields(toys))
    first = result["results"][0]
    assert (first["outcome"], first["earlier"]) == ("changed", True)
    assert [row["outcome"] for row in first["changes"]] == ["changed", "refused"]
    assert "weight stays at 3 instead of 2" in first["msg"]
    assert result["totals"]["partly_refused"] == 2


class OtherToys(ToySizes):
    """Selects all things but the first, which an earlier run had begun to change."""

    def select(self, ids):
        return [item for item in super().select(ids) if item.id != 1]


@pytest.mark.parametrize(
    ("size", "outcome", "message"),
    [
        pytest.param(10, "changed", "without a recorded outcome", id="it was written"),
        pytest.param(1, "moved", "is not selected any more", id="it was not written"),
        pytest.param(11, "refused", "it does not shrink", id="somebody else did"),
        pytest.param(None, "moved", "it is gone", id="it is gone"),
    ],
)
def test_an_item_in_progress_is_read_even_if_it_is_no_longer_selected(
    tmp_path, size, outcome, message
):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal.jsonl")
    # begin and the first intent.
    assert _die(toys, tmp_path, journal, Death(2 + 2, half=False))
    if size is None:
        del toys.sizes[1]
    else:
        toys.sizes[1] = size
    result = fleet_run(toys, tmp_path, journal=journal, change=OtherToys(toys))
    assert outcomes(result) == {2: "changed", 1: outcome}
    (row,) = [row for row in result["results"] if row["id"] == 1]
    assert message in row["msg"]
    assert row["name"] == "toy1"
    assert toys.writes == {2: 1}
