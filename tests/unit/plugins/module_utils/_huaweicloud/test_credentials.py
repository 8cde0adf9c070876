# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the choice of credentials, and the errors about them."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.credentials import (
    VARIABLES,
    Keys,
    Token,
    User,
    choose_account,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import PROJECT, options

KEYS = {"access_key": "AK", "secret_key": "SK"}
TOKEN = {"auth_token": "T"}
USER = {"user_name": "u", "password": "p w", "domain_name": "d"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for names in VARIABLES.values():
        for name in names:
            monkeypatch.delenv(name, raising=False)


def choose(**given):
    return choose_account(options(CONNECTION, **{"auth_token": None, **given}))


def refused(**given):
    with pytest.raises(PanelError) as caught:
        choose(**given)
    assert caught.value.code.value == "validation"
    return caught.value.msg


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (KEYS, Keys("AK", "SK")),
        ({**KEYS, "security_token": "STS"}, Keys("AK", "SK", "STS")),
        (TOKEN, Token("T")),
        ({"auth_token": " T\n"}, Token("T")),
        (USER, User("u", "p w", "d")),
    ],
    ids=["keys", "temporary keys", "token", "token with a line break", "user"],
)
def test_one_kind_is_taken(given, expected):
    assert choose(**given).credentials == expected


@pytest.mark.parametrize("given", [{**KEYS, **TOKEN}, {**TOKEN, **USER}, {**KEYS, **USER}])
def test_two_kinds_are_one_too_many(given):
    assert "more than one kind" in refused(**given)


def test_none_is_too_few():
    assert "there are no credentials" in refused()
    assert "there are no credentials" in refused(domain_name="d")


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"access_key": "AK"}, "secret_key must be set with access_key"),
        ({"secret_key": "SK"}, "access_key must be set with secret_key"),
        ({"user_name": "u"}, "password and domain_name must be set with user_name"),
        ({"security_token": "STS"}, "security_token is set without access_key"),
    ],
)
def test_a_half_is_not_enough(given, missing):
    assert missing in refused(**given)


def test_what_the_task_sets_beats_the_environment(monkeypatch):
    # Ansible has filled in what the task left out.
    monkeypatch.setenv("HW_AUTH_TOKEN", "from-environment")
    monkeypatch.setenv("HW_SECURITY_TOKEN", "of-other-keys")
    filled = {"auth_token": "from-environment", "security_token": "of-other-keys"}
    assert choose(**KEYS, **filled).credentials == Keys("AK", "SK")


def test_a_temporary_pair_may_stand_in_the_environment_as_a_whole(monkeypatch):
    for name, value in (
        ("HW_ACCESS_KEY", "AK"),
        ("HW_SECRET_KEY", "SK"),
        ("HW_SECURITY_TOKEN", "S"),
    ):
        monkeypatch.setenv(name, value)
    assert choose(**KEYS, security_token="S").credentials == Keys("AK", "SK", "S")


@pytest.mark.parametrize(
    ("access_key", "expected"), [("AK", Keys("AK", "SK")), ("SDK-AK", Keys("SDK-AK", "SK", "S"))]
)
def test_a_security_token_of_another_tool_is_not_used(monkeypatch, access_key, expected):
    monkeypatch.setenv("HW_ACCESS_KEY", access_key)
    monkeypatch.setenv("HW_SECRET_KEY", "SK")
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", "SDK-AK")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SECURITY_TOKEN", "S")
    # Ansible has filled in what the task left out.
    given = {"access_key": access_key, "secret_key": "SK", "security_token": "S"}
    assert choose(**given).credentials == expected


@pytest.mark.parametrize("name", list(USER))
def test_a_blank_user_or_password_is_refused(name):
    assert refused(**{**USER, name: " "}).startswith(f"{name} is empty")


def test_a_blank_variable_does_not_hide_the_next_one(monkeypatch):
    for name in ("ACCESS_KEY", "SECRET_KEY", "SECURITY_TOKEN"):
        monkeypatch.setenv(f"HW_{name}", "")
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", "AK")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "SK")
    monkeypatch.setenv("HUAWEICLOUD_SDK_SECURITY_TOKEN", "S")
    # Ansible has filled in what the task left out.
    assert choose(**KEYS, security_token="S").credentials == Keys("AK", "SK", "S")


def test_two_kinds_in_the_environment_are_one_too_many(monkeypatch):
    monkeypatch.setenv("HW_AUTH_TOKEN", "T")
    monkeypatch.setenv("OS_ACCESS_KEY", "AK")
    monkeypatch.setenv("OS_SECRET_KEY", "SK")
    assert "more than one kind" in refused(**KEYS, **TOKEN)


@pytest.mark.parametrize("name", ["access_key", "secret_key", "auth_token"])
@pytest.mark.parametrize("value", ["two words", "line\nbreak", "ümlaut", " "])
def test_characters_that_no_credential_has_are_refused_without_being_shown(name, value):
    given = {**(KEYS if "key" in name else {}), name: value}
    message = refused(**given)
    assert name in message
    assert value.strip() == "" or value not in message


@pytest.mark.parametrize("project", ["cn-north-4", PROJECT[:-1], PROJECT.upper(), "../x"])
def test_a_project_is_an_id(project):
    assert "project_id is not the ID of a project" in refused(**KEYS, project_id=project)


def test_secrets_are_in_no_representation():
    accounts = [choose(**KEYS, security_token="STS-1"), choose(**TOKEN), choose(**USER)]
    accounts[2].tokens["cph"] = "bought"
    shown = " ".join(map(repr, accounts))
    for secret in ("'SK'", "STS-1", "'T'", "p w", "bought"):
        assert secret not in shown
