# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that a service refuses are not sent to it again, and a busy service holds no other one back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Query
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.client import HuaweiCloud
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    BSS,
    IAM,
    ORDERS,
    SERVER_ID,
    SHOW,
    fail_task,
    get,
    post,
    run_task,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

LOGIN = f"{IAM}/v3/auth/tokens"
ORDER = f"{ORDERS}/details/CS1"
USER = {"auth_token": None, "user_name": "ops", "password": "pass-word-1", "domain_name": "acme"}
KEYS = {"auth_token": None, "access_key": "AKEXAMPLE", "secret_key": "SKEXAMPLE"}
REFUSED = answer(401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail"})
WRONG = answer(401, {"error": {"code": 401, "message": "wrong", "title": "Unauthorized"}})

Read = Callable[[HuaweiCloud], Any]


def read_server(client: HuaweiCloud) -> str:
    return str(client.server(SERVER_ID)["server_id"])


def read_order(client: HuaweiCloud) -> Any:
    return client.order("CS1")


def after(first: Read, second: Read) -> type[Query[HuaweiCloud]]:
    """Return a task whose first read fails. It returns what the second one reads."""

    class Reading(Query[HuaweiCloud]):
        def read(self) -> dict[str, Any]:
            with pytest.raises(PanelError):
                first(self._client)
            return {"found": second(self._client)}

    return Reading


@pytest.mark.parametrize("credentials", [KEYS, {}])
def test_refused_credentials_are_not_sent_again(credentials):
    task = after(read_server, read_server)
    # The script has one request: a second one is an error of the test.
    error = fail_task(task, CONNECTION, get(SHOW, REFUSED), **credentials)
    assert (error.code.value, error.http_status) == ("auth", None)
    assert "decrypt token fail" in error.msg
    assert "it was not sent, since the service has refused the same credentials" in error.msg


def test_a_refused_password_is_not_sent_again():
    task = after(read_server, read_server)
    error = fail_task(task, CONNECTION, post(LOGIN, WRONG), **USER)
    assert error.msg == (
        "Cannot log in: wrong (it was not sent, since the service has refused the same credentials before)"
    )


def test_a_refused_token_is_replaced_later_if_the_login_fails_for_now():
    token = answer(201, {"token": {}}, x_subject_token="bought-2")
    steps = (
        post(LOGIN, answer(201, {"token": {}}, x_subject_token="bought-1")),
        get(SHOW, REFUSED),
        post(LOGIN, answer(503, {})),
        post(LOGIN, token),
        get(SHOW, server()),
    )
    task = after(read_server, read_server)
    assert run_task(task, CONNECTION, *steps, retries=0, **USER)["found"] == SERVER_ID


@pytest.mark.parametrize("reply", [REFUSED, answer(429, retry_after="600")])
def test_a_service_takes_requests_while_another_one_refuses_them(reply):
    steps = (get(ORDER, reply), get(SHOW, server()))
    task = after(read_order, read_server)
    assert run_task(task, CONNECTION, *steps, bss_endpoint=BSS)["found"] == SERVER_ID


def test_a_hint_names_the_endpoint_as_region_is_no_address():
    class Reading(Query[HuaweiCloud]):
        def read(self) -> dict[str, Any]:
            return {"found": read_server(self._client)}

    error = fail_task(Reading, CONNECTION, get(SHOW, answer(200, "<html>")))
    assert "check that the endpoint of the region is the address of the API" in error.msg
