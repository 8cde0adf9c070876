# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that imports and removes the content: what it refuses, and what no log may contain."""

from __future__ import annotations

import json
from types import SimpleNamespace
from unittest import mock

import pytest
from ansible.errors import AnsibleError

from ansible_collections.vpsfleet.panels.plugins.action.awx_content import ActionModule
from ansible_collections.vpsfleet.panels.tests.unit.support.awx_settings import (
    berlin,
    definitions,
    options,
)

#: Options of the action beside ``settings``.
LISTS = ("panels", "notifications")


class Action(ActionModule):
    """The action, with an AWX that has these rows, and modules that only record how they run."""

    def __init__(self, rows, **options):
        task = SimpleNamespace(
            action="vpsfleet.panels.awx_content",
            args={"definitions": definitions(), **options},
            collections=None,
            check_mode=False,
            async_val=0,
            environment=[],
            no_log=False,
        )
        shell = SimpleNamespace(transport="local", become=None, _shell=mock.Mock())
        others = dict.fromkeys(("loader", "templar", "shared_loader_obj"), mock.Mock())
        super().__init__(task=task, connection=shell, play_context=mock.Mock(), **others)
        self.rows, self.ran, self.answer = rows, [], {"changed": True}
        #: What the modules answer before that.
        self.answers = iter(())

    def _installed(self, desired):
        return "awx.awx"

    def _read(self, endpoint, **query):
        return [
            row
            for row in self.rows.get(endpoint, [])
            if all(row[name] == value for name, value in query.items())
        ]

    def _execute_module(self, module_name, module_args, task_vars):
        self.ran.append((module_name.rpartition(".")[2], module_args["name"], self._task.no_log))
        answer = next(self.answers, self.answer)
        if isinstance(answer, Exception):
            raise answer
        return answer


def hosting(*, edit=True):
    capabilities = {"user_capabilities": {"edit": edit}}
    organization = {"id": 1, "name": "Hosting", "description": "", "summary_fields": capabilities}
    team = {"id": 2, "name": "ours", "organization": 1, "description": "[vpsfleet]"}
    user = {"username": "jane", "is_superuser": False}
    return {"me": [user], "organizations": [organization], "teams": [team]}


def remover(rows, **settings):
    given = {"organization": "Hosting", "label": "vpsfleet", **settings}
    return Action(rows, step="remove", settings=given)


@pytest.mark.parametrize("answer", [{"changed": True}, RuntimeError("killed")])
def test_modules_write_no_option_to_the_system_log(answer):
    action = remover(hosting())
    action.answer = answer
    if isinstance(answer, Exception):
        with pytest.raises(RuntimeError):
            action.run(None, {})
    else:
        assert action.run(None, {})["removed"] == ["team ours"]
    assert action.ran == [("team", "ours", True)]
    assert action._task.no_log is False


@pytest.mark.parametrize("form", [dict, json.dumps])
def test_no_result_contains_the_header_of_a_notification(form):
    headers = {"Authorization": "Bearer hidden"}
    configuration = {"headers": form(headers), "password": "pa55word"}
    entry = {"name": "chat", "type": "webhook", "configuration": configuration}
    action = Action(
        {}, settings={}, panels=[], notifications=[entry], connection={"Bearer hidden pa55word": 1}
    )
    result = action.run(None, {})
    assert result["failed"]
    assert "has no key" in result["msg"]
    assert "hidden" not in str(result)
    assert "pa55word" not in str(result)


def test_no_result_contains_a_password_of_digits():
    """YAML reads it as a number."""
    entry = {"name": "mail", "type": "email", "configuration": {"password": 271828}}
    action = Action(
        {},
        settings={},
        panels=[berlin(api_token=314159)],
        notifications=[entry],
        connection={"314159 271828": 1},
    )
    result = action.run(None, {})
    assert "has no key" in result["msg"]
    assert "314159" not in str(result)
    assert "271828" not in str(result)


@pytest.mark.parametrize("configuration", ["https://chat.example.com/hook", 5, ["x"]])
def test_a_configuration_that_is_no_dictionary_is_a_mistake(configuration):
    entry = {"name": "chat", "type": "webhook", "configuration": configuration}
    given = options(notifications=[entry])
    action = Action(
        hosting(),
        settings={name: each for name, each in given.items() if name not in LISTS},
        **{name: given[name] for name in LISTS},
    )
    assert action.run(None, {})["msg"] == (
        "Entry 1 of awx_content_notifications needs a name, a type (webhook or email) and a configuration."
    )


def test_a_message_names_the_credentials_that_are_missing():
    panel = {"name": "oslo", "type": "virtualizor", "credential": "Oslo production"}
    panels = [{**panel, "run_store_credential": "Store of runs"}]
    given = options(panels=panels, project_credential="Key of the repository")
    action = Action(
        hosting(),
        settings={name: each for name, each in given.items() if name not in LISTS},
        panels=panels,
        notifications=given["notifications"],
    )
    result = action.run(None, {})
    for name in ("Oslo production", "Store of runs", "Key of the repository"):
        assert f"There is no credential {name}, which" in result["msg"]


def test_a_removal_that_ends_early_has_what_it_has_removed():
    rows = hosting()
    rows["teams"].append({**rows["teams"][0], "id": 3, "name": "second"})
    action = remover(rows)
    action.answers = iter([{"changed": True}, AnsibleError("the module is missing")])
    result = action.run(None, {})
    assert result["failed"]
    assert "the module is missing" in result["msg"]
    assert (result["removed"], result["changed"]) == (["team ours"], True)


@pytest.mark.parametrize("option", ["organization", "label"])
def test_a_removal_by_a_name_that_modules_take_as_an_id_is_refused(option):
    action = remover(hosting(), **{option: "12"})
    result = action.run(None, {})
    assert result["failed"]
    assert result["msg"].startswith(f"awx_content_{option} is 12. Modules take a number as an ID")
    assert action.ran == []


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_removal_from_an_organization_that_is_not_there_fails(dry_run):
    """The user cannot see the objects of an organization that it cannot see."""
    action = remover({**hosting(), "organizations": []}, dry_run=dry_run)
    result = action.run(None, {})
    assert result["failed"]
    assert result["msg"] == (
        "There is no organization Hosting, or the user jane cannot see it, so nothing was removed. "
        "Check awx_content_organization and awx_content_connection."
    )
    assert action.ran == []


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_removal_by_a_user_who_is_no_administrator_fails(dry_run):
    action = remover(hosting(edit=False), dry_run=dry_run)
    result = action.run(None, {})
    assert result["failed"]
    assert result["msg"] == "The user jane needs the role admin on the organization Hosting."
    assert action.ran == []
