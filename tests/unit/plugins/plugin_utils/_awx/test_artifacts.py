# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the templates: artifacts reach the jobs that need them, and runs have unique names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jinja2
import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.panels import ARTIFACT_SUFFIXES
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.workflows import workflows
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_artifacts import (
    parents_of,
    received_by_each,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import berlin, settings
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

FLEET = [{"name": "all", "target": {}, "servers": {"all": True}}]
#: Three panels, two of which have a canary.
PANELS = [
    berlin(shards=2, fleet=FLEET),
    berlin(name="rome", api_url="https://rome", shards=3, fleet=FLEET),
    berlin(name="oslo", api_url="https://oslo", fleet=FLEET),
]
SETTINGS = settings(panels=PANELS)
VARIABLES = {
    each.name: each.arguments["extra_vars"]
    for each in content(SETTINGS)
    if each.kind == "job_template"
}
WORKFLOWS = {each.template.name.removeprefix("vpsfleet "): each for each in workflows(SETTINGS)}


def rendered(variables: Mapping[str, Any], name: str, **more: Any) -> str:
    """Return a variable of a job."""
    environment = jinja2.Environment(autoescape=False)
    environment.filters["basename"] = lambda path: path.rpartition("/")[2]
    given = {**variables, **more}
    template = environment.from_string(str(given[name]))
    return template.render({key: value for key, value in given.items() if key != name})


def key_of(node: Mapping[str, Any]) -> str | None:
    """Return the name of the artifact that the job of a node passes, or None if it passes none of a run."""
    variables = VARIABLES.get(node.get("unified_job_template", ""), {})
    if "vps_fleet_stats_key" not in variables:
        return None
    return rendered(variables, "vps_fleet_stats_key")


def ancestors(node: str, nodes: Any) -> set[str]:
    found: set[str] = set()
    for parent in parents_of(node, nodes):
        found |= {parent, *ancestors(parent, nodes)}
    return found


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", ["berlin change", "oslo change", "all panels change"])
def test_no_node_receives_an_artifact_that_an_older_one_has_replaced(name, backwards):
    nodes = WORKFLOWS[name].nodes
    passed = {node["id"]: {key: node["id"]} for node in nodes if (key := key_of(node))}
    received = received_by_each(nodes, passed, backwards=backwards)
    for node, artifacts in received.items():
        for key, writer in artifacts.items():
            newer = [
                each
                for each in ancestors(node, nodes)
                if key in passed.get(each, {}) and writer in ancestors(each, nodes)
            ]
            assert not newer, f"{node} receives {key} of {writer}, and {newer} have replaced it"


@pytest.mark.parametrize("backwards", [False, True])
def test_the_canary_check_receives_the_result_of_each_canary(backwards):
    nodes = WORKFLOWS["all panels change"].nodes
    passed = {node["id"]: {key: node["id"]} for node in nodes if (key := key_of(node))}
    received = received_by_each(nodes, passed, backwards=backwards)["canary_check"]
    artifacts = VARIABLES["vpsfleet all panels canary check"]["fleet_artifacts"]
    assert artifacts == ["vpsfleet_berlin_1_of_2", "vpsfleet_rome_1_of_3"]
    assert [received[f"{name}_applied"] for name in artifacts] == [
        "canary-berlin-1-of-2",
        "canary-rome-1-of-3",
    ]


def test_every_later_job_finds_the_plan():
    nodes = WORKFLOWS["all panels change"].nodes
    passed = {node["id"]: {key: node["id"]} for node in nodes if (key := key_of(node))}
    received = received_by_each(nodes, passed)
    for node in nodes:
        if node["id"].startswith(("canary-", "rest-")):
            plan = rendered(VARIABLES[node["unified_job_template"]], "fleet_artifact")
            assert received[node["id"]][plan] == f"plan-{node['id'].partition('-')[2]}"


def test_the_limit_of_all_panels_is_checked_before_anything_is_planned():
    nodes = WORKFLOWS["all panels change"].nodes
    roots = [node for node in nodes if not parents_of(node["id"], nodes)]
    assert [node["unified_job_template"] for node in roots] == ["vpsfleet all panels limit check"]
    (root,) = roots
    assert not root.get("always")
    assert not root.get("failure")
    checked = VARIABLES[root["unified_job_template"]]
    sums = VARIABLES["vpsfleet all panels canary check"]
    limit = "fleet_sum_runs_max_failures"
    for answer, expected in (("", "0"), (" 2% ", "2%")):
        assert rendered(checked, limit, survey_fleet_max_failures=answer) == expected
        assert rendered(sums, limit, survey_fleet_max_failures=answer) == expected


# --- names of runs ---------------------------------------------------------------------------------


def folders() -> Iterator[str]:
    """Yield the folder of each run and each report of one workflow."""
    for name, variables in VARIABLES.items():
        for option in ("vps_fleet_run_dir", "fleet_merge_reports_dest"):
            makes = name.endswith(("drift", "report")) or " plan" in name
            if option in variables and makes and "rollback" not in name:
                yield rendered(variables, option, awx_workflow_job_id=812, awx_job_id=900)


def test_runs_of_different_panels_have_different_names_in_one_store():
    """A store knows a run by the last part of its folder."""
    found = [folder.rpartition("/")[2] for folder in folders()]
    assert len(found) == len(set(found)) > 8
    assert {"berlin-812", "berlin-812-1-of-2", "rome-812-1-of-3", "oslo-812"} <= set(found)
    assert {"berlin-report-812", "oslo-report-812"} <= set(found)


def test_a_comparison_has_an_artifact_of_its_own():
    keys = [
        rendered(variables, "vps_fleet_stats_key")
        for name, variables in VARIABLES.items()
        if name.endswith(" drift")
    ]
    assert keys == ["vpsfleet_berlin_drift", "vpsfleet_rome_drift", "vpsfleet_oslo_drift"]


def test_the_names_of_artifacts_end_as_the_check_of_panel_names_expects():
    panels = SETTINGS.panels
    bases = [part.stats_key for panel in panels for part in (panel.whole, *panel.parts)]
    expected = {f"{base}{suffix}" for base in bases for suffix in ARTIFACT_SUFFIXES}
    found = {key for name in VARIABLES if (key := key_of({"unified_job_template": name}))}
    assert {key.rpartition("_")[2] for key in found} >= {"applied", "drift"}
    assert found <= expected


# --- the report ------------------------------------------------------------------------------------


def _asked(name: str) -> set[str]:
    (found,) = (each for each in content(SETTINGS) if each.name == f"vpsfleet {name}")
    return {row["variable"] for row in found.arguments["survey_spec"]["spec"]}


def test_the_report_of_a_panel_has_the_limit_of_its_run():
    """A template takes an answer of the workflow only if it asks for it."""
    limit = "fleet_merge_reports_max_failures"
    variables = VARIABLES["vpsfleet oslo report"]
    assert _asked("oslo report") <= _asked("oslo change")
    assert rendered(variables, limit, survey_max_failures="5%") == "5%"
    assert rendered(variables, limit, survey_max_failures="") == "0"
    path = TOP / "roles/vps_fleet/meta/argument_specs.yml"
    specs = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
    described = " ".join(specs["main"]["options"]["vps_fleet_max_failures"]["description"])
    assert "Defaults to V(0)" in described, (
        "the report of a run without an answer has another limit"
    )


def test_the_report_over_all_panels_has_their_own_limit():
    variables = VARIABLES["vpsfleet all panels report"]
    answers = {"survey_fleet_max_failures": "3", "survey_max_failures": "90%"}
    assert "survey_fleet_max_failures" in _asked("all panels report")
    assert rendered(variables, "fleet_merge_reports_max_failures", **answers) == "3"


STORE = {"run_store": "https://files.example.com/fleet", "run_store_token": "t0ken"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (STORE, STORE, ["vpsfleet berlin run store"]),
        ({"run_store_credential": "Files"}, {"run_store_credential": "Files"}, ["Files"]),
        (STORE, {**STORE, "run_store": "https://other.example.com"}, []),
        (STORE, {}, []),
        ({}, {}, []),
    ],
)
def test_the_report_over_all_panels_reads_the_store_that_they_share(first, second, expected):
    panels = [berlin(**first), berlin(name="rome", api_url="https://rome", **second)]
    credentials = {
        each.name: each.arguments["credentials"]
        for each in content(settings(panels=panels))
        if each.kind == "job_template"
    }
    assert credentials["vpsfleet all panels report"] == expected
    assert credentials["vpsfleet all panels canary check"] == []
    stores = credentials["vpsfleet berlin report"][1:]
    assert bool(stores) is bool(first)
