# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A thing is deleted, and another one gets its ID: no approval and no record is about the new one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    failing,
    fleet_run,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder

REPLACED = "it is gone, and another server has its ID"


class Fleet:
    """Two things, the plan of their change, and its journal."""

    def __init__(self, folder: Path) -> None:
        self.toys = ToyPanel([1, 2])
        self.toys.owners = {1: 101, 2: 102}
        self.folder = folder
        self.options = {"plan_file": str(folder / "plan"), "journal": str(folder / "journal")}
        fleet_run(self.toys, folder, check_mode=True, plan_file=self.options["plan_file"])

    def replace(self, size: int) -> None:
        """Delete the first thing, and make another one that gets its ID."""
        self.toys.sizes[1] = size
        self.toys.uuids[1] = "another"
        self.toys.owners[1] = 999

    def check_left_alone(self, result: dict[str, Any], past: str = "") -> None:
        """The first thing is left alone, and its row is about the deleted one."""
        row = next(row for row in result["results"] if row["id"] == 1)
        assert (row["outcome"], row["changes"], row["msg"]) == ("moved", [], f"{past}{REPLACED}")
        assert (row["uuid"], row["owner"]) == ("uuid-1", 101)


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)


@pytest.mark.parametrize("size", [1, 10], ids=["with the old value", "with the target"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_an_approval_does_not_cover_another_server(fleet, size, check_mode):
    fleet.replace(size)
    sha256 = json.loads(Path(fleet.options["plan_file"]).read_text())["sha256"]
    options = {**fleet.options, "plan_sha256": sha256}
    result = fleet_run(fleet.toys, fleet.folder, check_mode=check_mode, **options)
    fleet.check_left_alone(result)
    assert outcomes(result)[2] == "changed"
    assert fleet.toys.sizes[1] == size


@pytest.mark.parametrize("size", [1, 10])
@pytest.mark.parametrize(
    ("fails", "past"),
    [
        (failing(2), "an earlier run changed it, and "),
        (failing(1, uncertain=True), "an earlier run may have changed it, and "),
        (failing(1), ""),
    ],
    ids=["changed", "in doubt", "failed"],
)
@pytest.mark.parametrize("planned", [True, False])
def test_what_an_earlier_run_did_is_not_about_another_server(fleet, size, fails, past, planned):
    if not planned:
        del fleet.options["plan_file"]
    fleet.toys.before = fails
    fleet_run(fleet.toys, fleet.folder, max_failures="1", **fleet.options)
    fleet.toys.before = lambda item_id: None
    fleet.replace(size)
    writes = fleet.toys.writes[1]
    fleet.check_left_alone(fleet_run(fleet.toys, fleet.folder, **fleet.options), past)
    assert (fleet.toys.sizes[1], fleet.toys.writes[1]) == (size, writes)


def test_a_new_series_without_a_plan_is_about_the_new_server(fleet):
    del fleet.options["plan_file"]
    fleet_run(fleet.toys, fleet.folder, **fleet.options)
    fleet.replace(1)
    result = fleet_run(fleet.toys, fleet.folder, **fleet.options)
    assert outcomes(result) == {1: "changed", 2: "unchanged"}
    assert (result["results"][0]["uuid"], result["results"][0]["owner"]) == ("another", 999)


def test_a_rollback_leaves_another_server_alone(fleet):
    fleet_run(fleet.toys, fleet.folder, **fleet.options)
    fleet.replace(10)
    journal = fleet.options["journal"]
    result = fleet_run(fleet.toys, fleet.folder, rollback=journal)
    fleet.check_left_alone(result)
    assert fleet.toys.sizes == {1: 10, 2: 2}


def test_the_values_of_another_server_verify_no_change(tmp_path):
    toys = ToyPanel([1, 2])
    run = ToyFolder(toys, tmp_path)
    approved = run.planned()
    toys.after = lambda item_id: toys.uuids.update({1: "another"}) if item_id == 2 else None
    result = run.step("apply", plan_sha256=approved)
    verified = {row["id"]: row["verified"] for row in result["results"]}
    assert verified == {1: None, 2: True}
    assert "could not be read again" in " ".join(result["warnings"])


def test_a_server_without_a_unique_id_is_found_by_its_id(fleet):
    """Without a unique ID, the plan knows nothing else that a server keeps for its life."""
    fleet.toys.uuids[1] = None
    assert outcomes(fleet_run(fleet.toys, fleet.folder, **fleet.options))[1] == "changed"
