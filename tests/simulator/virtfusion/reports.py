# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Self-service statistics: report, hourly statistics and usage. Each names a period in another way.

Without data, the panel shows `false` in place of a number (DOCUMENTED, virtfusion 5.4).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes
from .records import Usage, User
from .times import month_after

routes = new_routes()

CURRENCIES: dict[str, dict[str, Any]] = {
    "USD": {"id": 11, "value": 0.01, "prefix": "$", "default": True},
    "GBP": {"id": 12, "value": 0.02, "prefix": "£", "default": False},
}
"""`value` is the price of one token (INFERRED, virtfusion 5.2)."""

HOURS_PER_MONTH = 730
LAST_PERIOD = 24
RANGES = {"d": ("day", 1), "w": ("week", 7), "2w": ("2weeks", 14), "3w": ("3weeks", 21)}
"""Ranges of the usage call in days, with the word the answer uses; only `month` is DOCUMENTED."""


@routes.add("GET", "/selfService/currencies")
def list_currencies(call: Call) -> Reply:
    """Return the currencies. Their value is a decimal string (DOCUMENTED)."""
    return data(
        [
            {
                "id": currency["id"],
                "code": code,
                "value": f"{currency['value']:.10f}",
                "prefix": currency["prefix"],
                "suffix": None,
                "default": currency["default"],
                "enabled": True,
            }
            for code, currency in CURRENCIES.items()
        ]
    )


@routes.add("GET", "/selfService/report/byUserExtRelationId/{extRelationId}")
def report(call: Call) -> Reply:
    """Return the report of one self-service month: period 0 is the current one, 1 the one before."""
    user = call.user()
    back = call.query_number("period", 0, 0, LAST_PERIOD)
    code = call.query.get("currency") or user["currency"] or ""
    if code and code not in CURRENCIES:
        raise refusals.errors(422, "Invalid currency")
    month = month_after(_this_month(call), -back)
    usage = user["usage"].get(month.strftime("%Y-%m"))
    return data(
        {
            "usage": {**_report_usage(call, user, usage, code), **_terms(month)},
            "currency": _report_currency(code),
            "limits": {"success": True, "packs": _packs(call, user)},
        }
    )


@routes.add("GET", "/selfService/hourlyStats/byUserExtRelationId/{extRelationId}")
def hourly_stats(call: Call) -> Reply:
    """Return the hourly statistics of a month. `period[]` is any of its days."""
    user = call.user()
    month = _asked_months(call)[0].replace(day=1)
    usage = user["usage"].get(month.strftime("%Y-%m"))
    credit = sum(
        item["tokens"] for item in call.state.credits.values() if item["userId"] == user["id"]
    )
    code = user["currency"] or ""
    price = _price(code)
    return data(
        {
            "periodId": 0,
            "period": month.strftime("%B %Y"),
            "previousPeriod": month_after(month, -1).strftime("%B %Y"),
            "nextPeriod": month_after(month, 1).strftime("%B %Y"),
            "monthlyTotal": {
                "hours": usage["serverHours"] if usage else 0,
                "value": f"{_tokens(usage) * price:.2f}",
                "tokens": _tokens(usage) if usage else _nothing(call),
            },
            "servers": len(call.state.owned_by(user["id"])) if usage else 0,
            "credit": {"value": credit},
            "currency": {
                "code": code,
                "prefix": CURRENCIES[code]["prefix"] if code else "",
                "suffix": "",
                "value": price,
                "currentValue": price,
            },
        }
    )


@routes.add("GET", "/selfService/usage/byUserExtRelationId/{extRelationId}")
def raw_usage(call: Call) -> Reply:
    """Return the raw usage of one or more periods, with their sum."""
    user = call.user()
    word = call.query.get("range", "m")
    if word != "m" and word not in RANGES:
        raise refusals.errors(422, "The selected range is invalid.")
    periods = [_usage_period(call, user, start, word) for start in _asked_months(call)]
    return data(
        {
            "user": {
                "id": user["id"],
                "relationalId": user["extRelationId"],
                "currency": user["currency"],
                "timezone": user["timezone"],
                "name": user["name"],
                "email": user["email"],
            },
            **{key: _sum(period[key] for period in periods) for key in USAGE_KEYS},
            "periods": periods,
        }
    )


USAGE_KEYS = ("usageServers", "usageServersBillable", "usageAddons", "usageAddonsBillable")


def _this_month(call: Call) -> datetime:
    return call.state.clock.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _asked_months(call: Call) -> list[datetime]:
    """Return the days that `period[]` (or `period`) names; the first of this month without it."""
    words = [value for name, value in call.request.query if name in ("period[]", "period")]
    try:
        days = [datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=timezone.utc) for word in words]
    except ValueError:
        raise refusals.errors(422, "The period must be a date (YYYY-MM-DD).") from None
    return days or [_this_month(call)]


def _nothing(call: Call) -> Any:
    """Return the placeholder for a missing number."""
    return 0 if call.switches.is_set("report_without_data", "zero") else False


def _price(code: str) -> float:
    return CURRENCIES[code]["value"] if code else 0


def _tokens(usage: Usage | None) -> float:
    return round(usage["serverTokens"] + usage["addonTokens"], 4) if usage else 0


def _report_usage(call: Call, user: User, usage: Usage | None, code: str) -> dict[str, Any]:
    nothing, price = _nothing(call), _price(code)
    if usage is None:
        total = {"hours": nothing, "value": nothing, "tokens": nothing}
        return {
            "servers": [],
            "serversTotal": total,
            "hourConversionRate": nothing,
            "monthlyTotal": dict(total),
            "addonsTotal": {"hours": 0, "value": 0, "tokens": nothing},
            "taxStatus": 3,
            "success": False,
            "history": "0",
            "breakdown": True,
        }
    tokens, addons = usage["serverTokens"], usage["addonTokens"]
    return {
        "servers": _report_servers(call, user, usage, price),
        "serversTotal": _total(usage["serverHours"], tokens, price),
        "hourConversionRate": HOURS_PER_MONTH,
        "monthlyTotal": _total(usage["serverHours"], tokens + addons, price),
        "addonsTotal": _total(0, addons, price),
        "taxStatus": 3,
        "success": True,
        "history": "0",
        "breakdown": True,
    }


def _total(hours: float, tokens: float, price: float) -> dict[str, Any]:
    return {"hours": hours, "value": round(tokens * price, 4), "tokens": round(tokens, 4)}


def _report_servers(call: Call, user: User, usage: Usage, price: float) -> list[dict[str, Any]]:
    """Return the rows of a report. They are INFERRED from the documented totals."""
    owned = call.state.owned_by(user["id"])
    share = 1 / len(owned) if owned else 0
    return [
        {
            "id": server["id"],
            "name": server["name"],
            **_total(usage["serverHours"] * share, usage["serverTokens"] * share, price),
        }
        for server in owned
    ]


def _terms(month: datetime) -> dict[str, Any]:
    last_day = month_after(month, 1) - timedelta(days=1)
    return {
        "term": month.strftime("%B %Y"),
        "previousTerm": month_after(month, -1).strftime("%B %Y"),
        "nextTerm": month_after(month, 1).strftime("%B %Y"),
        "period": {
            "ymd": month.strftime("%Y-%m-%d"),
            "start": month.isoformat(),
            "end": last_day.isoformat(),
        },
        "showHourlyRate": False,
        "showMonthlyRate": False,
    }


def _report_currency(code: str) -> dict[str, Any]:
    price = _price(code)
    prefix = CURRENCIES[code]["prefix"] if code else ""
    return {
        "prefix": prefix,
        "suffix": "",
        "code": code,
        "currentValue": price,
        "value": price,
        "default": {"prefix": prefix, "suffix": "", "code": code},
    }


def _packs(call: Call, user: User) -> list[dict[str, Any]]:
    """Return the user's packs. Their rows are not documented: id, pid and name are INFERRED (virtfusion 5.3)."""
    return [
        {"id": pack["id"], "pid": pack["pid"], "name": pack["name"]}
        for pack in call.state.packs.values()
        if pack["userId"] == user["id"]
    ]


def _usage_period(call: Call, user: User, start: datetime, word: str) -> dict[str, Any]:
    whole_month = word == "m"
    name, days = ("month", 0) if whole_month else RANGES[word]
    end = (month_after(start, 1) if whole_month else start + timedelta(days=days)) - timedelta(
        seconds=1
    )
    length = end + timedelta(seconds=1) - start
    month = start.replace(day=1)
    hours_in_month = (month_after(month, 1) - month).days * 24
    usage = user["usage"].get(start.strftime("%Y-%m"))
    share = length.days * 24 / hours_in_month if usage else 0
    hours = round(usage["serverHours"] * share) if usage else 0
    servers = _spent(hours, usage["serverTokens"] * share if usage else 0)
    addons = _spent(0, usage["addonTokens"] * share if usage else 0)
    return {
        "period": start.strftime("%Y-%m-%d"),
        "range": name,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "timezone": "UTC",
        "currentPeriod": start <= call.state.clock.now <= end,
        "hoursInMonthPeriod": hours_in_month,
        "monthToHourRate": HOURS_PER_MONTH,
        "monthToHourRateType": 1,
        "days": length.days,
        "hours": length.days * 24,
        "minutes": length.days * 1440,
        "seconds": length.days * 86400,
        "usageServers": servers,
        "usageServersBillable": servers,
        "usageAddons": addons,
        "usageAddonsBillable": addons,
        "servers": [],
    }


def _spent(hours: int, tokens: float) -> dict[str, Any]:
    real = round(tokens, 4)
    return {"hours": hours, "token": int(real), "tokenReal": real or 0}


def _sum(parts: Any) -> dict[str, Any]:
    total = {"hours": 0, "token": 0, "tokenReal": 0}
    for part in parts:
        total = {key: total[key] + part[key] for key in total}
    return total
