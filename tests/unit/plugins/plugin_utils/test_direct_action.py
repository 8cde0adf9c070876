# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test when a module runs directly, and which of its options are shown.

Every test in ``tests/unit/plugins/modules`` checks that a module returns the same either way.
"""

from __future__ import annotations

import json
import os
import signal
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.utils.display import Display

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import HIDDEN
from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _direct_action
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import FOLDER, action

NAME = "virtfusion_package_info"
OPTIONS = {"api_url": "https://somebody:pass-word@panel.example.com", "api_token": "the-token"}


@pytest.fixture
def ran(monkeypatch) -> list[dict[str, Any]]:
    """The options of the modules that ran directly."""
    found: list[dict[str, Any]] = []

    def run(_panel, _work, params, *, check_mode, ending):
        found.append(dict(params))
        return {"changed": False, "check_mode": check_mode, "echo": ["the-token", "pass-word"]}

    monkeypatch.setattr(runner, "run", run)
    monkeypatch.setattr(
        _direct_action.DirectAction,
        "_execute_module",
        lambda _self, task_vars, wrap_async: {"as_a_module": True, "wrap_async": wrap_async},
    )
    return found


def test_on_the_controller_a_module_runs_directly(ran):
    result = action(NAME, True, OPTIONS).run(task_vars={})
    assert (result["changed"], result["check_mode"]) == (False, True)
    assert ran[0]["timeout"] == 30


@pytest.mark.parametrize(
    ("task", "connection", "variables"),
    [
        ({}, {}, {"vpsfleet_direct": False}),
        ({}, {}, {"vpsfleet_direct": "no"}),
        ({"async_val": 60}, {}, {}),
        ({"environment": [{"HTTPS_PROXY": "http://proxy"}]}, {}, {}),
        ({}, {"transport": "ssh"}, {}),
        ({}, {"become": SimpleNamespace()}, {}),
    ],
)
def test_anywhere_else_it_runs_as_a_module(ran, task, connection, variables):
    there = action(NAME, False, OPTIONS, **task)
    vars(there._connection).update(connection)
    result = there.run(task_vars=variables)
    assert result == {"as_a_module": True, "wrap_async": task.get("async_val", 0)}
    assert ran == []


@pytest.mark.parametrize("environment", [[], [{}], None])
def test_an_empty_environment_counts_as_not_set(ran, environment):
    assert "as_a_module" not in action(NAME, False, OPTIONS, environment=environment).run()


def test_without_requests_the_module_may_find_it_elsewhere(ran, monkeypatch):
    monkeypatch.setattr(_direct_action, "REQUESTS_IMPORT_ERROR", "Traceback: no requests")
    assert action(NAME, False, OPTIONS).run(task_vars={})["as_a_module"]


def test_no_secret_is_in_a_result(ran):
    result = action(NAME, False, OPTIONS).run(task_vars={})
    assert "the-token" not in repr(result)
    assert "pass-word" not in repr(result)


@pytest.mark.parametrize("asked", [False, True])
def test_options_are_shown_only_where_a_module_shows_them(ran, monkeypatch, asked):
    monkeypatch.setattr(Display(), "verbosity", 3)
    monkeypatch.setenv("ANSIBLE_INJECT_INVOCATION", str(asked))
    result = action(NAME, False, {**OPTIONS, "package_id": "7"}).run(task_vars={})
    # The setting is new in ansible-core 2.21. Before, a module always shows them.
    assert ("invocation" in result) == (asked or "inject_invocation" not in PASS_VARS)
    if "invocation" in result:
        shown = result["invocation"]["module_args"]
        assert shown["api_token"] == HIDDEN
        assert shown["package_id"] == 7
        assert "pass-word" not in repr(shown)


def test_a_relative_path_starts_where_a_module_would_run(ran, monkeypatch):
    monkeypatch.setenv("ANSIBLE_INJECT_INVOCATION", "true")
    for path in ("ca.pem", "/etc/ca.pem"):
        result = action(NAME, False, {**OPTIONS, "ca_path": path}).run(task_vars={})
        assert result["invocation"]["module_args"]["ca_path"] == path
    assert [params["ca_path"] for params in ran] == [f"{FOLDER}/ca.pem", "/etc/ca.pem"]


def test_keys_are_those_of_json(ran):
    body = {True: 1, False: 2, None: 3, 1.5: 4, "yes": 5}
    action("virtfusion_api", False, {**OPTIONS, "path": "/x", "body": body}).run()
    assert ran[0]["body"] == json.loads(json.dumps(body))


class _Tagged(str):
    """A text of Ansible's own kind."""


class _Number(int):
    """A number of Ansible's own kind."""


class _Vaulted:
    """What ansible-core before 2.19 makes of a vaulted text."""

    def __str__(self) -> str:
        return "the-token"


def test_options_come_as_plain_values(ran):
    options = {"api_url": _Tagged("https://panel.example.com"), "api_token": _Vaulted()}
    action("virtfusion_server_info", False, {**options, "server_ids": (_Tagged("7"), 8)}).run()
    (params,) = ran
    assert {params[name].__class__ for name in options} == {str}
    assert (params["api_token"], params["server_ids"]) == ("the-token", [7, 8])


def test_numbers_come_as_plain_values(ran):
    # A range would look for an int of another class one by one.
    action("virtfusion_package_info", False, {**OPTIONS, "package_id": _Number(7)}).run()
    assert ran[0]["package_id"].__class__ is int


# --- the timeout of a task -------------------------------------------------------------------


def test_a_task_whose_timeout_passes_keeps_its_result(monkeypatch):
    def run(_panel, _work, _params, *, check_mode, ending):
        assert not ending()
        signal.raise_signal(signal.SIGALRM)
        assert ending()
        return {"changed": True, "check_mode": check_mode}

    monkeypatch.setattr(runner, "run", run)
    before = signal.getsignal(signal.SIGALRM)
    result = action(NAME, False, OPTIONS, timeout=60).run(task_vars={})
    assert (result["changed"], result.get("failed")) == (True, None)
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_task_that_fails_after_its_timeout_says_so(monkeypatch):
    def run(_panel, _work, _params, *, check_mode, ending):
        signal.raise_signal(signal.SIGALRM)
        raise PanelError(Code.WAIT_TIMEOUT, "it is not built", partial=True)

    monkeypatch.setattr(runner, "run", run)
    result = action(NAME, False, OPTIONS, timeout=60).run(task_vars={})
    assert (result["failed"], result["failure"]["partial"]) == (True, True)
    assert result["msg"] == "it is not built (the timeout of the task, 60 seconds, has passed)"


@pytest.mark.parametrize("timeout", [0, 60])
def test_a_task_ends_with_the_process_that_started_it(monkeypatch, timeout):
    # The next run would otherwise meet a module that still waits, and that makes the same change later.
    parent = os.getppid()

    def run(_panel, _work, _params, *, check_mode, ending):
        assert not ending()
        monkeypatch.setattr(os, "getppid", lambda: parent + 1)
        assert ending()
        return {"changed": False, "check_mode": check_mode}

    monkeypatch.setattr(runner, "run", run)
    result = action(NAME, False, OPTIONS, timeout=timeout).run(task_vars={})
    assert result["changed"] is False


def test_a_task_without_a_timeout_gets_no_alarm(ran):
    before = signal.getsignal(signal.SIGALRM)
    assert action(NAME, False, OPTIONS).run(task_vars={})["changed"] is False
    assert signal.getsignal(signal.SIGALRM) is before
