# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Self-service credit of a VirtFusion user: a ledger whose entries are added and cancelled."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.converge import results
from ..._core.errors import PanelError, invalid
from ..._core.fields import Field, Schema, identifier
from ..._core.runner import Action
from ..._core.session import UncertainWrite
from ..client import VirtFusion
from .user import read_user, user_request

CREDIT = Schema(Field("id", "id", identifier, required=True))

#: The panel stores 64 bits of reference 1 and 1000 characters of reference 2 (virtfusion 5.2).
_REFERENCE_1 = range(-(2**63), 2**63)
_REFERENCE_2 = 1000

#: The options of virtfusion_selfservice_credit.
SELFSERVICE_CREDIT_OPTIONS = ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["added", "cancelled"], "default": "added"},
        "ext_relation_id": {"type": "int"},
        "relation_string": {"type": "str"},
        "tokens": {"type": "float", "no_log": False},
        "reference_1": {"type": "int"},
        "reference_2": {"type": "str"},
        "credit_id": {"type": "int"},
    },
    mutually_exclusive=[
        ("ext_relation_id", "relation_string", "credit_id"),
        ("tokens", "credit_id"),
        ("reference_1", "credit_id"),
        ("reference_2", "credit_id"),
    ],
    required_if=[
        ("state", "added", ["tokens"]),
        ("state", "added", ["ext_relation_id", "relation_string"], True),
        ("state", "cancelled", ["credit_id"]),
    ],
)


class SelfserviceCredit(Action[VirtFusion]):
    """Adds credit at every run, or cancels an entry. No read shows an entry (virtfusion 5.2)."""

    shown = results(credit=CREDIT)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._client = client
        self._adds = params["state"] == "added"
        if self._adds:
            self._request = user_request(params)
            self._body = _body(params)
        else:
            self._credit_id = positive("credit_id", params["credit_id"])

    def predict(self) -> dict[str, Any]:
        if self._adds:
            read_user(self._client, self._request)
        return {}

    def perform(self) -> dict[str, Any]:
        self.predict()  # a user who is not there is no reason to send a write
        if not self._adds:
            return self._cancel()
        answer = self._client.one("add_selfservice_credit", **self._request, body=self._body)
        return {"credit": CREDIT.project(answer)}

    def _cancel(self) -> dict[str, Any]:
        credit = {"credit": {"id": self._credit_id}}
        try:
            self._client.send("cancel_selfservice_credit", path={"credit_id": self._credit_id})
        except UncertainWrite as error:
            error.add_hint("run this again: cancelling twice is safe")
            raise
        except PanelError as error:
            if not error.absent:
                raise
            # Probably cancelled earlier (virtfusion 10, operation 78).
            return {"changed": False, **credit}
        return credit


def _body(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request body for the entry. :raises PanelError: ``validation``."""
    tokens, first, second = params["tokens"], params["reference_1"], params["reference_2"]
    if not math.isfinite(tokens) or tokens == 0:
        raise invalid(f"tokens must be a number other than 0, not {tokens}")
    if first is not None and first not in _REFERENCE_1:
        raise invalid(f"reference_1 must fit into 64 bits, not {first}")
    if second is not None and len(second) > _REFERENCE_2:
        raise invalid(f"reference_2 must have at most {_REFERENCE_2} characters, not {len(second)}")
    body = {
        "tokens": int(tokens) if tokens == int(tokens) else tokens,
        "reference_1": first,
        "reference_2": second,
    }
    return {name: value for name, value in body.items() if value is not None}
