# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bulk action under a timeout of its task, and in a play of several hosts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import ProcessStop
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import CONNECTION, BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend
from ansible_collections.vpsfleet.panels.tests.unit.support.server_packages import (
    PACKAGE,
    SMALL,
    again,
    change,
    listed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

SECOND = server(id=9, name="web09")


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> BulkRunner:
    """The bulk action on a scripted panel."""
    return BulkRunner(
        ActionModule, "vpsfleet.panels.virtfusion_server_packages", tmp_path, monkeypatch
    )


@pytest.fixture
def alarms() -> Iterator[list[int]]:
    """The alarms that reach Ansible's own handler."""
    reached: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, _frame: reached.append(number))
    yield reached
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def run(
    bulk: BulkRunner,
    backend: ScriptedBackend,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, Any] | None = None,
    **task: Any,
) -> dict[str, Any]:
    """Run the action for all servers."""
    monkeypatch.setattr(runner, "RequestsBackend", lambda **_settings: backend)
    options = {
        **CONNECTION,
        "workers": 1,
        "state_dir": str(bulk.folder / "state"),
        "check_capacity": False,
        "package_id": 3,
        "all": True,
    }
    result = bulk.action(options, **task).run(task_vars=variables)
    backend.assert_finished()
    return result


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"package_name": ""}, "package_name is empty: give a value, or leave it out"),
        ({}, "one of the following is required: package_id"),
    ],
)
def test_a_mistake_in_the_options_has_a_code(bulk, options, message):
    result = bulk.action({**CONNECTION, "all": True, **options}).run(task_vars={})
    assert result["failed"] is True
    assert message in result["msg"]
    assert result["failure"]["code"] == "validation"
    assert result["failure"]["message"] == result["msg"]


def test_the_timeout_of_the_task_stops_the_run_and_keeps_its_result(bulk, alarms, monkeypatch):
    real, real_ask = ScriptedBackend.send, ProcessStop.ask
    asked = threading.Event()

    def send(backend, request):
        response = real(backend, request)
        if request.method == "PUT":  # the first server has changed
            os.kill(os.getpid(), signal.SIGALRM)
            assert asked.wait(600)
        return response

    def ask(stop, reason, said):
        real_ask(stop, reason, said)
        asked.set()

    monkeypatch.setattr(ProcessStop, "ask", ask)
    monkeypatch.setattr(ScriptedBackend, "send", send)
    backend = ScriptedBackend(PACKAGE, listed(SMALL, SECOND), change(), again())
    handler = signal.getsignal(signal.SIGALRM)
    result = run(bulk, backend, monkeypatch, timeout=3600)
    assert signal.getsignal(signal.SIGALRM) is handler
    assert alarms == []
    assert (result["failed"], result["changed"]) == (True, True)
    assert (result["totals"]["changed"], result["totals"]["skipped"]) == (1, 1)
    message = "the timeout of the task, 3600 seconds, has passed"
    assert result["stopped"] == {"reason": "interrupted", "msg": message}
    assert (result["failure"]["code"], result["failure"]["partial"]) == ("stopped", True)
    assert message in result["msg"]


def test_no_timeout_comes_once_the_run_has_its_result(alarms):
    signal.alarm(3600)
    with ProcessStop().on_signals(timeout_s=3600):
        pass
    assert signal.alarm(0) == 0


@pytest.mark.parametrize("timeout_s", [None, 0])
def test_without_a_timeout_the_alarm_is_left_alone(alarms, timeout_s):
    signal.alarm(3600)
    with ProcessStop().on_signals(timeout_s=timeout_s):
        signal.raise_signal(signal.SIGALRM)
    assert alarms == [signal.SIGALRM]
    assert signal.alarm(0) > 0


@pytest.mark.parametrize(
    ("task", "hosts", "warned"),
    [
        ({"register": "result"}, ["one", "two"], True),
        ({"register": "result", "run_once": True}, ["one", "two"], False),
        ({"register": "result"}, ["one"], False),
        ({}, ["one", "two"], False),
    ],
)
def test_a_result_that_only_the_first_host_has_is_a_warning(bulk, monkeypatch, task, hosts, warned):
    backend = ScriptedBackend(PACKAGE, listed())
    result = run(bulk, backend, monkeypatch, {"ansible_play_batch": hosts}, **task)
    text = " ".join(result.get("warnings", ()))
    assert ("set run_once to true" in text) is warned


@pytest.mark.parametrize("no_log", [True, False])
def test_a_task_with_no_log_shows_no_progress(bulk, monkeypatch, no_log):
    run(bulk, ScriptedBackend(PACKAGE, listed()), monkeypatch, no_log=no_log)
    assert bool(bulk.lines) is not no_log
