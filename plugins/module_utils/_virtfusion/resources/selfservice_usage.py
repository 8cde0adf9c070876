# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The self-service usage of a VirtFusion user: raw usage and hourly statistics.

Numbers are typed; the panel's ``false`` for a missing number becomes null (virtfusion 5.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import invalid
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
    Field("hours", "monthlyTotal.hours", number, "hours", absent=None),
    Field("tokens", "monthlyTotal.tokens", number, "tokens", absent=None),
    Field("value", "monthlyTotal.value", number, "currency", absent=None),
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
        self._client = client
        self._request = user_request(params)
        self._include = params["include"]
        self._range = params["range"]
        if not self._include:
            raise invalid("include is empty")
        self._days = list(dict.fromkeys(map(_day, params["periods"] or ())))

    def read(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if "usage" in self._include:
            query = {**self._period(*self._days), **({"range": self._range} if self._range else {})}
            result["usage"] = USAGE.project(self._ask("get_selfservice_usage", query))
        if "hourly_stats" in self._include:
            # A response covers one month, however many dates the request has.
            asked = [self._period(day) for day in self._days] or [{}]
            result["hourly_stats"] = [
                HOURLY_STATS.project(self._ask("get_selfservice_hourly_stats", query))
                for query in asked
            ]
        return result

    def _period(self, *days: str) -> dict[str, Any]:
        return {"period[]": list(days)} if days else {}

    def _ask(self, operation: str, query: Mapping[str, Any]) -> dict[str, Any]:
        return self._client.one(
            operation, path=self._request["path"], query={**self._request["query"], **query}
        )


def _day(text_of_day: str) -> str:
    """Return a date in the panel's format. :raises PanelError: ``validation``."""
    try:
        if _DAY.fullmatch(text_of_day):
            return date.fromisoformat(text_of_day).isoformat()
    except ValueError:
        pass
    raise invalid(f"periods must be dates such as 2025-01-31, not {text_of_day!r}")
