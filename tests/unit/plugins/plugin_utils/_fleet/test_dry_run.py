# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode of a step in a folder refuses what the step itself would refuse, in the same words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import LockedFile
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import Job
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

#: A folder, and the step in it that must be refused.
Case = tuple[ToyFolder, str, Mapping[str, Any]]


@pytest.fixture
def run(tmp_path) -> ToyFolder:
    return ToyFolder(ToyPanel([1, 2, 10]), tmp_path)


def _another_change(run: ToyFolder) -> Case:
    run.planned()
    return run, "plan", {"size": 11}


def _copied(run: ToyFolder) -> ToyFolder:
    other = run.path.with_name("copy")
    shutil.copytree(run.path, other)
    return ToyFolder(run.toys, other.parent, other.name)


def _used(run: ToyFolder) -> Case:
    approved = run.planned()
    other = _copied(run)
    run.step("apply", plan_sha256=approved)
    return other, "apply", {"plan_sha256": approved}


def _withdrawn(run: ToyFolder) -> Case:
    approved = run.planned()
    other = _copied(run)
    run.step("apply", plan_sha256=approved)
    back = run.rollback()
    back.step("apply", plan_sha256=back.folder.plan()["sha256"])
    return other, "apply", {"plan_sha256": approved}


def _too_old(run: ToyFolder) -> Case:
    approved = run.planned(approval_ttl=60)
    run.clock.now += 120
    return run, "apply", {"plan_sha256": approved}


def _lost(run: ToyFolder) -> Case:
    approved = run.planned()
    run.job = Job(run.path.parent)
    return run, "apply", {"plan_sha256": approved}


def _lost_at_once(run: ToyFolder) -> Case:
    run.job = Job(run.path.parent)
    return run, "apply", {"size": 10}


def _too_many(run: ToyFolder) -> Case:
    return run, "plan", {"size": 10, "max_items": 1}


CASES: list[Callable[[ToyFolder], Case]] = [
    _another_change,
    _used,
    _withdrawn,
    _too_old,
    _lost,
    _lost_at_once,
    _too_many,
]


@contextmanager
def _nothing_written(run: ToyFolder) -> Iterator[None]:
    def files() -> dict[str, bytes]:
        there = run.path.rglob("*")
        return {str(each): each.read_bytes() for each in there if each.is_file()}

    before, writes = files(), dict(run.toys.writes)
    yield
    assert (files(), dict(run.toys.writes)) == (before, writes)


def _same_refusal(run: ToyFolder, step: str, **options: Any) -> str:
    with _nothing_written(run):
        predicted = run.refusal(step, check_mode=True, **options)
    error = run.refusal(step, **options)
    assert (predicted.msg, predicted.code) == (error.msg, error.code)
    return error.msg


@pytest.mark.parametrize("case", CASES)
def test_a_refusal_is_predicted(run, case):
    there, step, options = case(run)
    _same_refusal(there, step, **options)


@pytest.mark.parametrize("step", ["plan", "apply", "resume"])
def test_a_folder_in_use_is_predicted(run, step):
    options: dict[str, Any] = {"size": 10}
    if step != "plan":
        options = {"plan_sha256": run.planned()}
    if step == "resume":
        run.toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
        run.step("apply", **options)
        run.restart()
    run.path.mkdir(mode=0o700, exist_ok=True)
    with closing(LockedFile(run.folder.file("lock"))):
        assert "another run is using it" in _same_refusal(run, step, **options)


@pytest.mark.parametrize("step", ["plan", "apply"])
def test_a_folder_that_cannot_be_created_is_predicted(run, step, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *dummy: False)
    message = _same_refusal(run, step, size=10)
    assert f"it cannot be created in {run.path.parent}" in message
    assert run.toys.reads == 0


def test_a_plan_that_may_be_applied_is_predicted_without_a_trace(run):
    approved = run.planned()
    with _nothing_written(run):
        result = run.step("apply", plan_sha256=approved, check_mode=True)
    assert result["changed"] is True
    assert not (run.path.parent / "state").exists()


def test_a_preview_tells_what_it_would_change_from_what_an_earlier_run_did(run):
    approved = run.planned()
    run.toys.after = lambda item_id: run.stop.ask(Reason.DEADLINE, "late")
    run.step("apply", plan_sha256=approved)
    run.restart()
    found = run.step("resume", check_mode=True)
    assert found["summary"] == "1 would change, 1 changed by an earlier run"
    assert found["question"].startswith("Change 1 of 2 things on")
    assert found["totals"]["changed"] == 2
    assert "nothing is changed: 1 would change, 1 changed by an earlier run" in run.lines[-1]
