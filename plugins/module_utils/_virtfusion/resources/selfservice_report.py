# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion self-service report: a user's usage in a period, in hours, tokens and money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.errors import invalid, unreadable
from ..._core.fields import Field, Schema, anything, boolean, integer, number, text
from ..._core.runner import Query
from ..argspec import FIND_USER
from ..client import Raw, VirtFusion
from .user import user_request

#: Periods of the panel: 0 is the current month, 24 is two years ago (virtfusion 5.4).
OLDEST_PERIOD = 24


def _totals(prefix: str) -> Schema:
    """Return the fields for totals. False means no number; tokens are not money (virtfusion 5.2, 5.4)."""
    return Schema(
        Field("hours", f"{prefix}.hours", number, "hours", absent=None),
        Field("tokens", f"{prefix}.tokens", number, "tokens", absent=None),
        Field("value", f"{prefix}.value", number, "currency", absent=None),
    )


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
        report = {"period": period, **_typed(raw)}
        return {**report, "raw": dict(raw)} if params["include_raw"] else report


def _typed(raw: Raw) -> dict[str, Any]:
    """Return the report with typed numbers, and null for missing ones."""
    report = REPORT.project(raw)
    if "has_data" not in report:
        raise unreadable("the report does not show whether it contains data")
    totals = {name: schema.project(raw) for name, schema in _TOTALS.items()}
    return {**report, **totals, "currency": _CURRENCY.project(raw)}
