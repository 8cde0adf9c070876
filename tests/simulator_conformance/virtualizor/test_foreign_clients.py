# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Clients in the manner of other projects.

The simulator must not depend on the assumptions of one client: what works on a panel has to work here.
"""

from __future__ import annotations

import http.client
import json
import random
import string
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.simulator.process import WATCHDOG_S

from .api import Admin, salted

FORM = "application/x-www-form-urlencoded"


def http_build_query(form: dict[str, Any]) -> str:
    """Encode a form as PHP does: numbered keys in percent-encoded brackets, no empty arrays."""
    pairs: list[tuple[str, str]] = []
    for name, value in form.items():
        if isinstance(value, list):
            pairs += [(f"{name}[{n}]", str(item)) for n, item in enumerate(value)]
        elif isinstance(value, dict):
            pairs += [(f"{name}[{key}]", str(item)) for key, item in value.items()]
        else:
            pairs.append((name, str(value)))
    return urlencode(pairs)


class RawClient:
    """A client that writes HTTP itself, so that no library encodes its input."""

    def __init__(self, panel: Admin) -> None:
        self.panel = panel

    def send(self, path: str, body: str = "", method: str = "") -> tuple[int, str, str]:
        """Return status, location and text of an answer."""
        address = urlsplit(self.panel.simulator.url)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=WATCHDOG_S
        )
        headers = {"User-Agent": "Softaculous", "Content-Type": FORM} if body else {}
        connection.request(method or ("POST" if body else "GET"), path, body.encode(), headers)
        response = connection.getresponse()
        answer = response.status, response.getheader("location") or "", response.read().decode()
        connection.close()
        return answer


class VendorClient(RawClient):
    """The vendor's PHP class: sends pair and new hash together, adds flags for plans but not for users."""

    def call(self, path: str, post: dict[str, Any] | None = None) -> Any:
        simulator = self.panel.simulator
        salt = "".join(random.choices(string.ascii_lowercase + string.digits, k=8))
        path += f"&adminapikey={quote(simulator.virtualizor_key)}"
        path += f"&adminapipass={quote(simulator.virtualizor_pass)}&api=json"
        path += f"&apikey={quote(salted(simulator.virtualizor_pass, salt))}"
        status, dummy, text = self.send(f"/{path}", http_build_query(post or {}))
        try:
            return json.loads(text) if status == 200 else False
        except ValueError:
            return False

    def edit_user_plans(self, post: dict[str, Any]) -> Any:
        path = f"index.php?act=edituser_plans&uplid={post['uplid']}"
        return self.call(path, {**post, "edituser_plans": 1})

    def user_plans(self, post: dict[str, Any], page: int = 1, reslen: int = 50) -> Any:
        return self.call(f"index.php?act=user_plans&page={page}&reslen={reslen}", post)


def test_the_vendors_client(panel: Admin) -> None:
    client = VendorClient(panel)
    post = {"uplid": 2, "plan_name": "api_plan", "priority": 0, "sgs": [0, 2], "mgs": []}
    assert client.edit_user_plans(post)["user_plans"]["sg"] == [0, 2]
    assert list(client.user_plans({"planname": "api"})["plans"]) == ["2"]
    post = {"adduser_plans": 1, "plan_name": "a & b=c", "priority": 2, "allowed_virts": ["kvm"]}
    number = client.call("index.php?act=adduser_plans", post)["done"]
    assert panel.user_plan(number)["plan_name"] == "a & b=c"
    user = {"priority": 0, "newpass": "FAKE", "newemail": "new@example.com"}
    assert "done" not in client.call("index.php?act=adduser", user)
    assert client.call("index.php?act=adduser", {**user, "adduser": 1})["done"]
    assert client.call("index.php?act=plans&delete=8")["done"]["8"]["plan_name"] == "KVM Unused"
    # It does not encode its searches, and does not distinguish failures.
    assert list(client.call("index.php?act=vs&search=1&vpsip=10.60.0.10")["vs"]) == ["1"]
    panel.control.switches(virtualizor_bad_credentials="html", virtualizor_address_listed="false")
    assert client.user_plans({}) is False


def test_a_client_that_posts_everything(panel: Admin) -> None:
    """A client that reads with POSTs, with the page in the query and filters in the form, and compares names itself."""

    def read(act: str, form: dict[str, Any], **query: Any) -> Any:
        return panel.call(act, form, method="POST", **query).json()

    found: dict[str, Any] = {}
    page = 1
    while rows := read("plans", {"planname": "KVM 1G", "ptype": "kvm"}, page=page, reslen=1)[
        "plans"
    ]:
        found |= {number: row for number, row in rows.items() if row["plan_name"] == "KVM 1G"}
        page += 1
    (number,) = found
    assert read("vs", {"vpsid": 5})["vs"]["5"]["vpsid"] == "5"
    assert read("editvs", {}, vpsid=12)["vps"]["plid"] == "2"
    assert read("editvs", {}, vpsid=4711)["vps"] == []
    assert read("managevps", {"editvps": 1, "plid": number}, vpsid=12)["done"]["done"] is True
    assert read("vs", {}, vs_status="12")["status"]["12"]["status"] == 1
    assert panel.control.counters()["writes"] == 1


def test_a_client_that_resends_all_limits_with_ids_as_keys(panel: Admin) -> None:
    """The billing module for cloud users: sends `sgs[2]=2` and always all limits."""
    limits = {"num_vs": 5, "space": 100, "ram": 4096, "bandwidth": 0, "dnsplan_id": 0}
    user = panel.user(2)
    form = {
        "edituser": 1,
        "priority": 2,
        "newemail": user["email"],
        "newpass": "",
        **limits,
        "sgs": {"0": 0, "2": 2},
        "mgs": {"3": 3},
    }
    client = VendorClient(panel)
    assert client.call("index.php?act=edituser&uid=2", form)["done"] == "1"
    after = panel.user(2)
    assert (after["sg"], after["mg"], after["num_vs"]) == ("0,2", "3", "5")
    assert after["password"] == user["password"]


def test_a_client_with_raw_brackets(panel: Admin) -> None:
    """A client with the plain pair and raw brackets, for which a redirect or HTML means refused credentials."""
    client = RawClient(panel)
    key, password = panel.simulator.virtualizor_key, panel.simulator.virtualizor_pass
    query = f"adminapikey={key}&adminapipass={password}&api=json"
    body = "editvps=1&space[]=20&ram=1536&plid=1"
    status, dummy, text = client.send(f"/index.php?act=managevps&vpsid=1&{query}", body)
    assert (status, json.loads(text)["done"]) == (200, {"done": True})
    status, location, dummy = client.send("/index.php?act=vs&adminapikey=x&adminapipass=y&api=json")
    assert (status, "login" in location) == (302, True)


def test_a_client_that_sends_multipart_forms(panel: Admin) -> None:
    """A client with multipart forms, as from a browser, and an unknown field."""
    parts = {
        "adduser": "1",
        "priority": "2",
        "newemail": "web@example.com",
        "newpass": "FAKE",
        "uplid": "3",
        "txt_service_period": "5",
        "file_of_nobody": "",
    }
    query = {"act": "adduser", "api": "json", **panel.credentials}
    files = {name: (None, value) for name, value in parts.items()}
    answer = panel.session.post(panel.url, params=query, files=files, timeout=WATCHDOG_S).json()
    assert panel.user(answer["done"])["uplid"] == "3"


@pytest.mark.parametrize("shape", ["list", "object", "string", "fatal"])
def test_a_client_that_takes_any_error(panel: Admin, shape: str) -> None:
    """Return the joined error text: fatal errors first, then `error` in any shape."""
    panel.control.switches(virtualizor_error_shape=shape)
    form = {"addplan": 1, "plan_name": "KVM 1G"}
    answer = panel.json("addplan", form)
    error = answer.get("fatal_error_text") or answer["error"]
    texts = (
        error.values() if isinstance(error, dict) else [error] if isinstance(error, str) else error
    )
    assert "Plan Name already exists" in ", ".join(texts)


def test_a_script_that_walks_from_page_0_and_sends_the_plan_again(panel: Admin) -> None:
    panel.control.switches(virtualizor_page_base="0")
    seen: list[str] = []
    page = 0
    while rows := panel.json("vs", page=page, reslen=20)["vs"]:
        seen += rows
        page += 1
    assert len(seen) == len(set(seen)) == 50
    row = panel.vps(12)
    form = {"editvps": 1, "plid": row["plid"], "bandwidth": 1234}
    assert panel.done("managevps", form, vpsid=12)["done"] is True
    assert panel.vps(12) == {**row, "bandwidth": "1234"}
