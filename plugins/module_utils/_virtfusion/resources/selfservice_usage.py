# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The self-service usage of a VirtFusion user, in hours, tokens and money, and the currencies.

Numbers are typed; the panel's ``false`` for a missing number becomes null (virtfusion 5.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import invalid, unreadable
from ..._core.fields import Field, Schema, anything, boolean, integer, number, text
from ..._core.runner import Query
from ..argspec import FIND_USER
from ..client import VirtFusion
from .user import user_request

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: The panel rounds tokens; tokenReal is the exact number (INFERRED).
_AMOUNT = Schema(
    Field("hours", "hours", number, "hours", absent=None),
    Field("tokens", "token", number, "tokens", absent=None),
    Field("tokens_exact", "tokenReal", number, "tokens", absent=None),
)
_AMOUNTS = (
    Field("servers_total", "usageServers", _AMOUNT.project),
    Field("servers_billable", "usageServersBillable", _AMOUNT.project),
    Field("addons_total", "usageAddons", _AMOUNT.project),
    Field("addons_billable", "usageAddonsBillable", _AMOUNT.project),
)

_PERIOD = Schema(
    Field("period", "period", text, required=True),
    Field("range", "range", text),
    Field("start", "start", text),
    Field("end", "end", text),
    Field("timezone", "timezone", text),
    Field("current", "currentPeriod", boolean),
    Field("days", "days", number, "days"),
    Field("hours", "hours", number, "hours"),
    Field("hours_in_month", "hoursInMonthPeriod", number, "hours"),
    Field("month_to_hour_rate", "monthToHourRate", number),
    *_AMOUNTS,
    Field("servers", "servers", anything),
)


def periods(value: Any) -> list[dict[str, Any]]:
    """Return the rows of a usage response."""
    return [_PERIOD.project(row) for row in value]


def _totals(prefix: str) -> Schema:
    """Return the fields for totals. False means no number; tokens are not money (virtfusion 5.2, 5.4)."""
    return Schema(
        Field("hours", f"{prefix}.hours", number, "hours", absent=None),
        Field("tokens", f"{prefix}.tokens", number, "tokens", absent=None),
        Field("value", f"{prefix}.value", number, "currency", absent=None),
    )


USAGE = Schema(
    Field("user_id", "user.id", integer),
    Field("currency", "user.currency", text, absent=None),
    Field("timezone", "user.timezone", text),
    *_AMOUNTS,
    Field("periods", "periods", periods, required=True),
)

HOURLY_STATS = Schema(
    Field("period", "period", text, required=True),
    Field("previous_period", "previousPeriod", text),
    Field("next_period", "nextPeriod", text),
    *_totals("monthlyTotal").values(),
    Field("servers", "servers", integer),
    Field("credit", "credit.value", number, "tokens", absent=None),
    Field("currency_code", "currency.code", text),
    Field("token_value", "currency.value", number, absent=None),
)

#: The options of virtfusion_selfservice_usage_info.
SELFSERVICE_USAGE_INFO_OPTIONS = FIND_USER + ArgumentSpec(
    {
        "periods": {"type": "list", "elements": "str", "aliases": ["period"]},
        "range": {"type": "str", "choices": ["d", "w", "2w", "3w", "m"]},
        "include": {
            "type": "list",
            "elements": "str",
            "choices": ["usage", "hourly_stats"],
            "default": ["usage", "hourly_stats"],
        },
    }
)


class SelfserviceUsageInfo(Query[VirtFusion]):
    """The requested usage and statistics of one user."""

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._request = user_request(params)
        if not params["include"]:
            raise invalid("include is empty")
        if params["range"] is not None and "usage" not in params["include"]:
            raise invalid("range is only for usage", "add usage to include")
        self._days = list(dict.fromkeys(map(_day, params["periods"] or ())))

    def read(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if "usage" in self._params["include"]:
            raw = self._ask("get_selfservice_usage", self._days, range=self._params["range"])
            result["usage"] = USAGE.project(raw)
        if "hourly_stats" in self._params["include"]:
            # A response covers one month, however many dates the request has.
            result["hourly_stats"] = [
                HOURLY_STATS.project(self._ask("get_selfservice_hourly_stats", days))
                for days in [[day] for day in self._days] or [[]]
            ]
        return result

    def _ask(self, operation: str, days: list[str], **more: Any) -> dict[str, Any]:
        given = {name: value for name, value in {"period[]": days, **more}.items() if value}
        query = {**self._request["query"], **given}
        return self._client.one(operation, path=self._request["path"], query=query)


def _day(text_of_day: str) -> str:
    """Return a date in the panel's format. :raises PanelError: ``validation``."""
    try:
        if _DAY.fullmatch(text_of_day):
            return date.fromisoformat(text_of_day).isoformat()
    except ValueError:
        pass
    raise invalid(f"periods must be dates such as 2025-01-31, not {text_of_day!r}")


#: Periods of the panel: 0 is the current month, 24 is two years ago (virtfusion 5.4).
OLDEST_PERIOD = 24


_TOTALS: Mapping[str, Schema] = {
    "servers_total": _totals("usage.serversTotal"),
    "addons_total": _totals("usage.addonsTotal"),
    "monthly_total": _totals("usage.monthlyTotal"),
}

REPORT = Schema(
    # With HTTP 200, "success": false only means that there is no data (virtfusion 5.4).
    Field("has_data", "usage.success", boolean),
    Field("term", "usage.term", text),
    Field("previous_term", "usage.previousTerm", text),
    Field("next_term", "usage.nextTerm", text),
    Field("start", "usage.period.start", text),
    Field("end", "usage.period.end", text),
    Field("hour_conversion_rate", "usage.hourConversionRate", number),
    Field("tax_status", "usage.taxStatus", integer),
    Field("servers", "usage.servers", anything),
    Field("packs", "limits.packs", anything),
)

_CURRENCY = Schema(
    Field("code", "currency.code", text),
    Field("prefix", "currency.prefix", text),
    Field("suffix", "currency.suffix", text),
    #: The price of one token.
    Field("token_value", "currency.value", number, absent=None),
)

#: The options of virtfusion_selfservice_report.
SELFSERVICE_REPORT_OPTIONS = FIND_USER + ArgumentSpec(
    {
        "period": {"type": "list", "elements": "int", "default": [0]},
        "currency": {"type": "str"},
        "include_raw": {"type": "bool", "default": False},
    }
)


class SelfserviceReport(Query[VirtFusion]):
    """The reports of one user, one per period."""

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        wrong = [period for period in params["period"] if not 0 <= period <= OLDEST_PERIOD]
        if wrong or not params["period"]:
            raise invalid(
                f"period must be from 0 to {OLDEST_PERIOD}, not {wrong or 'an empty list'}"
            )
        currency = params["currency"]
        if currency is not None and not (
            len(currency) == 3 and currency.isascii() and currency.isalpha()
        ):
            raise invalid(f"currency must be a code of three letters, not {currency!r}")
        super().__init__(client, params)
        self._request = user_request(params)

    def read(self) -> dict[str, Any]:
        return {
            "reports": [self._report(period) for period in dict.fromkeys(self._params["period"])]
        }

    def _report(self, period: int) -> dict[str, Any]:
        params = self._params
        currency = {"currency": params["currency"].upper()} if params["currency"] else {}
        query = {"period": period, **currency, **self._request["query"]}
        raw = self._client.one("get_selfservice_report", path=self._request["path"], query=query)
        report = {"period": period, **REPORT.project(raw)}
        if "has_data" not in report:
            raise unreadable("the report does not show whether it contains data")
        report |= {name: schema.project(raw) for name, schema in _TOTALS.items()}
        report["currency"] = _CURRENCY.project(raw)
        return {**report, "raw": dict(raw)} if params["include_raw"] else report


CURRENCY = Schema(
    Field("id", "id", integer),
    Field("code", "code", text, required=True),
    #: The price of one token (virtfusion 5.2), sent as text.
    Field("token_value", "value", number, absent=None),
    Field("prefix", "prefix", text),
    Field("suffix", "suffix", text),
    Field("default", "default", boolean),
    Field("enabled", "enabled", boolean),
)


class SelfserviceCurrencyInfo(Query[VirtFusion]):
    """All currencies."""

    def read(self) -> dict[str, Any]:
        return {
            "currencies": [CURRENCY.project(row) for row in self._client.rows("list_currencies")]
        }
