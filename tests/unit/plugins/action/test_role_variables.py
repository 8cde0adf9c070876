# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that checks the variables of a role, on a role of its own."""

from __future__ import annotations

import os
import pwd
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.action.role_variables import ActionModule

SPECS = {
    "argument_specs": {
        "main": {
            "options": {
                "run_dry_run": {"type": "bool", "default": False},
                "run_target": {"type": "dict"},
                "run_token": {"type": "dict"},
            }
        },
        "resume": {"options": {"run_dir": {"type": "path", "required": True}}},
    }
}


@pytest.fixture
def check(tmp_path):
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "argument_specs.yml").write_text(yaml.safe_dump(SPECS))
    role = SimpleNamespace(
        get_name=lambda include_role_fqcn: "run",
        _role_path=str(tmp_path),
        _role_vars={"run__own": 1},
        _default_vars={"run__default": 1},
    )

    def run(
        variables: dict[str, Any], role: Any = role, check_mode: bool = False, **options: Any
    ) -> dict[str, Any]:
        task = SimpleNamespace(
            action="vpsfleet.panels.role_variables",
            args=options,
            collections=None,
            check_mode=check_mode,
            async_val=0,
            environment=[],
            _role=role,
        )
        action = ActionModule(
            task=task,
            connection=SimpleNamespace(transport="local", become=None, _shell=mock.Mock()),
            play_context=mock.Mock(),
            loader=SimpleNamespace(
                load_from_file=lambda path: yaml.safe_load(open(path)),  # noqa: SIM115
            ),
            templar=SimpleNamespace(template=lambda value: value),
            shared_loader_obj=mock.Mock(),
        )
        return action.run(None, variables)

    return run


def test_variables_are_returned_without_the_prefix(check):
    result = check({"run_dry_run": "yes", "run__own": 2, "run__default": 2, "other": 3})
    login = pwd.getpwuid(os.getuid()).pw_name
    known = {"changed": False, "login": login, "check_mode": False}
    assert result == {**known, "variables": {"dry_run": True}}


@pytest.mark.parametrize(
    ("task", "command", "mode"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_the_check_mode_of_the_role_is_returned(check, task, command, mode):
    variables = {"ansible_check_mode": command}
    assert check(variables, check_mode=task)["check_mode"] is mode


@pytest.mark.parametrize("name", ["run_dryrun", "run__dry_run", "run_targets"])
def test_a_mistyped_variable_fails(check, name):
    result = check({name: True})
    assert result["failed"]
    assert f"there is no variable {name} (did you mean run_" in result["msg"]


def test_a_playbook_may_have_more_variables(check):
    assert "failed" not in check({"run_package": "x"}, known=["run_package"])


def test_what_another_entry_point_takes_is_known_but_not_returned(check):
    assert check({"run_dir": "/x"})["variables"] == {"dry_run": False}
    assert check({"run_dir": "/x"}, entry_point="resume")["variables"] == {"dir": "/x"}
    assert "run_dir" in check({}, entry_point="resume")["msg"]


def test_what_would_have_no_effect_is_refused(check):
    options = {"entry_point": "resume", "unused": ["run_target"], "unused_reason": "it has its own"}
    assert "failed" not in check({"run_dir": "/x", "run_target": {}}, **{**options, "unused": []})
    result = check({"run_dir": "/x", "run_target": {"a": 1}}, **options)
    assert result["msg"] == "run_target must not be set here: it has its own"


def test_secrets_are_checked_and_not_returned(check):
    variables = {"run_token": {"token": "secret"}}
    assert "secret" not in str(check(variables, hidden=["run_token"]))
    assert "run_token" in check({"run_token": "no dictionary"}, hidden=["run_token"])["msg"]


def test_it_is_for_tasks_of_a_role(check):
    assert check({}, role=None)["msg"] == "role_variables is for tasks of a role"
