# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action on a VirtFusion panel, from its options to its result."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_server_packages import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _fleet_action
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import ProcessStop, Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import CONNECTION, BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.server_packages import (
    BIG,
    PACKAGE,
    SMALL,
    again,
    change,
    listed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes, timeless
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    package,
    page,
    row,
    server,
)


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> BulkRunner:
    name = "vpsfleet.panels.virtfusion_server_packages"
    return BulkRunner(ActionModule, name, tmp_path, monkeypatch)


# --- the change ------------------------------------------------------------------------------


def test_a_change_costs_its_write_and_its_read_back(bulk):
    result = bulk.run(PACKAGE, listed(SMALL, BIG), change(), again(), package_id=3, all=True)
    assert (result["changed"], outcomes(result)) == (True, {7: "changed", 8: "unchanged"})
    (moved,) = result["results"][0]["changes"]
    assert (moved["field"], moved["before"], moved["after"]) == ("memory", 2048, 4096)
    assert result["results"][0]["restart_required"] is True
    assert (result["api_calls"]["read"], result["api_calls"]["write"]) == (3, 1)
    assert bulk.lines[0].startswith("virtfusion_server_packages: reading the servers")


def test_check_mode_reads_and_foretells(bulk):
    steps = (PACKAGE, listed(SMALL, BIG))
    foretold = bulk.run(*steps, check_mode=True, package_id=3, all=True)
    done = bulk.run(*steps, change(), again(), package_id=3, all=True)
    assert foretold["results"] == timeless(done)
    assert (foretold["changed"], foretold["api_calls"]["write"]) == (True, 0)
    assert foretold["msg"] == "servers: 1 would change, 1 unchanged"


def test_a_write_with_a_lost_response_is_read_and_not_sent_again(bulk):
    steps = (PACKAGE, listed(SMALL), change(status=502), again(), again())
    result = bulk.run(*steps, package_id=3, all=True)
    assert outcomes(result) == {7: "changed"}


def test_a_plan_is_applied_by_itself(bulk):
    plan = str(bulk.folder / "plan.json")
    bulk.run(PACKAGE, listed(SMALL, BIG), check_mode=True, package_id=3, all=True, plan_file=plan)
    # One server is in the plan: it is read alone.
    result = bulk.run(
        PACKAGE, get("/servers/7", ok(SMALL)), change(), again(), package_id=3, plan_file=plan
    )
    assert outcomes(result) == {7: "changed"}


def test_a_plan_is_refused_if_the_package_has_changed(bulk):
    plan = str(bulk.folder / "plan.json")
    bulk.run(PACKAGE, listed(SMALL), check_mode=True, package_id=3, all=True, plan_file=plan)
    other = get("/packages/3", ok(package(memory=8192)))
    result = bulk.run(other, package_id=3, plan_file=plan)
    assert result["failed"]
    assert "it is for memory 4096, which is now 8192" in result["msg"]


def test_an_interrupted_run_reads_before_it_continues(bulk):
    journal = bulk.folder / "journal"
    bulk.run(
        PACKAGE, listed(SMALL), change(), again(), package_id=3, all=True, journal=str(journal)
    )
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))  # the response was lost
    result = bulk.run(PACKAGE, listed(SMALL), again(), package_id=3, all=True, journal=str(journal))
    assert (result["changed"], outcomes(result)) == (False, {7: "changed"})
    assert result["results"][0]["earlier"] is True


@pytest.mark.parametrize("waits", [True, False])
def test_a_resumed_run_shows_which_servers_still_wait_for_a_restart(bulk, waits):
    small = server(id=8, name="web02")
    options = {"package_id": 3, "all": True, "journal": str(bulk.folder / "journal")}
    refused = (change(8, 422), again(8, 2048))
    first = bulk.run(PACKAGE, listed(SMALL, small), change(), again(), *refused, **options)
    assert (outcomes(first), first["totals"]["restart_required"]) == (
        {7: "changed", 8: "failed"},
        1,
    )
    pending = [{"action": "memory", "requires": ["restart"]}] if waits else []
    now = server(id=7, memory=4096, tasks={"active": False, "actions": {"pending": pending}})
    result = bulk.run(PACKAGE, listed(now, small), change(8), again(8), **options)
    assert (outcomes(result), result["totals"]["earlier"]) == ({7: "changed", 8: "changed"}, 1)
    assert [row["restart_required"] for row in result["results"]] == [waits, True]


def test_a_refusal_is_one_warning_for_the_server(bulk):
    full = server(id=7, memory=4096, primary_disk_size=80)
    result = bulk.run(PACKAGE, listed(full), package_id=3, all=True)
    assert outcomes(result) == {7: "refused"}
    (warning,) = result["warnings"]
    assert "primary_disk_size stays at 80" in warning
    quiet = bulk.run(PACKAGE, listed(full), package_id=3, all=True, on_refused="ignore")
    assert quiet["warnings"] == []
    strict = bulk.run(PACKAGE, listed(full), package_id=3, all=True, on_refused="fail")
    assert (strict["failed"], strict["failure"]["code"]) == (True, "refused")


def test_a_disabled_package_moves_no_server_unless_allowed(bulk):
    disabled = get("/packages/3", ok(package(memory=4096, enabled=False)))
    result = bulk.run(disabled, listed(SMALL), package_id=3, all=True)
    assert "the package is disabled" in result["msg"]
    steps = (disabled, listed(SMALL), change(), again())
    assert bulk.run(*steps, package_id=3, all=True, allow_disabled=True)["changed"]


def test_growth_that_does_not_fit_is_a_warning(bulk):
    resources = {
        "hypervisor": {"id": 6, "name": "hv6"},
        "resources": {
            "memory": {"max": 10000, "allocated": 9000, "free": 1000, "percent": 90},
            "cpuCores": {"max": 0, "allocated": 4},
        },
    }
    table = get("/compute/hypervisors/groups/2/resources", answer(200, page(resources)))
    steps = (PACKAGE, listed(SMALL), table)
    result = bulk.run(*steps, check_mode=True, package_id=3, all=True, check_capacity=True)
    assert result["warnings"] == [
        "hypervisor hv6 (6) has 1000 MB of memory free, and the change takes 2048"
    ]


def test_a_token_that_may_not_see_the_hypervisors_can_still_change_servers(bulk):
    table = get("/compute/hypervisors/groups/2/resources", answer(403))
    steps = (PACKAGE, listed(SMALL), table, change(), again())
    result = bulk.run(*steps, package_id=3, all=True, check_capacity=True)
    assert result["changed"]
    assert result["warnings"][0].startswith("the room of 1 of 1 hypervisor groups is unknown: ")


# --- which servers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "desired"),
    [
        ({"all": True}, {7, 8, 9}),
        ({"all": True, "exclude_ids": [7], "exclude_names": ["web03"]}, {8}),
        ({"all": True, "suspended": True}, {9}),
        ({"owner_ids": [5]}, {8}),
        ({"owner_ids": [4], "hypervisor_ids": [6]}, {7, 9}),
        ({"server_names": ["web03", "web02"]}, {8, 9}),
    ],
)
def test_servers_are_selected_from_one_list(bulk, options, desired):
    rows = (
        SMALL,
        server(id=8, name="web02", ownerId=5),
        server(id=9, name="web03", suspended=True),
    )
    result = bulk.run(PACKAGE, listed(*rows), check_mode=True, package_id=3, **options)
    assert set(outcomes(result)) == desired


def test_with_a_short_list_only_selected_servers_are_read(bulk):
    rows = listed(row(7, "web01"), row(8, "web02"))
    steps = (PACKAGE, rows, get("/servers/8", ok(BIG)))
    result = bulk.run(*steps, check_mode=True, package_id=3, server_names=["web02"])
    assert outcomes(result) == {8: "unchanged"}


def test_many_ids_are_read_from_the_list(bulk):
    steps = (PACKAGE, listed(SMALL, BIG, server(id=9)))
    result = bulk.run(*steps, check_mode=True, package_id=3, server_ids=[9, 7])
    assert list(outcomes(result)) == [9, 7]


@pytest.mark.parametrize("option", ["server_ids", "server_names", "hypervisor_ids", "owner_ids"])
def test_an_empty_list_selects_nothing(bulk, option):
    refused = bulk.run(PACKAGE, package_id=3, **{option: []})
    assert refused["failure"]["code"] == "not_found"
    assert "Cannot select the servers: no servers are selected" in refused["msg"]
    result = bulk.run(PACKAGE, package_id=3, on_unmatched="ignore", **{option: []})
    assert (result.get("failed"), result["changed"]) == (None, False)
    assert "none is selected" in result["msg"]


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "exactly one of server_ids, server_names, hypervisor_ids, owner_ids and all"),
        ({"all": True, "server_ids": [7]}, "exactly one of"),
        ({"server_ids": [7, 8, 7]}, "server_ids names servers twice: 7"),
        ({"server_names": ["a", "a"]}, "server_names names servers twice: a"),
        ({"server_ids": [0]}, "server_ids must be a positive number"),
        ({"owner_ids": [-1]}, "owner_ids must be a positive number"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(bulk, options, message):
    result = bulk.run(PACKAGE, package_id=3, **options)
    assert result["failed"]
    assert message in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be"),
        ({"batches": ["5"]}, "batches must end"),
        ({"rate_limit": -1}, "rate_limit must be"),
        ({"wait_timeout": -1}, "wait_timeout must be"),
        ({"aspects": []}, "aspects must name"),
        ({"api_url": "nowhere"}, "api_url is not"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_sent(bulk, options, message):
    result = bulk.run(package_id=3, **{"all": True, **options})
    assert result["failed"]
    assert message in result["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"all": True}, "package_id"),
        ({"all": True, "package_id": 3, "package_name": "a"}, "mutually exclusive"),
        ({"package_id": 3, "server_ids": [1], "server_names": ["a"], "owner_ids": [1]}, "mutually"),
        ({"all": True, "package_id": 3, "colour": "red"}, "Unsupported parameters"),
        ({"all": True, "package_id": 3, "plan_sha256": "x"}, "plan_file"),
    ],
)
def test_ansible_refuses_what_it_always_does(bulk, options, message):
    result = bulk.run(**options)
    assert message in result["msg"]


def test_ids_that_do_not_exist_are_all_named_and_nothing_is_written(bulk):
    steps = (PACKAGE, listed(SMALL))
    result = bulk.run(*steps, package_id=3, server_ids=[7, 98, 99])
    assert "no servers match server_ids 98, 99" in result["msg"]
    assert result["failure"]["code"] == "not_found"


def test_a_name_that_two_servers_have_is_refused(bulk):
    steps = (PACKAGE, listed(SMALL, server(id=8)))
    result = bulk.run(*steps, package_id=3, server_names=["web01"])
    assert result["failure"]["code"] == "ambiguous"


# --- the edge to Ansible ---------------------------------------------------------------------


def test_a_diff_has_one_part_for_each_server_that_changes(bulk):
    steps = (PACKAGE, listed(SMALL, BIG))
    result = bulk.run(*steps, check_mode=True, diff=True, package_id=3, all=True)
    assert result["diff"] == [
        {
            "before": {"memory": 2048},
            "after": {"memory": 4096},
            "before_header": "web01 (7)",
            "after_header": "web01 (7)",
        }
    ]


def test_it_runs_once_for_all_hosts_and_not_in_the_background():
    assert ActionModule.BYPASS_HOST_LOOP is True
    assert ActionModule._supports_async is False


def test_no_file_holds_the_token(bulk):
    files = {name: str(bulk.folder / name) for name in ("plan_file", "journal", "results_file")}
    bulk.run(PACKAGE, listed(SMALL), check_mode=True, package_id=3, all=True, **files)
    bulk.run(PACKAGE, get("/servers/7", ok(SMALL)), change(), again(), package_id=3, **files)
    written = [path for path in Path(bulk.folder).rglob("*") if path.is_file()]
    assert len(written) == 6  # and the lock, its guard and the approvals
    for path in written:
        assert CONNECTION["api_token"] not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0


def test_a_rate_limit_is_kept_in_the_folder(bulk):
    bulk.run(PACKAGE, listed(BIG), package_id=3, all=True, rate_limit=1000)
    (rate,) = (bulk.folder / "state").glob("*.rate")
    assert float(rate.read_text()) > 0


def test_without_requests_the_message_names_the_library(bulk, monkeypatch):
    monkeypatch.setattr(_fleet_action, "REQUESTS_IMPORT_ERROR", "Traceback")
    result = bulk.run(package_id=3, all=True)
    assert "requests" in result["msg"]
    assert (result["failed"], result["failure"]["code"]) == (True, "validation")


def test_the_environment_of_the_task_counts_and_is_gone_afterwards(bulk, monkeypatch):
    options = {"workers": 0, "api_token": "x", "package_id": 3, "all": True}
    action = bulk.action(options, environment=[{"VIRTFUSION_API_URL": "https://panel.example.com"}])
    monkeypatch.setattr(
        action,
        "_compute_environment_string",
        lambda found: found.update(VIRTFUSION_API_URL="https://panel.example.com"),
    )
    assert "workers must be" in action.run()["msg"]
    assert "VIRTFUSION_API_URL" not in os.environ


@pytest.fixture
def came() -> Iterator[list[int]]:
    """The signals that came to whoever handled them before."""
    seen: list[int] = []
    numbers = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda n, dummy: seen.append(n)) for number in numbers}
    yield seen
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_a_stop_and_counts_as_before_afterwards(came, number):
    before = signal.getsignal(number)
    stop = ProcessStop()
    with stop.on_signals():
        signal.raise_signal(number)
        assert (stop.asked, stop.reason) == (True, Reason.INTERRUPTED)
        assert came == []
    assert number.name in stop.message
    assert signal.getsignal(number) is before
    assert came == [number]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_an_ignored_signal_stays_ignored(came, number):
    signal.signal(number, signal.SIG_IGN)
    stop = ProcessStop()
    with stop.on_signals():
        signal.raise_signal(number)
        assert not stop.asked
    assert signal.getsignal(number) is signal.SIG_IGN


def test_without_a_signal_nothing_comes(came):
    with ProcessStop().on_signals():
        pass
    assert came == []


def test_outside_of_the_main_thread_signals_are_left_alone():
    done = []

    def elsewhere() -> None:
        with ProcessStop().on_signals():
            done.append(True)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert done == [True]


def test_a_run_whose_parent_died_begins_nothing_more(monkeypatch):
    stop = ProcessStop()
    assert not stop.asked
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    with stop.on_signals():
        monkeypatch.setattr(os, "getppid", lambda: stop._parent + 1)
        assert stop.asked
        assert stop.reason is Reason.INTERRUPTED
        assert left == []
    assert left == [1]  # no process would receive a result


@pytest.fixture
def interrupted(came, monkeypatch) -> list[int]:
    """A signal that comes while the servers are read, and who got it afterwards."""
    real = ScriptedBackend.send

    def send(backend, request):
        if request.url.endswith("/servers"):
            signal.raise_signal(signal.SIGTERM)
        return real(backend, request)

    monkeypatch.setattr(ScriptedBackend, "send", send)
    return came


def test_an_interrupted_run_is_reported(bulk, interrupted):
    file = bulk.folder / "results.json"
    steps = (PACKAGE, listed(SMALL, server(id=9, name="web09")))
    result = bulk.run(*steps, package_id=3, all=True, results_file=str(file))
    assert result["failed"]
    assert result["stopped"] == {"reason": "interrupted", "msg": "SIGTERM was received"}
    assert json.loads(file.read_text())["totals"]["skipped"] == 2
    assert interrupted == [signal.SIGTERM]


def test_an_interrupted_run_sends_nothing_again_to_a_panel_that_fails(bulk, interrupted):
    steps = (PACKAGE, replace(listed(SMALL), reply=answer(503)))
    result = bulk.run(*steps, package_id=3, all=True)
    assert "the task must end, so nothing is sent again" in result["msg"]
    assert result["api_calls"]["waited_s"] == 0
    assert interrupted == [signal.SIGTERM]
