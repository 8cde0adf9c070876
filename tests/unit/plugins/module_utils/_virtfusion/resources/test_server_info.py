# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test which servers are read, and which of their values are shown."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    server_info as resource,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_info import (
    ServerInfo,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_view import (
    ROW,
    SERVER,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    ALL_ASPECTS,
    options,
    page,
    put_at,
    row,
    server,
    user_row,
)

ROWS = [
    row(7, "web01", owner=4, hypervisorId=6),
    row(8, "web02", owner=5, hypervisorId=6, suspended=True),
    row(9, "mail", owner=5, hypervisorId=7),
]


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch):
    """A script is played in its order."""
    monkeypatch.setattr(resource, "WORKERS", 1)


def _listed(*rows, query=None) -> Step:
    return get("/servers", answer(200, page(*rows)), query)


def _read(*steps: Step, **options):
    return run_task(ServerInfo, ARGUMENTS, *steps, **options)["servers"]


def _ids(*steps: Step, **options) -> list[int]:
    return [view["id"] for view in _read(*steps, **options)]


def test_without_options_all_servers_are_listed_as_short_rows():
    servers = _read(_listed(*ROWS))
    assert [view["id"] for view in servers] == [7, 8, 9]
    assert servers[0] == {
        "id": 7,
        "uuid": "00000000-0000-4000-8000-000000000007",
        "name": "web01",
        "commission_status": 3,
        "suspended": False,
        "protected": False,
        "owner_id": 4,
        "hypervisor_id": 6,
        "created": "2024-03-30T14:41:27+00:00",
        "updated": "2024-04-02T10:15:10+00:00",
    }


def test_a_row_of_a_list_does_not_claim_what_it_does_not_say():
    (view,) = _read(_listed(ROWS[0]))
    assert not set(view) & set(ALL_ASPECTS)


def test_ids_are_read_in_full_and_in_their_order():
    servers = _read(
        get("/servers/8", ok(server(id=8))), get("/servers/7", ok(server())), server_ids=[8, 7]
    )
    assert [view["id"] for view in servers] == [8, 7]
    assert set(ALL_ASPECTS) < set(servers[0])


def test_a_server_in_full():
    (view,) = _read(get("/servers/7", ok(server(cpu=4, backup_plan=5))), server_ids=[7])
    assert view["hostname"] == "web01.example.com"
    assert (view["hypervisor_id"], view["hypervisor_group_id"]) == (6, 2)
    assert (view["cpu"], view["memory"], view["primary_disk_size"]) == (4, 2048, 40)
    assert (view["backup_plan"], view["primary_disk_read_iops"]) == (5, None)
    assert (view["tasks_active"], view["pending_tasks"]) == (False, [])
    assert view["ipv4_addresses"] == ["192.0.2.7"]
    assert "running" not in view


def test_an_id_that_does_not_exist_fails_the_task():
    error = fail_task(
        ServerInfo,
        ARGUMENTS,
        get("/servers/7", ok(server())),
        get("/servers/8", answer(404, {"msg": "server not found"})),
        server_ids=[7, 8],
    )
    assert error.code.value == "not_found"
    assert error.msg == "Cannot read server 8: server not found"


def test_an_empty_list_of_ids_selects_no_server():
    assert _read(server_ids=[]) == []


def test_names_are_found_in_the_order_asked_for():
    assert _ids(_listed(*ROWS), server_names=["mail", "web01"]) == [9, 7]


@pytest.mark.parametrize(
    ("options", "ids"),
    [({"suspended": True}, [8]), ({"owner_ids": [4]}, [7]), ({"hypervisor_ids": [7]}, [])],
)
def test_a_named_server_that_a_filter_leaves_out_exists(options, ids):
    everything = _listed(*ROWS, query={"type": "simple", "results": 200, "page": 1})
    assert _ids(everything, server_names=["web02", "web01"], **options) == ids


@pytest.mark.parametrize(
    ("names", "code"), [(["web01", "web03"], "not_found"), (["twin"], "ambiguous")]
)
def test_a_name_must_mean_one_server(names, code):
    twins = [row(10, "twin"), row(11, "twin")]
    error = fail_task(ServerInfo, ARGUMENTS, _listed(*ROWS, *twins), server_names=names)
    assert error.code.value == code


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({"owner_ids": [5]}, [8, 9]),
        ({"owner_ids": []}, []),
        ({"suspended": True}, [8]),
        ({"suspended": False}, [7, 9]),
        ({"owner_ids": [5], "suspended": False}, [9]),
    ],
)
def test_filters_that_the_panel_does_not_have(options, ids):
    assert _ids(_listed(*ROWS), **options) == ids


def test_hypervisors_are_filtered_by_the_panel_and_once_more():
    # A panel that does not know the parameter sends everything.
    query = {"type": "simple", "results": 200, "hypervisorId[]": [6], "page": 1}
    assert _ids(_listed(*ROWS, query=query), hypervisor_ids=[6]) == [7, 8]


def test_the_servers_of_a_user_have_a_shape_of_their_own():
    servers = _read(get("/servers/user/4", ok([user_row(7, "web01")])), user_id=4)
    assert servers[0]["name"] == "web01"
    assert servers[0]["owner_id"] == 4
    assert (servers[0]["cpu"], servers[0]["memory"]) == (1, 2048)


@pytest.mark.parametrize("option", ["details", "live_state"])
def test_details_read_each_server_that_is_left(option):
    query = {"remoteState": "true"} if option == "live_state" else {}
    ids = _ids(
        _listed(*ROWS),
        get("/servers/8", ok(server(id=8)), query),
        suspended=True,
        **{option: True},
    )
    assert ids == [8]


@pytest.mark.parametrize(
    ("remote", "running"),
    [
        ({"running": True, "state": "running"}, True),
        ({"running": False}, False),
        (False, None),
        ([], None),
        ({}, None),
    ],
)
def test_the_live_state_is_null_where_the_hypervisor_does_not_answer(remote, running):
    (view,) = _read(
        get("/servers/7", ok(server(remoteState=remote))), server_ids=[7], live_state=True
    )
    assert view["running"] is running


def test_pages_have_the_size_asked_for():
    query = {"type": "simple", "results": 50, "page": 1}
    assert _ids(_listed(*ROWS, query=query), page_size=50) == [7, 8, 9]


@pytest.mark.parametrize(
    "wrong",
    [
        {"page_size": 0},
        {"page_size": 201},
        {"server_ids": [0]},
        {"user_id": -1},
        {"hypervisor_ids": [0]},
    ],
    ids=str,
)
def test_options_out_of_range_are_refused_before_anything_is_sent(wrong):
    assert fail_task(ServerInfo, ARGUMENTS, **wrong).code.value == "validation"


@pytest.mark.parametrize("gone", ["id", "name"])
def test_a_row_without_its_id_or_name_is_a_protocol_failure(gone):
    raw = {name: value for name, value in row(7, "web01").items() if name != gone}
    error = fail_task(ServerInfo, ARGUMENTS, _listed(raw), server_names=["web01"])
    assert error.code.value == "protocol"


@pytest.mark.parametrize("gone", ["suspended", "owner", "hypervisorId"])
def test_a_row_that_leaves_a_field_out_is_shown_without_it(gone):
    raw = {name: value for name, value in row(7, "web01").items() if name != gone}
    (view,) = _read(_listed(raw))
    assert view["id"] == 7


@pytest.mark.parametrize(
    ("gone", "options"),
    [
        ("suspended", {"suspended": False}),
        ("owner", {"owner_ids": [4]}),
        ("hypervisorId", {"hypervisor_ids": [6]}),
    ],
)
def test_a_filter_on_a_field_that_is_left_out_is_a_protocol_failure(gone, options):
    raw = {name: value for name, value in row(7, "web01").items() if name != gone}
    error = fail_task(ServerInfo, ARGUMENTS, _listed(raw), **options)
    assert error.code.value == "protocol"


# --- shapes ----------------------------------------------------------------------------------


def test_what_php_sends_for_empty_objects_is_absent():
    raw = server()
    for place in ("hypervisor", "tasks", "network", "backupPlan"):
        put_at(raw, place, [])
    view = SERVER.project(raw)
    for name in ("hypervisor_group_id", "tasks_active", "ipv4_addresses"):
        assert name not in view
    assert view["backup_plan"] is None


def test_a_task_without_a_requirement_requires_nothing():
    raw = server(tasks={"active": 1, "actions": {"pending": [{"id": 5, "requires": None}]}})
    view = SERVER.project(raw)
    assert view["tasks_active"] is True
    assert view["pending_tasks"] == [{"action": None, "requires": []}]


def test_the_primary_disk_is_found_wherever_it_stands():
    raw = server()
    second = {"primary": False, "capacity": 999, "iops": {"read": 1}, "bytes": {}}
    raw["storage"].insert(0, second)
    assert SERVER.project(raw)["primary_disk_size"] == 40
    assert SERVER.project(raw)["primary_disk_read_iops"] is None


def test_a_row_is_a_part_of_a_server():
    assert set(ROW) < set(SERVER)


class _Together:
    """Answers only when two requests are there at a time."""

    def __init__(self) -> None:
        self._both = threading.Barrier(2, timeout=WATCHDOG_S)

    def send(self, request: Request) -> Response:
        self._both.wait()
        return ok(server(id=int(request.url.rpartition("/")[2])))

    def close(self) -> None:
        """Nothing to give up."""


def test_servers_are_read_at_the_same_time_and_come_in_their_order(monkeypatch, clock):
    monkeypatch.setattr(resource, "WORKERS", 2)
    params: dict[str, Any] = options(ARGUMENTS, server_ids=[8, 7])
    read = run(VIRTFUSION, ServerInfo, params, clock=clock, backend=_Together())
    assert [view["id"] for view in read["servers"]] == [8, 7]
