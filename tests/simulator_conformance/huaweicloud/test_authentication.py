# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authentication: tokens, permanent and temporary keys, locks, projects (huaweicloud_cph 1)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from tests.simulator.huaweicloud.accounts import Account
from tests.simulator.process import Simulator

from .cloud import Cloud

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:huaweicloudsdkcore.*")

PROJECT = {"project": {"name": "cn-north-4"}}
DOMAIN = {"domain": {"name": "sim-domain"}}
NO_TOKEN: dict[str, str | None] = {"X-Auth-Token": None}


def login(cloud: Cloud, scope: dict[str, Any] | None = None, **changes: Any) -> requests.Response:
    """Request a token with the password."""
    account = cloud.account
    user = {
        "name": account.user,
        "password": account.password,
        "domain": {"name": account.domain},
        **changes,
    }
    auth: dict[str, Any] = {"identity": {"methods": ["password"], "password": {"user": user}}}
    if scope is not None:
        auth["scope"] = scope
    return cloud.call("POST", "/v3/auth/tokens", {"auth": auth}, NO_TOKEN, nocatalog="1")


def list_with(cloud: Cloud, token: str | None, project_id: str | None = None) -> requests.Response:
    path = f"/v1/{project_id or cloud.account.project_id}/cloud-phone/servers"
    return cloud.call("GET", path, headers={"X-Auth-Token": token}, limit=1)


def refusal(response: requests.Response) -> tuple[int, str, str]:
    """Return status, code and text of a refusal by the gateway or by CPH."""
    answer = response.json()
    assert set(answer) == {"request_id", "error_code", "error_msg"}
    assert response.headers["X-Request-Id"] != answer["request_id"]
    return response.status_code, answer["error_code"], answer["error_msg"]


# Tokens


@pytest.mark.parametrize("key", ["name", "id"])
def test_a_token_for_a_password(cloud: Cloud, key: str) -> None:
    wanted = {"name": "cn-north-4", "id": cloud.account.project_id}[key]
    response = login(cloud, {"project": {key: wanted}})
    assert response.status_code == 201
    token = response.json()["token"]
    assert token["methods"] == ["password"]
    assert token["project"]["id"] == cloud.account.project_id
    assert token["user"]["name"] == cloud.account.user
    assert "catalog" not in token
    expires = datetime.strptime(token["expires_at"], "%Y-%m-%dT%H:%M:%S.%f%z")
    left = expires - datetime.now(timezone.utc)
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    assert response.headers["X-IAM-Trace-Id"]
    assert list_with(cloud, response.headers["X-Subject-Token"]).status_code == 200


def test_the_catalog_comes_unless_unwanted(cloud: Cloud) -> None:
    account = cloud.account
    user = {
        "name": account.user,
        "password": account.password,
        "domain": {"name": account.domain},
    }
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": PROJECT}}
    token = cloud.call("POST", "/v3/auth/tokens", body, NO_TOKEN).json()["token"]
    assert [service["type"] for service in token["catalog"]] == ["cph"]


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"name": "nobody"}, {"domain": {"name": "elsewhere"}}]
)
def test_a_wrong_password(cloud: Cloud, changes: dict[str, Any]) -> None:
    response = login(cloud, PROJECT, **changes)
    assert response.status_code == 401
    error = response.json()["error"]
    assert (error["code"], error["title"]) == (401, "Unauthorized")
    assert "X-Subject-Token" not in response.headers


def test_an_unknown_project_or_method(cloud: Cloud) -> None:
    assert login(cloud, {"project": {"name": "nowhere"}}).status_code == 401
    body = {"auth": {"identity": {"methods": ["magic"]}}}
    response = cloud.call("POST", "/v3/auth/tokens", body, NO_TOKEN)
    assert (response.status_code, response.json()["error"]["title"]) == (400, "Bad Request")


def test_a_token_that_is_not_for_a_project(cloud: Cloud) -> None:
    for scope in (DOMAIN, None):
        token = login(cloud, scope).headers["X-Subject-Token"]
        assert refusal(list_with(cloud, token))[:2] == (403, "CPS.0001")


def test_a_token_expires_with_the_virtual_clock(cloud: Cloud) -> None:
    token = login(cloud, PROJECT).headers["X-Subject-Token"]
    cloud.control.advance(24 * 3600 - 1)
    assert list_with(cloud, token).status_code == 200
    cloud.control.advance(1)
    status, code, text = refusal(list_with(cloud, token))
    assert (status, code) == (401, "APIGW.0301")
    assert text.startswith("Incorrect IAM authentication information: ")
    response = cloud.call("GET", "/v3/projects", headers={"X-Auth-Token": token})
    assert response.json()["error"]["message"] == "The token must be updated"


def test_a_token_can_be_revoked_and_another_lives_on(cloud: Cloud) -> None:
    first, second = (login(cloud, PROJECT).headers["X-Subject-Token"] for dummy in range(2))
    cloud.control.patch("iam_tokens", first, {"revoked": True})
    assert refusal(list_with(cloud, first))[:2] == (401, "APIGW.0301")
    assert list_with(cloud, second).status_code == 200


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_no_good_token(cloud: Cloud, token: str | None) -> None:
    assert refusal(list_with(cloud, token))[:2] == (401, "APIGW.0301")
    orders = cloud.call("GET", "/v2/orders/customer-orders", headers={"X-Auth-Token": token})
    assert refusal(orders)[:2] == (401, "APIGW.0301")


def test_getting_a_token_is_not_a_write(cloud: Cloud) -> None:
    cloud.control.read_only()
    assert login(cloud, PROJECT).status_code == 201
    assert cloud.control.counters()["violations"] == 0


# Projects


def test_projects(cloud: Cloud) -> None:
    rows = cloud.call("GET", "/v3/projects").json()["projects"]
    assert [row["name"] for row in rows] == ["cn-north-4", "cn-north-4_empty", "ap-southeast-1"]
    assert all(row["domain_id"] == cloud.account.domain_id for row in rows)
    (row,) = cloud.call("GET", "/v3/projects", name="cn-north-4").json()["projects"]
    assert row["id"] == cloud.account.project_id
    assert cloud.call("GET", "/v3/projects", name="nowhere").json()["projects"] == []


def test_two_projects_may_be_made_to_share_a_name(cloud: Cloud) -> None:
    cloud.control.patch("iam_projects", cloud.account.subproject_id, {"name": "cn-north-4"})
    rows = cloud.call("GET", "/v3/projects", name="cn-north-4").json()["projects"]
    assert len(rows) == 2


def test_the_project_in_the_path(cloud: Cloud) -> None:
    account = cloud.account
    for project_id, expected in (
        ("nonsense", (400, "CPS.0046")),
        ("f" * 32, (403, "CPS.0001")),
        (account.subproject_id, (403, "CPS.0001")),
    ):
        assert refusal(list_with(cloud, account.token, project_id))[:2] == expected
    token = login(cloud, {"project": {"id": account.subproject_id}}).headers["X-Subject-Token"]
    assert list_with(cloud, token, account.subproject_id).json()["servers"] == []


# Signatures


def path_of(cloud: Cloud) -> str:
    return f"/v1/{cloud.account.project_id}/cloud-phone/servers"


def without_token(cloud: Cloud) -> Cloud:
    del cloud.session.headers["X-Auth-Token"]
    return cloud


def test_a_signature(cloud: Cloud, sdk: SimpleNamespace) -> None:
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), query={"server_name": "é /~"})
    assert cloud.send(request).json()["count"] == 0


def test_headers_added_after_signing_are_tolerated(cloud: Cloud, sdk: SimpleNamespace) -> None:
    unsigned = {"X-Project-Id": cloud.account.project_id, "X-Anything": "1"}
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), unsigned=unsigned)
    assert cloud.send(request).status_code == 200


@pytest.mark.parametrize("what", ["header", "missing header", "query", "path", "body", "method"])
def test_signed_parts_must_not_change(cloud: Cloud, sdk: SimpleNamespace, what: str) -> None:
    path = f"{path_of(cloud)}/{cloud.id_of(1)}"
    request = without_token(cloud).signed(
        sdk, "PUT", path, body={"server_name": "a"}, query={"q": "1"}, signed={"X-Extra": "1"}
    )
    assert cloud.send(request).status_code == 200
    assert request.url is not None
    if what == "header":
        request.headers["X-Extra"] = "2"
    elif what == "missing header":
        del request.headers["X-Extra"]
    elif what == "query":
        request.url = request.url.replace("q=1", "q=2")
    elif what == "path":
        request.url = request.url.replace(cloud.id_of(1), cloud.id_of(2))
    elif what == "body":
        request.body = '{"server_name": "b"}'
    else:
        request.method = "GET"
    status, code, text = refusal(cloud.send(request))
    assert (status, code) == (401, "APIGW.0301")
    assert text.endswith("verify aksk signature fail")


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_clock_that_is_wrong(cloud: Cloud, sdk: SimpleNamespace, minutes: int) -> None:
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    signed = {"X-Sdk-Date": f"{moment:%Y%m%dT%H%M%SZ}"}
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), signed=signed)
    status, code, text = refusal(cloud.send(request))
    assert (status, code) == (401, "APIGW.0301")
    assert "expired" in text


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_that_is_nearly_right(cloud: Cloud, sdk: SimpleNamespace, minutes: int) -> None:
    moment = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    signed = {"X-Sdk-Date": f"{moment:%Y%m%dT%H%M%SZ}"}
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), signed=signed)
    assert cloud.send(request).status_code == 200


@pytest.mark.parametrize(("skew_s", "status"), [(600, 200), (-600, 200), (7200, 401), (-7200, 401)])
def test_a_panel_whose_clock_differs(
    cloud: Cloud, sdk: SimpleNamespace, skew_s: int, status: int
) -> None:
    cloud.control.skew(skew_s)
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud))
    response = cloud.send(request)
    assert response.status_code == status, response.text
    if status == 401:
        assert "signature expired" in response.json()["error_msg"]


def test_an_unknown_access_key(cloud: Cloud, sdk: SimpleNamespace) -> None:
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), keys=("NOBODY", "x"))
    status, code, text = refusal(cloud.send(request))
    assert (status, code) == (401, "APIGW.0301")
    assert text.endswith("Get secretKey failed,ak:NOBODY,err:ak not exist")


def test_more_than_five_failures_lock_the_key_for_five_minutes(
    cloud: Cloud, sdk: SimpleNamespace
) -> None:
    account = without_token(cloud).account
    wrong = cloud.signed(sdk, "GET", path_of(cloud), keys=(account.access_key, "wrong"))
    right = cloud.signed(sdk, "GET", path_of(cloud))
    for dummy in range(5):
        assert "verify aksk signature fail" in refusal(cloud.send(wrong))[2]
    assert (
        cloud.send(right).status_code == 200
    )  # five failures do not lock the key, and a success resets them
    for dummy in range(6):
        assert "verify aksk signature fail" in refusal(cloud.send(wrong))[2]
    assert "failed to reach the limit,forbidden" in refusal(cloud.send(right))[2]
    cloud.control.advance(299)
    assert refusal(cloud.send(right))[:2] == (401, "APIGW.0301")
    cloud.control.advance(1)
    assert cloud.send(right).status_code == 200


@pytest.mark.parametrize("where", ["signed", "unsigned"])
def test_a_temporary_pair_needs_its_token(cloud: Cloud, sdk: SimpleNamespace, where: str) -> None:
    account = without_token(cloud).account
    keys = (account.temporary_access_key, account.temporary_secret_key)
    for token, status in (
        ({"X-Security-Token": account.security_token}, 200),
        ({"X-Security-Token": "wrong"}, 401),
        ({}, 401),
    ):
        if where == "signed":
            request = cloud.signed(sdk, "GET", path_of(cloud), keys=keys, signed=token)
        else:
            request = cloud.signed(sdk, "GET", path_of(cloud), keys=keys, unsigned=token)
        assert cloud.send(request).status_code == status


def test_a_signed_project_must_be_the_one_in_the_path(cloud: Cloud, sdk: SimpleNamespace) -> None:
    signed = {"X-Project-Id": cloud.account.subproject_id}
    request = without_token(cloud).signed(sdk, "GET", path_of(cloud), signed=signed)
    assert refusal(cloud.send(request))[:2] == (403, "CPS.0001")


def test_iam_takes_signatures_too(cloud: Cloud, sdk: SimpleNamespace) -> None:
    request = without_token(cloud).signed(
        sdk, "GET", "/v3/projects", query={"name": cloud.account.region}
    )
    assert [row["id"] for row in cloud.send(request).json()["projects"]] == [
        cloud.account.project_id
    ]
    wrong = cloud.signed(sdk, "GET", "/v3/projects", keys=(cloud.account.access_key, "wrong"))
    assert cloud.send(wrong).json()["error"]["code"] == 401


# Temporary credentials and agencies


def assume_role(cloud: Cloud, **more: Any) -> dict[str, Any]:
    role = {"domain_name": cloud.account.domain, "agency_name": cloud.account.agency, **more}
    return {"methods": ["assume_role"], "assume_role": role}


@pytest.mark.parametrize("method", ["token", "assume_role"])
def test_temporary_keys(cloud: Cloud, sdk: SimpleNamespace, method: str) -> None:
    identity = (
        assume_role(cloud)
        if method == "assume_role"
        else {"methods": ["token"], "token": {"id": cloud.account.token}}
    )
    response = cloud.call(
        "POST", "/v3.0/OS-CREDENTIAL/securitytokens", {"auth": {"identity": identity}}
    )
    assert response.status_code == 201
    credential = response.json()["credential"]
    request = without_token(cloud).signed(
        sdk,
        "GET",
        path_of(cloud),
        keys=(credential["access"], credential["secret"]),
        signed={"X-Security-Token": credential["securitytoken"]},
    )
    assert cloud.send(request).status_code == 200
    cloud.control.advance(900)
    assert refusal(cloud.send(request))[:2] == (401, "APIGW.0301")


@pytest.mark.parametrize(
    ("seconds", "status"), [(899, 400), (900, 201), (86400, 201), (86401, 400)]
)
def test_how_long_temporary_keys_may_live(cloud: Cloud, seconds: int, status: int) -> None:
    body = {"auth": {"identity": assume_role(cloud, duration_seconds=seconds)}}
    response = cloud.call("POST", "/v3.0/OS-CREDENTIAL/securitytokens", body)
    assert response.status_code == status


def test_a_token_by_agency(cloud: Cloud) -> None:
    body = {"auth": {"identity": assume_role(cloud), "scope": PROJECT}}
    response = cloud.call("POST", "/v3/auth/tokens", body)
    assert response.json()["token"]["methods"] == ["assume_role"]
    assert list_with(cloud, response.headers["X-Subject-Token"]).status_code == 200
    assert cloud.call("POST", "/v3/auth/tokens", body, NO_TOKEN).status_code == 401
    other = {"auth": {"identity": assume_role(cloud, agency_name="other"), "scope": PROJECT}}
    assert cloud.call("POST", "/v3/auth/tokens", other).status_code == 403


def test_another_account() -> None:
    other = Account(project_id="f" * 32, token="other", user="ada", password="secret")
    with Simulator(servers=2, huaweicloud=other) as simulator, Cloud(simulator) as stranger:
        assert simulator.huaweicloud_project_id == "f" * 32
        assert stranger.get("/servers")["count"] == 2
        assert login(stranger, PROJECT).status_code == 201
        assert list_with(stranger, Account().token).status_code == 401


def test_the_log_holds_no_credential_of_a_header(cloud: Cloud, sdk: SimpleNamespace) -> None:
    list_with(cloud, cloud.account.token)
    cloud.send(without_token(cloud).signed(sdk, "GET", path_of(cloud)))
    for entry in cloud.control.requests():
        assert cloud.account.token not in str(entry)
        assert "Signature=" not in str(entry)
