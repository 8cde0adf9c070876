# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients in the manner of other projects.

The simulator must not depend on the assumptions of one client: what works on a panel has to work here.
"""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.simulator.process import WATCHDOG_S

from .api import Api

SERVER, CLOUD_4, NOBODY = 1, 3, 424242


class BodyAlwaysClient:
    """A client that sends `[]` as JSON with every method, and a trailing slash on collections."""

    def __init__(self, panel: Api) -> None:
        self._panel = panel

    def submit(self, method: str, path: str, params: Any = ()) -> tuple[int, str]:
        address = urlsplit(self._panel.simulator.url)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=WATCHDOG_S
        )
        headers = {
            "Authorization": f"Bearer {self._panel.simulator.token}",
            "Content-Type": "application/json",
        }
        connection.request(method, f"/api/v1/{path}", json.dumps(params), headers)
        response = connection.getresponse()
        answer = response.status, response.read().decode()
        connection.close()
        return answer


def test_a_client_that_always_sends_a_body(panel: Api) -> None:
    client = BodyAlwaysClient(panel)
    assert client.submit("GET", "connect") == (200, "[]")
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1}
    status, text = client.submit("POST", "servers/", body)
    assert status == 201
    number = json.loads(text)["data"]["id"]
    status, text = client.submit("GET", f"servers/{number}/")
    assert (status, json.loads(text)["data"]["state"]) == (200, "allocated")
    build = {"operatingSystemId": 49, "ipv6": True}
    assert client.submit("POST", f"servers/{number}/build", build)[0] == 200
    for dummy in range(11):
        network = json.loads(client.submit("GET", f"servers/{number}")[1])["data"]["network"]
        if network["interfaces"][0]["ipv6"]:
            break
    assert network["interfaces"][0]["ipv6"][0]["subnet"]
    # It restarts the server after a package change.
    assert client.submit("PUT", f"servers/{number}/package/{CLOUD_4}")[0] == 200
    assert client.submit("POST", f"servers/{number}/power/restart")[0] == 200
    addresses = {"ip": [network["interfaces"][0]["ipv4"][0]["address"]]}
    assert client.submit("DELETE", f"servers/{number}/ipv4", addresses) == (204, "")
    assert client.submit("DELETE", f"servers/{number}?delay=0") == (204, "")


class TruthyClient:
    """A client for which an empty answer is a failure unless the status is 204. It finds templates by name."""

    def __init__(self, panel: Api) -> None:
        self._panel = panel

    def get(self, path: str, **query: Any) -> Any:
        response = self._panel.call("GET", path, **query)
        assert response.json(), "empty answer"
        return response.json()["data"]

    def error(self, method: str, path: str, body: Any = None) -> str:
        """Return the error text: `errors` as a list or as an object of lists, then `msg`, then `message`."""
        answer = self._panel.call(method, path, body).json()
        errors = answer.get("errors")
        if isinstance(errors, dict):
            errors = [text for texts in errors.values() for text in texts]
        return ", ".join(errors) if errors else str(answer.get("msg") or answer["message"])


def test_a_client_that_checks_for_truthy_responses(panel: Api) -> None:
    client = TruthyClient(panel)
    with pytest.raises(AssertionError, match="empty answer"):
        client.get("/connect")
    templates = {
        f"{item['name']} {item['version']} {item['variant'] or ''}".strip(): item["id"]
        for group in client.get(f"/servers/{SERVER}/templates")
        for item in group["templates"]
    }
    assert templates["Ubuntu Server 24.04 LTS (Noble Numbat) Minimal"] == 49
    assert client.get(f"/servers/{SERVER}", remoteState="true")["remoteState"]["running"] is True
    user = client.get("/users/1001/byExtRelation", relStr="false")
    assert (user["admin"], bool(user["extRelationId"])) == (False, True)
    assert client.error("POST", "/users", {}) == (
        "The name field is required., The email field is required."
    )
    body = {"packageId": 1, "userId": 1, "hypervisorId": 1, "firewallRulesets": [9]}
    assert client.error("POST", "/servers", body) == "Invalid or disabled firewall ruleset"
    assert client.error("GET", f"/servers/{NOBODY}") == "server not found"


@pytest.mark.parametrize("reply", ["info", "empty204"])
@pytest.mark.parametrize("rename", ["200", "201", "204"])
def test_a_client_that_serves_several_versions(panel: Api, reply: str, rename: str) -> None:
    """A client that accepts 200, 201 and 204, waits on a 423 with msg, and believes a 404 only with the known msg."""
    panel.control.switches(package_reply=reply, rename_status=rename)
    renamed = panel.call("PUT", f"/servers/{SERVER}/modify/name", {"name": "Shop Server"})
    assert renamed.status_code in (200, 201, 204)
    changed = panel.call("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert changed.status_code == 204 or isinstance(changed.json()["info"], list)
    assert panel.call("POST", f"/servers/{SERVER}/suspend").status_code == 204
    assert panel.call("POST", f"/servers/{SERVER}/unsuspend").status_code == 204
    panel.ok("POST", f"/servers/{SERVER}/power/boot")
    for method, path in (("POST", "suspend"), ("PUT", f"package/{CLOUD_4}")):
        locked = panel.call(method, f"/servers/{SERVER}/{path}")
        assert (locked.status_code, locked.json()["msg"]) == (423, "pending tasks in queue")
    gone = panel.call("DELETE", f"/servers/{NOBODY}")
    assert (gone.status_code, gone.json().get("msg")) == (404, "server not found")
    wrong_panel = panel.call("GET", "/no/such/route")
    assert wrong_panel.status_code == 404
    assert "json" not in wrong_panel.headers["content-type"]


def test_a_migration_tool(panel: Api) -> None:
    """A client that polls `commissionStatus` until 3, reads the power state, shuts down, then powers off."""
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "networkSpeedInbound": 0, "ipv4": 0}
    number = panel.ok("POST", "/servers", body).json()["data"]["id"]
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49})
    for dummy in range(60):
        if panel.server(number)["commissionStatus"] >= 3:
            break
    assert panel.server(number)["commissionStatus"] == 3
    panel.control.fault("fail_job", operation="POST /servers/{serverId}/power/shutdown")
    for action in ("shutdown", "poweroff"):
        panel.ok("POST", f"/servers/{number}/power/{action}")
        for dummy in range(5):
            running = panel.server(number, remoteState="true")["remoteState"]["running"]
        if not running:
            break
    assert (action, running) == ("poweroff", False)


def test_a_billing_client_that_keeps_extra_traffic(panel: Api) -> None:
    """A client that finds the new block by comparing IDs, and restores extra traffic after a package change."""
    path = f"/servers/{SERVER}/traffic/blocks"
    before = panel.data(path)
    month = before["available"]["current"]["month"]
    panel.ok("POST", path, {"month": month, "amount": 50})
    new = {row["id"] for row in panel.data(path)["assigned"]} - {
        row["id"] for row in before["assigned"]
    }
    assert len(new) == 1
    panel.ok("PUT", f"/servers/{SERVER}/modify/traffic", {"traffic": 2500})
    panel.ok("PUT", f"/servers/{SERVER}/package/{CLOUD_4}")
    assert panel.server(SERVER)["settings"]["resources"]["traffic"] == 4000
    panel.ok("PUT", f"/servers/{SERVER}/modify/traffic", {"traffic": 4500})
    assert panel.server(SERVER)["settings"]["resources"]["traffic"] == 4500


def test_a_client_that_walks_pages_by_number(panel: Api) -> None:
    rows: list[Any] = []
    page = 1
    while True:
        answer = panel.ok("GET", "/servers", type="simple", results=20, page=page).json()
        rows += answer["data"]
        if answer["current_page"] >= answer["last_page"]:
            break
        page += 1
    assert len({row["uuid"] for row in rows}) == 50
