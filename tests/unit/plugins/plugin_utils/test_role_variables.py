# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of roles: a mistyped one is refused before anything happens."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._role_variables import (
    Mistake,
    check_known,
    check_used,
    checked,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

OPTIONS = {
    "run_dry_run": {"type": "bool", "default": False},
    "run_batches": {"type": "list", "elements": "str"},
    "run_target": {"type": "dict"},
    "run_must": {"type": "str", "required": True},
    "run_plans": {"type": "list", "elements": "dict", "options": {"plan_name": {"type": "str"}}},
}
ROLES = sorted(path.parent.parent.name for path in TOP.glob("roles/*/meta/argument_specs.yml"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("run_dryrun", "there is no variable run_dryrun (did you mean run_dry_run?)"),
        ("run_batch", "there is no variable run_batch (did you mean run_batches?)"),
        ("run__dry_run", "there is no variable run__dry_run (did you mean run_dry_run?)"),
        ("run_xyzzy", "there is no variable run_xyzzy (see ansible-doc -t role run)"),
    ],
)
def test_an_unknown_variable_is_refused(name, message):
    with pytest.raises(Mistake) as caught:
        check_known("run", ["other", "runner", name], set(OPTIONS), {"run__own"})
    assert str(caught.value) == message


def test_known_variables_and_those_of_others_are_fine():
    check_known("run", ["run_must", "run__own", "runner", "rundry"], set(OPTIONS), {"run__own"})


def test_variables_without_effect_are_refused_if_they_are_set():
    check_used({"run_a": "", "run_b": None}, ["run_a", "run_b", "run_c"], "no")
    with pytest.raises(Mistake, match="run_a must not be set here: no"):
        check_used({"run_a": 0}, ["run_a"], "no")


def test_what_a_form_left_empty_is_not_set():
    given = {
        "run_dry_run": "",
        "run_batches": None,
        "run_target": {"package_id": "", "package_name": "Cloud 4", "aspects": None},
        "run_must": "x",
    }
    assert checked(OPTIONS, given) == {
        "run_dry_run": False,
        "run_target": {"package_name": "Cloud 4"},
        "run_must": "x",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "run_must"),
        ({"run_must": " "}, "run_must"),
        ({"run_must": "x", "run_dry_run": "perhaps"}, "run_dry_run"),
        ({"run_must": 64}, "^run_must is the number 64, not a string: quote the value"),
        (
            {"run_must": "x", "run_plans": [{"plan_name": 1.10}]},
            "^entry 1 of run_plans: plan_name is",
        ),
        (
            {"run_must": "x", "run_plans": [{"plan_nam": "x"}]},
            "^Unsupported parameters: run_plans.plan_nam. Supported parameters include: plan_name",
        ),
    ],
)
def test_a_mistake_is_one_sentence(given, message):
    with pytest.raises(Mistake, match=message):
        checked(OPTIONS, given)


def test_batches_can_be_numbers():
    given = {"run_must": "x", "run_batches": [1, "10%"]}
    assert checked(OPTIONS, given)["run_batches"] == ["1", "10%"]


@pytest.mark.parametrize("role", ROLES)
def test_each_entry_point_of_each_role_checks_its_variables_first(role):
    specs = yaml.safe_load((TOP / "roles" / role / "meta" / "argument_specs.yml").read_text())
    for entry in specs["argument_specs"]:
        tasks = yaml.safe_load((TOP / "roles" / role / "tasks" / f"{entry}.yml").read_text())
        first = tasks[0].get("vpsfleet.panels.role_variables")
        assert first is not None, f"{role}: {entry}.yml must begin with role_variables"
        assert first.get("entry_point", "main") == entry
