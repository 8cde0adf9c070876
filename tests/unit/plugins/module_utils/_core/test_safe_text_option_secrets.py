# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that module and action hide secrets anywhere in the options."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import ansible_module
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import (
    HIDDEN,
    OptionSecrets,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.every_module import (
    ARGUMENTS,
    CONTACTING,
    options_of,
    valid,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import (
    INVOCATION,
    module_arguments,
)

RULES: dict[str, Any] = {
    "api_token": {"type": "str", "no_log": True},
    "words": {"type": "list", "elements": "str"},
    "query": {"type": "dict"},
    "panels": {"type": "list", "elements": "dict", "open_keys": ["credential"]},
    "name": {"type": "str"},
    "users": {
        "type": "list",
        "elements": "dict",
        "options": {"password": {"type": "str", "no_log": True}},
    },
}
SECRET = "s3cret-value"


@pytest.mark.parametrize(
    "value",
    [
        {"key": SECRET},
        {"api_key": SECRET},
        {"adminapikey": SECRET},
        {"X-Auth-Token": SECRET},
        {"Authorization": f"Bearer {SECRET}"},
        {"outer": [{"inner": {"password": SECRET}}]},
        {"password": [SECRET, {"old": SECRET}]},
        {"url": f"https://panel.example.com/?page=1&token={SECRET}&x=1"},
        {"url": f"https://admin:{SECRET}@panel.example.com"},
    ],
)
def test_a_secret_is_recognized_by_its_key(value):
    secrets = OptionSecrets(RULES, {"query": value})
    assert SECRET not in json.dumps(secrets.shown)
    assert HIDDEN in json.dumps(secrets.shown)
    assert any(SECRET in text for text in secrets.values)


@pytest.mark.parametrize(
    "words",
    [
        ["curl", "-H", f"Authorization: Bearer {SECRET}"],
        ["curl", f"--header=X-Api-Key: {SECRET}", "https://panel.example.com"],
        ["curl", "-u", f"admin:{SECRET}"],
        ["curl", "--user", f"admin:{SECRET}"],
        ["check", "--password", SECRET],
        ["check", f"--password={SECRET}"],
        ["check", "--api-token", SECRET],
        ["env", f"MY_SECRET={SECRET}", "check"],
        ["sh", "-c", f"curl -H 'X-Token: {SECRET}' https://panel.example.com"],
        ["curl", f"https://panel.example.com/?adminapikey={SECRET}&page=2"],
        ["curl", f"https://admin:{SECRET}@panel.example.com/health"],
        ["sh", "-c", f"curl -s https://admin:{SECRET}@panel.example.com:8443 | grep ok"],
    ],
)
def test_a_secret_is_recognized_by_the_preceding_word(words):
    secrets = OptionSecrets(RULES, {"words": words})
    assert SECRET not in json.dumps(secrets.shown)
    assert secrets.shown["words"][0] == words[0]


@pytest.mark.parametrize(
    "value",
    [
        {"page": 2, "sort": "name", "keyword": "cloud"},
        {"public_key": "ssh-ed25519 AAAA somebody@example.com"},
        {"monkey": "banana-banana"},
        {"password": None, "token": "", "key": False},
        {
            "urls": [
                "https://panel.example.com:8443/a@b:c",
                "//[::1]:80",
                "https://me@panel.example.com",
            ]
        },
        {"note": "author: somebody", "url": "https://panel.example.com/token://x"},
    ],
)
def test_other_values_are_shown(value):
    secrets = OptionSecrets(RULES, {"query": value})
    assert (secrets.shown["query"], secrets.values) == (value, set())


def test_a_key_that_is_declared_open_is_shown_and_no_other():
    panel = {"credential": "Oslo production", "token": SECRET}
    secrets = OptionSecrets(RULES, {"panels": [panel], "query": {"credential": "other-secret"}})
    assert secrets.shown["panels"] == [{**panel, "token": HIDDEN}]
    assert secrets.values == {SECRET, "other-secret"}


def test_a_short_secret_is_hidden_only_at_its_place():
    # Elsewhere it would hide parts of other words.
    secrets = OptionSecrets(RULES, {"query": {"key": "abc"}, "name": "abcdef"})
    assert secrets.shown == {"query": {"key": HIDDEN}, "name": "abcdef"}
    assert secrets.values == set()


def test_declared_secrets_are_found_at_every_depth():
    params = {"api_token": "short", "users": [{"password": "pw"}], "name": "a"}
    assert OptionSecrets(RULES, params).values == {"short", "pw"}


# --- both edges ---------------------------------------------------------------------------------


def shown_by_edges(name: str, given: dict[str, Any]) -> list[Any]:
    """Return the options that each edge shows at -vvv."""
    found: list[Any] = [TaskOptions(ARGUMENTS[name], given, name).shown()]
    output = io.StringIO()
    arguments = {**given, **INVOCATION}
    with module_arguments(arguments), contextlib.redirect_stdout(output):
        module = ansible_module.module_of(ARGUMENTS[name])
        with pytest.raises(SystemExit):
            module.exit_json(changed=False)
    found.append(json.loads(output.getvalue())["invocation"]["module_args"])
    return found


def test_an_unknown_option_may_be_a_misspelt_secret():
    rules = {**RULES, "user_id": {"type": "int", "aliases": ["owner_id"]}}
    shown = OptionSecrets(rules, {"api_tokn": SECRET, "owner_id": 4, "name": "a"}).shown
    assert shown == {"api_tokn": HIDDEN, "owner_id": 4, "name": "a"}


def test_the_token_is_hidden_inside_other_options():
    given = {
        **valid("virtfusion_api"),
        "api_token": SECRET,
        "query": {"page": SECRET, "key": "another-secret"},
        "body": {"text": f"it is {SECRET}", "list": [SECRET], "copy": "another-secret"},
    }
    for shown in shown_by_edges("virtfusion_api", given):
        assert SECRET not in json.dumps(shown)
        assert "another-secret" not in json.dumps(shown)
        assert shown["path"] == given["path"]


def test_a_declared_secret_is_hidden_in_every_other_option():
    for name in CONTACTING:
        secrets = [option for option, rule in options_of(name) if rule.get("no_log")]
        assert secrets, name
        texts = [
            option
            for option, rule in options_of(name, "str")
            if "choices" not in rule and option not in secrets
        ]
        given = {
            **valid(name),
            **{option: f"{SECRET}-{option}" for option in secrets},
            **dict.fromkeys(texts, f"before {SECRET}-{secrets[0]} after"),
        }
        shown = TaskOptions(ARGUMENTS[name], given, name).shown()
        assert SECRET not in json.dumps(shown), name


def test_a_failing_module_shows_no_secret():
    given = {**valid("virtfusion_api"), "query": {"key": SECRET}, "api_url": None}
    output = io.StringIO()
    arguments = {**given, **INVOCATION}
    with (
        module_arguments(arguments),
        contextlib.redirect_stdout(output),
        pytest.raises(SystemExit),
    ):
        ansible_module.module_of(ARGUMENTS["virtfusion_api"])
    assert SECRET not in output.getvalue()
    assert "missing required arguments: api_url" in json.loads(output.getvalue())["msg"]


def test_a_health_check_shows_no_secret():
    name = "virtfusion_server_packages"
    words = ["curl", "-H", f"Authorization: Bearer {SECRET}", "the-token-of-the-panel"]
    given = {**valid(name), "health_check": words, "api_token": "the-token-of-the-panel"}
    shown = TaskOptions(ARGUMENTS[name], given, name).shown()
    assert shown["health_check"][:2] == ["curl", "-H"]
    assert SECRET not in json.dumps(shown)
    assert "the-token" not in json.dumps(shown)
