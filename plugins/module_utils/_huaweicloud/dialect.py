# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The dialect of Huawei Cloud: three services, signed requests or tokens, JSON, errors by code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from .._core.dialect import Dialect, Rejection
from .._core.http import Request, Response
from .._core.operations import Operation
from .._core.waiting import Clock, SystemClock
from .credentials import Account, Keys, Token
from .errors import OWN_CODES, refusal_of, rejection_of
from .operations import BSS, CPH, OPERATIONS
from .signer import DATE, DATE_FORM, authorization, canonical_query


class HuaweiCloudDialect(Dialect):
    """The services of one account in one region.

    :param account: the credentials; the client adds tokens and the project ID.
    :param clock: dates the signatures.
    """

    panel = "Huawei Cloud"
    operations = OPERATIONS
    address = "region"

    def __init__(self, account: Account, clock: Clock | None = None) -> None:
        self.account = account
        self._clock = clock or SystemClock()

    def secrets(self) -> tuple[str, ...]:
        proof = self.account.credentials
        if isinstance(proof, Keys):
            # The gateway repeats an unknown access key in its message.
            return (proof.secret_key, proof.security_token, proof.access_key)
        return (proof.token if isinstance(proof, Token) else proof.password,)

    def authorise(self, request: Request) -> Request:
        proof = self.account.credentials
        if isinstance(proof, Keys):
            return self._signed(request, proof)
        token = self.account.token_for(request.service)
        asked = request.with_header("Accept", "application/json")
        return asked.with_header("X-Auth-Token", token) if token else asked

    def message(self, response: Response) -> str:
        refusal = refusal_of(response)
        return refusal.sentence() if refusal else ""

    def reject(self, response: Response) -> Rejection | None:
        return rejection_of(response)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        refusal = refusal_of(response)
        return refusal is not None and refusal.code.startswith(OWN_CODES)

    def decode(self, response: Response) -> Any:
        """Return the body. An object also gets the headers that are part of the response.

        ``x_request_id`` is the gateway's ID of the request, ``x_subject_token`` a new token.
        """
        body = response.json()
        if isinstance(body, Mapping):
            heads = {
                name.replace("-", "_"): response.headers[name]
                for name in ("x-request-id", "x-subject-token")
                if name in response.headers
            }
            return {**body, **heads}
        return body

    def _signed(self, request: Request, keys: Keys) -> Request:
        """Return the signed request, with the signed query in its URL."""
        parts = urlsplit(request.url)
        query = canonical_query(request.query)
        now = datetime.fromtimestamp(self._clock.time(), tz=timezone.utc)
        headers = {
            **request.headers,
            "Host": parts.netloc,
            DATE: now.strftime(DATE_FORM),
            **self._scope(request.service),
        }
        if request.content:
            headers["Content-Type"] = request.content_type
        if keys.security_token:
            headers["X-Security-Token"] = keys.security_token
        signature = authorization(
            request.method,
            parts.path,
            query,
            headers,
            request.content,
            access_key=keys.access_key,
            secret_key=keys.secret_key,
        )
        headers |= {"Authorization": signature, "Accept": "application/json"}
        url = f"{request.url}?{query}" if query else request.url
        return replace(request, url=url, query={}, headers=headers)

    def _scope(self, service: str) -> dict[str, str]:
        """Return the header with the scope of a signature: a project, or the account for orders."""
        if service == CPH and self.account.project_id:
            return {"X-Project-Id": self.account.project_id}
        if service == BSS and self.account.domain_id:
            return {"X-Domain-Id": self.account.domain_id}
        return {}
