# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of user plans: the plan, its application, and mistakes in the list."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.tests.unit.support.user_plan_list import (
    ADDS,
    CHANGE,
    DELETE,
    DELETES,
    EDITS,
    KEEP,
    NAME,
    NOBODY,
    RAM,
    STARTER,
    TODAY,
    ListRunner,
    outcomes,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    PanelScript,
    plans,
    submit,
    user,
    user_plan,
    users,
)


@pytest.fixture
def run(tmp_path, monkeypatch) -> ListRunner:
    return ListRunner(tmp_path, monkeypatch)


# --- plan and change -------------------------------------------------------------------------


def test_check_mode_reads_each_list_once_and_predicts_each_outcome(run):
    result = run.run(TODAY, NOBODY, check_mode=True)
    rows = [(row["id"], row["name"], row["outcome"]) for row in result["results"]]
    assert rows == [
        (1, "Starter", "changed"),
        (None, "New", "created"),
        (2, "Old", "deleted"),
        (3, "Kept", "unchanged"),
    ]
    assert result["results"][0] == {
        "id": 1,
        "name": "Starter",
        "outcome": "changed",
        "changed": True,
        "changed_fields": ["ram"],
        "changes": [RAM],
        "failure": None,
        "msg": "",
    }
    assert result["results"][1]["changed_fields"] == ["priority", "num_vs"]
    assert result["results"][2]["changed_fields"] == []
    assert (result["changed"], result["api_calls"]["write"]) == (True, 0)
    assert result["panel"] == "panel.example.com:4085"
    assert result["question"] == (
        "On panel.example.com:4085, create 1, change 1 and delete 1 user plans"
    )
    assert result["summary"] == (
        "1 would be created, 1 would be changed, 1 would be deleted, 1 unchanged, 0 failed, 0 skipped"
    )
    assert run.lines == [
        f"{NAME}: 3 user plans today: 1 would be created, 1 changed, 1 deleted; 1 are unchanged, 0 failed",
        "changed    Starter (1)  ram 16384 -> 32768 MB",
        "created    New (new)    priority 2, num_vs 10",
        "deleted    Old (2)",
    ]


def test_a_run_does_what_was_predicted_in_the_order_of_the_list(run):
    plan = run.run(TODAY, NOBODY, check_mode=True)
    run.lines.clear()
    done = run.run(TODAY, NOBODY, *EDITS, *ADDS, *DELETES, plan_sha256=plan["plan_sha256"])
    plan["results"][1]["id"] = 8
    assert done["results"] == plan["results"]
    assert done["totals"] == plan["totals"]
    assert (done["changed"], done["plan_sha256"]) == (True, plan["plan_sha256"])
    assert (done["api_calls"]["read"], done["api_calls"]["write"]) == (9, 3)
    assert run.lines[0] == (
        f"{NAME}: 1 created, 1 changed, 1 deleted, 1 unchanged, 0 failed, 0 skipped"
    )
    assert run.lines[2] == "created    New (8)      priority 2, num_vs 10"


def test_nothing_to_change(run):
    result = run.run(TODAY, user_plans=[KEEP])
    assert (result["changed"], outcomes(result)) == (False, {"Kept": "unchanged"})
    assert run.run(TODAY, user_plans=[])["totals"]["plans"] == 0


def test_a_user_plan_with_another_name_is_listed_under_the_earlier_one(run):
    entry = {"user_plan_id": "1", "plan_name": "Begin"}
    (row,) = run.run(TODAY, check_mode=True, user_plans=[entry])["results"]
    assert (row["id"], row["name"], row["changed_fields"]) == (1, "Starter", ["plan_name"])


def test_diff_mode_shows_what_changes(run):
    result = run.run(TODAY, NOBODY, check_mode=True, diff=True)
    assert [each["before_header"] for each in result["diff"]] == [
        "Starter (1)",
        "New (new)",
        "Old (2)",
    ]
    assert (result["diff"][0]["before"], result["diff"][0]["after"]) == (
        {"ram": 16384},
        {"ram": 32768},
    )
    refused = run.run(TODAY, NOBODY, diff=True, max_items=0)
    assert refused["diff"] == []


def test_a_warning_names_its_user_plan(run):
    entry = {"plan_name": "Starter", "priority": 1}
    result = run.run(TODAY, check_mode=True, user_plans=[entry])
    assert result["warnings"] == ["user plan 1 (Starter): priority=1 grants administrator rights"]


def test_a_warning_that_names_its_user_plan_is_not_given_another_name(run):
    renamed = plans(user_plan(1, "Beginner"))
    both = {"done": True, "error": ["the slave does not answer"]}
    steps = (TODAY, TODAY, submit("edituser_plans&uplid=1", both), renamed, renamed)
    result = run.run(*steps, user_plans=[{"user_plan_id": 1, "plan_name": "Beginner"}])
    assert result["warnings"] == [
        "user plan 1 (Beginner): the panel shows the change, but it also reported: the slave does not answer"
    ]


def test_control_characters_are_replaced(run):
    here = plans(user_plan(1, "a\x1b[2Jb"))
    entry = {"user_plan_id": 1, "ram": 1}
    result = run.run(here, check_mode=True, user_plans=[entry])
    assert run.lines[1] == "changed    a [2Jb (1)  ram 16384 -> 1 MB"
    assert result["results"][0]["name"] == "a [2Jb"


def test_a_closed_screen_does_not_end_the_run(run):
    action = run.action({**CONNECTION, "user_plans": [KEEP]})

    def closed(_line: str) -> None:
        raise BrokenPipeError

    action._display.display = closed
    run._monkeypatch.setattr(runner, "RequestsBackend", lambda **settings: PanelScript(TODAY))
    assert action.run()["totals"]["unchanged"] == 1


# --- the list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"user_plans": [{"ram": 1}]}, "one of the following is required: user_plan_id, plan_name"),
        ({"user_plans": [{"plan_name": "A", "num_vps": 1}]}, "num_vps"),
        ({"user_plans": [{"plan_name": 1.1}]}, "plan_name is the number 1.1, not a string"),
        ({"user_plans": [{"plan_name": 12}]}, "plan_name is the number 12, not a string"),
        ({"user_plans": [{"plan_name": True}]}, "plan_name is the boolean"),
        ({"user_plans": [{"plan_name": "A", "ram": "much"}]}, "ram"),
        ({"user_plans": [{"plan_name": "A", "allowed_virts": ["vmware"]}]}, "allowed_virts"),
        (
            {
                "user_plans": [
                    {"plan_name": "A"},
                    {"plan_name": "B", "ram": -1},
                    {"user_plan_id": 0},
                ]
            },
            "entry 2 of user_plans: ram must not be -1: the lowest value is 0; entry 3 of user_plans: user_plan_id",
        ),
        (
            {"user_plans": [{"user_plan_id": 1, "plan_name": "A", "state": "absent"}]},
            "entry 1 of user_plans: with state=absent set user_plan_id or plan_name, not both",
        ),
        (
            {"user_plans": [{"plan_name": "12"}, {"user_plan_id": 3, "plan_name": "12"}]},
            "several entries of user_plans have the plan_name '12'",
        ),
        (
            {"user_plans": [{"user_plan_id": 3}, {"user_plan_id": "3"}]},
            "several entries of user_plans have the user_plan_id 3",
        ),
        (
            {"user_plans": [], "delete_others": True},
            "delete_others with an empty list would delete all user plans",
        ),
        ({"max_items": -1}, "max_items must be at least 0"),
        ({"plan_sha256": ""}, "plan_sha256 is empty"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_mistake_is_refused_before_anything_is_sent(run, options, message, check_mode):
    result = run.run(check_mode=check_mode, **options)
    assert (result["failed"], result["failure"]["code"]) == (True, "validation")
    assert message in result["msg"]
    assert "results" not in result


def test_names_differ_by_case_and_two_user_plans_may_get_one_name(run):
    lists = (
        [{"plan_name": "A", "priority": 2}, {"plan_name": "a", "priority": 2}],
        [{"user_plan_id": 4, "plan_name": "Twin"}, {"user_plan_id": 5, "plan_name": "Twin"}],
    )
    twins = plans(user_plan(4, "Twin"), user_plan(5, "Twin"))
    for entries in lists:
        result = run.run(twins, check_mode=True, user_plans=entries)
        assert result["totals"]["failed"] == 0


def test_two_entries_for_one_user_plan_are_refused(run):
    result = run.run(TODAY, user_plans=[{"user_plan_id": 1, "ram": 1}, CHANGE])
    assert result["failure"]["code"] == "validation"
    assert result["msg"] == (
        "user_plans names user plan 1 by its ID in one entry and by its name, 'Starter', in another"
        " (merge the two entries)"
    )
    assert "results" not in result


def test_two_new_names_that_are_the_same_are_refused(run):
    # The second change would fail after the first one.
    entries = [{"user_plan_id": number, "plan_name": "Twin"} for number in (1, 2)]
    for check_mode in (True, False):
        result = run.run(TODAY, check_mode=check_mode, user_plans=entries)
        assert result["failure"]["code"] == "validation"
        assert result["msg"] == "several entries of user_plans rename a user plan to 'Twin'"


def test_others_are_deleted_by_their_ids(run):
    today = plans(STARTER, user_plan(4, "Twin"), user_plan(5, "Twin"))
    options = {"user_plans": [{"plan_name": "Starter"}], "delete_others": True, "check_mode": True}
    result = run.run(today, users(user(7, uplid="5")), **options)
    rows = [(row["id"], row["name"], row["outcome"]) for row in result["results"]]
    assert rows == [(1, "Starter", "unchanged"), (4, "Twin", "deleted"), (5, "Twin", "failed")]
    assert "1 user has it, with the IDs 7" in result["results"][2]["msg"]
    assert run.run(today, **options, force=True)["totals"]["deleted"] == 2


@pytest.mark.parametrize(
    ("common", "own", "outcome"),
    [
        (True, None, "deleted"),
        (True, False, "failed"),
        (False, True, "deleted"),
        (False, None, "failed"),
    ],
)
def test_the_force_of_an_entry_comes_before_the_common_one(run, common, own, outcome):
    looks = () if outcome == "deleted" else (users(user(7, uplid="2")),)
    entry = {**DELETE, "force": own}
    result = run.run(TODAY, *looks, check_mode=True, force=common, user_plans=[entry])
    assert outcomes(result) == {"Old": outcome}


# --- the report ------------------------------------------------------------------------------


def test_the_report_has_the_outcomes(run):
    folder = run.folder / "new" / "reports"
    plan = run.run(TODAY, NOBODY, check_mode=True, report_dir=str(folder))
    assert plan["report_file"] == str(folder / "report.json")
    predicted = json.loads((folder / "report.json").read_text())
    steps = (TODAY, NOBODY, *EDITS, *ADDS, *DELETES)
    done = run.run(*steps, report_dir=str(folder))
    report = json.loads((folder / "report.json").read_text())
    assert (predicted["dry_run"], predicted["user_plans"]) == (True, plan["results"])
    assert {key: report[key] for key in ("schema", "panel", "dry_run", "totals", "user_plans")} == {
        "schema": 1,
        "panel": "panel.example.com:4085",
        "dry_run": False,
        "totals": done["totals"],
        "user_plans": done["results"],
    }
    assert report["started"] <= report["finished"]
    assert report["finished"].endswith("Z")
    assert set(report) == {
        *("schema", "panel", "dry_run", "started", "finished", "totals", "user_plans")
    }


def test_the_report_is_written_if_the_plan_is_not_approved(run):
    run.run(TODAY, NOBODY, plan_sha256="not approved", report_dir=str(run.folder))
    report = json.loads((run.folder / "report.json").read_text())
    assert report["totals"]["skipped"] == 3


def test_without_a_folder_there_is_no_report(run):
    assert run.run(TODAY, user_plans=[KEEP])["report_file"] is None


@pytest.mark.parametrize("place", ["file/reports", "folder"])
def test_a_report_that_cannot_be_written_is_found_before_anything_is_sent(run, place):
    (run.folder / "file").write_text("")
    (run.folder / "folder" / "report.json").mkdir(parents=True)
    result = run.run(report_dir=str(run.folder / place))
    assert (result["failed"], result["failure"]["code"]) == (True, "validation")


def test_a_report_that_can_no_longer_be_written_does_not_hide_the_changes(run):
    class Removing(PanelScript):
        def send(self, request):
            if request.method == "POST":
                os.rmdir(report_dir)
            return super().send(request)

    report_dir = run.folder / "reports"
    result = run.on(Removing(TODAY, *EDITS), user_plans=[CHANGE], report_dir=str(report_dir))
    assert outcomes(result) == {"Starter": "changed"}
    assert [each for each in result["warnings"] if "Cannot write the report" in each]


def test_a_mistake_in_the_list_makes_no_folder(run):
    run.run(user_plans=[{"user_plan_id": 0}], report_dir=str(run.folder / "reports"))
    assert not (run.folder / "reports").exists()
