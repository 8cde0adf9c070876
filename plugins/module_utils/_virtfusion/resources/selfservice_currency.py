# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The currencies of a VirtFusion panel's self service."""

from __future__ import annotations

from typing import Any

from ..._core.fields import Field, Schema, boolean, integer, number, text
from ..._core.runner import Query
from ..client import VirtFusion

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
