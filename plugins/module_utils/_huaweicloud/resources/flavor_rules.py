# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks before an order: the pair of flavors, the number of phones, the state of the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.converge import View
from ..._core.errors import Code, PanelError, invalid
from ..client import HuaweiCloud
from .models import PHONE_MODEL
from .server import NORMAL

#: The reaction to an objection: fail, warn, or do not check.
STRICT, WARN, NONE = "strict", "warn", "none"

#: The hint for a server in a state that does not permit a change.
_NOT_NOW: Mapping[str, str] = {
    "creating": "wait until it is ready",
    "starting": "wait until it is ready",
    "stopping": "start it when it has stopped",
    "stopped": "start it first",
    "stop_failed": "start it first",
    "frozen": "renew it, or top up the account",
    "abnormal": "have it repaired first",
}


class FlavorLists:
    """The vendor's lists of flavors: the pairs, and the machine type of each server flavor."""

    def __init__(self, client: HuaweiCloud) -> None:
        self.pairs = {
            (row["server_model_name"], row["phone_model_name"]): row
            for row in map(PHONE_MODEL.project, client.phone_models())
        }
        self.types = {
            str(row.get("server_model_name")): row.get("server_type")
            for row in client.server_models()
        }


class FlavorRules:
    """The rules of the vendor for one pair of flavors (huaweicloud_cph 2.4).

    Private flavors may be missing from the lists (huaweicloud_cph 2.4), so nothing here is final.
    """

    def __init__(
        self, client: HuaweiCloud, server_model: str, phone_model: str, lists: FlavorLists
    ) -> None:
        self._client = client
        self._target = (server_model, phone_model)
        self._pairs, self._types = lists.pairs, lists.types

    @property
    def phone_model(self) -> dict[str, Any] | None:
        """Return the row of the pair, or None if it is not listed."""
        return self._pairs.get(self._target)

    def objections(self, server: View) -> list[PanelError]:
        """Return the objections to an order for a server."""
        found = [self._state(server), self._pair(), self._count(server)]
        return [objection for objection in found if objection]

    def refusal(self, server: View, title: str) -> PanelError | None:
        """Return all objections as one error, or None.

        :param title: the server's name in messages.
        """
        found = self.objections(server)
        if not found:
            return None
        message = "; ".join(objection.message for objection in found)
        return PanelError(
            found[0].code, message, action=f"change the flavor of {title}", hint=found[0].hint
        )

    def doubts(self, server: View) -> list[str]:
        """Return warnings about an order."""
        model = self.phone_model
        found = []
        if model and model.get("for_sale") is False:
            found.append("the phone flavor is withdrawn from sale")
        old, new = (
            self._types.get(name) for name in (server["server_model_name"], self._target[0])
        )
        if old and new and old != new:
            # No field states a generation; the machine type is the closest one (huaweicloud_cph 2.4).
            found.append(f"the server flavor may be of another generation: {new} instead of {old}")
        return found

    def _state(self, server: View) -> PanelError | None:
        if server["status"] == NORMAL:
            return None
        message = f"the server is {server['state']} (status {server['status']})"
        hint = _NOT_NOW.get(server["state"], "the server must be normal")
        return PanelError(Code.CONFLICT, message, hint=hint)

    def _pair(self) -> PanelError | None:
        server_model, phone_model = self._target
        if self._target in self._pairs:
            return None
        fitting = sorted(phone for server, phone in self._pairs if server == server_model)
        if fitting:
            message = f"phone_model_name {phone_model} does not belong to server_model_name {server_model}"
            return invalid(message, f"its phone flavors are {', '.join(fitting)}")
        known = ", ".join(sorted({server for server, _phone in self._pairs}))
        return invalid(
            f"server_model_name {server_model} is not listed",
            f"listed are {known or 'none'}; set precheck to warn for a private flavor",
        )

    def _count(self, server: View) -> PanelError | None:
        """Compare the number of phones, which must stay. Count the phones if the flavor does not state it."""
        model = self.phone_model
        desired = model.get("phone_capacity") if model else None
        if desired is None:
            return None
        current = self._pairs.get((server["server_model_name"], server["phone_model_name"]), {})
        count = current.get("phone_capacity")
        if count is None:
            count = len(self._client.phones({"server_id": server["id"]}))
        if count == desired:
            return None
        message = (
            f"the flavor is for {desired} phones, the server has {count}; the number must stay"
        )
        return invalid(message, "choose a flavor for the same number of phones")
