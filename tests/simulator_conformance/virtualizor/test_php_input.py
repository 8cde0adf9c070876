# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Queries and forms follow PHP's rules, on which all clients rely (virtualizor 2.6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.simulator.process import WATCHDOG_S
from tests.simulator.virtualizor.php_input import array, fields

from .api import Admin

BASE = [("edituser_plans", "1"), ("plan_name", "x"), ("priority", "2")]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[]", "1"), ("a[]", "2")], {"a": {"0": "1", "1": "2"}}),
        ([("a[7]", "1"), ("a[]", "2")], {"a": {"7": "1", "8": "2"}}),
        ([("a[k][]", "1"), ("a[k][]", "2")], {"a": {"k": {"0": "1", "1": "2"}}}),
        ([("a[0]", "1"), ("a[0]", "2")], {"a": {"0": "2"}}),
        ([("a[]", "1"), ("a", "2")], {"a": "2"}),
        ([("a", "1"), ("a[]", "2")], {"a": {"0": "2"}}),
        ([("a.b c", "1")], {"a_b_c": "1"}),
        ([("a[b", "1")], {"a_b": "1"}),
        ([(" a", "1"), ("", "2")], {"a": "1"}),
        ([("a[x]y", "1")], {"a": {"x": "1"}}),
    ],
)
def test_names(pairs: Any, expected: Any) -> None:
    assert fields(pairs) == expected


def test_arrays() -> None:
    assert array({"3": "b", "1": "a"}) == ["b", "a"]
    assert array("a") is None
    assert array(None) is None


@pytest.mark.parametrize(
    "body",
    [
        "sgs[]=0&sgs[]=2",
        "sgs%5B%5D=0&sgs%5B%5D=2",
        "sgs[0]=0&sgs[1]=2",
        "sgs%5B0%5D=0&sgs%5B2%5D=2",
        "sgs[7]=0&sgs[]=2",
        "sgs[]=5&sgs[0]=0&sgs[]=2",
    ],
)
def test_arrays_on_the_wire(panel: Admin, body: str) -> None:
    text = f"{urlencode(BASE)}&{body}".encode()
    response = panel.session.post(
        panel.url,
        params={"act": "edituser_plans", "uplid": 2, "api": "json", **panel.credentials},
        data=text,
        headers=FORM,
        timeout=WATCHDOG_S,
    )
    assert response.json()["done"] is True
    assert response.json()["user_plans"]["sg"] == [0, 2]
    assert panel.user_plan(2)["sg"] == "0,2"


def test_multipart_forms(panel: Admin) -> None:
    parts = [*BASE, ("plan_name", "Grün & Söhne"), ("allowed_virts[]", "kvm")]
    files = [(name, (None, value)) for name, value in parts]
    response = panel.session.post(
        panel.url,
        params={"act": "edituser_plans", "uplid": 2, "api": "json", **panel.credentials},
        files=files,
        timeout=WATCHDOG_S,
    )
    assert response.json()["done"] is True
    plan = panel.user_plan(2)
    assert (plan["plan_name"], plan["allowed_virts"]) == ("Grün & Söhne", "kvm")


def test_the_last_scalar_wins(panel: Admin) -> None:
    panel.done("edituser_plans", [*BASE, ("ram", "1"), ("ram", "2")], uplid=2)
    assert panel.user_plan(2)["ram"] == "2"


def test_an_empty_array_cannot_be_sent(panel: Admin) -> None:
    """A form encoder drops an empty list, so the field is not sent."""
    panel.edit_user_plan(3, sgs=[], ram=7)
    (entry,) = panel.control.requests(writes_only=True)
    assert "sgs" not in entry["body"]


def test_a_scalar_is_not_an_array(panel: Admin) -> None:
    panel.edit_user_plan(2, sgs="2")
    assert panel.user_plan(2)["sg"] == ""


def test_json_bodies_are_not_read(panel: Admin) -> None:
    start = panel.control.digest()
    response = panel.session.post(
        panel.url,
        params={"act": "edituser_plans", "uplid": 2, "api": "json", **panel.credentials},
        json={**dict(BASE), "ram": 5},
        timeout=WATCHDOG_S,
    )
    assert "done" not in response.json()
    assert panel.control.digest() == start
    assert panel.control.counters()["writes"] == 0


@pytest.mark.parametrize(
    ("given", "stored"),
    [("4", "4"), ("4.9", "4"), ("-1", "-1"), ("", "0"), ("7 GB", "7"), ("x", "0"), (" 5", "5")],
)
def test_numbers(panel: Admin, given: str, stored: str) -> None:
    panel.edit_user_plan(2, upload_speed=given)
    assert panel.user_plan(2)["upload_speed"] == stored
