# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hourly resource pack of a VirtFusion user."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.changes import Comparison, Reply
from ..._core.fields import Schema
from ..argspec import FIND_USER
from ..client import VirtFusion
from .user import USER, UserPart

#: The options of virtfusion_selfservice_hourly_resource_pack.
SELFSERVICE_HOURLY_RESOURCE_PACK_OPTIONS = FIND_USER + ArgumentSpec(
    {"hourly_resource_pack": {"type": "int", "required": True}}
)


class SelfserviceHourlyResourcePack(UserPart):
    """The pack that limits a user's hourly orders. How to remove it is unknown (virtfusion 5.3)."""

    schema = Schema(USER["hourly_resource_pack"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._pack = positive("hourly_resource_pack", params["hourly_resource_pack"])

    def desired(self) -> Mapping[str, Any]:
        return {"hourly_resource_pack": self._pack}

    def apply(self, comparison: Comparison) -> Reply:
        self._client.send("set_hourly_resource_pack", **self._request, body={"packId": self._pack})
        return Reply()
