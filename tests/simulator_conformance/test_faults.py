# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every kind of fault, through `requests`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulator import faults
from tests.simulator.faults import KINDS
from tests.simulator.process import WATCHDOG_S

from .api import Api

SERVER, CLOUD_1, CLOUD_4 = 1, 1, 3
PACKAGE = f"/servers/{SERVER}/package/{CLOUD_4}"
OPERATION = "PUT /servers/{serverId}/package/{packageId}"


def test_the_readme_lists_every_kind() -> None:
    text = (Path(faults.__file__).parent / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Faults\n")[1].split("\n## ")[0]
    assert [kind for kind in KINDS if f"`{kind}`" not in section] == []


def memory(panel: Api) -> int:
    """Return the server's memory in the panel's state."""
    return int(panel.control.server(SERVER)["resources"]["memory"])


@pytest.mark.parametrize("status", [401, 403, 404, 409, 422, 423, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("when", ["before", "after"])
def test_status(panel: Api, status: int, when: str) -> None:
    panel.control.fault("status", operation=OPERATION, status=status, body={"msg": "no"}, when=when)
    response = panel.call("PUT", PACKAGE)
    assert (response.status_code, response.json()) == (status, {"msg": "no"})
    applied = when == "after"
    assert (memory(panel) == 4096) is applied
    entry = panel.control.requests()[-1]
    assert (entry["fault"], entry["status"], entry["effect_applied"]) == ("status", status, applied)
    panel.ok("PUT", PACKAGE)


@pytest.mark.parametrize("wait", ["7", "Sat, 01 Feb 2025 12:00:30 GMT"])
def test_retry_after(panel: Api, wait: str) -> None:
    panel.control.fault("status", status=429, headers={"Retry-After": wait})
    response = panel.call("GET", "/connect")
    assert (response.status_code, response.content) == (429, b"")
    assert response.headers["retry-after"] == wait


def test_status_with_text(panel: Api) -> None:
    panel.control.fault("status", status=403, body="Forbidden")
    response = panel.call("GET", "/connect")
    assert (response.status_code, response.text) == (403, "Forbidden")


@pytest.mark.parametrize(("status", "when"), [(200, "before"), (200, "after"), (502, "after")])
def test_html(panel: Api, status: int, when: str) -> None:
    panel.control.fault("html", method="PUT", status=status, when=when)
    response = panel.call("PUT", PACKAGE)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert "<html" in response.text
    assert (memory(panel) == 4096) is (when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
def test_reset(panel: Api, when: str) -> None:
    panel.control.fault("reset", operation=OPERATION, when=when)
    with pytest.raises(requests.ConnectionError) as caught:
        panel.call("PUT", PACKAGE)
    assert "reset" in str(caught.value).lower()
    assert (memory(panel) == 4096) is (when == "after")
    entry = panel.control.requests()[-1]
    assert (entry["status"], entry["fault"]) == (None, "reset")
    panel.ok("PUT", PACKAGE)


def test_cut_body(panel: Api) -> None:
    panel.control.fault("cut_body", operation="GET /servers/{serverId}")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        panel.call("GET", f"/servers/{SERVER}")
    panel.control.fault("cut_body", operation=OPERATION)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        panel.call("PUT", PACKAGE)
    assert memory(panel) == 4096


@pytest.mark.parametrize("when", ["before", "after"])
def test_hang_beyond_the_clients_patience(panel: Api, when: str) -> None:
    panel.control.fault("hang", seconds=WATCHDOG_S, when=when)
    url = f"{panel.simulator.api_url}{PACKAGE}"
    with pytest.raises(requests.ReadTimeout):
        panel.session.put(url, timeout=(WATCHDOG_S, 0.15))
    deadline = time.monotonic() + WATCHDOG_S
    while not panel.control.counters()["writes"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (memory(panel) == 4096) is (when == "after")


def test_hang_that_ends(panel: Api) -> None:
    panel.control.fault("hang", seconds=0.1, when="after")
    begun = time.monotonic()
    panel.ok("PUT", PACKAGE)
    assert time.monotonic() - begun >= 0.1
    panel.control.fault("hang", seconds=0.05, when="before")
    with pytest.raises(requests.ConnectionError):
        panel.call("PUT", PACKAGE)


@pytest.mark.parametrize(
    ("at", "value"), [("data", []), ("data.settings.resources.memory", "2048"), ("data", None)]
)
def test_wrong_type(panel: Api, at: str, value: Any) -> None:
    panel.control.fault("wrong_type", operation="GET /servers/{serverId}", at=at, value=value)
    found: Any = panel.ok("GET", f"/servers/{SERVER}").json()
    for part in at.split("."):
        found = found[part]
    assert found == value
    assert panel.server(SERVER)["id"] == SERVER


def test_wrong_type_inside_a_list(panel: Api) -> None:
    panel.control.fault("wrong_type", at="data.1.id", value="two")
    rows = panel.ok("GET", "/servers").json()["data"]
    assert [row["id"] for row in rows[:3]] == [1, "two", 3]


def test_stringified_numbers(panel: Api) -> None:
    panel.control.fault("stringify_numbers")
    package = panel.data("/packages/3")
    assert (package["memory"], package["enabled"], package["description"]) == ("4096", True, None)


def test_unknown_info(panel: Api) -> None:
    panel.control.fault("unknown_info", operation=OPERATION, text="moon phase not updated")
    info = panel.ok("PUT", PACKAGE).json()["info"]
    assert info[-1] == "moon phase not updated"
    assert memory(panel) == 4096


def test_empty_page(panel: Api) -> None:
    panel.control.fault("empty_page", operation="GET /servers", query={"page": 2})
    first = panel.ok("GET", "/servers", page=1).json()
    second = panel.ok("GET", "/servers", page=2).json()
    assert (len(first["data"]), second["data"], second["total"]) == (20, [], 50)
    assert (second["from"], second["to"]) == (None, None)
    assert len(panel.ok("GET", "/servers", page=2).json()["data"]) == 20


@pytest.mark.parametrize(("change", "second", "total"), [("insert", 20, 51), ("remove", 22, 49)])
def test_page_shift(panel: Api, change: str, second: int, total: int) -> None:
    panel.control.fault("page_shift", operation="GET /servers", change=change, times=None)
    first_page = panel.ok("GET", "/servers").json()
    second_page = panel.ok("GET", "/servers", page=2).json()
    assert (first_page["data"][-1]["id"], first_page["total"]) == (20, 50)
    assert (second_page["data"][0]["id"], second_page["total"]) == (second, total)


def test_silent_refusal(panel: Api) -> None:
    panel.control.fault("silent_refusal", aspects=["memory", "primaryNetworkTraffic"])
    info = panel.ok("PUT", PACKAGE).json()["info"]
    assert not any("memory" in line or "traffic" in line for line in info)
    resources = panel.control.server(SERVER)["resources"]
    assert (resources["memory"], resources["traffic"]) == (2048, 2000)
    assert resources["cpuCores"] == 4


def test_info_only(panel: Api) -> None:
    panel.control.fault("info_only", aspects=["memory"])
    info = panel.ok("PUT", PACKAGE).json()["info"]
    assert "memory not updated. It matches the current value" in info
    assert memory(panel) == 2048


def test_slow_apply(panel: Api) -> None:
    panel.control.fault("slow_apply", reads=2, aspects=["memory"])
    panel.ok("PUT", PACKAGE)
    read = [panel.server(SERVER)["settings"]["resources"] for dummy in range(3)]
    assert [resources["memory"] for resources in read] == [2048, 2048, 4096]
    assert [resources["cpuCores"] for resources in read] == [4, 4, 4]


def test_failing_and_slow_jobs(panel: Api) -> None:
    panel.control.fault("fail_job", path=r"/power/")
    number = panel.ok("POST", f"/servers/{SERVER}/power/shutdown").json()["data"]["queueId"]
    panel.control.advance(60)
    item = panel.data(f"/queue/{number}")
    assert (item["failed"], item["progress"]) == (True, 100)
    assert item["finished"] is not None
    assert panel.control.server(SERVER)["powered"] is True
    panel.control.fault("slow_job", polls=4)
    number = panel.ok("POST", f"/servers/{SERVER}/power/shutdown").json()["data"]["queueId"]
    progress = [panel.data(f"/queue/{number}")["progress"] for dummy in range(4)]
    assert progress == [25, 50, 75, 100]


def test_skip_and_times(panel: Api) -> None:
    number = panel.control.fault("status", path="^/connect$", status=503, skip=1, times=2)
    statuses = [panel.call("GET", "/connect").status_code for dummy in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    (fault,) = panel.control.faults()
    assert (fault["id"], fault["seen"], fault["fired"]) == (number, 5, 2)


def test_for_ever_until_cleared(panel: Api) -> None:
    panel.control.fault("status", method="GET", status=503, times=None)
    assert [panel.call("GET", "/connect").status_code for dummy in range(3)] == [503] * 3
    assert panel.call("PUT", PACKAGE).status_code == 200
    panel.control.clear_faults()
    assert panel.call("GET", "/connect").status_code == 200


def test_the_first_matching_fault_wins_and_the_next_one_follows(panel: Api) -> None:
    panel.control.fault("status", status=502)
    panel.control.fault("status", status=503)
    assert [panel.call("GET", "/connect").status_code for dummy in range(3)] == [502, 503, 200]


@pytest.mark.parametrize(
    ("kind", "params"), [("gremlin", {}), ("status", {"colour": 1}), ("reset", {"when": "never"})]
)
def test_a_wrong_fault_is_refused(panel: Api, kind: str, params: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match="400"):
        panel.control.fault(kind, **params)
    assert panel.control.faults() == []


def test_a_fault_for_an_unknown_operation_is_refused(panel: Api) -> None:
    with pytest.raises(RuntimeError, match="no panel has the operation"):
        panel.control.fault("reset", operation="PUT /servers/{id}/package/{id}")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("float_numbers", {"id": 1.0, "name": "Cloud 1", "description": None}),
        ("null_for_empty", {"id": 1, "name": "Cloud 1", "description": None}),
    ],
)
def test_odd_values(panel: Api, kind: str, shown: dict[str, Any]) -> None:
    panel.control.fault(kind)
    package = panel.data("/packages/1")
    assert {name: package[name] for name in shown} == shown
    assert isinstance(package["id"], type(shown["id"]))


def test_reversed_rows(panel: Api) -> None:
    rows = panel.data("/packages")
    panel.control.fault("reverse_rows")
    assert panel.data("/packages") == rows[::-1]
    panel.control.fault("reverse_rows", at="nothing")
    assert panel.data("/packages") == rows


def test_every_kind_is_tested() -> None:
    folder = Path(__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    untested = [kind for kind in KINDS if f'fault("{kind}"' not in source]
    assert [kind for kind in untested if f'("{kind}", {{' not in source] == []
