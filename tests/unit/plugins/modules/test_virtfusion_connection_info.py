# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result; and what all modules of the panel share."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, get
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN

NAME = "virtfusion_connection_info"
CONNECTED = get("/connect", answer(200, []))


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_connection(modules, check_mode):
    result = modules.ok(NAME, CONNECTED, check_mode=check_mode)
    assert result["changed"] is False
    assert result["connection"] == {"authenticated": True, "permissions": {}}
    assert result["api_calls"] == {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0}


def test_a_permission_must_be_known(modules):
    assert "permissions" in modules.refused(NAME, permissions=["everything"])


@pytest.mark.parametrize("missing", ["api_url", "api_token"])
def test_address_and_token_are_required(modules, missing):
    options = {"api_url": "https://panel.example.com", "api_token": TOKEN}
    del options[missing]
    result = modules.run(NAME, **options)
    assert result["failed"] is True
    assert f"missing required arguments: {missing}" in result["msg"]


def test_each_option_of_the_connection_may_come_from_the_environment(modules, monkeypatch):
    for name, value in {
        "API_URL": "https://panel.example.com",
        "API_TOKEN": TOKEN,
        "VALIDATE_CERTS": "no",
        "CA_PATH": "/ca.pem",
        "TIMEOUT": "7",
        "RETRIES": "0",
        "RETRY_BUDGET": "1",
        "RATE_LIMIT": "2.5",
    }.items():
        monkeypatch.setenv(f"VIRTFUSION_{name}", value)
    result = modules.run(NAME, get("/connect", answer(503)))
    assert "retries=0" in result["msg"]
    assert modules.network["limits"].timeout_s == 7
    assert modules.network["verify"] is False
    assert modules.network["ca_path"] == "/ca.pem"
    assert (modules.params["rate_limit"], modules.params["retry_budget"]) == (2.5, 1)


def test_an_option_counts_more_than_the_environment(modules, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_TIMEOUT", "7")
    modules.ok(NAME, CONNECTED, timeout=9)
    assert modules.network["limits"].timeout_s == 9


def test_certificates_are_checked_by_default(modules):
    modules.ok(NAME, CONNECTED)
    assert (modules.network["verify"], modules.network["ca_path"]) == (True, None)
    assert modules.network["user_agent"].startswith("vpsfleet.panels/")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("api_url", "panel"),
        ("api_url", "https://me:hunter2@panel.example.com"),
        ("api_token", "two words"),
        ("timeout", 0),
        ("retries", -1),
        ("retry_budget", -1),
        ("rate_limit", -0.5),
    ],
)
def test_a_mistake_in_the_options_is_a_validation_failure(modules, option, value):
    options = {"api_url": "https://panel.example.com", "api_token": TOKEN, option: value}
    result = modules.run(NAME, **options)
    assert result["failure"]["code"] == "validation"
    assert result["failure"]["operation"] is None
    assert option in result["msg"]
    assert "hunter2" not in result["msg"]


def test_the_token_is_shown_nowhere(modules):
    result = modules.run(
        NAME,
        get("/connect", answer(422, {"msg": f"the token {TOKEN} is odd"})),
        api_url="https://panel.example.com",
        api_token=TOKEN,
    )
    assert "is odd" in result["msg"]
    assert TOKEN not in repr(result)
