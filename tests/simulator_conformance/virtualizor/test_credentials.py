# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in the query, in three combinations, and refusals (virtualizor 1.2, 1.5)."""

from __future__ import annotations

import hashlib

import pytest

from tests.simulator.process import Simulator

from .api import Admin, salted

KEY, PASS = "sim-virtualizor-key", "sim-virtualizor-pass"
PAIR = {"adminapikey": KEY, "adminapipass": PASS}
HASH = {"apikey": salted(PASS)}
TURNED_AWAY = "Authentication failed, api call stopped"


@pytest.mark.parametrize("credentials", [PAIR, HASH, {**PAIR, **HASH}])
def test_the_three_combinations(panel: Admin, credentials: dict[str, str]) -> None:
    panel.credentials = credentials
    assert panel.json("user_plans")["plans"]


@pytest.mark.parametrize("salt", ["00000000", "zzzzzzzz", "a1b2c3d4"])
def test_any_salt(panel: Admin, salt: str) -> None:
    panel.credentials = {"apikey": salted(PASS, salt)}
    assert panel.json("user_plans")["plans"]


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"adminapikey": KEY},
        {"adminapipass": PASS},
        {"adminapikey": KEY, "adminapipass": hashlib.md5(PASS.encode()).hexdigest()},
        {"adminapikey": "other", "adminapipass": PASS},
        {"adminapikey": KEY, "adminapipass": "other"},
        {"adminapikey[]": KEY, "adminapipass[]": PASS},
        {"apikey": PASS},
        {"apikey": salted("other")},
        {"apikey": salted(PASS)[:-1]},
        {"apikey": "abc123xy" + hashlib.md5(f"abc123xy{PASS}".encode()).hexdigest()},
        {**PAIR, "apikey": salted("other")},
        {**HASH, "adminapikey": "other", "adminapipass": PASS},
    ],
)
def test_strangers_are_sent_to_the_login_page(panel: Admin, credentials: dict[str, str]) -> None:
    start = panel.control.digest()
    panel.credentials = credentials
    for act, form in (("user_plans", None), ("user_plans", {"delete": 1}), ("nowhere", None)):
        response = panel.call(act, form)
        assert (response.status_code, response.text) == (302, "")
        assert "login" in response.headers["location"]
    assert panel.control.digest() == start


def test_credentials_in_the_form_do_not_count(panel: Admin) -> None:
    panel.credentials = {}
    assert panel.call("user_plans", {**PAIR, **HASH}).status_code == 302


@pytest.mark.parametrize(
    ("shape", "error"),
    [
        ("list", {"error": [TURNED_AWAY]}),
        ("object", {"error": {"ath_fail": TURNED_AWAY}}),
        ("string", {"error": TURNED_AWAY}),
        ("fatal", {"fatal_error_heading": "Fatal Error", "fatal_error_text": TURNED_AWAY}),
    ],
)
def test_a_refusal_in_json_has_the_shape_of_every_error(
    panel: Admin, shape: str, error: dict[str, object]
) -> None:
    panel.control.switches(virtualizor_bad_credentials="json", virtualizor_error_shape=shape)
    panel.credentials = {"adminapikey": "other"}
    assert panel.json("user_plans") == {"title": "Login", **error}


def test_who_follows_the_redirect_gets_a_page(panel: Admin) -> None:
    response = panel.session.get(panel.url, params={"act": "user_plans", "api": "json"})
    assert (response.status_code, response.text[0]) == (200, "<")
    assert "html" in response.headers["content-type"]


def test_other_credentials() -> None:
    with (
        Simulator(servers=1, virtualizor_key="k", virtualizor_pass="p") as simulator,
        Admin(simulator) as admin,
    ):
        assert admin.credentials == {"adminapikey": "k", "adminapipass": "p"}
        assert admin.json("user_plans")["plans"]
        admin.credentials = PAIR
        assert admin.call("user_plans").status_code == 302


def test_both_panels_live_on_one_port(panel: Admin) -> None:
    assert {"virtfusion", "virtualizor"} <= set(panel.control.health()["panels"])
    headers = {"Authorization": f"Bearer {panel.simulator.token}"}
    connect = panel.session.get(f"{panel.simulator.api_url}/connect", headers=headers)
    assert (connect.status_code, connect.json()) == (200, [])
