# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The password of a VirtFusion user. The panel generates it; it cannot be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.converge import results
from ..._core.fields import Field, Schema, secret, text
from ..._core.runner import Action
from ..client import VirtFusion
from .user import read_user, user_request

#: The password is a secret, but it is the module's result (virtfusion 6, 9).
CREDENTIALS = Schema(
    Field("email", "email", text, absent=None),
    Field("password", "password", secret, required=True),
)


class UserPassword(Action[VirtFusion]):
    """Generates a new password at every run."""

    shown = results(credentials=CREDENTIALS)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._request = user_request(params)

    def predict(self) -> dict[str, Any]:
        read_user(self._client, self._request)
        return {}

    def perform(self) -> dict[str, Any]:
        self.predict()  # a user who is not there is no reason to send a write
        answer = self._client.one("reset_user_password", **self._request)
        return {"credentials": CREDENTIALS.project(answer)}
