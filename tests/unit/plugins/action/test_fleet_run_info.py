# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run of a folder as the action returns it."""

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.fleet_run_info import ActionModule
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import documented
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import ToyFolder


@pytest.fixture
def info():
    def run(**options):
        task = SimpleNamespace(
            action="vpsfleet.panels.fleet_run_info",
            args=options,
            collections=None,
            check_mode=False,
            async_val=0,
            environment=[],
        )
        connection = SimpleNamespace(transport="ssh", become=None, _shell=mock.Mock())
        others = dict.fromkeys(("loader", "templar", "shared_loader_obj"), mock.Mock())
        action = ActionModule(task=task, connection=connection, play_context=mock.Mock(), **others)
        return action.run(None, {})

    return run


def test_a_run_is_returned_as_documented(info, tmp_path):
    folder = ToyFolder(ToyPanel([1]), tmp_path)
    folder.planned()
    run = info(run_dir=str(folder.path))["run"]
    docs = documented("fleet_run_info").returned["run"]
    assert sorted(run) == sorted(docs["contains"]) == sorted(docs["sample"])
    assert run["next_command"] == (
        f"ansible-playbook vpsfleet.panels.toy_fleet_size -e vps_fleet_run_dir={folder.path}"
        f" -e vps_fleet_plan_sha256={run['plan_sha256']}"
    )


def test_a_mistake_in_the_options_has_a_code(info):
    result = info(run_dir="")
    assert result["failed"]
    assert result["msg"].startswith("run_dir is empty")
    assert result["failure"]["code"] == "validation"


def test_a_step_that_is_not_possible_fails(info, tmp_path):
    folder = ToyFolder(ToyPanel([1]), tmp_path)
    folder.planned()
    result = info(run_dir=str(folder.path), step="resume")
    assert result["failed"]
    command = info(run_dir=str(folder.path))["run"]["next_command"]
    assert f"its run was planned and never begun (begin it with {command})" in result["msg"]
    result = info(run_dir=str(folder.path), step="rollback")
    assert "its run has changed nothing" in result["msg"]


def test_a_path_with_a_blank_is_quoted(info, tmp_path):
    folder = ToyFolder(ToyPanel([1]), tmp_path, "my run")
    folder.planned()
    command = info(run_dir=str(folder.path))["run"]["next_command"]
    assert f"""-e '{{"vps_fleet_run_dir": "{folder.path}"}}'""" in command


def test_options_are_checked(info):
    assert "run_dir" in info()["msg"]
    assert "there is no such folder" in info(run_dir="/nowhere/at/all")["msg"]
