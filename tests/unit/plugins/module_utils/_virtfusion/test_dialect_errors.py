# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test error messages of the panel: every shape becomes one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Fault
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import shortened
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.dialect import (
    VirtFusionDialect,
    error_text,
    inner_failure,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import HTML, answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["errors", "msg", "message", "error", "x"]), inner)
    ),
)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({"errors": ["Invalid request"]}, "Invalid request"),
        ({"errors": ["one", "two"]}, "one; two"),
        (
            {"errors": {"cpu": ["is odd", "is big"], "ram": "is small"}},
            "cpu: is odd; cpu: is big; ram: is small",
        ),
        ({"errors": "Invalid request"}, "Invalid request"),
        ({"errors": [{"message": "deep"}]}, "deep"),
        ({"msg": "server not found"}, "server not found"),
        ({"message": "Too Many Attempts."}, "Too Many Attempts"),
        ({"error": "no"}, "no"),
        ({"errors": [], "msg": "no"}, "no"),
        ({"errors": {}, "message": "The given data was invalid."}, "The given data was invalid"),
        ({"message": "general", "errors": ["special"]}, "special"),
        ({"msg": None, "message": "no"}, "no"),
        (["one", "two"], "one; two"),
        ({}, ""),
        ([], ""),
        ({"msg": 5}, ""),
        ({"data": {"id": 1}}, ""),
        ("401 Unauthorized", "401 Unauthorized"),
        ('"a JSON string"', "a JSON string"),
        (None, ""),
        ("  \n ", ""),
        (HTML, ""),
        ("two\n  lines.", "two lines"),
    ],
)
def test_each_shape_is_one_line(body, line):
    assert shortened(error_text(answer(422, body))) == line


def test_undecodable_bytes_are_accepted():
    assert isinstance(error_text(Response(500, {}, b"\xff\xfe\x00bad")), str)


@given(JSON)
def test_any_json_is_one_line(body):
    line = shortened(error_text(answer(422, body)))
    assert "\n" not in line
    assert len(line) <= 401


@given(st.binary())
def test_any_bytes_are_one_line(content):
    line = shortened(error_text(Response(422, {}, content)))
    assert "\n" not in line


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            {"data": {"queueId": None, "system": {"data": {"boot": False}}}},
            "the hypervisor reports boot: false",
        ),
        ({"data": {"system": {"success": False}}}, "the panel reports success: false"),
        ({"data": {"system": {"errors": ["agent is silent"]}}}, "agent is silent"),
        ({"data": {"system": {"success": False, "error": "no agent"}}}, "no agent"),
        ({"success": False, "msg": "not now"}, "not now"),
        ({"data": {"success": "false"}}, "the panel reports success: false"),
        ({"errors": ["not now"], "data": {}}, "not now"),
        ({"error": "not now"}, "not now"),
        # Answers of a success.
        ({"data": {"system": {"data": {"boot": True}}}}, ""),
        ({"data": {"system": []}}, ""),
        ({"data": {"suspended": False, "buildFailed": False, "errors": None}}, ""),
        ({"data": {"id": 1, "errors": {"exception": {"message": None}}}}, ""),
        ({"info": ["traffic not updated. It matches the current value"]}, ""),
        ({"errors": []}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_a_failure_inside_a_success_is_found(answer, message):
    assert inner_failure(answer) == message


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"errors": ["no"], "data": {"id": 7}}, Fault.HALF_DONE),
        ({"error": "no", "data": {"id": 7}}, Fault.HALF_DONE),
        ({"errors": ["no"], "data": {}}, None),
        ({"errors": ["no"]}, None),
        ({"errors": ["no"], "data": {"system": {"data": {"boot": False}}}}, None),
        ({"errors": ["no"], "success": False, "data": {"id": 7}}, None),
    ],
)
def test_an_error_beside_data_leaves_the_effect_unknown(answer, fault):
    rejection = VirtFusionDialect("token").failed_inside(answer)
    assert rejection is not None
    assert rejection.fault is fault
