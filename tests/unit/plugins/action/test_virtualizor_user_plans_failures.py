# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""User plans that must not be changed: refusals, conflicts, failures and stops."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    UserPlan,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import ProcessStop, Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.user_plan_list import (
    ADDS,
    BIGGER,
    CHANGE,
    CREATE,
    DELETE,
    DONE,
    EDITS,
    NEW,
    NOBODY,
    OLD,
    RAM,
    STARTER,
    TODAY,
    ListRunner,
    outcomes,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    PASS,
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
        "2 have that name, with the IDs 4, 5",
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
        assert (first["changed"], first["changed_fields"]) == (False, [])


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


def test_refused_credentials_are_not_used_for_the_other_user_plans(run):
    refused = submit("edituser_plans&uplid=1", answer(401, "Unauthorized"))
    result = run.run(TODAY, NOBODY, TODAY, refused)
    assert outcomes(result) == {
        "Starter": "failed",
        "New": "skipped",
        "Old": "skipped",
        "Kept": "unchanged",
    }
    assert result["failure"]["code"] == "auth"
    assert "the panel refused the credentials, and 2 user plans were skipped" in result["msg"]


def stopped_at(run: ListRunner, number: int, *steps: Step) -> dict[str, Any]:
    """Run the action, and return its result if a stop is requested during the request of this number."""
    stops: list[ProcessStop] = []
    before = ProcessStop.__init__

    def kept(self: ProcessStop) -> None:
        before(self)
        stops.append(self)

    class Interrupted(PanelScript):
        def send(self, request: Request) -> Response:
            response = super().send(request)
            if len(self.authorised) == number:
                stops[0].ask(Reason.INTERRUPTED, "SIGTERM was received")
            return response

    run._monkeypatch.setattr(ProcessStop, "__init__", kept)
    backend = Interrupted(*steps)
    result = run.on(backend, report_dir=str(run.folder))
    backend.assert_finished()
    return result


@pytest.mark.parametrize("content", [None, '{"started": "1999-12-31T23:59:59Z"}', "[]", "?"])
def test_a_run_that_is_stopped_replaces_an_earlier_report(run, content):
    report = run.folder / "report.json"
    if content is not None:
        report.write_text(content)
    result = stopped_at(run, 3, TODAY, NOBODY, TODAY)
    assert json.loads(report.read_text())["totals"] == result["totals"]


def test_a_run_that_is_stopped_keeps_the_report_of_a_later_one(run):
    # A killed run that ends late must not hide what the next one has changed.
    report = run.folder / "report.json"
    report.write_text('{"started": "9999-01-01T00:00:00Z"}')
    result = stopped_at(run, 3, TODAY, NOBODY, TODAY)
    assert result["warnings"] == [f"a later run has written {report}, so it was not replaced"]
    assert report.read_text() == '{"started": "9999-01-01T00:00:00Z"}'


def test_a_stop_leaves_the_user_plans_that_were_not_begun(run):
    result = stopped_at(run, 4, TODAY, NOBODY, *EDITS)
    assert outcomes(result) == {
        "Starter": "changed",
        "New": "skipped",
        "Old": "skipped",
        "Kept": "unchanged",
    }
    assert result["msg"] == "SIGTERM was received, and 2 user plans were skipped"
    assert (result["failure"]["code"], result["failure"]["partial"]) == ("stopped", True)


def test_a_stop_during_the_read_before_a_change_sends_nothing(run):
    # The next run may have made the same change by the time a slow panel responds.
    result = stopped_at(run, 3, TODAY, NOBODY, TODAY)
    assert outcomes(result) == {
        "Starter": "skipped",
        "New": "skipped",
        "Old": "skipped",
        "Kept": "unchanged",
    }
    assert result["msg"] == "SIGTERM was received, and 3 user plans were skipped"
    assert (result["failure"]["code"], result["failure"]["partial"]) == ("stopped", False)
    assert result["changed"] is False
