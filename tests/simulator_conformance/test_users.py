# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users by external relation, and their keys (virtfusion 6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from .api import Api
from .published_calls import KEY

NEW = {"name": "Jo", "email": "jo@example.com"}


def test_create_and_read_back(panel: Api) -> None:
    body = {**NEW, "extRelationId": 900, "selfService": 3, "selfServiceHourlyCredit": True}
    created = panel.ok("POST", "/users", body).json()["data"]
    assert len(created.pop("password")) == 30
    assert panel.data("/users/900/byExtRelation") == created
    assert (created["extRelationId"], created["timezone"]) == (900, "Europe/London")
    assert "selfServiceHourlyCredit" not in created


@pytest.mark.parametrize("string", ["client-7", "a/b c%d", "ünï", "900"])
def test_relation_strings(panel: Api, string: str) -> None:
    created = panel.ok("POST", "/users", {**NEW, "relStr": string}).json()["data"]
    path = f"/users/{quote(string, safe='')}/byExtRelation"
    assert panel.data(path, relStr="true")["id"] == created["id"]
    assert panel.call("GET", path).status_code == 404
    assert panel.call("GET", path, relStr="false").status_code == 404


def test_a_user_without_relation_cannot_be_addressed(panel: Api) -> None:
    created = panel.ok("POST", "/users", NEW).json()["data"]
    assert created["extRelationId"] is None
    for value in ("None", "null", "0", str(created["id"])):
        assert panel.call("GET", f"/users/{value}/byExtRelation").status_code == 404


def test_a_known_e_mail_is_a_conflict(panel: Api) -> None:
    panel.ok("POST", "/users", NEW)
    again = panel.call("POST", "/users", {**NEW, "extRelationId": 5})
    assert again.status_code == 409
    assert again.json() == {"errors": ["user with specified email already exists"]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name", "email"}),
        ({"name": "A"}, {"email"}),
        ({**NEW, "extRelationId": "x"}, {"extRelationId"}),
        ({**NEW, "selfService": 4}, {"selfService"}),
        ({**NEW, "selfServiceHourlyGroupProfiles": 1}, {"selfServiceHourlyGroupProfiles"}),
    ],
)
def test_refused_creations(panel: Api, body: Any, fields: set[str]) -> None:
    response = panel.call("POST", "/users", body)
    assert response.status_code == 422
    assert set(response.json()["errors"]) == fields


def test_modify_changes_only_what_is_sent(panel: Api) -> None:
    path = "/users/1001/byExtRelation"
    before = panel.data(path)
    body = {"name": "New", "selfServiceHourlyGroupProfiles": [1, 2, 99], "extRelationId": 5}
    echo = panel.ok("PUT", path, body).json()["data"]
    assert echo == {"name": "New", "email": before["email"], "selfService": 3, "enabled": True}
    after = panel.data(path)
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"name", "selfServiceHourlyGroupProfiles", "updated"}
    assert after["selfServiceHourlyGroupProfiles"] == [1, 2]


def test_enabled_is_the_opposite_of_suspended(panel: Api) -> None:
    path = "/users/1001/byExtRelation"
    assert panel.ok("PUT", path, {"enabled": False}).json()["data"]["enabled"] is False
    assert panel.data(path)["suspended"] is True


def test_delete_takes_keys_along(panel: Api) -> None:
    user = panel.ok("POST", "/users", {**NEW, "extRelationId": 900}).json()["data"]["id"]
    key = panel.ok("POST", "/ssh_keys", {"userId": user, "name": "k", "publicKey": KEY}).json()
    panel.ok("DELETE", "/users/900/byExtRelation")
    assert panel.call("GET", "/users/900/byExtRelation").status_code == 404
    assert panel.call("GET", f"/ssh_keys/{key['data']['id']}").status_code == 404


def test_keys(panel: Api) -> None:
    body = {"userId": 2, "name": "laptop", "publicKey": f"{KEY} jo@laptop"}
    added = panel.ok("POST", "/ssh_keys", body).json()["data"]
    read = panel.data(f"/ssh_keys/{added['id']}")
    assert (read["publicKey"], read["type"], read["enabled"]) == (KEY, "OpenSSH", True)
    assert added["createdAt"].endswith(".000000Z")
    assert read["created"].endswith("+00:00")
    assert read in panel.data("/ssh_keys/user/2")
    panel.ok("DELETE", f"/ssh_keys/{added['id']}")
    assert panel.call("DELETE", f"/ssh_keys/{added['id']}").status_code == 404


@pytest.mark.parametrize("change", [{"userId": 99}, {"publicKey": "not a key"}, {"name": None}])
def test_refused_keys(panel: Api, change: Any) -> None:
    body = {"userId": 2, "name": "k", "publicKey": KEY, **change}
    assert panel.call("POST", "/ssh_keys", body).status_code == 422


def test_keys_show_in_the_server_under_another_name(panel: Api) -> None:
    panel.control.patch_server(1, {"sshKeys": [1]})
    (key,) = panel.server(1)["sshKeys"]
    assert key["public"] == panel.data("/ssh_keys/1")["publicKey"]
    assert key["ownerId"] == 1


def test_login_tokens(panel: Api) -> None:
    first = panel.ok("POST", "/users/1001/authenticationTokens").json()["data"]["authentication"]
    second = panel.ok("POST", "/users/1001/serverAuthenticationTokens/1").json()["data"]
    assert [len(token) for token in first["tokens"].values()] == [100, 100]
    assert first["tokens"] != second["authentication"]["tokens"]
    one, two = first["tokens"]["1"], first["tokens"]["2"]
    assert first["endpoint_complete"] == f"/token_authenticate/?1={one}&2={two}"
    assert first["expiry"] == {"ttl": 60, "expires": "2025-02-01T12:01:00.000000Z"}
    assert panel.call("POST", "/users/1001/serverAuthenticationTokens/99").status_code == 404
