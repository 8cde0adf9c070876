# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a VirtFusion panel: a bearer token, JSON, and errors by HTTP status."""

from __future__ import annotations

from typing import Any

from .._core.dialect import Dialect, Rejection
from .._core.errors import Code
from .._core.http import Request, Response
from .._core.operations import Operation
from .errors import error_text, inner_failure, reports_absence
from .operations import OPERATIONS


class VirtFusionDialect(Dialect):
    """Dialect of the panel's Global API.

    :param token: API token, created in the panel under Configuration, API.
    """

    panel = "VirtFusion"
    operations = OPERATIONS

    def __init__(self, token: str) -> None:
        self._token = token

    def secrets(self) -> tuple[str, ...]:
        return (self._token,)

    def authorise(self, request: Request) -> Request:
        return request.with_header("Authorization", f"Bearer {self._token}").with_header(
            "Accept", "application/json"
        )

    def message(self, response: Response) -> str:
        return error_text(response)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        return super().says_absent(operation, response) and reports_absence(response)

    def failed_inside(self, answer: Any) -> Rejection | None:
        message = inner_failure(answer)
        return Rejection(Code.JOB_FAILED, message) if message else None
