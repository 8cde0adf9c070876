# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A journal that has lost its last records is refused by each step: it looks like an older one."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report_merge import (
    merge_reports,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import reversals_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_info import run_info
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)


class Died(BaseException):
    """The process is killed: nothing after it happens."""


@pytest.fixture
def toys():
    return ToyPanel([1] * 4)


@pytest.fixture
def run(toys, tmp_path):
    (tmp_path / "one").mkdir()
    return ToyFolder(toys, tmp_path / "one")


@pytest.fixture
def other(toys, tmp_path):
    """Return the folder of the run on another node, which shares no state with the first."""
    (tmp_path / "two").mkdir()
    return ToyFolder(toys, tmp_path / "two")


def cuts(content: bytes) -> list[bytes]:
    """Return each beginning of a journal that ends with a record, also the empty one."""
    sizes = accumulate(map(len, content.splitlines(keepends=True)), initial=0)
    return [content[:size] for size in sizes][:-1]


def refused(run: ToyFolder, step: str, **options) -> str:
    written = dict(run.toys.writes)
    error = run.refusal(step, **options)
    assert error.code is Code.VALIDATION
    assert dict(run.toys.writes) == written
    return error.msg


def stopped_after(run: ToyFolder, number: int) -> str:
    """Apply a plan whose run stops after a number of writes. Return the hash of the plan."""
    approved = run.planned()
    run.toys.after = lambda dummy: (
        run.stop.ask(run.reason, "stopped") if sum(run.toys.writes.values()) == number else None
    )
    run.step("apply", plan_sha256=approved)
    run.restart()
    return approved


# --- in a folder --------------------------------------------------------------------------------------


def test_a_journal_that_has_lost_what_its_report_states_is_refused_by_each_step(run, tmp_path):
    approved = stopped_after(run, 2)
    run.step("resume")
    file = run.path / "journal"
    whole = file.read_bytes()
    reported = whole[: whole.rfind(b"\n", 0, -1) + 1]
    assert b'"event":"reported"' in whole[len(reported) :]
    for journal in cuts(reported):
        file.write_bytes(journal)
        steps = [("resume", {}), ("drift", {}), ("plan", {"size": 10})]
        for step, options in [*steps, ("apply", {"plan_sha256": approved})]:
            for check_mode in (False, True):
                message = refused(run, step, check_mode=check_mode, **options)
                assert "its journal has lost its last records: its report" in message
        with pytest.raises(PanelError, match="has lost its last records"):
            run_info(str(run.path), None)
        with (
            pytest.raises(PanelError, match="has lost its last records"),
            reversals_of(str(file)),
        ):
            pass
        params = {"reports": [str(run.path)], "dest": str(tmp_path / "sum")}
        with pytest.raises(PanelError, match="has lost its last records"):
            merge_reports({**params, "expected": None, "max_failures": "0"}, None, check_mode=True)
        assert file.read_bytes() == journal
    file.write_bytes(whole)
    assert run.state is RunState.FINISHED


def test_a_report_that_was_not_recorded_is_written_again(run):
    run.applied()
    file = run.path / "journal"
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rfind(b"\n", 0, -1) + 1])
    assert run.step("resume")["run_state"] == "finished"


def test_a_report_whose_run_could_not_record_its_end_is_no_loss(run, toys):
    stopped_after(run, 2)
    file = run.path / "journal"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in lines if b'"event":"end"' not in line))
    report = json.loads((run.path / "report.json").read_text())
    report["windows"][0]["ended"] = None
    (run.path / "report.json").write_text(json.dumps(report))
    assert run.step("resume")["totals"]["changed"] == 4


def test_a_run_whose_journal_has_lost_its_rollback_is_not_continued(run, toys, tmp_path):
    stopped_after(run, 2)
    whole = (run.path / "journal").read_bytes()
    back = run.rollback()
    back.step("apply", plan_sha256=json.loads((back.path / "plan.json").read_text())["sha256"])
    (run.path / "journal").write_bytes(whole)
    run._state_dir = str(tmp_path / "another")
    assert "begun to roll its changes back" in refused(run, "resume")
    params = {"reports": [str(run.path)], "dest": str(tmp_path / "sum")}
    with pytest.raises(PanelError, match="begun to roll its changes back"):
        merge_reports({**params, "expected": None, "max_failures": "0"}, None, check_mode=True)
    assert list(toys.sizes.values()) == [1] * 4


def test_a_planned_rollback_is_no_loss(run):
    stopped_after(run, 2)
    run.rollback()
    assert run.step("resume")["totals"]["changed"] == 4


# --- in a store ---------------------------------------------------------------------------------------


def test_a_copy_that_was_cut_between_two_records_is_refused(run, other, toys, tmp_path):
    run.store = other.store = folder_store(tmp_path / "store")
    stopped_after(run, 1)

    def die(dummy) -> None:
        if sum(toys.writes.values()) == 3:
            raise Died

    toys.after = die
    with pytest.raises(Died):
        run.step("resume", batches=["1", "100%"])
    toys.after = lambda dummy: None
    whole = other.store.get("run/journal") or b""
    for copy in cuts(whole):
        other.store.put("run/journal", copy)
        assert "is not complete" in refused(other, "resume")
        assert other.store.get("run/journal") == copy
        assert not Path(other.path / "plan.json").exists()
        # The node of the run cannot know whether another one has continued it.
        assert "is not complete" in refused(run, "resume")
    other.store.put("run/journal", whole)
    assert other.step("resume")["totals"]["changed"] == 4
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)


def test_a_cut_copy_is_not_merged(run, other, tmp_path):
    run.store = store = folder_store(tmp_path / "store")
    run.applied()
    whole = store.get("run/journal") or b""
    params = {"reports": [str(other.path)], "dest": str(tmp_path / "sum"), "expected": 1}
    for copy in cuts(whole):
        store.put("run/journal", copy)
        with pytest.raises(PanelError, match="is not complete"):
            merge_reports({**params, "max_failures": "0"}, store, check_mode=True)
    store.put("run/journal", whole)
    result = merge_reports({**params, "max_failures": "0"}, store, check_mode=True)
    assert result["totals"]["changed"] == 4


def test_a_folder_that_an_operator_copies_from_the_store_can_be_continued(
    run, other, toys, tmp_path
):
    run.store = folder_store(tmp_path / "store")
    stopped_after(run, 2)
    other.path.mkdir(mode=0o700)
    for file in (tmp_path / "store" / "run").iterdir():
        (other.path / file.name).write_bytes(file.read_bytes())
        (other.path / file.name).chmod(0o600)
    assert other.step("resume")["totals"]["changed"] == 4
    other.store = run.store
    assert other.step("resume")["run_state"] == "finished"
    assert dict(toys.writes) == dict.fromkeys(toys.sizes, 1)
