# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test calls of undeclared operations."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.one_call import (
    OneCall,
    one_call,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_api import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    ScriptedBackend,
    Step,
    answer,
    get,
    interrupted,
    never_sent,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, options

LOCKED = answer(423, {"msg": "pending tasks in queue"})


def call(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Send one call and return its result. Every expected request must be sent."""
    backend = ScriptedBackend(*steps)
    params = {"path": "/things/7", "method": "GET", **changes}
    try:
        return run(
            one_call(VIRTFUSION),
            OneCall,
            options(ARGUMENTS, **params),
            check_mode=check_mode,
            clock=FakeClock(),
            backend=backend,
        )
    finally:
        backend.assert_finished()


def fail_call(*steps: Step, **changes: Any) -> PanelError:
    """Send one call, which must fail."""
    with pytest.raises(PanelError) as caught:
        call(*steps, **changes)
    return caught.value


# --- requests ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/things/7", "things/7"])
def test_the_path_is_below_the_api(path):
    result = call(get("/things/7", ok({"id": 7})), path=path)
    assert (result["status"], result["json"]) == (200, {"data": {"id": 7}})
    assert result["changed"] is False


def test_a_value_in_percent_stays_as_it_is():
    call(
        get("/users/acme%2Feu-west/byExtRelation", ok({})),
        path="users/acme%2Feu-west/byExtRelation",
    )


def test_the_credentials_are_sent_and_not_shown():
    backend = ScriptedBackend(get("/things/7", answer(403, {"msg": f"no rights for {TOKEN}"})))
    with pytest.raises(PanelError) as caught:
        run(
            one_call(VIRTFUSION),
            OneCall,
            options(ARGUMENTS, path="/things/7", method="GET"),
            clock=FakeClock(),
            backend=backend,
        )
    assert backend.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in str(caught.value.to_result())


def test_query_and_body_are_sent_in_the_panels_format():
    call(
        Step(
            "PUT",
            "/things/7",
            answer(204),
            query={"sync": "true", "page": 2, "id[]": [1, 2], "name": "a b"},
            body={"enabled": True, "names": ["x"]},
        ),
        method="PUT",
        query={"sync": True, "page": 2, "id[]": [1, 2], "name": "a b"},
        body={"enabled": True, "names": ["x"]},
    )


@pytest.mark.parametrize("status", [200, 201, 204])
def test_status_and_empty_response_are_reported(status):
    result = call(Step("POST", "/things/7", answer(status)), method="POST")
    assert (result["status"], result["json"], result["changed"]) == (status, None, True)


# --- paths that could lead elsewhere ---------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//elsewhere.example/things",
        "https://elsewhere.example/things",
        "/things/../../admin",
        "/things/%2e%2e/%2E%2E/admin",
        "/things/%252e%252e/admin",
        "/things/..%2f..%2fadmin",
        "/things/%5c..%5cadmin",
        "/things/./7",
        "/things/",
        "/things//7",
        "/things?all=true",
        "/things#7",
        "/things/7 HTTP/1.1",
        "/things/\r\nX-Other: 1",
        "/things\\7",
        "/things/{id}",
        "/thíngs",
        "/api/v1/things/7",
        "/api/v1",
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_path_that_could_lead_elsewhere_is_refused_and_nothing_is_sent(path, check_mode):
    error = fail_call(path=path, check_mode=check_mode)
    assert error.code.value == "validation"
    assert error.msg.startswith("path ")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_body_that_is_no_json_is_refused(value):
    error = fail_call(method="POST", path="/things", body={"a": [value]})
    assert error.msg == "body contains .nan or .inf, which JSON does not have"


@pytest.mark.parametrize("value", [None, {"a": 1}, [{"a": 1}], [None], [[1]]])
def test_a_query_of_another_shape_is_refused(value):
    error = fail_call(query={"filter": value})
    assert "filter" in error.msg


# --- the effect decides ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "effect", "sent"),
    [
        ("GET", None, True),
        ("GET", "action", False),
        ("POST", "read", True),
        ("POST", None, False),
        ("PUT", "set", False),
        ("PATCH", "create", False),
        ("DELETE", "destroy", False),
    ],
)
def test_check_mode_sends_only_reads(method, effect, sent):
    steps = [Step(method, "/things/7", ok([]))] if sent else []
    result = call(*steps, method=method, effect=effect, check_mode=True)
    assert result["changed"] is not sent
    assert ("status" in result) is sent
    assert result["api_calls"]["write"] == 0


def test_a_read_is_repeated_after_a_transient_fault():
    result = call(
        get("/things/7", answer(502, HTML)),
        get("/things/7", interrupted()),
        get("/things/7", ok([])),
    )
    assert result["api_calls"]["retried"] == 2


@pytest.mark.parametrize("effect", ["set", "create", "action", "destroy", None])
@pytest.mark.parametrize("fault", [answer(502, HTML), interrupted()])
def test_a_write_with_a_lost_response_is_never_repeated(effect, fault):
    error = fail_call(Step("POST", "/things/7", fault), method="POST", effect=effect)
    assert error.failure()["state"] == "unknown"
    assert "Cannot call POST /things/7: " in error.msg


@pytest.mark.parametrize("effect", ["set", "create", "action", "destroy"])
@pytest.mark.parametrize("fault", [LOCKED, answer(429), never_sent()])
def test_a_write_that_never_left_is_repeated(effect, fault):
    result = call(
        Step("POST", "/things/7", fault),
        Step("POST", "/things/7", answer(204)),
        method="POST",
        effect=effect,
    )
    assert result["changed"] is True
    assert result["api_calls"]["retried"] == 1


def test_a_response_other_than_json_is_an_error():
    error = fail_call(get("/things/7", answer(200, HTML)))
    assert error.code.value == "protocol"


def test_the_panels_message_is_reported():
    error = fail_call(get("/things/7", answer(404, {"msg": "thing not found"})))
    assert error.msg == "Cannot call GET /things/7: thing not found"
    assert error.failure()["operation"] == "call"
    assert error.to_result()["api_calls"]["read"] == 1
