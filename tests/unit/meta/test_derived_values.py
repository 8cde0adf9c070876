# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values that the fleet role and its playbooks derive: what they tell the operator."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.values import value_of

ROLE: dict[str, Any] = yaml.safe_load((TOP / "roles/vps_fleet/vars/main.yml").read_text())


@pytest.mark.parametrize(
    ("run_dirs", "dest"),
    [(["/a/", "/b"], "/a-merged"), (["/a//"], "/a-merged"), (["", "/b/c"], "/b/c-merged")],
)
def test_merged_reports_are_beside_the_first_run(run_dirs, dest):
    (play,) = yaml.safe_load((TOP / "playbooks/fleet_merge_reports.yml").read_text())
    variables = {**play["vars"], "fleet_merge_reports_run_dirs": run_dirs}
    assert value_of("fleet_merge_reports__beside", variables) == dest


@pytest.mark.parametrize(
    ("check_mode", "where"),
    [(False, "the report is in /m"), (True, "check mode writes no report")],
)
def test_a_merged_report_is_named_only_if_it_is_written(check_mode, where):
    (play,) = yaml.safe_load((TOP / "playbooks/fleet_merge_reports.yml").read_text())
    merged = {"dest": "/m", "msg": "2 reports"}
    variables = {**play["vars"], "fleet_merge_reports__merged": merged}
    variables["ansible_check_mode"] = check_mode
    assert value_of("fleet_merge_reports__where", variables) == where


@pytest.mark.parametrize(
    ("totals", "word"),
    [
        ({}, "Done"),
        ({"unverified": 0}, "Done"),
        ({"unverified": 1}, "Ended"),
        ({"changed": 1}, "Ended"),
    ],
)
def test_a_run_is_done_only_if_every_change_was_read_again(totals, word):
    known = {"selected": 2, "changed": 2, "unchanged": 0, "partly_refused": 0}
    result = {"totals": known | totals, "finished": True, "stopped": None, "run_state": "finished"}
    result |= {"summary": "as counted", "next_command": None, "api_calls": {"read": 5}}
    variables = {**ROLE, "vps_fleet__result": result, "vps_fleet__check_mode": False}
    variables["vps_fleet__in_a_job"] = False
    assert value_of("vps_fleet__sentence", variables) == [f"{word}: as counted"]


@pytest.mark.parametrize(("check_mode", "dry_run"), [(False, True), (True, False), (False, False)])
def test_the_summary_of_a_dry_run_states_that_its_totals_are_predictions(check_mode, dry_run):
    result = {"totals": {"selected": 2, "changed": 2}, "run_state": "stopped", "next_command": "x"}
    variables = {**ROLE, "vps_fleet__result": result, "vps_fleet__check_mode": check_mode}
    variables["vps_fleet__given"] = {"dry_run": dry_run}
    passed = value_of("vps_fleet__stats", variables)
    assert (passed["state"], passed["dry_run"]) == ("stopped", check_mode or dry_run)


@pytest.mark.parametrize(
    ("drifted", "named", "said"),
    [
        (2, 2, "2 of 20 servers have drifted: web0, web1"),
        (2, 1, "2 of 20 servers have drifted: web0, …"),
        (2, 0, "2 of 20 servers have drifted"),
        (
            11,
            11,
            "11 of 20 servers have drifted: " + ", ".join(f"web{n}" for n in range(10)) + ", …",
        ),
    ],
)
def test_names_that_the_results_lack_are_not_passed_over(drifted, named, said):
    look = {
        "totals": {"selected": 20, "drifted": drifted},
        "drifted": [f"web{number}" for number in range(named)],
    }
    assert value_of("vps_fleet__drift_sentence", {**ROLE, "vps_fleet__looks": [look]}) == said


@pytest.mark.parametrize("totals", [{}, {"selected": 3, "drifted": 0}])
def test_a_report_is_named_only_if_servers_were_compared(totals):
    look = {"totals": totals, "drifted": [], "failed": True, "msg": "no answer"}
    variables = {**ROLE, "vps_fleet__looks": [look], "vps_fleet__check_mode": False}
    variables |= {"vps_fleet__drift_dir": "/runs/1", "vps_fleet__result": {}}
    lines = ["no answer", "Nothing was compared, so no report is written."]
    if totals:
        lines = ["0 of 3 servers have drifted", "no answer", "The report is in /runs/1."]
    assert value_of("vps_fleet__drift_lines", variables) == lines
    assert ("0 of 3" in value_of("vps_fleet__drift_stats", variables)["msg"]) is bool(totals)


@pytest.mark.parametrize(("refused", "verb"), [(1, "differs"), (2, "differ")])
def test_servers_with_refused_values_are_not_passed_over(refused, verb):
    look = {"totals": {"selected": 9, "drifted": 0, "refused": refused}, "drifted": []}
    said = f"0 of 9 servers have drifted; {refused} {verb} only in values that the panel does not change"
    assert value_of("vps_fleet__drift_sentence", {**ROLE, "vps_fleet__looks": [look]}) == said
