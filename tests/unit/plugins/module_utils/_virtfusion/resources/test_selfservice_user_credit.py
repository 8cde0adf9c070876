# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test credit, a write-only ledger."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_user import (
    SelfserviceCredit,
)
from ansible_collections.vpsfleet.panels.plugins.modules import virtfusion_selfservice_credit
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    DONE,
    NO_USER,
    delete,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    Step,
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task

ADD = "/selfService/credit/byUserExtRelationId/1042"
ADDED = answer(201, {"data": {"id": 2}})
GONE = answer(404, {"msg": "credit not found"})
CANCEL = {"state": "cancelled", "credit_id": 2}


def book(*steps: Step, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Add or cancel credit."""
    spec = virtfusion_selfservice_credit.ARGUMENTS
    return run_task(SelfserviceCredit, spec, *steps, check_mode=check_mode, **options)


def fail(*steps: Step, **options: Any) -> PanelError:
    """Add or cancel credit, which must fail."""
    spec = virtfusion_selfservice_credit.ARGUMENTS
    return fail_task(SelfserviceCredit, spec, *steps, **options)


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({"tokens": 100.0}, {"tokens": 100}),
        ({"tokens": -0.5}, {"tokens": -0.5}),
        (
            {"tokens": 1.25, "reference_1": 2**63 - 1, "reference_2": "x" * 1000},
            {"tokens": 1.25, "reference_1": 2**63 - 1, "reference_2": "x" * 1000},
        ),
        ({"tokens": 1.0, "reference_1": 0}, {"tokens": 1, "reference_1": 0}),
    ],
)
def test_credit_is_added_with_the_set_options(options, body):
    result = book(shown(user()), post(ADD, ADDED, body), **BY_ID, **options)
    assert result["changed"] is True
    assert result["credit"] == {"id": 2}


def test_check_mode_adds_nothing():
    result = book(shown(user()), check_mode=True, tokens=1.0, **BY_ID)
    assert result["changed"] is True
    assert result["credit"] == {"id": None}


def test_a_missing_user_gets_no_credit():
    error = fail(shown(NO_USER), tokens=1.0, **BY_ID)
    assert error.msg == "Cannot read user 1042: ext_relation_id not found"


@pytest.mark.parametrize(
    "fault",
    [
        interrupted(),
        answer(502, HTML),
        answer(201, HTML),
        answer(201, {"data": {}}),
        answer(201, {"data": {"id": None}}),
        answer(201, {"data": {"id": "two"}}),
    ],
)
def test_credit_is_never_added_twice(fault):
    error = fail(shown(user()), post(ADD, fault), tokens=1.0, **BY_ID)
    assert error.failure()["state"] == "unknown"
    assert "check the panel before you run this again" in error.msg


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tokens": 0.0}, "tokens must be a number other than 0, not 0.0"),
        ({"tokens": float("nan")}, "tokens must be a number other than 0, not nan"),
        ({"tokens": float("inf")}, "tokens must be a number other than 0, not inf"),
        ({"tokens": 1.0, "reference_1": 2**63}, "reference_1 must fit into 64 bits"),
        ({"tokens": 1.0, "reference_1": -(2**63) - 1}, "reference_1 must fit into 64 bits"),
        ({"tokens": 1.0, "reference_2": "x" * 1001}, "at most 1000 characters, not 1001"),
        ({"tokens": 1.0, "ext_relation_id": -1}, "ext_relation_id must be from 1 to"),
        ({"state": "cancelled", "credit_id": 0}, "credit_id must be a positive number"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_wrong_value_is_refused_and_nothing_is_sent(options, words, check_mode):
    error = fail(check_mode=check_mode, **{**BY_ID, **options})
    assert error.code.value == "validation"
    assert words in error.msg


# --- cancelling ------------------------------------------------------------------------------


@pytest.mark.parametrize(("reply", "changed"), [(DONE, True), (GONE, False)])
def test_credit_is_cancelled_once(reply, changed):
    result = book(delete("/selfService/credit/2", reply), **CANCEL)
    assert result["changed"] is changed
    assert result["credit"] == {"id": 2}


def test_check_mode_cancels_nothing():
    assert book(check_mode=True, **CANCEL)["changed"] is True


def test_a_lost_cancellation_is_retryable():
    error = fail(delete("/selfService/credit/2", interrupted()), **CANCEL)
    assert error.failure()["state"] == "unknown"
    assert "cancelling twice is safe" in error.msg


def test_other_messages_of_the_panel_are_reported():
    error = fail(delete("/selfService/credit/2", answer(403)), **CANCEL)
    assert error.code.value == "forbidden"
