# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content for pipelines, the credentials of stores, and the schedules."""

from __future__ import annotations

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.workflows import workflows
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    ARGUMENTS as RUN_STORE,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import berlin, everything

OBJECTS = content(everything())


def of(kind):
    return [each for each in OBJECTS if each.kind == kind]


def named(name):
    return next(each.arguments for each in OBJECTS if each.name == f"vpsfleet {name}")


def nodes_of(name):
    return next(
        each.nodes for each in workflows(everything()) if each.template.name == f"vpsfleet {name}"
    )


def test_a_pipeline_is_torn_down_whatever_happens_and_fails_if_its_job_fails():
    """AWX counts a failure that another node follows as handled."""
    nodes = {node["id"]: node for node in nodes_of("berlin ci")}
    assert nodes["job"]["unified_job_template"] == "theirs"
    for name in ("provision", "job"):
        (after,) = nodes[name]["failure"]
        assert nodes[after]["unified_job_template"] == "vpsfleet berlin ci teardown"
        assert nodes[after]["always"] == ["failed"]
    (after,) = nodes["job"]["success"]
    assert nodes[after]["unified_job_template"] == "vpsfleet berlin ci teardown"
    assert nodes["failed"]["unified_job_template"] == "vpsfleet berlin ci failed"
    assert not any(nodes["failed"].get(link) for link in ("success", "failure", "always"))


def test_pipelines_run_at_once_and_have_folders_and_servers_of_their_own():
    workflow = named("berlin ci")
    assert (workflow["allow_simultaneous"], workflow["survey_enabled"]) == (True, False)
    for step in ("provision", "teardown"):
        variables = named(f"berlin ci {step}")["extra_vars"]
        assert "awx_workflow_job_id" in variables["virtfusion_ci_server_pipeline"]
        assert variables["virtfusion_ci_server_output_dir"].startswith("{{ fleet_run_root }}/ci/")
        assert variables["fleet_run_root"] == "/var/lib/fleet/berlin"
        assert variables["virtfusion_ci_server_state_dir"] == "/var/lib/fleet/state"
        assert variables["virtfusion_ci_server_relation_string"] == "ci"
    assert named("berlin ci provision")["extra_vars"]["virtfusion_ci_server_stats"] is True
    assert "virtfusion_ci_server_lease" not in named("berlin ci teardown")["extra_vars"]


def test_the_janitor_is_scheduled_and_deletes():
    """A cancelled workflow starts no further node."""
    assert named("berlin ci janitor")["extra_vars"]["virtfusion_ci_server_dry_run"] is False
    schedules = {each.name: each for each in of("schedule")}
    assert schedules["vpsfleet berlin ci janitor"].initial == {"enabled": True}
    assert schedules["vpsfleet phones drift"].initial == {"enabled": False}


def test_no_schedule_is_enabled_or_disabled_after_its_creation():
    assert all("enabled" not in each.arguments for each in of("schedule"))


def test_the_drift_schedule_is_disabled_and_exists_only_with_a_fleet():
    (schedule,) = (each for each in of("schedule") if each.name.endswith(" drift"))
    assert schedule.initial == {"enabled": False}
    assert schedule.arguments["unified_job_template"] == "vpsfleet phones drift"
    assert "vps_fleet_fleet" not in named("berlin drift")["extra_vars"]


# --- stores ----------------------------------------------------------------------------------------


def test_every_template_of_a_panel_has_the_credential_of_its_store():
    """A signed address in the variables of a template can be read by everyone who sees the template."""
    for each in of("job_template"):
        expected = each.name.startswith("vpsfleet berlin ")
        assert ("vpsfleet berlin run store" in each.arguments["credentials"]) == expected
    others = [each.arguments for each in OBJECTS if each.kind != "credential"]
    assert "secret-" not in str(others)
    (store,) = (each for each in of("credential") if each.name == "vpsfleet berlin run store")
    assert store.arguments["inputs"]["run_store"].endswith("?sig=secret-signature")
    (kind,) = (each for each in of("credential_type") if each.name == "vpsfleet Run store")
    assert set(kind.arguments["injectors"]["env"]) == set(run_store_environment())


def test_an_existing_credential_of_a_store_is_used():
    panel = berlin(run_store_credential="Files")
    objects = content(everything(panels=[panel]))
    assert "vpsfleet Run store" not in [each.name for each in objects]
    (plan,) = (each for each in objects if each.name == "vpsfleet berlin plan")
    assert plan.arguments["credentials"] == ["vpsfleet berlin", "Files"]


def run_store_environment():
    """Return the variables from which the bulk actions take a store."""
    return [name for each in RUN_STORE.options.values() for name in each["env"]]
