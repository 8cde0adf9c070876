# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of user plans on a scripted panel, from the options of the action to its result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtualizor_user_plans import ActionModule
from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    UserPlan,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import ProcessStop, Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import undocumented
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    KEY,
    PASS,
    PanelScript,
    plans,
    submit,
    user,
    user_plan,
    users,
)

NAME = "virtualizor_user_plans"
STARTER, OLD, KEPT = user_plan(1, "Starter"), user_plan(2, "Old"), user_plan(3, "Kept")
TODAY = plans(STARTER, OLD, KEPT)
#: One entry for each outcome, and what the panel has after each change.
CHANGE = {"plan_name": "Starter", "ram": 32768}
CREATE = {"plan_name": "New", "priority": 2, "num_vs": 10}
DELETE = {"user_plan_id": 2, "state": "absent"}
KEEP = {"user_plan_id": 3, "plan_name": "Kept", "ram": 16384}
WANTED = [CHANGE, CREATE, DELETE, KEEP]
BIGGER = user_plan(1, "Starter", ram="32768")
NEW = user_plan(8, "New")
NOBODY = users(user(7, uplid="1"))
DONE = {"done": True}
EDITS = (TODAY, submit("edituser_plans&uplid=1", DONE), plans(BIGGER, OLD, KEPT))
ADDS = (
    plans(BIGGER, OLD, KEPT),
    submit("adduser_plans", {"done": 8}),
    plans(BIGGER, OLD, KEPT, NEW),
)
DELETES = (
    plans(BIGGER, OLD, KEPT, NEW),
    NOBODY,
    submit("user_plans", DONE),
    plans(BIGGER, KEPT, NEW),
)
RAM = {
    "field": "ram",
    "unit": "MB",
    "before": 16384,
    "desired": 32768,
    "after": 32768,
    "outcome": "changed",
    "message": None,
}


class Runner(BulkRunner):
    """Runs the action on a scripted panel, without retries."""

    def run(
        self, *steps: Step, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action and return its result. Every expected request must be sent."""
        backend = PanelScript(*steps)
        result = self.on(backend, check_mode=check_mode, diff=diff, **options)
        backend.assert_finished()
        return result

    def on(
        self, backend: Any, *, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action on a panel."""
        given = {**CONNECTION, "retries": 0, "user_plans": WANTED, **options}
        with self._monkeypatch.context() as patched:
            patched.setattr(runner, "RequestsBackend", lambda **settings: backend)
            result = self.action(given, check_mode, diff=diff).run()
        shown = json.dumps([result, self.lines])
        assert KEY not in shown
        assert PASS not in shown
        assert list(undocumented(NAME, result)) == []
        return result


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(ActionModule, f"vpsfleet.panels.{NAME}", tmp_path, monkeypatch)


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["outcome"] for row in result["results"]}


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
            "entry 2 of user_plans: ram must not be -1: the lowest value is 0; entry 3 of user_plans: user_plan_id must",
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


# --- what must not be applied ----------------------------------------------------------------


IMPOSSIBLE = [
    CHANGE,
    {"plan_name": "Twin", "ram": 1},
    {"plan_name": "Without Priority", "ram": 1},
    {"user_plan_id": 99, "ram": 1},
    {"user_plan_id": 3, "space": 5, "space_per_vm": 6},
]
WITH_TWINS = plans(STARTER, user_plan(3, "Kept"), user_plan(4, "Twin"), user_plan(5, "Twin"))


@pytest.mark.parametrize("check_mode", [True, False])
def test_one_entry_that_cannot_be_applied_prevents_all_changes(run, check_mode):
    result = run.run(WITH_TWINS, user_plans=IMPOSSIBLE[:4], check_mode=check_mode)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"].startswith("3 of 4 user plans failed, so none was changed: ")
    for part in (
        "2 have that plan_name, with the IDs 4, 5",
        "; user plan (Without Priority): priority must be set",
        "Cannot read user plan 99",
    ):
        assert part in result["msg"]
    first, twin, _new, gone = result["results"]
    assert first["outcome"] == ("changed" if check_mode else "skipped")
    assert (twin["id"], gone["id"], gone["name"]) == (None, 99, "")
    assert (twin["changes"], twin["changed_fields"]) == ([], [])
    assert (result["failure"]["code"], result["failure"]["partial"]) == ("stopped", False)
    if not check_mode:
        assert first["changes"] == [{**RAM, "outcome": "skipped", "after": 16384}]
        assert first["changed_fields"] == []


def test_values_that_contradict_each_other_are_found_before_anything_is_sent(run):
    result = run.run(user_plans=IMPOSSIBLE)
    assert result["msg"].startswith("entry 5 of user_plans: space_per_vm must not exceed space")


def test_failures_with_one_code_have_this_code(run):
    two = [{"user_plan_id": 98, "ram": 1}, {"user_plan_id": 99, "ram": 1}]
    assert run.run(TODAY, user_plans=two)["failure"]["code"] == "not_found"


@pytest.mark.parametrize("check_mode", [True, False])
def test_more_changes_than_allowed_are_refused(run, check_mode):
    result = run.run(TODAY, NOBODY, max_items=2, check_mode=check_mode)
    assert (result["failed"], result["changed"]) == (True, False)
    assert "3 user plans would change, and max_items allows 2" in result["msg"]
    assert result["failure"]["code"] == "refused"
    assert result["totals"]["skipped"] == (0 if check_mode else 3)
    assert result["totals"]["unchanged"] == 1


def test_the_most_allowed_changes_are_made(run):
    assert "failed" not in run.run(TODAY, NOBODY, max_items=3, check_mode=True)


@pytest.mark.parametrize("check_mode", [True, False])
def test_another_plan_than_the_approved_one_is_refused(run, check_mode):
    result = run.run(TODAY, NOBODY, plan_sha256="a" * 64, check_mode=check_mode)
    assert (result["failed"], result["changed"]) == (True, False)
    now = f"the hash of the plan is now {result['plan_sha256']}, and plan_sha256 is another one"
    assert now in result["msg"]
    assert result["failure"]["code"] == "conflict"
    assert result["totals"]["skipped"] == (0 if check_mode else 3)


def test_a_hash_is_about_the_panel_the_user_plans_and_their_changes(run):
    def sha256(*records: dict[str, Any], ram: int = 1, **options: Any) -> Any:
        entries = [{"user_plan_id": 1, "ram": ram}]
        return run.run(plans(*records), check_mode=True, user_plans=entries, **options)[
            "plan_sha256"
        ]

    first = sha256(STARTER)
    assert first == sha256(STARTER, OLD)
    # A copied hash may have blanks and capital letters.
    assert sha256(STARTER, plan_sha256=f" {first.upper()}\n") == first
    others = {
        sha256(STARTER, ram=2),
        sha256(user_plan(1, "Starter", ram="5")),
        sha256(user_plan(1, "Another")),
    }
    result = run.on(
        Elsewhere(plans(STARTER)),
        check_mode=True,
        user_plans=[{"user_plan_id": 1, "ram": 1}],
        api_url="https://other.example.com",
    )
    assert len({first, *others, result["plan_sha256"]}) == 5


class Elsewhere(PanelScript):
    """The same panel at another address."""

    def __init__(self, *steps: Step) -> None:
        super().__init__(*steps)
        self._base = "https://other.example.com:4085/index.php?act="


# --- a panel that changes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "looks", "now", "action"),
    [
        (CHANGE, (), plans(user_plan(1, "Starter", ram="5")), "change user plan 1 (Starter)"),
        ({**CHANGE, "priority": 2}, (), plans(OLD), "change user plan 1 (Starter)"),
        (CHANGE, (), plans(user_plan(9, "Starter")), "change user plan 1 (Starter)"),
        (CREATE, (), plans(STARTER, user_plan(8, "New")), "create user plan (New)"),
        (DELETE, (NOBODY,), plans(user_plan(2, "Needed")), "delete user plan 2 (Old)"),
    ],
)
def test_a_change_that_is_no_longer_the_planned_one_is_a_conflict(run, entry, looks, now, action):
    result = run.run(
        TODAY,
        *looks,
        now,
        *looks,
        user_plans=[{**entry, "num_vs": 3} if entry is CREATE else entry],
    )
    (row,) = result["results"]
    assert row["msg"] == (
        f"Cannot {action}: the panel no longer has what the plan was made from, so it was left alone"
        " (make a new plan)"
    )
    assert (row["outcome"], row["failure"]["code"]) == ("failed", "conflict")
    assert (row["failure"]["partial"], row["failure"]["state"]) == (False, "known")
    assert {change["outcome"] for change in row["changes"]} == {"skipped"}
    assert row["changed_fields"] == []
    assert (result["changed"], result["failure"]["code"]) == (False, "conflict")
    assert result["msg"] == f"1 of 1 user plans failed, so none was changed: {row['msg']}"


def test_a_conflict_does_not_stop_the_others(run):
    moved = user_plan(1, "Starter", ram="5")
    adds = (plans(moved), submit("adduser_plans", {"done": 8}), plans(moved, NEW))
    result = run.run(plans(STARTER), plans(moved), *adds, user_plans=[CHANGE, CREATE])
    assert outcomes(result) == {"Starter": "failed", "New": "created"}
    assert result["changed"]
    assert result["failure"]["partial"]
    assert result["msg"].startswith("1 of 2 user plans failed: Cannot change user plan 1 (Starter)")


def test_a_change_that_somebody_else_has_made_is_unchanged(run):
    result = run.run(TODAY, plans(BIGGER), user_plans=[CHANGE])
    (row,) = result["results"]
    assert (row["outcome"], row["changes"], result["changed"]) == ("unchanged", [], False)


def test_a_user_plan_that_users_have_by_now_is_not_deleted(run):
    result = run.run(TODAY, NOBODY, TODAY, users(user(7, uplid="2")), user_plans=[DELETE])
    (row,) = result["results"]
    assert (row["outcome"], row["failure"]["code"]) == ("failed", "refused")
    assert {change["outcome"] for change in row["changes"]} == {"skipped"}


# --- failures --------------------------------------------------------------------------------


def test_a_lost_response_is_unknown_is_not_repeated_and_does_not_stop_the_others(run):
    lost = (TODAY, submit("adduser_plans", interrupted()))
    result = run.run(TODAY, *lost, *EDITS, user_plans=[CREATE, CHANGE])
    first, second = result["results"]
    assert (first["outcome"], first["failure"]["state"]) == ("failed", "unknown")
    assert first["changes"] == []
    assert second["outcome"] == "changed"
    assert result["msg"].startswith(
        "1 of 2 user plans failed: user plan (New): Cannot add a user plan: no response"
    )
    assert (result["failure"]["state"], result["failure"]["partial"]) == ("unknown", True)


def test_after_a_lost_response_none_was_changed_is_not_claimed(run):
    result = run.run(TODAY, TODAY, submit("adduser_plans", interrupted()), user_plans=[CREATE])
    assert result["msg"].startswith("1 of 1 user plans failed: ")


def test_a_value_that_the_panel_keeps_is_a_failure(run):
    half = plans(user_plan(1, "Starter", ram="32768"))
    entry = {**CHANGE, "num_vs": 3}
    steps = (plans(STARTER), plans(STARTER), submit("edituser_plans&uplid=1", DONE), half)
    result = run.run(*steps, user_plans=[entry])
    (row,) = result["results"]
    assert (row["outcome"], row["changed_fields"]) == ("failed", ["ram"])
    assert {change["field"]: change["outcome"] for change in row["changes"]} == {
        "num_vs": "refused",
        "ram": "changed",
    }
    assert (result["changed"], result["failure"]["partial"]) == (True, True)


def test_a_refused_write_keeps_the_planned_changes_as_skipped(run):
    refused = submit("edituser_plans&uplid=1", {"error": ["The RAM is invalid"]})
    result = run.run(TODAY, TODAY, refused, TODAY, user_plans=[CHANGE])
    (row,) = result["results"]
    assert (row["outcome"], row["failure"]["operation"]) == ("failed", "edit_user_plan")
    assert row["changes"] == [{**RAM, "outcome": "skipped", "after": 16384}]


def test_user_plans_that_cannot_be_read(run):
    result = run.run(answered(plans(), 500))
    assert (result["failed"], "results" in result) == (True, False)
    assert result["api_calls"]["read"] == 1


def answered(step: Step, status: int) -> Step:
    return Step(step.method, step.path, answer(status, f"an error with {PASS}"))


def test_a_defect_is_the_failure_of_one_entry(run):
    defect = UserPlan.create

    def broken(self: UserPlan) -> None:
        defect(self)
        raise ZeroDivisionError("a defect")

    run._monkeypatch.setattr(UserPlan, "create", broken)
    result = run.run(TODAY, TODAY, ADDS[1], *EDITS, user_plans=[CREATE, CHANGE])
    first, second = result["results"]
    assert (first["failure"]["code"], first["failure"]["state"]) == ("internal", "unknown")
    assert second["outcome"] == "changed"


def test_a_stop_leaves_the_user_plans_that_were_not_begun(run):
    stops: list[ProcessStop] = []
    before = ProcessStop.__init__

    def kept(self: ProcessStop) -> None:
        before(self)
        stops.append(self)

    class Interrupted(PanelScript):
        def send(self, request: Request) -> Response:
            response = super().send(request)
            if request.method == "POST":
                stops[0].ask(Reason.INTERRUPTED, "SIGTERM was received")
            return response

    run._monkeypatch.setattr(ProcessStop, "__init__", kept)
    backend = Interrupted(TODAY, NOBODY, *EDITS)
    result = run.on(backend)
    backend.assert_finished()
    assert outcomes(result) == {
        "Starter": "changed",
        "New": "skipped",
        "Old": "skipped",
        "Kept": "unchanged",
    }
    assert result["msg"] == "SIGTERM was received, and 2 user plans were skipped"
    assert (result["failure"]["code"], result["failure"]["partial"]) == ("stopped", True)
