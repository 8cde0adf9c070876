# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The actions of the integration targets that run faults and look for secrets refuse each deviation."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel import panel_action
from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel.action_plugins import (
    failure_cases,
    verbosely,
)

# --- failure_cases ---------------------------------------------------------------------------

CASE = {
    "name": "a lost response",
    "code": "transport",
    "msg": "the connection was",
    "failure": {"retryable": True},
    "writes": 1,
    "applied": 1,
    "requests": 2,
    "retried": 1,
    "refused": ["cpu"],
}
RESULT: dict[str, Any] = {
    "changed": False,
    "failed": True,
    "msg": "the connection was lost",
    "failure": {"code": "transport", "retryable": True, "partial": False},
    "changes": [{"before": None, "desired": 2}],
    "refused": [{"field": "cpu"}],
    "api_calls": {"retried": 1},
}
SUCCESS = {"changed": True, "failed": False, "servers": [{}]}
SEEN: dict[str, Any] = {
    "requests": [{}, {}],
    "writes": [{"effect_applied": True}],
    "faults": [{"fired": 1, "times": 1}],
}


def test_a_case_that_is_as_expected_passes():
    failure_cases.judge(CASE, RESULT, SEEN)
    failure_cases.judge({"name": "x", "changed": True, "writes": 1, "servers": 1}, SUCCESS, SEEN)


@pytest.mark.parametrize(
    ("message", "case", "result", "seen"),
    [
        ("unknown keys of the case", {"message": "x"}, {}, {}),
        ("failed .*: False instead of True", {}, {"failed": False}, {}),
        ("failure.code", {"code": "auth"}, {}, {}),
        ("failure.code", {}, {"failure": None}, {}),
        ("failure.retryable", {"failure": {"retryable": False}}, {}, {}),
        ("matches 'connection was'", {"msg": "connection was"}, {}, {}),
        ("several lines", {}, {"msg": "the connection was\nlost"}, {}),
        ("less than 400", {}, {"msg": "the connection was lost" * 20}, {}),
        ("changed: True", {}, {"changed": True}, {}),
        ("number of servers: 1", {}, {"servers": [{}]}, {}),
        ("no numbers", {}, {"changes": [{"before": "2", "desired": 2}]}, {}),
        ("no numbers", {}, {"changes": [{"before": 2, "desired": True}]}, {}),
        ("refused", {"refused": []}, {}, {}),
        ("retried: 1 instead of 0", {"retried": 0}, {}, {}),
        ("requests: 2 instead of 3", {"requests": 3}, {}, {}),
        ("number of writes: 1 instead of 0", {"writes": 0}, {}, {}),
        ("with an effect: 1 instead of 0", {"applied": 0}, {}, {}),
        ("did not fire", {}, {}, {"faults": [{"fired": 0, "times": 1}]}),
    ],
)
def test_a_case_that_deviates_is_refused(message, case, result, seen):
    with pytest.raises(panel_action.Deviation, match=message):
        failure_cases.judge({**CASE, **case}, {**RESULT, **result}, {**SEEN, **seen})


def test_an_unexpected_failure_is_refused():
    with pytest.raises(panel_action.Deviation, match=r"failed \(the connection was lost\): True"):
        failure_cases.judge({"name": "x", "writes": 1, "applied": 1}, RESULT, SEEN)


# --- verbosely -------------------------------------------------------------------------------

SECRETS = ["the-token", "wrong/token+with%characters"]


@pytest.mark.parametrize(
    ("status", "output", "fault"),
    [
        (0, "ok: [testhost] => token", None),
        (2, "ok: [testhost]", "the play ends with status 2"),
        (0, "a the-token b", "1 forms"),
        (0, "?a=wrong%2Ftoken%2Bwith%25characters", "1 forms"),
        (0, "Basic dGhlLXRva2Vu", "1 forms"),
        (0, "Traceback (most recent call last):", "a traceback"),
        (0, "The full traceback is:", "a traceback"),
    ],
)
def test_a_secret_or_a_traceback_is_found(status, output, fault):
    found = verbosely.faults(status, output, SECRETS)
    assert [text.startswith(fault or "") for text in found] == [True] * (fault is not None)


def test_the_output_of_a_failure_is_masked():
    text = "the-token, wrong%2Ftoken%2Bwith%25characters, dGhlLXRva2Vu"
    assert verbosely.masked(text, SECRETS) == "<SECRET>, <SECRET>, <SECRET>"
