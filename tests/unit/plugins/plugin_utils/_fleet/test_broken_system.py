# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test a system that fails during a run: the result has all changes, and no error is a traceback."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import (
    batch_run,
    health_check,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.health_check import (
    HealthCheck,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import sha256_of
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.broken_os import BrokenOs
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.threads import allow_threads
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    PANEL,
    ToyPanel,
    ToySizes,
    fleet_failure,
    fleet_run,
)

BROKEN = (errno.ENOSPC, errno.EROFS, errno.ESTALE, errno.EIO)


@pytest.mark.parametrize("number", BROKEN)
@pytest.mark.parametrize("call", ["pwrite", "fsync", "ftruncate", "fstat", "stat", "open", "close"])
@pytest.mark.parametrize("workers", [1, 4])
def test_a_file_system_that_breaks_after_the_first_write_hides_no_change(
    tmp_path, monkeypatch, number, call, workers
):
    toys, clock = ToyPanel([1] * 9), FakeClock()
    system = BrokenOs(monkeypatch, number, call)

    def after(item_id: int) -> None:
        system.broken = True
        clock.sleep(200)  # the lock is to be renewed

    toys.after = after
    files = {name: str(tmp_path / name) for name in ("journal", "results_file")}
    try:
        result = fleet_run(toys, tmp_path, clock=clock, workers=workers, **files)
    except PanelError as error:
        assert error.code is not Code.INTERNAL
        result = error.to_result()
    changed = [item for item, outcome in outcomes(result).items() if outcome == "changed"]
    assert sorted(changed) == sorted(toys.writes)
    assert result["changed"] is True
    assert result["totals"]["changed"] == len(toys.writes)


@pytest.mark.parametrize("allowed", [0, 1, 3])
def test_fewer_threads_change_as_much(tmp_path, monkeypatch, allowed):
    toys = ToyPanel([1] * 91)
    allow_threads(monkeypatch, allowed)
    result = fleet_run(toys, tmp_path, workers=10, journal=str(tmp_path / "journal"))
    assert (result["changed"], result["totals"]["changed"]) == (True, 91)
    assert toys.writes == dict.fromkeys(range(1, 92), 1)


@pytest.mark.parametrize("allowed", [0, 3])
def test_without_threads_a_stop_is_noticed_all_the_same(tmp_path, monkeypatch, allowed):
    toys, stop = ToyPanel([1] * 91), Stop()
    allow_threads(monkeypatch, allowed)
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGTERM was received")
    error = fleet_failure(toys, tmp_path, workers=10, stop=stop)
    assert 1 <= len(toys.writes) <= max(1, allowed)
    assert error.result["totals"]["changed"] == len(toys.writes)


@pytest.mark.parametrize(
    ("raised", "code", "reason"),
    [
        (KeyError("defect"), Code.INTERNAL, "defect"),
        (MemoryError(), Code.INTERNAL, "defect"),
        (OSError(errno.EIO, "Input/output error"), Code.STOPPED, "files"),
    ],
)
def test_an_exception_in_the_middle_loses_no_result(tmp_path, monkeypatch, raised, code, reason):
    toys = ToyPanel([1] * 5)

    def fail(self: Any) -> None:
        if toys.writes:
            raise raised

    monkeypatch.setattr(batch_run.BatchRun, "_watch", fail)
    file = tmp_path / "results.json"
    error = fleet_failure(
        toys, tmp_path, batches=["1", "100%"], pause=5, results_file=str(file),
        journal=str(tmp_path / "journal"),
    )  # fmt: skip
    assert (error.code, error.partial) == (code, True)
    assert error.result["stopped"]["reason"] == reason
    assert outcomes(error.result)[1] == "changed"
    assert json.loads(file.read_text())["totals"] == error.result["totals"]
    assert ("please report it" in error.msg) is (code is Code.INTERNAL)


@pytest.mark.parametrize("reason", [Reason.INTERRUPTED, Reason.DEADLINE])
def test_a_signal_leaves_totals_in_the_result_and_in_its_file(tmp_path, reason):
    toys, stop, file = ToyPanel([1] * 5), Stop(), tmp_path / "results.json"
    toys.after = lambda item_id: stop.ask(reason, "enough")
    options = {"stop": stop, "results_file": str(file), "journal": str(tmp_path / "journal")}
    try:
        result = fleet_run(toys, tmp_path, **options)
    except PanelError as error:
        result = error.to_result()
    assert result["totals"] == {**result["totals"], "selected": 5, "changed": 1, "skipped": 4}
    written = json.loads(file.read_text())
    assert (written["totals"], written["stopped"]) == (result["totals"], result["stopped"])
    assert written["stopped"] == {"reason": reason.value, "msg": "enough"}


@pytest.mark.parametrize("raised", [BrokenPipeError(), UnicodeEncodeError("ascii", "é", 0, 1, "x")])
def test_a_terminal_that_is_gone_ends_no_run(tmp_path, monkeypatch, raised):
    class Gone(list):
        def append(self, line: str) -> None:
            raise raised

    assert fleet_run(ToyPanel([1, 2]), tmp_path, lines=Gone())["totals"]["changed"] == 2


def test_a_health_check_without_room_for_its_files_stops_the_run(tmp_path, monkeypatch):
    def full(*dummy: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    check = HealthCheck(["true"], 60, {"PATH": os.environ["PATH"]}, str, FakeClock())
    monkeypatch.setattr(health_check.tempfile, "TemporaryFile", full)
    error = fleet_failure(ToyPanel([1, 1]), tmp_path, health=check, batches=["1", "100%"])
    assert "could not be run: No space left on device" in error.msg
    assert error.result["totals"]["changed"] == 1


# --- files that hold something strange -------------------------------------------------------

BEGIN = {
    "event": "begin", "schema": 1, "panel": "toys", "address": PANEL, "action": "toy_sizes",
    "target": {"size": 10}, "run": "r", "plan_sha256": None,
}  # fmt: skip
INTENT = {
    "event": "intent",
    "id": 1,
    "name": "toy1",
    "before": {"size": 1},
    "desired": {"size": 10},
}


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "end", "complete": NaN}',
        '{"event": "end", "complete": 1e999}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 10_000,
        json.dumps({**INTENT, "id": None}),
        json.dumps({**INTENT, "id": [1]}),
        json.dumps({**INTENT, "id": True}),
        json.dumps({**INTENT, "id": 1.5}),
        json.dumps({**INTENT, "before": 3}),
    ],
)
@pytest.mark.parametrize("option", ["journal", "rollback"])
def test_a_journal_with_invalid_values_is_refused(tmp_path, line, option):
    path = tmp_path / "journal"
    path.write_text(json.dumps(BEGIN) + "\n" + line + "\n")
    toys = ToyPanel([1])
    error = fleet_failure(toys, tmp_path, **{option: str(path)})
    assert error.code is Code.VALIDATION
    assert "line 2 is not a journal record" in error.msg
    assert not toys.writes


def test_a_lone_surrogate_in_a_journal_can_be_shown(tmp_path):
    path, file = tmp_path / "journal", tmp_path / "results.json"
    path.write_text(
        json.dumps(BEGIN) + "\n" + json.dumps({**INTENT, "id": 7, "name": "\ud800"}) + "\n"
    )
    result = fleet_run(ToyPanel([1]), tmp_path, journal=str(path), results_file=str(file))
    assert json.dumps(result, ensure_ascii=False).encode()
    assert outcomes(result)[7] == "moved"


def _planned(folder: Any, change: Callable[[dict[str, Any]], object]) -> str:
    """Write a plan of one thing, changed by hand, with the hash that it then has."""
    path = folder / "plan.json"
    fleet_run(ToyPanel([1]), folder, check_mode=True, plan_file=str(path))
    plan = json.loads(path.read_text())
    del plan["sha256"]
    change(plan)
    plan["sha256"] = sha256_of(plan)
    path.write_text(json.dumps(plan))
    return str(path)


@pytest.mark.parametrize("item_id", [None, [1], {}, True, 1.5])
def test_a_plan_with_an_invalid_id_is_refused(tmp_path, item_id):
    plan = _planned(tmp_path, lambda plan: plan["items"][0].update(id=item_id))
    error = fleet_failure(ToyPanel([1]), tmp_path, plan_file=plan)
    assert error.code is Code.VALIDATION
    assert "its items are not valid" in error.msg


@pytest.mark.parametrize("items", [None, 3, "x", [3], [None]])
def test_a_plan_with_invalid_items_is_refused(tmp_path, items):
    plan = _planned(tmp_path, lambda plan: plan.update(items=items))
    assert fleet_failure(ToyPanel([1]), tmp_path, plan_file=plan).code is Code.VALIDATION


@pytest.mark.parametrize(
    "content",
    ['{"kind": NaN}', "[" * 100_000, '{"a":' * 100_000, "1e999", "9" * 10_000, "\x00", ""],
)
def test_a_plan_that_is_not_json_is_refused(tmp_path, content):
    path = tmp_path / "plan.json"
    path.write_text(content)
    error = fleet_failure(ToyPanel([1]), tmp_path, plan_file=str(path))
    assert error.code is Code.VALIDATION


def test_a_plan_names_an_id_that_the_panel_cannot_have(tmp_path):
    plan = _planned(tmp_path, lambda plan: plan["items"][0].update(id="one"))
    result = fleet_run(ToyPanel([1]), tmp_path, plan_file=plan, change=ToySizes(ToyPanel([1])))
    assert outcomes(result) == {"one": "moved"}
