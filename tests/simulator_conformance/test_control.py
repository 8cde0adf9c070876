# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control path: log, counters, state, clock, read-only mode, latency."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from .api import Api

SERVER, CLOUD_4 = 1, 3
PACKAGE = "PUT /servers/{serverId}/package/{packageId}"


def test_health(panel: Api) -> None:
    health = panel.control.health()
    assert health["ok"] is True
    assert "virtfusion" in health["panels"]


def test_an_entry_of_the_log(panel: Api) -> None:
    panel.session.headers["User-Agent"] = "a-client"
    panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}", {"cpu": True}, a=["1", "2"], b="x y")
    (entry,) = panel.control.requests()
    assert entry.pop("at") >= 0
    headers = entry.pop("headers")
    assert headers["user-agent"] == "a-client"
    assert entry == {
        "n": 1,
        "panel": "virtfusion",
        "operation": PACKAGE,
        "method": "PUT",
        "path": f"/api/v1/servers/{SERVER}/package/{CLOUD_4}",
        "query": {"a": ["1", "2"], "b": "x y"},
        "body": {"cpu": True},
        "write": True,
        "server": str(SERVER),
        "status": 200,
        "fault": None,
        "effect_applied": True,
    }


def test_filters_of_the_log(panel: Api) -> None:
    panel.call("GET", "/connect")
    panel.call("PUT", "/servers/1/modify/name", {"name": "a"})
    panel.call("GET", "/packages")
    panel.call("POST", "/servers", {}, dryRun="true")
    assert [entry["n"] for entry in panel.control.requests(since=1)] == [2, 3, 4]
    assert [entry["n"] for entry in panel.control.requests(writes_only=True)] == [2]
    panel.control.clear_log()
    assert panel.control.requests() == []


def test_counters(panel: Api) -> None:
    panel.ok("GET", "/connect")
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    panel.ok("PUT", f"/servers/{SERVER}/modify/name", {"name": "a"})
    panel.call("PUT", f"/servers/{SERVER}/modify/name", {})
    panel.call("PUT", "/servers/2/modify/name", {})
    counters = panel.control.counters()
    expected = {"reads": 1, "writes": 4, "applied": 2, "refused": 2, "violations": 0, "crashes": 0}
    assert {key: counters[key] for key in expected} == expected
    assert counters["by_operation"] == {
        "GET /connect": 1,
        PACKAGE: 1,
        "PUT /servers/{serverId}/modify/name": 3,
    }
    assert counters["writes_by_server"] == {str(SERVER): 2}
    assert (counters["in_flight"], counters["peak_in_flight"]) == (0, 1)


def test_the_peak_of_requests_in_flight(panel: Api) -> None:
    panel.control.latency(300)

    def work() -> None:
        with Api(panel.simulator) as client:
            client.ok("GET", "/connect")

    threads = [threading.Thread(target=work) for dummy in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counters = panel.control.counters()
    assert (counters["peak_in_flight"], counters["connections"]) == (3, 3)


def test_one_session_needs_one_connection(panel: Api) -> None:
    for dummy in range(3):
        panel.ok("GET", "/connect")
        panel.ok("PUT", "/servers/1/modify/name", {"name": "a"})
    assert panel.control.counters()["connections"] == 1


def test_latency(panel: Api) -> None:
    panel.control.latency(60)
    begun = time.monotonic()
    panel.ok("GET", "/connect")
    assert time.monotonic() - begun >= 0.06


def test_read_only(panel: Api) -> None:
    start = panel.control.digest()
    panel.control.read_only()
    panel.ok("GET", "/servers")
    panel.ok("POST", "/servers", {"packageId": 1, "userId": 1, "hypervisorId": 1}, dryRun="true")
    assert panel.control.counters()["violations"] == 0
    assert panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}").status_code == 599
    assert panel.control.counters()["violations"] == 1
    assert panel.control.digest() == start
    panel.control.read_only(False)
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")


def test_reads_leave_the_state_alone(panel: Api) -> None:
    start = panel.control.digest()
    for path in ("/servers", "/servers/1", "/servers/user/2", "/packages", "/compute/hypervisors"):
        panel.ok("GET", path)
    assert panel.control.digest() == start


def test_patches_are_merged_deeply(panel: Api) -> None:
    changes: dict[str, Any] = {
        "name": "patched",
        "resources": {"memory": 777},
        "primary": {"ipv4": {"0": {"address": "10.20.9.9"}}},
    }
    record = panel.control.patch_server(SERVER, changes)
    assert record["resources"]["cpuCores"] == 2
    shown = panel.server(SERVER)
    assert (shown["name"], shown["settings"]["resources"]["memory"]) == ("patched", 777)
    assert shown["network"]["interfaces"][0]["ipv4"][0]["address"] == "10.20.9.9"
    panel.control.patch_package(CLOUD_4, {"memory": 5})
    assert panel.data(f"/packages/{CLOUD_4}")["memory"] == 5


def test_patches_reach_sums(panel: Api) -> None:
    before = panel.server(SERVER)["hypervisor"]["resources"]["memory"]["allocated"]
    panel.control.patch_server(SERVER, {"resources": {"memory": 2048 + 100}})
    after = panel.server(SERVER)["hypervisor"]["resources"]["memory"]["allocated"]
    assert after == before + 100


@pytest.mark.parametrize("path", ["state/servers/999", "state/nothing/1"])
def test_unknown_records(panel: Api, path: str) -> None:
    with pytest.raises(RuntimeError, match="404"):
        panel.control.call("GET", path)


def test_wrong_control_calls_are_reported(panel: Api) -> None:
    for method, path, body in (
        ("PUT", "latency", {}),
        ("POST", "clock", {"advance_s": "soon"}),
        ("POST", "reset", {"servers": "many"}),
        ("POST", "faults", {"kind": "reset", "match": {"colour": "red"}}),
    ):
        with pytest.raises(RuntimeError, match="400"):
            panel.control.call(method, path, body)


def test_the_clock_moves_only_when_told_or_written_to(panel: Api) -> None:
    start = panel.control.health()["now"]
    panel.ok("GET", "/servers")
    assert panel.control.health()["now"] == start
    panel.ok("PUT", "/servers/1/modify/name", {"name": "a"})
    assert panel.control.health()["now"] == "2025-02-01T12:00:01+00:00"
    assert panel.control.advance(3600) == "2025-02-01T13:00:01+00:00"
    panel.ok("PUT", "/servers/1/modify/name", {"name": "b"})
    assert panel.server(1)["updated"] == "2025-02-01T13:00:01+00:00"
