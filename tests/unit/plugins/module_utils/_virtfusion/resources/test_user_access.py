# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test a user's password and login link, which are new each time."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.user_access import (
    UserLogin,
    UserPassword,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_user_login,
    virtfusion_user_password,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    BY_STRING,
    NO_USER,
    USER_BY_STRING,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

RESET = "/users/1042/byExtRelation/resetPassword"
TOKENS = "/users/1042/authenticationTokens"
SERVER_TOKENS = "/users/1042/serverAuthenticationTokens/7"
PASSWORD = virtfusion_user_password.ARGUMENTS
LOGIN = virtfusion_user_login.ARGUMENTS


def tokens(path: Any = "/token_authenticate/?1=abc&2=def", **expiry: Any) -> Any:
    """Return the response with the tokens of a login."""
    expiry = expiry or {"ttl": 60, "expires": "2025-01-20T12:49:52.170943Z"}
    return ok(
        {
            "authentication": {
                "tokens": {"1": "abc", "2": "def"},
                "endpoint": "/token_authenticate",
                "endpoint_complete": path,
                "expiry": expiry,
            }
        }
    )


# --- the password ----------------------------------------------------------------------------


def test_a_new_password_is_returned():
    reply = answer(201, {"data": {"email": "ada@example.com", "password": "new"}})
    result = run_task(UserPassword, PASSWORD, shown(user()), post(RESET, reply), **BY_ID)
    assert result["changed"] is True
    assert result["credentials"] == {"email": "ada@example.com", "password": "new"}


def test_a_password_is_created_by_relation_string():
    reply = answer(201, {"data": {"email": "ada@example.com", "password": "new"}})
    run_task(
        UserPassword,
        PASSWORD,
        get(USER_BY_STRING, ok(user())),
        post(f"{USER_BY_STRING}/resetPassword", reply, query={"relStr": "true"}),
        **BY_STRING,
    )


@pytest.mark.parametrize(
    ("work", "spec"), [(UserPassword, PASSWORD), (UserLogin, LOGIN)], ids=["password", "login"]
)
def test_nothing_is_created_for_a_missing_user(work, spec):
    error = fail_task(work, spec, shown(NO_USER), **BY_ID)
    assert error.code.value == "not_found"


@pytest.mark.parametrize(
    ("work", "spec"), [(UserPassword, PASSWORD), (UserLogin, LOGIN)], ids=["password", "login"]
)
def test_check_mode_creates_nothing(work, spec):
    result = run_task(work, spec, shown(user()), check_mode=True, **BY_ID)
    assert set(result) == {"changed", "api_calls", *work.shown}
    assert result["changed"] is True
    assert not any(value for key in work.shown for value in result[key].values())


@pytest.mark.parametrize("fault", [interrupted(), answer(502, HTML)])
@pytest.mark.parametrize(
    ("work", "spec", "path"),
    [(UserPassword, PASSWORD, RESET), (UserLogin, LOGIN, TOKENS)],
    ids=["password", "login"],
)
def test_nothing_is_created_twice(work, spec, path, fault):
    error = fail_task(work, spec, shown(user()), post(path, fault), **BY_ID)
    assert error.failure()["state"] == "unknown"


@pytest.mark.parametrize("body", [{"email": "a@b"}, {"password": None}, {"password": ""}])
def test_a_response_without_a_password_leaves_the_state_unknown(body):
    error = fail_task(UserPassword, PASSWORD, shown(user()), post(RESET, ok(body)), **BY_ID)
    assert (error.code.value, error.failure()["state"]) == ("protocol", "unknown")
    assert "the panel has accepted the request: check the panel" in error.msg


# --- the link --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "api_url",
    [
        "https://panel.example.com",
        " https://panel.example.com/api/v1/ ",
        "https://panel.example.com/",
    ],
)
def test_a_link_is_on_the_panels_host(api_url):
    result = run_task(
        UserLogin, LOGIN, shown(user()), post(TOKENS, tokens()), api_url=api_url, **BY_ID
    )
    assert result["login"] == {
        "url": "https://panel.example.com/token_authenticate/?1=abc&2=def",
        "path": "/token_authenticate/?1=abc&2=def",
        "expires": "2025-01-20T12:49:52.170943Z",
        "ttl": 60,
    }


def test_a_link_may_lead_to_a_server():
    run_task(
        UserLogin,
        LOGIN,
        shown(user()),
        get("/servers/7", ok(server())),
        post(SERVER_TOKENS, tokens()),
        server_id=7,
        **BY_ID,
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_no_link_to_a_missing_server_is_created(check_mode):
    error = fail_task(
        UserLogin,
        LOGIN,
        shown(user()),
        get("/servers/7", answer(404, {"msg": "server not found"})),
        server_id=7,
        check_mode=check_mode,
        **BY_ID,
    )
    assert error.msg == "Cannot read server 7: server not found"


@pytest.mark.parametrize("path", ["https://elsewhere.example/", "//elsewhere.example/", "", None])
def test_a_link_that_leaves_the_panel_is_not_returned(path):
    error = fail_task(UserLogin, LOGIN, shown(user()), post(TOKENS, tokens(path)), **BY_ID)
    assert error.code.value == "protocol"
    assert "elsewhere" not in error.msg


def test_a_link_without_an_expiry_is_accepted():
    reply = tokens(other=1)
    result = run_task(UserLogin, LOGIN, shown(user()), post(TOKENS, reply), **BY_ID)
    assert (result["login"]["ttl"], result["login"]["expires"]) == (None, None)


def test_a_server_id_must_be_valid():
    assert (
        "server_id must be a positive number"
        in fail_task(UserLogin, LOGIN, server_id=0, **BY_ID).msg
    )
