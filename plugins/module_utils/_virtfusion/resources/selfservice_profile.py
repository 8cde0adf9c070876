# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The self-service group profiles of a VirtFusion user."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.changes import Comparison, Reply
from ..._core.converge import View, in_turn
from ..._core.errors import PanelError, invalid, unreadable
from ..._core.existence import PRESENT
from ..._core.fields import Schema
from ..argspec import FIND_USER
from ..client import VirtFusion
from .user import USER, UserPart

#: For each type: the field that lists the profiles, and the operations that add and remove one.
_TYPES = {
    "hourly": (
        "hourly_group_profiles",
        "add_hourly_group_profile",
        "remove_hourly_group_profile",
    ),
    "resource": (
        "resource_group_profiles",
        "add_resource_group_profile",
        "remove_resource_group_profile",
    ),
}


#: The options of virtfusion_selfservice_profile.
SELFSERVICE_PROFILE_OPTIONS = FIND_USER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "type": {"type": "str", "choices": ["hourly", "resource"], "required": True},
        "profile_ids": {
            "type": "list",
            "elements": "int",
            "aliases": ["profile_id"],
            "required": True,
        },
    }
)


class SelfserviceProfile(UserPart):
    """Profiles of one type that a user must or must not have; others are left unchanged."""

    schema = Schema(USER["hourly_group_profiles"], USER["resource_group_profiles"])

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        if not params["profile_ids"]:
            raise invalid("profile_ids is empty")
        self._ids = {positive("profile_ids", item) for item in params["profile_ids"]}
        self._adds = params["state"] == PRESENT
        self._field, self._add, self._remove = _TYPES[params["type"]]
        self._has: set[int] = set()

    def read(self) -> View:
        view = super().read()
        if self._field not in view:
            raise unreadable(f"the panel does not show {self._field} of user {view['id']}")
        self._has = set(view[self._field])
        return view

    def desired(self) -> Mapping[str, Any]:
        return {self._field: sorted(self._has | self._ids if self._adds else self._has - self._ids)}

    def apply(self, comparison: Comparison) -> Reply:
        left = self._ids - self._has if self._adds else self._ids & self._has
        in_turn(*(partial(self._write, profile_id) for profile_id in sorted(left)))
        return Reply()

    def _write(self, profile_id: int) -> None:
        request = self._request
        try:
            if self._adds:
                self._client.send(self._add, **request, body={"profileId": profile_id})
            else:
                path = {**request["path"], "profile_id": profile_id}
                self._client.send(self._remove, path=path, query=request["query"])
        except PanelError as error:
            error.add_hint(f"the profile is {profile_id}")
            raise
