# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input: one clear sentence for each mistake, before anything is sent."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.objects import is_mistakable
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    everything,
    options,
    pipelines,
    problems,
    settings,
)


def panel_problems(**changes):
    return problems(panels=[berlin(**changes)])


def test_the_example_has_no_mistake():
    assert [panel.name for panel in settings().panels] == ["berlin", "oslo", "phones"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("fleet", "a relative path. A job starts in a folder that is deleted at its end."),
        ("/tmp", "/tmp is deleted with the job"),
        ("/tmp/fleet", "/tmp is deleted with the job"),
        ("/runner/project", "/runner is deleted with the job"),
        ("/var/lib/../fleet", "Write the path without dots and templates."),
    ],
)
def test_a_folder_that_is_lost_with_the_job_is_refused_once(path, reason):
    (problem,) = problems(runs_dir=path)
    assert problem.startswith("awx_content_runs_dir is ")
    assert reason in problem
    (problem,) = panel_problems(runs_dir=path)
    assert problem.startswith("runs_dir of the panel berlin is ")


def test_a_missing_folder_is_refused():
    (problem,) = problems(runs_dir="", panels=[berlin()])
    assert problem == (
        "runs_dir of the panel berlin is not set. Set a folder that outlives a job, such as /var/lib/fleet."
    )


def test_a_wrong_state_dir_is_refused():
    (problem,) = problems(state_dir="/tmp/locks")
    assert problem.startswith("awx_content_state_dir is /tmp/locks.")


@pytest.mark.parametrize("names", [("berlin", "berlin"), ("berlin", "Berlin")])
def test_a_panel_that_is_listed_twice_is_refused(names):
    panels = [berlin(name=name, api_url=f"https://{index}") for index, name in enumerate(names)]
    (problem,) = problems(panels=panels)
    assert "berlin" in problem.lower()
    assert "listed twice" in problem or "too similar" in problem


@pytest.mark.parametrize(
    ("keys", "urls"),
    [
        ({"api_token": "t"}, ["https://berlin", "https://BERLIN/", "https://berlin:443/api/v1/"]),
        ({"api_key": "k", "api_pass": "p"}, ["https://berlin", "https://Berlin:4085/"]),
        ({"api_key": "k", "api_pass": "p"}, ["http://berlin", "http://Berlin:4084/"]),
    ],
)
def test_one_panel_under_two_names_is_refused(keys, urls):
    kind = "virtfusion" if "api_token" in keys else "virtualizor"
    for url in urls[1:]:
        first = {"name": "berlin", "type": kind, "api_url": urls[0], **keys}
        (problem,) = problems(panels=[first, {**first, "name": "other", "api_url": url}])
        assert problem == (
            "The panels berlin and other have the same api_url. List a panel once, or its servers are changed twice."
        )


def test_two_ports_of_one_host_are_two_panels():
    """Without a port, an address of Virtualizor means port 4085, so port 443 is another panel."""
    first = {"name": "a", "type": "virtualizor", "api_key": "k", "api_pass": "p"}
    second = {**first, "name": "b", "api_url": "https://berlin:443"}
    assert problems(panels=[{**first, "api_url": "https://berlin"}, second]) == []


def test_the_fields_of_a_credential_have_their_types():
    """A key of digits is a number in YAML, and AWX refuses it."""
    given = berlin(api_token=12345678, skip_tls_verification="yes")
    assert settings(panels=[given]).panels[0].inputs == {
        "api_url": "https://berlin",
        "api_token": "12345678",
        "skip_tls_verification": True,
    }


def test_a_wrong_address_is_refused():
    (problem,) = problems(panels=[berlin(api_url="berlin.example.com")])
    assert problem == "The panel berlin cannot be used: api_url is not the address of a panel."


def test_one_panel_by_its_region_and_account_under_two_names_is_refused():
    cloud = {"type": "huaweicloud", "region": "cn-north-4", "access_key": "a", "secret_key": "s"}
    (problem,) = problems(panels=[{"name": "a", **cloud}, {"name": "b", **cloud}])
    assert problem.startswith("The panels a and b have the same region, access_key. List a panel")
    other = {"name": "b", **cloud, "project_id": "p2"}
    assert problems(panels=[{"name": "a", **cloud}, other]) == []


@pytest.mark.parametrize("kind", ["virtfusion", "virtualizor"])
def test_two_panels_with_one_credential_are_refused(kind):
    first = {"name": "a", "type": "virtfusion", "credential": "Existing"}
    (problem,) = problems(panels=[first, {"name": "b", "type": kind, "credential": "Existing"}])
    assert problem == (
        "The panels a and b name the same credential Existing. List a panel once, or its servers are changed twice."
    )


def test_names_that_share_an_artifact_are_refused():
    panels = [berlin(name="a-b"), berlin(name="a_b", api_url="https://other")]
    (problem,) = problems(panels=panels)
    assert (
        problem
        == "The names of the panels a-b and a_b are too similar: both use the artifact vpsfleet_a_b."
    )


@pytest.mark.parametrize(
    ("first", "second", "artifact"),
    [
        ("x", "x-applied", "x_applied"),
        ("x_Drift", "x", "x_drift"),
        ("x", "x-1-of-2-applied", "x_1_of_2_applied"),
        ("x-applied", "x", "x_applied"),
    ],
)
def test_a_panel_does_not_have_the_name_of_an_artifact_of_another(first, second, artifact):
    panels = [berlin(name=first, shards=2), berlin(name=second, api_url="https://other")]
    (problem,) = problems(panels=panels)
    assert problem == (
        f"The names of the panels {first} and {second} are too similar: both use the artifact vpsfleet_{artifact}."
    )


def test_a_panel_without_a_credential_is_refused():
    (problem,) = panel_problems(api_token="")
    assert problem == (
        "The panel berlin has no credential. Set api_url and api_token, or name an existing one with credential."
    )
    (problem,) = problems(panels=[{"name": "phones", "type": "huaweicloud", "region": "r"}])
    assert "region and access_key and secret_key, or region and user_name" in problem


def test_a_panel_with_two_credentials_is_refused():
    (problem,) = panel_problems(credential="Existing")
    assert (
        problem
        == "The panel berlin names a credential, so api_url, api_token must not be set there."
    )
    assert (
        problems(panels=[{"name": "berlin", "type": "virtfusion", "credential": "Existing"}]) == []
    )


@pytest.mark.parametrize("shards", ["0", 65, "two", -1, "1/4", "9" * 5000])
def test_a_wrong_number_of_shards_is_refused(shards):
    (problem,) = panel_problems(shards=shards)
    assert problem == f"Shards of the panel berlin must be a number from 1 to 64, not {shards}."


def test_shards_that_do_not_add_up_are_refused():
    (problem,) = panel_problems(shards=4, shard_instance_groups=[["a"], ["b"]])
    assert problem == (
        "The panel berlin has 4 shards and 2 entries in shard_instance_groups. Give one entry for each shard."
    )


@pytest.mark.parametrize("groups", [5, "north", ["north"]])
def test_groups_of_shards_that_are_no_list_of_lists_are_refused(groups):
    *_others, problem = panel_problems(shards=2, shard_instance_groups=groups)
    assert problem == (
        "The panel berlin has 2 shards and 1 entries in shard_instance_groups. Give one entry for each shard."
    )


@pytest.mark.parametrize("key", ["api_token", "run_store", "run_store_token"])
@pytest.mark.parametrize("value", [{"vault": "x"}, ["x"]])
def test_a_credential_that_is_no_text_is_refused(key, value):
    (problem,) = panel_problems(**{"run_store": "https://files.example.com", key: value})
    assert problem == f"{key} of the panel berlin must be a text."


@pytest.mark.parametrize("rate", [0, -1, "fast", "nan"])
def test_a_wrong_rate_is_refused(rate):
    (problem,) = panel_problems(rate=rate)
    assert (
        problem
        == f"The rate of the panel berlin must be a number of requests per second, not {rate}."
    )


def test_an_unknown_key_is_refused_with_a_suggestion():
    (problem,) = panel_problems(shard=4)
    assert problem == "The panel berlin has no key shard. Did you mean shards?"
    (problem,) = panel_problems(api_key="k")
    assert "The panel berlin has no key api_key." in problem


def test_an_unknown_type_is_refused():
    (problem,) = panel_problems(type="proxmox")
    assert (
        problem
        == "The type of the panel berlin must be one of virtfusion, virtualizor, huaweicloud, not 'proxmox'."
    )


@pytest.mark.parametrize("name", ["", "2nd", "a b", "x" * 41])
def test_a_wrong_name_is_refused(name):
    (problem,) = panel_problems(name=name)
    assert "needs a name of letters, digits, _ and -" in problem


@pytest.mark.parametrize("panels", [None, [], "berlin", {"berlin": {}}])
def test_a_list_of_no_panels_is_refused(panels):
    assert problems(panels=panels) == ["Set awx_content_panels to a list of at least one panel."]


def test_an_entry_that_is_no_panel_is_refused():
    assert problems(panels=["berlin"]) == ["Entry 1 of awx_content_panels is not a dictionary."]


def test_variables_and_fleets_of_a_panel_are_checked():
    (problem,) = panel_problems(variables={"health_check": ["x"]})
    assert problem == (
        "variables of the panel berlin must not contain health_check: the role has no such variable. "
        "Did you mean vps_fleet_health_check?"
    )
    (problem,) = panel_problems(variables=["x"])
    assert problem == "variables of the panel berlin must be a dictionary."
    (problem,) = panel_problems(fleet=["web"])
    assert problem == "fleet of the panel berlin must be a list of dictionaries."


def test_a_panel_overrides_nothing_that_a_template_or_its_survey_sets():
    """With dry_run false and without an approval, the plan job would change servers."""
    objects = content(settings(panels=[berlin(shards=2, rate=9)]))
    template = next(each for each in objects if each.name == "vpsfleet berlin plan 1 of 2")
    fixed = [name for name in template.arguments["extra_vars"] if name.startswith("vps_fleet_")]
    others = ["vps_fleet_approval", "vps_fleet_shard", "vps_fleet_plan_sha256", "vps_fleet_options"]
    assert {"vps_fleet_dry_run", "vps_fleet_run_dir", "vps_fleet_stats_key"} < set(fixed)
    for name in [*fixed, *others]:
        (problem,) = panel_problems(variables={name: "x"})
        assert problem.startswith(f"variables of the panel berlin must not contain {name}: ")
        assert "does not know" not in problem
    free = {"vps_fleet_health_check": ["x"], "vps_fleet_health_check_timeout": 5}
    assert panel_problems(variables={**free, "vps_fleet_table_rows": 9}) == []


def test_a_store_has_one_credential():
    (problem,) = panel_problems(run_store_token="t")
    assert problem == "The panel berlin has a run_store_token and no run_store."
    (problem,) = panel_problems(run_store="https://x", run_store_credential="Files")
    assert (
        problem
        == "The panel berlin names a run_store_credential, so run_store must not be set there."
    )


def test_servers_for_pipelines_are_checked():
    ci = dict(pipelines()["ci"])
    assert problems(panels=[pipelines()]) == []
    (problem,) = problems(
        panels=[{"name": "o", "type": "virtualizor", "credential": "c", "ci": ci}]
    )
    assert problem == (
        "The panel o is of type virtualizor. Only a panel of type virtfusion has the key ci."
    )
    (problem,) = panel_problems(ci=["x"])
    assert problem == "ci of the panel berlin must be a dictionary."
    prefix = "virtfusion_ci_server_"
    (problem,) = panel_problems(ci={**ci, f"{prefix}pipeline": "x"})
    assert problem == (
        "ci of the panel berlin must not contain virtfusion_ci_server_pipeline: it is the ID of the workflow job."
    )
    (problem,) = panel_problems(ci={**ci, f"{prefix}leese": 9})
    assert problem.endswith("Did you mean virtfusion_ci_server_lease?")
    assert panel_problems(ci={}) == [
        "ci of the panel berlin needs template, the name of your job template that uses the servers.",
        f"ci of the panel berlin needs {prefix}relation_string or {prefix}ext_relation_id.",
        f"ci of the panel berlin needs {prefix}package_name or {prefix}package_id.",
        f"ci of the panel berlin needs {prefix}template_name or {prefix}template_id.",
        f"ci of the panel berlin needs {prefix}hypervisor_group_id.",
    ]


def test_a_branch_of_an_archive_is_refused():
    assert problems(project_url="https://files/x.tar.gz", project_branch="main") == [
        "awx_content_project_branch must not be set: an archive has no branches."
    ]


def test_a_branch_that_is_not_set_is_taken_away():
    assert settings().project["scm_branch"] == ""


def test_a_project_and_an_environment_are_required():
    (problem,) = problems(project_url=None)
    assert problem.startswith("Set awx_content_project_url to the address")
    (problem,) = problems(project_local_path="fleet")
    assert problem == "Set awx_content_project_url or awx_content_project_local_path, not both."
    (problem,) = problems(image=None)
    assert problem.startswith("Set awx_content_image to an image")


@pytest.mark.parametrize(
    ("url", "kind"), [("https://git/x.git", "git"), ("https://files/x.tar.gz", "archive")]
)
def test_the_kind_of_the_project_follows_from_its_address(url, kind):
    assert settings(project_url=url).project["scm_type"] == kind


def test_wrong_notifications_are_refused():
    (problem,) = problems(notifications=[{"name": "chat", "type": "slack", "configuration": {}}])
    assert problem.startswith(
        "Entry 1 of awx_content_notifications needs a name, a type (webhook or email)"
    )
    chat = {"name": "chat", "type": "webhook", "configuration": {}}
    assert problems(notifications=[chat, chat]) == ["The notification chat is listed twice."]


TAKEN = (
    "Modules take a number as an ID and a name with ++ as an address, and would use another object."
)


@pytest.mark.parametrize("name", ["12", " 7 ", "1_000", "-3", "a++b"])
def test_a_name_that_modules_take_as_an_id_or_an_address_is_refused(name):
    """The modules of awx.awx call int() on a name, and the ID wins over the name."""
    reason = f"is {name}. {TAKEN} Give it another name."
    for option in ("organization", "label", "project_credential", "execution_environment"):
        assert problems(**{option: name}) == [f"awx_content_{option} {reason}"]
    named = {"name": "a", "type": "virtfusion", "credential": name}
    assert problems(panels=[named]) == [f"credential of the panel a {reason}"]
    (problem,) = panel_problems(run_store_credential=name)
    assert problem == f"run_store_credential of the panel berlin {reason}"
    groups = f"an instance group of the panel berlin {reason}"
    assert panel_problems(instance_groups=["a", name]) == [groups]
    assert panel_problems(shards=2, shard_instance_groups=[["a"], [name]]) == [groups]
    ci = {**pipelines()["ci"], "template": name}
    assert panel_problems(ci=ci) == [f"template in ci of the panel berlin {reason}"]


@pytest.mark.parametrize("value", [12, [12]])
def test_a_number_without_quotes_is_a_name(value):
    (problem,) = panel_problems(instance_groups=value)
    assert problem.startswith("an instance group of the panel berlin is 12. ")
    assert problems(organization=12)[0].startswith("awx_content_organization is 12. ")


def test_a_part_of_a_name_may_be_a_number_and_no_address():
    chat = {"type": "webhook", "configuration": {}}
    assert problems(prefix="12", notifications=[{"name": "7", **chat}]) == []
    (problem,) = problems(prefix="a++b")
    assert problem.startswith("awx_content_prefix is a++b. ")
    (problem,) = problems(notifications=[{"name": "c++", **chat}])
    assert problem.startswith("the name of entry 1 of awx_content_notifications is c++. ")
    objects = content(settings(prefix="12", notifications=[{"name": "7", **chat}]))
    assert not [each.name for each in objects if is_mistakable(each.name)]


def test_a_negative_timeout_is_refused():
    assert problems(approval_timeout=-1) == [
        "awx_content_approval_timeout must not be negative. 0 means no limit."
    ]


def test_no_secret_is_in_the_text_of_settings():
    assert "secret" not in repr(everything())
    assert "secret-token" in str(options())
