# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test self-service reports: numbers, currencies and tokens."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_usage import (
    SelfserviceReport,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_selfservice_report import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    run_task,
)

PATH = "/selfService/report/byUserExtRelationId/1042"
NOTHING = {"hours": None, "tokens": None, "value": None}


def _raw(**usage: Any) -> dict[str, Any]:
    """Return an empty report as the panel sends it."""
    none = {"hours": False, "value": False, "tokens": False}
    return {
        "usage": {
            "servers": [],
            "serversTotal": none,
            "hourConversionRate": False,
            "monthlyTotal": none,
            "addonsTotal": {"hours": 0, "value": 0, "tokens": False},
            "taxStatus": 3,
            "success": False,
            "history": "0",
            "term": "January 2025",
            "previousTerm": "December 2024",
            "nextTerm": "February 2025",
            "period": {
                "ymd": "2025-01-01",
                "start": "2025-01-01T00:00:00+00:00",
                "end": "2025-01-31T00:00:00+00:00",
            },
            **usage,
        },
        "currency": {"prefix": "", "suffix": "", "code": "", "currentValue": 0, "value": 0},
        "limits": {"success": True, "packs": []},
    }


def _read(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    return run_task(SelfserviceReport, ARGUMENTS, *steps, **{"ext_relation_id": 1042, **options})[
        "reports"
    ]


def _fail(*steps: Step, **options: Any):
    return fail_task(SelfserviceReport, ARGUMENTS, *steps, **{"ext_relation_id": 1042, **options})


def test_false_becomes_null_and_zero_stays_zero():
    (report,) = _read(get(PATH, ok(_raw()), {"period": 0}))
    assert report == {
        "period": 0,
        "has_data": False,
        "term": "January 2025",
        "previous_term": "December 2024",
        "next_term": "February 2025",
        "start": "2025-01-01T00:00:00+00:00",
        "end": "2025-01-31T00:00:00+00:00",
        "hour_conversion_rate": None,
        "tax_status": 3,
        "servers": [],
        "packs": [],
        "servers_total": NOTHING,
        "addons_total": {"hours": 0.0, "tokens": None, "value": 0.0},
        "monthly_total": NOTHING,
        "currency": {"code": "", "prefix": "", "suffix": "", "token_value": 0.0},
    }


def test_numeric_strings_become_numbers():
    raw = _raw(
        success=True,
        monthlyTotal={"hours": "744", "tokens": "372.0", "value": "3.72"},
        hourConversionRate="0.5",
    )
    raw["currency"] = {"prefix": "$", "suffix": None, "code": "USD", "value": "0.0100000000"}
    (report,) = _read(get(PATH, ok(raw)))
    assert report["has_data"] is True
    assert report["monthly_total"] == {"hours": 744.0, "tokens": 372.0, "value": 3.72}
    assert report["hour_conversion_rate"] == 0.5
    assert report["currency"] == {
        "code": "USD",
        "prefix": "$",
        "suffix": None,
        "token_value": 0.01,
    }


def test_the_raw_response_is_returned_only_on_request():
    raw = _raw()
    (report,) = _read(get(PATH, ok(raw)), include_raw=True)
    assert report["raw"] == raw
    (report,) = _read(get(PATH, ok(raw)))
    assert "raw" not in report


def test_each_period_is_read_once_and_in_order():
    steps = [get(PATH, ok(_raw()), {"period": number}) for number in (3, 0, 24)]
    assert [report["period"] for report in _read(*steps, period=[3, 0, 3, 24])] == [3, 0, 24]


@pytest.mark.parametrize("period", [[-1], [25], [0, 99], []])
def test_a_period_that_the_panel_does_not_know_is_refused(period):
    error = _fail(period=period)
    assert error.code.value == "validation"
    assert "period must be from 0 to 24" in error.msg


def test_a_user_is_named_by_string():
    path = "/selfService/report/byUserExtRelationId/a%2Fb"
    step = get(path, ok(_raw()), {"period": 0, "relStr": "true"})
    assert _read(step, ext_relation_id=None, relation_string="a/b")


@pytest.mark.parametrize("currency", ["usd", "USD"])
def test_a_currency_is_asked_for_in_capitals(currency):
    assert _read(get(PATH, ok(_raw()), {"period": 0, "currency": "USD"}), currency=currency)


@pytest.mark.parametrize("currency", ["", "US", "USDT", "U$D", "123", "ÜSD"])
def test_an_invalid_currency_is_refused(currency):
    error = _fail(currency=currency)
    assert error.code.value == "validation"
    assert "currency" in error.msg


def test_a_user_is_found_by_a_relation_string():
    path = "/selfService/report/byUserExtRelationId/customer%2F1042%3Fx"
    step = get(path, ok(_raw()), {"period": 0, "relStr": "true"})
    assert _read(step, ext_relation_id=None, relation_string="customer/1042?x")


@pytest.mark.parametrize("text", ["", " ", ".."])
def test_an_invalid_relation_string_is_refused(text):
    assert _fail(ext_relation_id=None, relation_string=text).code.value == "validation"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(404, {"msg": "ext_relation_id not found"}), "not_found"),
        (answer(200, {"data": {"usage": []}}), "protocol"),
        (answer(200, {"data": []}), "protocol"),
        (ok(_raw(monthlyTotal={"hours": "many"})), "protocol"),
    ],
    ids=["no such user", "no usage", "no object", "no number"],
)
def test_an_invalid_report_fails(reply, code):
    error = _fail(get(PATH, reply))
    assert error.code.value == code


def test_a_missing_total_is_null():
    raw = _raw()
    for name in ("serversTotal", "addonsTotal", "monthlyTotal"):
        raw["usage"][name] = []
    (report,) = _read(get(PATH, ok(raw)))
    assert report["servers_total"] == report["addons_total"] == report["monthly_total"] == NOTHING
