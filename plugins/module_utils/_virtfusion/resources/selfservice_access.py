# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The self-service level of a VirtFusion user, derived from the user's profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.changes import Comparison
from ..._core.converge import results
from ..._core.errors import PanelError
from ..._core.fields import Schema
from ..._core.runner import Action
from ..client import VirtFusion
from .user import SELF_SERVICE, USER, read_user, user_request

_SCHEMA = Schema(USER["self_service"])


class SelfserviceAccess(Action[VirtFusion]):
    """Lets the panel set the level. Two reads show whether it changed (virtfusion 5.1)."""

    shown = results(user=USER)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._request = user_request(params)

    def predict(self) -> dict[str, Any]:
        user = read_user(self._client, self._request)
        return _compared(user, {**user, "self_service": level_by_profiles(user)})

    def perform(self) -> dict[str, Any]:
        before = read_user(self._client, self._request)
        body = {"syncToProfiles": True}
        self._client.send("sync_selfservice_access", **self._request, body=body)
        try:
            return _compared(before, read_user(self._client, self._request))
        except PanelError as error:
            error.uncertain = True
            error.add_hint("the panel accepted the change, but reading the level afterwards failed")
            raise


def level_by_profiles(user: Mapping[str, Any]) -> str:
    """Return the level that follows from the user's hourly and resource profiles (INFERRED)."""
    hourly = bool(user.get("hourly_group_profiles"))
    packs = bool(user.get("resource_group_profiles"))
    return SELF_SERVICE[hourly + 2 * packs]


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    comparison = Comparison.between(_SCHEMA, before, {"self_service": after.get("self_service")})
    return {
        "changed": comparison.changed,
        "user": dict(after),
        "changes": comparison.rows(),
        "diff": comparison.diff(),
    }
