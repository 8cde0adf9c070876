# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refusals in the four shapes of the services (huaweicloud_cph 1.1, 4)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply

SENTENCES = {
    "CPS.0001": "No permission to perform this operation.",
    "CPS.0002": "The request parameter is invalid.",
    "CPS.0006": "Operation restricted: the account is in arrears.",
    "CPS.0007": "Operation suspended: the account is frozen.",
    "CPS.0008": "Operation refused: real-name authentication is missing.",
    "CPS.0005": "The phone does not exist.",
    "CPS.0015": "The server does not exist.",
    "CPS.0016": "The server_id is invalid.",
    "CPS.0027": "The phone_model_name is empty.",
    "CPS.0028": "The phone_model_name is invalid.",
    "CPS.0042": "The system is busy.",
    "CPS.0046": "The project_id is invalid.",
    "CPS.0050": "No job belongs to this request_id.",
    "CPS.0055": "The extend_param is invalid.",
    "CPS.0060": "The is_auto_pay is invalid.",
    "CPS.0062": "The order could not be created.",
    "CPS.0088": "The server_model_name is empty.",
    "CPS.0089": "The server_model_name is invalid.",
    "CPS.0098": "The server is not ready.",
    "CPS.0099": "The server is not ready.",
    "CPS.0105": "The status of the server does not allow this.",
    "CPS.0157": "The phone model is invalid.",
    "CPS.0257": "The phone model is not supported.",
    "CPS.1028": "The server is frozen.",
}
"""Messages by code. The meanings are DOCUMENTED (huaweicloud_cph 2.8), the wording is the simulator's."""

STATUSES = {
    **dict.fromkeys(("CPS.0001", "CPS.0006", "CPS.0007", "CPS.0008"), 403),
    **dict.fromkeys(("CPS.0005", "CPS.0015"), 404),
}
"""HTTP statuses other than 400. DOCUMENTED for 0005, INFERRED for the others (huaweicloud_cph 2.8)."""

INCORRECT = "Incorrect IAM authentication information: "


class Refused(Exception):
    """A request that is refused without any effect."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body)
        self.reply = Reply(status, body)


class Unauthenticated(Exception):
    """A caller without valid credentials. Each service refuses it in its own shape."""


class CpsError(Refused):
    """A refusal by CPH itself. The panel adds the request id and applies the switches."""

    def __init__(self, code: str, sentence: str | None = None) -> None:
        self.code = code
        text = sentence or SENTENCES[code]
        super().__init__(STATUSES.get(code, 400), {"error_code": code, "error_msg": text})


def gateway(status: int, code: str, text: str) -> Refused:
    """Return a refusal by the API gateway before CPH. DOCUMENTED shape."""
    return Refused(status, {"error_msg": text, "error_code": code})


def keystone(status: int, title: str, message: str) -> Refused:
    """Return a refusal by IAM. DOCUMENTED shape."""
    return Refused(status, {"error": {"code": status, "message": message, "title": title}})


def billing(status: int, code: str, text: str) -> Refused:
    """Return a refusal by the order service."""
    return Refused(status, {"error_code": code, "error_msg": text})
