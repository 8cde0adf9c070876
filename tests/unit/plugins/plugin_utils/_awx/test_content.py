# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content as data. What a real AWX accepts, and does without a message, decides the rules."""

from __future__ import annotations

import re

import jinja2
import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.content import content, playbooks
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.objects import KINDS, REMOVAL
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.workflows import workflows
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    VARS,
    berlin,
    definitions,
    everything,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

OBJECTS = content(everything())
KEY = re.compile(r"vpsfleet_[a-z0-9_]+")


def of(kind):
    return [each for each in OBJECTS if each.kind == kind]


def named(name):
    return next(each.arguments for each in OBJECTS if each.name == f"vpsfleet {name}")


def nodes_of(name):
    return next(
        each.nodes for each in workflows(everything()) if each.template.name == f"vpsfleet {name}"
    )


# --- credential types ------------------------------------------------------------------------------


@pytest.mark.parametrize("panel", definitions()["credential_types"])
def test_a_boolean_that_is_not_given_never_switches_a_protection_off(panel):
    """AWX injects a boolean field without a value as False, whatever its default."""
    data = definitions()["credential_types"][panel]
    booleans = [each["id"] for each in data["inputs"]["fields"] if each["type"] == "boolean"]
    assert booleans == ["skip_tls_verification"]
    (name,) = (name for name in data["injectors"]["env"] if name.endswith("VALIDATE_CERTS"))
    template = jinja2.Template(data["injectors"]["env"][name])
    assert template.render(skip_tls_verification=False) == "true"
    assert template.render(skip_tls_verification=True) == "false"


@pytest.mark.parametrize("panel", definitions()["credential_types"])
def test_authorities_are_a_file_only_if_they_are_given(panel):
    data = definitions()["credential_types"][panel]
    (field,) = (each for each in data["inputs"]["fields"] if each["id"] == "ca_certificates")
    assert field["multiline"] is True
    assert data["injectors"]["file"] == {"template.ca": "{{ ca_certificates }}"}
    (name,) = (name for name in data["injectors"]["env"] if name.endswith("CA_PATH"))
    template = jinja2.Template(data["injectors"]["env"][name])
    tower = {"filename": {"ca": "/runner/ca.pem"}}
    assert template.render(ca_certificates="", tower=tower) == ""
    assert template.render(ca_certificates="PEM", tower=tower) == "/runner/ca.pem"


@pytest.mark.parametrize("panel", definitions()["credential_types"])
def test_every_field_is_injected_and_every_secret_is_one(panel):
    data = definitions()["credential_types"][panel]
    injected = " ".join([*data["injectors"]["env"].values(), *data["injectors"]["file"].values()])
    for field in data["inputs"]["fields"]:
        assert re.search(rf"\b{field['id']}\b", injected), field["id"]
        hidden = re.search(r"token|key|pass", field["id"]) is not None
        assert field.get("secret", False) == hidden, field["id"]
    assert set(data["inputs"]["required"]) <= {each["id"] for each in data["inputs"]["fields"]}


def test_ansible_evaluates_no_template_that_awx_or_a_job_evaluates():
    """A template in the role's data is a template of AWX or of a job, so it needs !unsafe."""
    for path in VARS.glob("*.yml"):
        if path.name != "main.yml":
            for node in _scalars(yaml.compose(path.read_text(encoding="utf-8"))):
                assert "{{" not in node.value or node.tag == "!unsafe", f"{path.name}: {node.value}"


def _scalars(node):
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from (*_scalars(key), *_scalars(value))


# --- templates -------------------------------------------------------------------------------------


def test_a_job_is_one_panel_with_one_credential():
    """AWX refuses two credentials of a custom type in one job."""
    types = {each.name: each.arguments["credential_type"] for each in of("credential")}
    for each in of("job_template"):
        names = each.arguments["credentials"]
        assert len({types[name] for name in names}) == len(names)
        panels = [name for name in names if types[name] != "vpsfleet Run store"]
        expected = 0 if each.name.startswith("vpsfleet all panels ") else 1
        assert len(panels) == expected, each.name


def test_no_template_is_sliced_limited_or_run_twice_at_a_time():
    """Slices change servers twice, and a limit without localhost makes a job that does nothing and succeeds."""
    several = {f"vpsfleet berlin ci {step}" for step in ("provision", "teardown", "failed")}
    for each in of("job_template"):
        # Pipelines run at once, each with servers of its own.
        assert each.arguments["allow_simultaneous"] is (each.name in several)
        assert each.arguments["job_slice_count"] == 1
        assert each.arguments["inventory"] == "vpsfleet controller"
        # An option that is not sent would stay as somebody set it by hand.
        for name in ("limit", "job_tags", "skip_tags", "start_at_task"):
            assert each.arguments[name] == ""
        prompts = {name: value for name, value in each.arguments.items() if name.startswith("ask_")}
        needed = {"ask_limit_on_launch", "ask_job_slice_count_on_launch", "ask_inventory_on_launch"}
        assert needed <= set(prompts)
        assert not any(prompts.values())


def test_each_shard_has_templates_of_its_own_with_its_part_of_the_rate():
    for number in range(1, 5):
        plan = named(f"berlin plan {number} of 4")["extra_vars"]
        assert plan["vps_fleet_shard"] == f"{number}/4"
        assert plan["vps_fleet_rate_limit"] == 10
        assert plan["vps_fleet_stats_key"] == f"vpsfleet_berlin_{number}_of_4"
        assert named(f"berlin apply {number} of 4")["instance_groups"] == [["b"], ["a"]][number % 2]
    assert named("berlin plan")["extra_vars"]["vps_fleet_rate_limit"] == 40
    assert "vps_fleet_shard" not in named("berlin plan")["extra_vars"]


def test_shards_on_one_node_share_the_rate():
    objects = content(everything(panels=[berlin(shards=2, rate=40, one_node=True)]))
    plans = [
        each
        for each in objects
        if each.name.startswith("vpsfleet berlin plan ") and each.kind == "job_template"
    ]
    assert [each.arguments["extra_vars"]["vps_fleet_rate_limit"] for each in plans] == [40, 40]


def test_no_variable_of_a_template_has_the_name_of_a_question():
    """The default of a question wins over a variable of its template with the same name."""
    for each in of("job_template"):
        asked = {row["variable"] for row in each.arguments.get("survey_spec", {}).get("spec", [])}
        assert not asked & set(each.arguments["extra_vars"]), each.name


def test_every_question_reaches_a_variable_of_the_job():
    """AWX drops an answer that no one uses without a word."""
    for each in of("job_template"):
        text = " ".join(str(value) for value in each.arguments["extra_vars"].values())
        for row in each.arguments.get("survey_spec", {}).get("spec", []):
            assert re.search(rf"\b{row['variable']}\b", text), (each.name, row["variable"])


def test_an_apply_job_asks_nothing_and_takes_the_plan_that_was_approved():
    arguments = named("berlin apply")
    assert arguments["survey_enabled"] is False
    for name in ("vps_fleet_run_dir", "vps_fleet_plan_sha256"):
        assert "lookup('ansible.builtin.vars', fleet_artifact" in arguments["extra_vars"][name]
    assert "vps_fleet_approval" not in str([each.arguments for each in of("job_template")])


def test_plans_change_nothing():
    for name in ("berlin plan", "berlin plan 1 of 4", "berlin rollback plan"):
        assert named(name)["extra_vars"]["vps_fleet_dry_run"] is True


def test_templates_name_files_of_the_project_that_import_a_playbook_of_the_collection():
    """A template names a file of its project, never a playbook of a collection."""
    for path in playbooks(everything()):
        (play,) = yaml.safe_load((TOP / path).read_text(encoding="utf-8"))
        playbook = play["ansible.builtin.import_playbook"]
        assert playbook == f"vpsfleet.panels.{(TOP / path).stem}"
        assert (TOP / "playbooks" / f"{playbook.rpartition('.')[2]}.yml").exists()


def test_runs_of_panels_and_shards_have_folders_of_their_own():
    folders = [
        (
            each.arguments["extra_vars"]["fleet_run_root"],
            each.arguments["extra_vars"]["fleet_run_suffix"],
        )
        for each in of("job_template")
        if " plan" in each.name and "rollback" not in each.name
    ]
    assert len(folders) == len(set(folders)) == 7


def _accepted(playbook):
    """Return the variables that a playbook of the collection, or its role, takes."""
    text = (TOP / "playbooks" / f"{playbook}.yml").read_text(encoding="utf-8")
    play = yaml.safe_load(text)[0]
    role = play["tasks"][0].get("ansible.builtin.import_role")
    if role is None:
        return set(re.findall(r"vps_fleet_\w+", text))
    path = TOP / "roles" / role["name"].rpartition(".")[2] / "meta/argument_specs.yml"
    specs = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
    options = set(specs[role.get("tasks_from", "main")]["options"])
    return options | set(play["vars"].get("vps_fleet__playbook_variables", []))


@pytest.mark.parametrize("each", of("job_template"), ids=lambda each: each.name)
def test_the_role_knows_every_variable_that_a_template_passes(each):
    """The role refuses an unknown variable with its prefix."""
    playbook = each.arguments["playbook"].rpartition("/")[2].removesuffix(".yml")
    if not playbook.startswith(("fleet_merge", "fleet_sum")):
        prefixes = ("vps_fleet_", "virtfusion_ci_server_")
        passed = {name for name in each.arguments["extra_vars"] if name.startswith(prefixes)}
        # The name of the artifact is a part of a template there.
        restart = {"vps_fleet_stats_key"} if playbook == "virtfusion_fleet_restart" else set()
        assert passed - _accepted(playbook) == restart


def test_only_virtfusion_panels_have_a_template_that_restarts():
    """The other panels have no module for power."""
    names = [each.name for each in of("job_template") if each.name.endswith(" restart")]
    assert names == ["vpsfleet berlin restart"]
    arguments = named("berlin restart")
    assert [row["variable"] for row in arguments["survey_spec"]["spec"]] == ["survey_run_dir"]
    resume = named("berlin resume")["extra_vars"]["vps_fleet_run_dir"]
    assert arguments["extra_vars"]["vps_fleet_run_dir"] == resume


# --- surveys ---------------------------------------------------------------------------------------


def _surveys():
    return [each for each in OBJECTS if each.arguments.get("survey_spec")]


@pytest.mark.parametrize("each", _surveys(), ids=lambda each: each.name)
def test_surveys_have_the_types_of_awx_and_no_default_where_empty_means_not_set(each):
    """There is no boolean question, and '' is sent for an optional text with a default."""
    rows = each.arguments["survey_spec"]["spec"]
    assert len({row["variable"] for row in rows}) == len(rows)
    for row in rows:
        assert row["variable"].startswith("survey_")
        assert row["required"] is False
        assert row["type"] in ("text", "textarea", "multiplechoice", "integer", "float")
        if row["type"] == "multiplechoice":
            assert row["default"] in row["choices"]
            assert all(isinstance(choice, str) for choice in row["choices"])
        else:
            assert "default" not in row
        assert not {"maps", "sets"} & set(row)


def test_a_workflow_asks_what_its_plan_templates_ask():
    """A template takes a variable of the workflow only if it asks for it."""
    workflow = {row["variable"] for row in named("oslo change")["survey_spec"]["spec"]}
    assert workflow == {row["variable"] for row in named("oslo plan")["survey_spec"]["spec"]}
    every = {row["variable"] for row in named("all panels change")["survey_spec"]["spec"]}
    for panel in ("berlin plan 1 of 4", "oslo plan", "phones plan", "all panels report"):
        assert {row["variable"] for row in named(panel)["survey_spec"]["spec"]} <= every


# --- workflows -------------------------------------------------------------------------------------


def _writes(node):
    return (
        re.search(r" (apply|resume|rollback|restart)( \d|$)", node.get("unified_job_template", ""))
        is not None
    )


@pytest.mark.parametrize("name", ["berlin change", "phones change", "all panels change"])
def test_nothing_writes_after_a_failure_without_an_approval(name):
    """A cancelled job takes the failure branch, too."""
    nodes = {node["id"]: node for node in nodes_of(name)}
    for node in nodes.values():
        for target in [*node.get("failure", []), *node.get("always", [])]:
            assert not _writes(nodes[target]), f"{node['id']} leads to {target}"


@pytest.mark.parametrize("name", ["berlin change", "berlin ci", "all panels change"])
def test_links_lead_to_later_nodes_and_approvals_come_before_their_links(name):
    """A module cannot create an approval with its links, and a link needs its target."""
    found = next(
        each for each in workflows(everything()) if each.template.name == f"vpsfleet {name}"
    )
    done = set()
    for each in found.objects(everything()):
        links = [
            target
            for link in ("success", "failure", "always")
            for target in each.arguments.get(f"{link}_nodes", [])
        ]
        assert not (links and "approval_node" in each.arguments)
        assert set(links) <= done, each.name
        done.add(each.name)
    assert done == {node["id"] for node in found.nodes}


def test_every_approval_has_a_time_limit_and_texts_of_its_own():
    """A timeout of 0 means never, so it must be wanted."""
    approvals = [
        each.arguments["approval_node"] for each in OBJECTS if "approval_node" in each.arguments
    ]
    assert approvals
    assert {each["timeout"] for each in approvals} == {86400}
    assert all("{{" not in each["name"] + each["description"] for each in approvals)


def test_the_fleet_workflow_has_a_canary_stage_a_sum_and_the_rest():
    nodes = {node["id"]: node for node in nodes_of("all panels change")}
    plans = [name for name in nodes if name.startswith("plan-")]
    assert len(plans) == 6
    assert all(nodes[name]["success"] == ["approve"] for name in plans)
    assert nodes["approve"]["converge"] is True
    assert nodes["approve"]["success"] == ["canary-berlin-1-of-4"]
    assert nodes["canary-berlin-1-of-4"]["always"] == ["canary_check"]
    rest = nodes["canary_check"]["success"]
    assert sorted(rest) == [
        "rest-berlin-2-of-4",
        "rest-berlin-3-of-4",
        "rest-berlin-4-of-4",
        "rest-oslo",
        "rest-phones",
    ]
    assert nodes["canary_check"]["failure"] == ["report_after_canary"]
    assert all(nodes[name]["always"] == ["report"] for name in rest)
    assert nodes["report"]["converge"] is True


def test_each_part_is_applied_once_in_the_fleet_workflow():
    applied = [
        node["unified_job_template"] for node in nodes_of("all panels change") if _writes(node)
    ]
    assert len(applied) == len(set(applied)) == 6


def test_without_shards_the_first_panel_is_the_canary():
    panels = [berlin(), berlin(name="rome", api_url="https://rome")]
    found = workflows(everything(panels=panels))[-1]
    nodes = {node["id"]: node for node in found.nodes}
    assert nodes["approve"]["success"] == ["canary-berlin"]
    assert nodes["canary_check"]["success"] == ["rest-rome"]


def test_one_panel_without_shards_needs_no_workflow_over_panels():
    found = workflows(everything(panels=[berlin()]))
    assert [each.template.name for each in found] == ["vpsfleet berlin change"]


# --- artifacts and notifications ---------------------------------------------------------------------


def test_artifacts_have_one_key_for_each_job():
    """Artifacts of parents are merged, and on equal names one is lost."""
    keys = [
        each.arguments["extra_vars"]["vps_fleet_stats_key"]
        for each in of("job_template")
        if " plan" in each.name and "rollback" not in each.name
    ]
    assert len(set(keys)) == len(keys)
    report = named("all panels report")["extra_vars"]["fleet_artifacts"]
    assert set(report) <= set(keys)
    canary = named("all panels canary check")["extra_vars"]["fleet_artifacts"]
    assert canary == ["vpsfleet_berlin_1_of_4"]
    assert len(report) == 6


def test_messages_use_the_only_form_that_awx_accepts():
    form = re.compile(
        r"\{\{ \(job\.artifacts\.\w+ \| default\(\{\}\)\)\.\w+ \| default\('[^']*'\) \}\}"
    )
    for each in of("notification_template"):
        for text in each.arguments["messages"]["success"].values():
            rest = form.sub("", text).replace("{{ url }}", "")
            assert "{{" not in rest, text
            assert not re.search("MSG|SHA256|TITLE|RUN_DIR", rest)


def test_a_notification_shows_the_numbers_of_its_own_template():
    for each in of("job_template"):
        for name in each.arguments.get("notification_templates_success", []):
            messages = next(
                other for other in of("notification_template") if other.name == name
            ).arguments["messages"]
            keys = set(KEY.findall(str(messages)))
            assert keys == {each.arguments["extra_vars"]["vps_fleet_stats_key"]}


# --- rights, labels, order -----------------------------------------------------------------------------


def test_approvers_may_read_every_template_of_a_workflow():
    """An approver gets a 403 for the plan job without read on its template."""
    may = {
        name
        for each in of("role")
        if each.arguments["team"] == "vpsfleet approvers"
        and each.arguments["role"] in ("read", "execute")
        for name in each.arguments.get("job_templates", [])
    }
    used = {
        node["unified_job_template"]
        for found in workflows(everything())
        for node in found.nodes
        if "unified_job_template" in node
    }
    assert used - may == {"theirs"}


def test_operators_cannot_start_what_writes_without_an_approval():
    may = [
        name
        for each in of("role")
        if (each.arguments["team"], each.arguments["role"]) == ("vpsfleet operators", "execute")
        for name in each.arguments.get("job_templates", [])
    ]
    assert may
    assert [name for name in may if _writes({"unified_job_template": name})] == []


def test_every_object_bears_the_label():
    for each in OBJECTS:
        mark = KINDS[each.kind].mark
        if mark == "labels":
            assert each.arguments["labels"] == ["vpsfleet"]
        elif mark:
            assert each.arguments["description"].endswith("[vpsfleet]"), each.name


def test_an_object_comes_after_those_that_it_names():
    kinds = [each.kind for each in OBJECTS]
    order = [
        *("organization", "label", "credential_type", "credential", "project", "inventory"),
        *("notification_template", "job_template", "workflow_job_template", "schedule", "role"),
    ]
    firsts = [kinds.index(kind) for kind in order]
    assert firsts == sorted(firsts)
    assert kinds.index("job_template") > len(kinds) - 1 - kinds[::-1].index("notification_template")


def test_the_removal_takes_users_before_what_they_use():
    """In another order, AWX leaves templates without a project, without a word."""
    assert set(REMOVAL) == {kind.module for kind in KINDS.values() if kind.mark}
    for user, used in [
        ("schedule", "job_template"),
        ("workflow_job_template", "job_template"),
        ("job_template", "inventory"),
        ("job_template", "project"),
        ("job_template", "notification_template"),
        ("inventory_source", "project"),
        ("job_template", "credential"),
        ("credential", "credential_type"),
        ("job_template", "execution_environment"),
        ("team", "organization"),
    ]:
        assert REMOVAL.index(user) < REMOVAL.index(used)


def test_a_manual_project_feeds_no_inventory():
    """A manual project cannot be the project of an inventory source."""
    objects = content(everything(project_url=None, project_local_path="fleet"))
    assert [each for each in objects if each.kind == "inventory_source"] == []
    assert len(of("inventory_source")) == 3


# --- options of the role ---------------------------------------------------------------------------


def test_options_of_the_role_reach_the_content():
    rrule = "DTSTART:20300101T040000Z RRULE:FREQ=WEEKLY"
    often = "DTSTART:20300101T040000Z RRULE:FREQ=HOURLY"
    given = {"drift_rrule": rrule, "janitor_rrule": often, "state_dir": "/disk/s"}
    objects = content(everything(approval_timeout=600, **given))
    arguments = [each.arguments for each in objects]
    assert {each["rrule"] for each in arguments if "rrule" in each} == {rrule, often}
    approvals = [each["approval_node"] for each in arguments if "approval_node" in each]
    assert {each["timeout"] for each in approvals} == {600}
    jobs = [each.arguments["extra_vars"] for each in objects if each.kind == "job_template"]
    assert "/disk/s" in {each.get("vps_fleet_state_dir") for each in jobs}


def test_the_inventory_of_the_fleet_can_be_left_out():
    def inventories(given):
        kinds = ("inventory", "inventory_source")
        return {each.name for each in content(given) if each.kind in kinds}

    left_out = inventories(everything()) - inventories(everything(fleet_inventory=False))
    assert "vpsfleet servers" in left_out
    assert {"vpsfleet berlin servers", "vpsfleet oslo servers"} < left_out
