# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that a plan is applied unchanged, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import sha256_of
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    failing,
    fleet_failure,
    fleet_run,
    row,
)

ITEM = {"id": 1, "name": "a", "outcome": "changed", "fingerprint": "", "selected_by": {}}


def _plan(toys: ToyPanel, folder: Path) -> str:
    path = str(folder / "plan.json")
    fleet_run(toys, folder, check_mode=True, plan_file=path, max_failures="100%")
    return path


def _rewrite(path: str, **changes: Any) -> None:
    """Change a plan, with a hash that fits."""
    content = json.loads(Path(path).read_text())
    content.update(changes)
    del content["sha256"]
    content["sha256"] = sha256_of(content)
    Path(path).write_text(json.dumps(content))


def _refusal(toys: ToyPanel, folder: Path, path: str, **options: Any) -> str:
    """Why a plan is not applied. Nothing may have been read or written."""
    reads = toys.reads
    with pytest.raises(PanelError) as caught:
        fleet_run(toys, folder, plan_file=path, **options)
    assert (toys.reads, dict(toys.writes)) == (reads, {})
    assert "\n" not in caught.value.msg
    return caught.value.msg


def test_a_plan_predicts_changes_and_writes_nothing(tmp_path):
    toys = ToyPanel([1, 10, 11, -13])
    plan = json.loads(Path(_plan(toys, tmp_path)).read_text())
    assert not toys.writes
    assert plan["totals"]["selected"] == 4
    assert [(item["id"], item["outcome"]) for item in plan["items"]] == [
        (1, "changed"),
        (3, "refused"),
        (4, "failed"),
    ]
    first = plan["items"][0]
    assert (first["current"], first["desired"]) == ({"size": 1}, {"size": 10})
    assert plan["address"] == "https://toys.example.com/api"
    assert plan["target"] == {"size": 10}


def test_the_result_has_the_hash_of_the_file(tmp_path):
    path = str(tmp_path / "plan.json")
    result = fleet_run(ToyPanel([1]), tmp_path, check_mode=True, plan_file=path)
    content = json.loads(Path(path).read_text())
    stated = content.pop("sha256")
    assert result["plan_sha256"] == stated == sha256_of(content)


def test_a_plan_is_applied_to_its_items_only(tmp_path):
    toys = ToyPanel([1, 2])
    path = _plan(toys, tmp_path)
    toys.sizes[3] = 3
    assert outcomes(fleet_run(toys, tmp_path, plan_file=path)) == {1: "changed", 2: "changed"}
    assert toys.sizes[3] == 3


def test_a_moved_item_is_left_alone_and_the_others_change(tmp_path):
    toys = ToyPanel([1, 2, 3])
    path = _plan(toys, tmp_path)
    toys.sizes[2] = 5
    del toys.sizes[3]
    result = fleet_run(toys, tmp_path, plan_file=path)
    assert outcomes(result) == {1: "changed", 2: "moved", 3: "moved"}
    assert "no longer as it was" in result["results"][1]["msg"]
    assert "is gone" in result["results"][2]["msg"]
    assert toys.sizes == {1: 10, 2: 5}


class Glued(ToySizes):
    """Things of which some are predicted to fail, or to be refused."""

    glued: Mapping[int, str] = {}

    def _item(self, item_id):
        item = super()._item(item_id)
        if self.glued.get(item_id) == "failed":
            error = PanelError(Code.LOCKED, "it is glued", action="change it")
            return replace(item, error=error)
        if self.glued.get(item_id) == "refused":
            return replace(item, changes=(row(item.changes[0]["before"], 10, refused=True),))
        return item


@pytest.mark.parametrize("predicted", ["failed", "refused"])
def test_only_what_the_plan_predicted_to_change_is_written_to(tmp_path, predicted):
    toys, path = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    change = Glued(toys)
    change.glued = {2: predicted}
    fleet_run(toys, tmp_path, change=change, check_mode=True, plan_file=path, max_failures="100%")
    still = fleet_run(toys, tmp_path, change=change, plan_file=path, max_failures="1")
    assert outcomes(still) == {1: "changed", 2: predicted}
    change.glued = {}
    result = fleet_run(toys, tmp_path, change=change, plan_file=path)
    assert outcomes(result) == {1: "unchanged", 2: "moved"}
    assert "the plan predicted that it would not be changed" in result["results"][1]["msg"]
    assert dict(toys.writes) == {1: 1}


def test_a_change_that_the_panel_refuses_since_the_plan_is_a_failure_and_work_remains(tmp_path):
    toys, path = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    journal = str(tmp_path / "journal")
    change = Glued(toys)
    fleet_run(toys, tmp_path, change=change, check_mode=True, plan_file=path)
    change.glued = {2: "refused"}
    approved = {"change": change, "plan_file": path, "journal": journal}
    stopped = fleet_failure(toys, tmp_path, **approved).result
    assert outcomes(stopped) == {1: "skipped", 2: "failed"}
    result = fleet_run(toys, tmp_path, **approved, max_failures="1")
    assert outcomes(result) == {1: "changed", 2: "failed"}
    assert result["results"][1]["failure"]["code"] == "refused"
    assert "the plan predicted this change" in result["results"][1]["msg"]
    change.glued = {}
    assert outcomes(fleet_run(toys, tmp_path, **approved)) == {1: "changed", 2: "changed"}
    assert dict(toys.writes) == {1: 1, 2: 1}


def test_a_value_that_somebody_else_has_set_leaves_a_predicted_refusal_as_it_is(tmp_path):
    toys, path = ToyPanel([1, 2]), str(tmp_path / "plan.json")
    change = Glued(toys)
    fleet_run(toys, tmp_path, change=change, check_mode=True, plan_file=path)
    toys.sizes[2] = 7
    change.glued = {2: "refused"}
    result = fleet_run(toys, tmp_path, change=change, plan_file=path)
    assert outcomes(result) == {1: "changed", 2: "refused"}


def test_a_plan_that_is_applied_twice_changes_nothing_the_second_time(tmp_path):
    toys = ToyPanel([1, 2])
    path = _plan(toys, tmp_path)
    fleet_run(toys, tmp_path, plan_file=path)
    result = fleet_run(toys, tmp_path, plan_file=path)
    assert (result["changed"], outcomes(result)) == (False, {1: "unchanged", 2: "unchanged"})


def test_check_mode_of_an_approved_plan_predicts_it_and_keeps_the_file(tmp_path):
    toys, journal = ToyPanel([1, 2]), tmp_path / "journal"
    path = _plan(toys, tmp_path)
    before = Path(path).read_bytes()
    approved = {"plan_file": path, "plan_sha256": json.loads(before)["sha256"]}
    toys.sizes.update({2: 5, 3: 1})
    result = fleet_run(toys, tmp_path, check_mode=True, **approved, journal=str(journal))
    assert (result["changed"], outcomes(result)) == (True, {1: "changed", 2: "moved"})
    assert result["plan_sha256"] == approved["plan_sha256"]
    assert (Path(path).read_bytes(), journal.exists()) == (before, False)
    assert not toys.writes


@pytest.mark.parametrize("ended", ["without a journal", "in another journal", "rolled back"])
def test_check_mode_of_an_approved_plan_refuses_what_the_run_refuses(tmp_path, ended):
    toys, journal = ToyPanel([1, 2]), str(tmp_path / "journal")
    path = _plan(toys, tmp_path)
    approved = {"plan_file": path, "plan_sha256": json.loads(Path(path).read_text())["sha256"]}
    if ended == "without a journal":
        fleet_run(toys, tmp_path, **approved)
    else:
        fleet_run(toys, tmp_path, **approved, journal=journal)
    if ended == "rolled back":
        fleet_run(toys, tmp_path, rollback=journal)
        (tmp_path / "state").rename(tmp_path / "lost")  # so that only the journal records it
        approved["journal"] = journal
    toys.sizes[1] = 1
    predicted = fleet_failure(toys, tmp_path, check_mode=True, **approved)
    assert predicted.msg == fleet_failure(toys, tmp_path, **approved).msg


@pytest.mark.parametrize("at", range(0, 1200, 37))
def test_a_plan_that_was_tampered_with_is_refused(tmp_path, at):
    toys = ToyPanel([1, 2])
    path = _plan(toys, tmp_path)
    content = bytearray(Path(path).read_bytes())
    at %= len(content) - 1
    content[at] = content[at] ^ 1
    Path(path).write_bytes(content)
    try:
        message = _refusal(toys, tmp_path, path)
    except pytest.fail.Exception:
        # White space does not change the content.
        assert json.loads(bytes(content)) == json.loads(
            Path(_plan(ToyPanel([1, 2]), tmp_path)).read_text()
        )
    else:
        assert "Cannot apply the plan" in message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": "https://other.example.com/api"}, "it is for the panel https://other"),
        ({"action": "toy_colours"}, "it is about toy_colours"),
        ({"target": {"size": 12}}, "it is for size 12, which is now 10"),
        ({"target": None}, "does not state its target"),
        ({"schema": 2}, "it has schema 2"),
        ({"kind": "else"}, "not a plan of this collection"),
        ({"items": [{"id": 1}]}, "its items are not valid"),
        ({"items": [{**ITEM, "outcome": "approved"}]}, "its items are not valid"),
        ({"items": 7}, "its items are not valid"),
        ({"items": [ITEM] * 2}, "an item twice"),
    ],
)
def test_a_plan_for_something_else_is_refused(tmp_path, changes, message):
    toys = ToyPanel([1])
    path = _plan(toys, tmp_path)
    _rewrite(path, **changes)
    assert message in _refusal(toys, tmp_path, path)


@pytest.mark.parametrize("content", ["", "[]", "no json", "null", "\x00"])
def test_a_file_that_is_not_a_plan_is_refused(tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_text(content)
    assert "Cannot apply the plan" in _refusal(ToyPanel([1]), tmp_path, str(path))


def test_a_plan_that_is_not_there_is_refused(tmp_path):
    message = _refusal(ToyPanel([1]), tmp_path, str(tmp_path / "plan.json"))
    assert "No such file" in message
    assert "plan_file" in message


def test_only_the_approved_plan_is_applied(tmp_path):
    toys = ToyPanel([1])
    path = _plan(toys, tmp_path)
    approved = json.loads(Path(path).read_text())["sha256"]
    for other in ("0" * 64, "0123456789ab\u2026"):
        refusal = _refusal(toys, tmp_path, path, plan_sha256=other)
        assert "plan_sha256 is another one" in refusal
    fleet_run(toys, tmp_path, plan_file=path, plan_sha256=f" {approved.upper()} ")
    assert toys.sizes == {1: 10}


def test_the_plan_of_another_panel_stays_another_panels(tmp_path):
    toys = ToyPanel([1])
    path = _plan(toys, tmp_path)
    change = ToySizes(toys, address="https://copy.example.com/api")
    assert "for the panel" in _refusal(toys, tmp_path, path, change=change)


@pytest.mark.parametrize("died", [False, True])
def test_what_left_its_place_after_the_approval_is_left_alone(tmp_path, died):
    toys = ToyPanel([1, 2])
    plan, journal = str(tmp_path / "plan.json"), str(tmp_path / "journal")
    fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)
    if died:
        toys.before = failing(1, uncertain=True)
        fleet_failure(toys, tmp_path, plan_file=plan, journal=journal)
        toys.before = lambda item_id: None
    toys.places[1] = "abroad"
    result = fleet_run(toys, tmp_path, plan_file=plan, journal=journal)
    assert outcomes(result) == {1: "moved", 2: "changed"}
    why = 'its room was "home" when the plan was made, and is "abroad"'
    past = "an earlier run may have changed it, and " if died else ""
    assert result["results"][0]["msg"] == past + why
    assert toys.sizes[1] == 1
