# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the usage of a user and the price of a token."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_usage import (
    SelfserviceCurrencyInfo,
    SelfserviceUsageInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_selfservice_currency_info,
    virtfusion_selfservice_usage_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    BY_STRING,
    NO_USER,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task

ARGUMENTS = virtfusion_selfservice_usage_info.ARGUMENTS
USAGE = "/selfService/usage/byUserExtRelationId/1042"
STATS = "/selfService/hourlyStats/byUserExtRelationId/1042"
ALL = ["usage", "hourly_stats"]


def usage(**changes: Any) -> dict[str, Any]:
    """Return a usage response in the published shape."""
    amounts = {
        name: {"hours": 0, "token": False, "tokenReal": "1.5"}
        for name in ("usageServers", "usageServersBillable", "usageAddons", "usageAddonsBillable")
    }
    period = {
        "period": "2025-01-01",
        "range": "month",
        "start": "2025-01-01T00:00:00+00:00",
        "end": "2025-01-31T23:59:59+00:00",
        "timezone": "UTC",
        "currentPeriod": True,
        "hoursInMonthPeriod": 744,
        "monthToHourRate": 730,
        "days": 31,
        "hours": 744,
        "servers": [],
        **amounts,
    }
    user = {"id": 3, "relationalId": 1042, "currency": None, "timezone": "Europe/London"}
    return {"user": user, **amounts, "periods": [period], **changes}


def stats(**changes: Any) -> dict[str, Any]:
    """Return hourly statistics in the published shape."""
    return {
        "periodId": 0,
        "period": "January 2025",
        "previousPeriod": "December 2024",
        "nextPeriod": "February 2025",
        "monthlyTotal": {"hours": 0, "value": "0.00", "tokens": False},
        "servers": 0,
        "credit": {"value": 0},
        "currency": {"code": "", "prefix": "", "suffix": "", "value": 0, "currentValue": 0},
        **changes,
    }


def read(*steps: Step, **options: Any) -> dict[str, Any]:
    """Read the usage of user 1042."""
    return run_task(SelfserviceUsageInfo, ARGUMENTS, *steps, **{**BY_ID, **options})


def test_the_current_period_is_read_without_a_date():
    result = read(get(USAGE, ok(usage()), {}), get(STATS, ok(stats()), {}), include=ALL)
    assert result["usage"]["user_id"] == 3
    assert result["hourly_stats"][0]["period"] == "January 2025"


def test_numeric_strings_become_numbers_and_false_becomes_none():
    result = read(get(USAGE, ok(usage())), get(STATS, ok(stats())), include=ALL)
    for amounts in (result["usage"], result["usage"]["periods"][0]):
        assert amounts["servers_total"] == {"hours": 0.0, "tokens": None, "tokens_exact": 1.5}
    assert result["hourly_stats"][0]["tokens"] is None
    assert result["hourly_stats"][0]["value"] == 0.0
    assert result["hourly_stats"][0]["credit"] == 0.0


def test_totals_that_are_missing_are_none():
    result = read(get(STATS, ok({"period": "May"})), include=["hourly_stats"])
    assert result["hourly_stats"] == [
        {"period": "May", "hours": None, "tokens": None, "value": None, "credit": None, "token_value": None}
    ]  # fmt: skip


def test_dates_are_repeated_for_usage_and_asked_one_by_one_for_statistics():
    days = ["2025-01-31", "2025-02-01"]
    read(
        get(USAGE, ok(usage()), {"period[]": days, "range": "2w"}),
        get(STATS, ok(stats()), {"period[]": days[:1]}),
        get(STATS, ok(stats()), {"period[]": days[1:]}),
        include=ALL,
        periods=[*days, days[0]],
        range="2w",
    )


def test_a_relation_string_is_marked_in_the_request():
    path = "/selfService/usage/byUserExtRelationId/acme%2Feu%20west"
    run_task(
        SelfserviceUsageInfo,
        ARGUMENTS,
        get(path, ok(usage()), {"relStr": "true"}),
        include=["usage"],
        **BY_STRING,
    )


@pytest.mark.parametrize(
    "day", ["2025-02-30", "2025-1-1", "20250101", "01.02.2025", "", "today", "2025-01-01T00:00:00"]
)
def test_an_invalid_date_is_refused_and_nothing_is_sent(day):
    error = fail_task(
        SelfserviceUsageInfo, ARGUMENTS, include=ALL, periods=["2025-01-01", day], **BY_ID
    )
    assert error.code.value == "validation"
    assert error.msg == f"periods must be dates such as 2025-01-31, not {day!r}"


def test_at_least_one_report_is_required():
    error = fail_task(SelfserviceUsageInfo, ARGUMENTS, include=[], **BY_ID)
    assert error.msg == "include is empty"


def test_a_range_without_usage_is_refused_and_nothing_is_sent():
    options = {"include": ["hourly_stats"], "range": "w"}
    error = fail_task(SelfserviceUsageInfo, ARGUMENTS, **options, **BY_ID)
    assert error.msg == "range is only for usage (add usage to include)"


def test_a_missing_user_fails():
    error = fail_task(SelfserviceUsageInfo, ARGUMENTS, get(USAGE, NO_USER), include=ALL, **BY_ID)
    assert error.msg == "Cannot read the usage of user 1042: ext_relation_id not found"


@pytest.mark.parametrize("raw", [{}, usage(periods="none"), usage(periods=["x"])])
def test_an_invalid_usage_is_an_error(raw):
    error = fail_task(SelfserviceUsageInfo, ARGUMENTS, get(USAGE, ok(raw)), include=ALL, **BY_ID)
    assert error.code.value == "protocol"


def test_a_currency_has_the_price_of_a_token_as_a_number():
    row = {
        "id": 11,
        "code": "USD",
        "value": "0.0100000000",
        "prefix": "$",
        "suffix": None,
        "default": True,
        "enabled": 1,
    }
    result = run_task(
        SelfserviceCurrencyInfo,
        virtfusion_selfservice_currency_info.ARGUMENTS,
        get("/selfService/currencies", ok([row])),
    )
    assert result["currencies"] == [
        {
            "id": 11,
            "code": "USD",
            "token_value": 0.01,
            "prefix": "$",
            "suffix": None,
            "default": True,
            "enabled": True,
        }
    ]
