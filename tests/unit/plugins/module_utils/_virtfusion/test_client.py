# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the client: envelopes, shapes of responses, and parameters."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RateLimiter,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.client import VirtFusion
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.dialect import (
    VirtFusionDialect,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.operations import (
    OPERATIONS,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    BASE,
    HTML,
    ScriptedBackend,
    Step,
    answer,
    get,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, page, row

FLAGS = {"cpu": True}


def _client(*steps: Step, check_mode: bool = False) -> tuple[VirtFusion, ScriptedBackend]:
    clock, backend = FakeClock(), ScriptedBackend(*steps)
    session = Session(
        VirtFusionDialect(TOKEN),
        {"": BASE},
        backend,
        Backoff(RetryPolicy(), clock),
        RateLimiter(0, clock),
        check_mode=check_mode,
    )
    return VirtFusion(session), backend


def test_each_request_holds_the_token_and_asks_for_json():
    client, backend = _client(get("/connect", answer(200, [])))
    client.connect()
    assert backend.requests[0].headers == {
        "Authorization": f"Bearer {TOKEN}",
        "Accept": "application/json",
    }


@pytest.mark.parametrize("reply", [answer(200, []), answer(200, {}), answer(200), answer(204)])
def test_any_json_is_a_connection(reply):
    client, backend = _client(get("/connect", reply))
    client.connect()
    backend.assert_finished()


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        (answer(200, {"info": ["a", "b"]}), ["a", "b"]),
        (answer(200, {"info": []}), []),
        (answer(200, {"info": None}), []),
        (answer(200, {"info": "a"}), ["a"]),
        (answer(200, {"info": [1]}), ["1"]),
        (answer(200, {}), []),
        (answer(200, []), []),
        (answer(200), []),
        (answer(204), []),
        (answer(201, {"info": ["a"]}), ["a"]),
    ],
)
def test_a_package_change_returns_the_panels_lines(reply, lines):
    client, backend = _client(put("/servers/7/package/3", reply, FLAGS))
    assert client.change_package(7, 3, FLAGS) == lines
    backend.assert_finished()


def test_a_package_change_cannot_be_made_in_check_mode():
    client, backend = _client(check_mode=True)
    with pytest.raises(AssertionError, match="would write in check mode"):
        client.change_package(7, 3, FLAGS)
    assert backend.requests == []


def test_no_operation_that_writes_leaves_in_check_mode():
    writing = [
        operation for operation in OPERATIONS.values() if not operation.is_allowed_in_check_mode
    ]
    assert writing
    for operation in writing:
        client, backend = _client(check_mode=True)
        with pytest.raises(AssertionError, match=f"{operation.name} would write in check mode"):
            client.session.call(operation.name, path=dict.fromkeys(operation.placeholders, 1))
        assert backend.requests == [], operation.name


CALLS: dict[str, Any] = {
    "server": lambda client: client.server(7),
    "package": lambda client: client.package(3),
    "packages": lambda client: client.packages(),
    "user_servers": lambda client: client.user_servers(4),
    "servers": lambda client: client.servers(),
    "one": lambda client: client.one("get_selfservice_report", path={"user": "1042"}),
}
PATHS = {
    "server": "/servers/7",
    "package": "/packages/3",
    "packages": "/packages",
    "user_servers": "/servers/user/4",
    "servers": "/servers",
    "one": "/selfService/report/byUserExtRelationId/1042",
}
LISTS = ("packages", "user_servers")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "reply",
    [
        answer(200, []),
        answer(200, {}),
        answer(200, {"data": None}),
        answer(200, {"data": "x"}),
        answer(200, {"data": 5}),
        answer(200, "5"),
        answer(204),
        answer(200, HTML),
    ],
    ids=["list", "empty object", "null", "text", "number", "bare number", "nothing", "HTML"],
)
def test_an_unexpected_response_is_a_protocol_error_that_names_the_action(name, reply):
    client, backend = _client(get(PATHS[name], reply))
    with pytest.raises(PanelError) as caught:
        CALLS[name](client)
    assert caught.value.code.value == "protocol"
    assert caught.value.msg.startswith("Cannot ")
    assert caught.value.operation in client.session.dialect.operations
    backend.assert_finished()


@pytest.mark.parametrize("name", ["server", "package", "one"])
def test_an_object_is_read_from_data(name):
    client, _backend = _client(get(PATHS[name], ok({"id": 7})))
    assert CALLS[name](client) == {"id": 7}


@pytest.mark.parametrize("name", ["server", "package"])
def test_php_sends_an_empty_list_for_an_empty_object(name):
    client, _backend = _client(get(PATHS[name], ok([])))
    with pytest.raises(PanelError, match="the panel sends a list where an object is expected"):
        CALLS[name](client)


@pytest.mark.parametrize("name", LISTS)
def test_an_object_is_not_accepted_as_a_list(name):
    client, _backend = _client(get(PATHS[name], ok({"0": {"id": 1}})))
    with pytest.raises(PanelError, match="the panel sends an object where a list is expected"):
        CALLS[name](client)


def test_the_live_state_is_read_only_on_request():
    client, backend = _client(get("/servers/7", ok({}), {}))
    client.server(7)
    client, backend = _client(get("/servers/7", ok({}), {"remoteState": "true"}))
    client.server(7, live=True)
    backend.assert_finished()


def test_all_pages_are_read_by_their_numbers():
    query = {"type": "simple", "results": 2}
    rows = [row(number, f"web{number}") for number in range(1, 6)]
    steps = [
        get(
            "/servers",
            answer(200, page(*rows[start : start + 2], number=number, pages=3, total=5)),
            {**query, "page": number},
        )
        for number, start in ((1, 0), (2, 2), (3, 4))
    ]
    client, backend = _client(*steps)
    assert client.servers(page_size=2) == rows
    backend.assert_finished()


def test_numbers_of_pages_may_come_as_text():
    body = {**page(row(1, "a")), "last_page": "1", "total": "1"}
    client, _backend = _client(get("/servers", answer(200, body)))
    assert len(client.servers()) == 1


def test_hypervisors_are_read_one_by_one():
    query = {"type": "simple", "results": 200, "hypervisorId[]": [6, 7], "page": 1}
    client, backend = _client(get("/servers", answer(200, page()), query))
    assert client.servers([6, 7]) == []
    backend.assert_finished()


@pytest.mark.parametrize(
    "broken",
    [{"data": [1, 2]}, {"data": {"0": {}}}, {"last_page": None}, {"total": "many"}, {"total": []}],
    ids=str,
)
def test_a_list_without_its_pages_is_a_protocol_failure(broken):
    client, _backend = _client(get("/servers", answer(200, {**page(row(1, "a")), **broken})))
    with pytest.raises(PanelError) as caught:
        client.servers()
    assert caught.value.code.value == "protocol"
    assert caught.value.msg.startswith("Cannot list the servers: ")


@pytest.mark.parametrize(
    ("operation", "path", "query"),
    [("list_servers", "/servers", {"results": 1}), ("list_packages", "/packages", {})],
)
def test_a_probe_is_one_small_read(operation, path, query):
    client, backend = _client(get(path, answer(200, []), query), get(path, answer(403)))
    assert client.probe(operation) is None
    assert client.probe(operation).code.value == "forbidden"
    backend.assert_finished()


@pytest.mark.parametrize("token", ["", "   ", "two words", "Bearer x", "tökén", "a\nb", "a\tb"])
def test_an_invalid_token_is_refused_and_not_shown(token):
    with pytest.raises(PanelError, match="api_token") as caught:
        VIRTFUSION.dialect({"api_token": token})
    assert caught.value.code.value == "validation"
    if len(token.strip()) > 1:
        assert token not in caught.value.msg.replace("'Bearer'", "")


def test_a_token_may_have_space_around_it():
    assert VIRTFUSION.dialect({"api_token": f" {TOKEN}\n"}).secrets() == (TOKEN,)
