# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the schemas of users, keys and self service: existing paths, no secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    NOT_SHOWN,
    Schema,
    pick,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.operations import (
    OPERATIONS,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    selfservice_resource_pack,
    selfservice_usage,
    selfservice_user,
    user,
    user_access,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.published import published_shape
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

BY_USER = "byUserExtRelationId/{extRelationId}"

SHOWN: list[tuple[str, Schema, str]] = [
    ("user", user.USER, "GET /users/{extRelationId}/byExtRelation"),
    ("key", user_access.SSH_KEY, "GET /ssh_keys/user/{userId}"),
    ("login", user_access.LOGIN, "POST /users/{extRelationId}/authenticationTokens"),
    (
        "server login",
        user_access.LOGIN,
        "POST /users/{extRelationId}/serverAuthenticationTokens/{serverId}",
    ),
    (
        "password",
        user_access.CREDENTIALS,
        "POST /users/{extRelationId}/byExtRelation/resetPassword",
    ),
    ("credit", selfservice_user.CREDIT, f"POST /selfService/credit/{BY_USER}"),
    ("pack", selfservice_resource_pack.PACK, "GET /selfService/resourcePack/{packId}"),
    ("usage", selfservice_usage.USAGE, f"GET /selfService/usage/{BY_USER}"),
    ("stats", selfservice_usage.HOURLY_STATS, f"GET /selfService/hourlyStats/{BY_USER}"),
    ("currency", selfservice_usage.CURRENCY, "GET /selfService/currencies"),
]
#: Paths of a pack that no published response has: its servers, and whether it is enabled, which
#: some panels may show (virtfusion 5.3).
UNPUBLISHED = {("pack", "servers"), ("pack", "enabled")}


def test_each_path_is_in_a_published_response():
    missing = (
        f"{name}: {field.name} is read from {field.path}"
        for name, schema, request_ in SHOWN
        for field in schema.values()
        if (name, field.path) not in UNPUBLISHED
        and pick(published_shape(request_), field.path) is NOT_SHOWN
    )
    refuse(missing, "No published response has these paths:")


@pytest.mark.parametrize("name", ["create_user", "modify_user"])
def test_each_key_that_is_sent_is_declared(name):
    keys = set(user._KEYS.values()) - ({"enabled"} if name == "create_user" else set())
    assert keys <= set(OPERATIONS[name].body)


def test_each_option_of_a_user_is_a_field_of_a_user():
    assert set(user._KEYS) <= set(user.USER)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(("schema", "request_"), [(shown[1], shown[2]) for shown in SHOWN])
@given(data=st.data())
def test_an_answer_of_any_shape_is_read_or_called_unreadable(schema, request_, data):
    raw = published_shape(request_)
    place = data.draw(st.sampled_from(sorted(raw)))
    changed: Mapping[str, Any] = {**raw, place: data.draw(ANYTHING)}
    try:
        json.dumps(schema.project(changed))
    except PanelError as error:
        assert error.code.value == "protocol"
