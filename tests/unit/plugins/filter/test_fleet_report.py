# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_report import (
    fleet_report,
)

from .fleet_files import change, plan_file, results_file, row

PLANNED = (
    row(1, "web01", "changed", change("memory", 2048, 4096, "MB"), restart_required=True),
    row(2, "web02", "changed", change("memory", 1024, 4096, "MB"), restart_required=True),
    row(3, "db01", "unchanged"),
    row(4, "db02", "failed", msg="the panel does not answer"),
)


@pytest.fixture
def planned(tmp_path):
    return results_file(tmp_path / "planned.json", *PLANNED)


def report(*parts, **about):
    return json.loads(fleet_report(parts, about))


def outcomes(found):
    return {row["id"]: row["outcome"] for row in found["servers"]}


def test_a_report_of_a_plan(planned, tmp_path):
    plan = plan_file(tmp_path / "plan.json", warnings=["hypervisor 6 is full"])
    found = report({"target": "Cloud 4", "planned": planned, "plan": plan}, kind="change")
    assert found["kind"] == "change"
    assert found["panel"] == "https://panel.example.com"
    assert found["plan_sha256"] == "5dea"
    assert found["warnings"] == ["hypervisor 6 is full"]
    assert found["totals"] == {
        "selected": 4,
        "changed": 2,
        "unchanged": 1,
        "refused": 0,
        "failed": 1,
        "in_doubt": 0,
        "moved": 0,
        "skipped": 0,
        "earlier": 0,
        "restart_required": 2,
        "differ_again": 0,
    }
    assert found["servers"][0] == {"target": "Cloud 4", **PLANNED[0], "verified": None}


def test_results_replace_planned_rows(planned, tmp_path):
    stopped = {"reason": "failures", "msg": "too many"}
    done = results_file(
        tmp_path / "results.json",
        row(1, "web01", "changed", change("memory", 2048, 4096), earlier=True),
        row(2, "web02", "failed", msg="locked"),
        run_id="second",
        stopped=stopped,
    )
    found = report({"planned": planned, "done": done})
    assert outcomes(found) == {1: "changed", 2: "failed", 3: "unchanged", 4: "failed"}
    assert found["run_id"] == "second"
    assert found["stopped"] == stopped
    assert found["totals"]["earlier"] == 1


def test_a_run_that_never_began_skips_its_planned_changes(planned):
    found = report({"planned": planned, "stopped": "nobody approved the plan"})
    assert outcomes(found) == {1: "skipped", 2: "skipped", 3: "unchanged", 4: "failed"}
    assert found["servers"][0]["msg"] == "nobody approved the plan"
    assert found["servers"][0]["changes"] == []
    assert not found["servers"][0]["changed"]
    assert found["totals"]["restart_required"] == 0


def test_the_reason_of_a_failure_does_not_hide_its_results(planned, tmp_path):
    done = results_file(tmp_path / "results.json", row(1, "web01"), row(2, "web02", "skipped"))
    found = report({"planned": planned, "done": done, "stopped": "too many failed"})
    assert outcomes(found)[1] == "changed"


@pytest.mark.parametrize(
    ("outcome", "verified"),
    [("unchanged", True), ("refused", True), ("changed", False), ("failed", False)],
)
def test_verified_compares_the_servers_after_the_run(planned, tmp_path, outcome, verified):
    done = results_file(tmp_path / "results.json", row(1, "web01"), row(2, "web02", "skipped"))
    seen = results_file(tmp_path / "verified.json", row(1, "web01", outcome))
    found = report({"planned": planned, "done": done, "verified": seen})
    assert [row["verified"] for row in found["servers"]] == [verified, None, None, None]
    assert found["totals"]["differ_again"] == (not verified)


def test_drift_of_several_entries(planned, tmp_path):
    other = results_file(tmp_path / "other.json", row(9, "web09", "refused"))
    found = report(
        {"target": "web", "planned": planned},
        {"target": "db", "planned": other},
        kind="drift",
        panel="p",
    )
    assert outcomes(found) == {
        1: "drifted",
        2: "drifted",
        3: "unchanged",
        4: "failed",
        9: "refused",
    }
    assert [row["target"] for row in found["servers"]] == ["web"] * 4 + ["db"]
    assert found["totals"]["drifted"] == 2
    assert "changed" not in found["totals"]
    assert found["panel"] == "p"
    assert found["run_id"] is None


def test_empty_strings_become_null():
    found = report(
        {"planned": "", "plan": "", "target": "x", "stopped": ""}, failure="", kind="drift"
    )
    assert found["failure"] is None
    assert found["servers"] == []


def test_an_empty_report():
    assert report()["totals"]["selected"] == 0


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(AnsibleFilterError, match=r"fleet_report: .*No such file"):
        fleet_report([{"planned": str(tmp_path / "no")}])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"results": 3}', '{"results": [{}]}'])
def test_an_invalid_file_is_refused(tmp_path, content):
    path = tmp_path / "planned.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnsibleFilterError, match=r"^fleet_report: "):
        fleet_report([{"planned": str(path)}])


def test_an_invalid_part_is_refused():
    with pytest.raises(AnsibleFilterError, match="each part of a report must be a dictionary"):
        fleet_report(["planned.json"])
