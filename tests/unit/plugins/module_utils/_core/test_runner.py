# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the runner: options in, result or error out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Limits
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import (
    Panel,
    Query,
    base_url_of,
    run,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.version import (
    COLLECTION_VERSION,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    Step,
    answer,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import ToyDialect

API = "/api/v1"


@pytest.mark.parametrize(
    ("api_url", "base"),
    [
        ("https://panel.example.com", "https://panel.example.com/api/v1"),
        ("https://panel.example.com/", "https://panel.example.com/api/v1"),
        ("https://panel.example.com/api/v1", "https://panel.example.com/api/v1"),
        ("https://panel.example.com/api/v1/", "https://panel.example.com/api/v1"),
        ("https://panel.example.com:8443", "https://panel.example.com:8443/api/v1"),
        ("https://example.com/panel/api/v1", "https://example.com/panel/api/v1"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080/api/v1"),
        ("  https://panel.example.com\n", "https://panel.example.com/api/v1"),
        ("HTTPS://Panel.Example.COM", "https://panel.example.com/api/v1"),
        ("https://panel.example.com:443/", "https://panel.example.com/api/v1"),
        ("http://panel.example.com:80", "http://panel.example.com/api/v1"),
        ("http://panel.example.com:443", "http://panel.example.com:443/api/v1"),
        ("https://[2001:DB8::1]:443/Api", "https://[2001:db8::1]/Api"),
    ],
)
def test_the_api_path_is_added_only_to_a_bare_host(api_url, base):
    assert base_url_of(api_url, API) == base


@pytest.mark.parametrize(
    "api_url",
    [
        "",
        "panel.example.com",
        "//panel.example.com",
        "ftp://panel.example.com",
        "file:///etc/passwd",
        "https://",
        "https:///api/v1",
        "https://:443",
        "https://panel.example.com:0",
        "https://panel.example.com:99999",
        "https://panel.example.com:port",
        "https://[::1",
    ],
)
def test_an_invalid_address_is_refused(api_url):
    with pytest.raises(PanelError, match="api_url is not the address of a panel") as caught:
        base_url_of(api_url, API)
    assert caught.value.code.value == "validation"


@pytest.mark.parametrize(
    "api_url",
    [
        "https://me:hunter2@panel.example.com",
        "https://hunter2@panel.example.com",
        "https://panel.example.com/?key=hunter2",
        "https://panel.example.com/#hunter2",
        "https://me:hunter2@panel.example.com:port",
    ],
)
def test_credentials_in_the_address_are_refused_and_not_repeated(api_url):
    with pytest.raises(PanelError) as caught:
        base_url_of(api_url, API)
    assert caught.value.code.value == "validation"
    assert "hunter2" not in caught.value.msg


@given(st.text())
def test_any_address_is_either_accepted_or_refused(api_url):
    try:
        base = base_url_of(api_url, API)
    except PanelError as error:
        assert error.code.value == "validation"
    else:
        assert base.startswith(("http://", "https://"))
        assert not base.endswith("/")


PARAMS = {
    "api_url": "https://panel.example.com",
    "timeout": 30,
    "total_timeout": 300,
    "max_response_size": 64,
    "max_pages": 100,
    "retries": 1,
    "retry_budget": 60,
    "rate_limit": 0,
    "validate_certs": True,
    "ca_path": None,
}


class _Show(Query):
    def __init__(self, session: Session, params: dict[str, Any]) -> None:
        self._session = session

    def read(self) -> dict[str, Any]:
        return {"thing": self._session.call("read", path={"thing": 1})}


TOY: Panel[Session] = Panel("Toy", lambda _params: ToyDialect(), lambda session: session, API)


def _script(reply) -> ScriptedBackend:
    return ScriptedBackend(Step("POST", "/things/1", reply))


def test_a_query_is_unchanged_and_counts_its_calls(clock):
    backend = _script(answer(200, {"a": 1}))
    result = run(TOY, _Show, PARAMS, clock=clock, backend=backend)
    assert result == {
        "changed": False,
        "thing": {"a": 1},
        "api_calls": {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0},
    }
    assert backend.closed


def test_a_failure_counts_its_calls_too(clock):
    backend = _script(answer(404, "gone"))
    with pytest.raises(PanelError) as caught:
        run(TOY, _Show, PARAMS, clock=clock, backend=backend)
    assert caught.value.result["api_calls"]["read"] == 1
    assert backend.closed


@pytest.mark.parametrize(
    ("name", "lowest"), [("timeout", 1), ("retries", 0), ("retry_budget", 0), ("rate_limit", 0)]
)
def test_numbers_have_a_minimum(name, lowest, clock):
    run(TOY, _Show, {**PARAMS, name: lowest}, clock=clock, backend=_script(answer(200, {})))
    with pytest.raises(PanelError, match=f"{name} must be at least {lowest}, not -1") as caught:
        run(TOY, _Show, {**PARAMS, name: -1}, clock=clock, backend=ScriptedBackend())
    assert caught.value.code.value == "validation"


def test_wrong_options_open_no_session(clock):
    backend = ScriptedBackend()
    with pytest.raises(PanelError):
        run(TOY, _Show, {**PARAMS, "timeout": 0}, clock=clock, backend=backend)
    assert backend.requests == []


def test_a_bug_still_closes_the_connections(clock):
    class Broken(_Show):
        def read(self) -> dict[str, Any]:
            raise RuntimeError("a defect")

    backend = ScriptedBackend()
    with pytest.raises(PanelError) as caught:
        run(TOY, Broken, PARAMS, clock=clock, backend=backend)
    assert backend.closed
    assert (caught.value.code, caught.value.uncertain) == (Code.INTERNAL, False)


def test_a_bug_after_a_write_leaves_the_state_unknown(clock):
    class Broken(_Show):
        def read(self) -> dict[str, Any]:
            self._session.call("create", path={"thing": 1})
            raise RuntimeError("a defect")

    backend = ScriptedBackend(Step("GET", "/things/1", answer(201, {})))
    with pytest.raises(PanelError) as caught:
        run(TOY, Broken, PARAMS, clock=clock, backend=backend)
    assert caught.value.failure()["state"] == "unknown"
    assert caught.value.result["api_calls"]["write"] == 1


@pytest.mark.parametrize("first", ["read", "set"])
def test_a_task_that_must_end_finishes_a_change_and_begins_none(clock, first):
    ended: list[bool] = []

    class Two(_Show):
        def read(self) -> dict[str, Any]:
            self._session.call(first, path={"thing": 1})
            ended.append(True)
            return {"thing": self._session.call("set", path={"thing": 1})}

    step = Step("POST", "/things/1", answer(200, {"a": 1}))
    backend = ScriptedBackend(*[step] * (1 if first == "read" else 2))
    try:
        result = run(TOY, Two, PARAMS, clock=clock, backend=backend, ending=lambda: bool(ended))
    except PanelError as error:
        assert first == "read"
        assert error.msg == "Cannot set thing 1: the task must end, and has changed nothing"
        assert (error.code, error.failure()["state"]) == (Code.STOPPED, "known")
    else:
        assert (first, result["thing"]) == ("set", {"a": 1})
    backend.assert_finished()


def test_the_backend_is_built_from_the_options(clock, monkeypatch):
    made: list[dict[str, Any]] = []

    def build(**options: Any) -> ScriptedBackend:
        made.append(options)
        return _script(answer(200, {}))

    monkeypatch.setattr(runner, "RequestsBackend", build)
    run(TOY, _Show, {**PARAMS, "validate_certs": False, "ca_path": "/ca.pem"}, clock=clock)
    assert made == [
        {
            "connections": 10,
            "limits": Limits(timeout_s=30, total_s=300, response_bytes=64 * 1024 * 1024),
            "verify": False,
            "ca_path": "/ca.pem",
            "user_agent": f"vpsfleet.panels/{COLLECTION_VERSION}",
        }
    ]


def test_a_failure_in_a_constructor_is_reported(clock):
    class Picky(_Show):
        def __init__(self, session: Session, params: dict[str, Any]) -> None:
            raise PanelError(Code.VALIDATION, "no")

    backend = ScriptedBackend()
    with pytest.raises(PanelError) as caught:
        run(TOY, Picky, PARAMS, clock=clock, backend=backend)
    assert caught.value.result["api_calls"]["read"] == 0
    assert backend.closed
