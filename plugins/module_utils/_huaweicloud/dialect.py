# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of Huawei Cloud: three services, signed requests or tokens, JSON, errors by code.

The phone service, the order service and their gateway send ``error_code`` and ``error_msg``. IAM
sends ``error`` with ``code`` and ``message``. Other services use other spellings (huaweicloud_cph
1.1, 4). A refusal can have status 200 (huaweicloud_cph 2.2). The HTTP status of a code has changed
over the years, so the code decides (huaweicloud_cph 2.8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from .._core.clock import Clock, SystemClock
from .._core.dialect import Dialect, Operation, Rejection, rejection_by_status
from .._core.errors import Code, Fault
from .._core.http import Request, Response
from .._core.safe_text import shortened
from .credentials import Account, Keys, Token
from .operations import BSS, CPH, OPERATIONS
from .signer import DATE, DATE_FORM, authorization, canonical_query


class HuaweiCloudDialect(Dialect):
    """The services of one account in one region.

    :param account: the credentials; the client adds tokens and the project ID.
    :param clock: dates the signatures.
    """

    panel = "Huawei Cloud"
    operations = OPERATIONS
    address = "the endpoint of the region"

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


#: Some samples print the code without its dot.
_CODE = re.compile(r"([A-Z]+)\.?(\d{4})")

#: Beginnings of the codes of the phone service and the order service. Only these services have the objects.
OWN_CODES = ("CPS.", "CBC.")

_ENDPOINTS = "check region, and cph_endpoint, iam_endpoint and bss_endpoint where they are set"
_SIGN_IN = (
    "check the credentials, and that the clock of this host is correct to 15 minutes; do not just repeat the request:"
    " more than 5 failures lock an access key for 5 minutes"
)
_PERMISSION = "give the user the permission, on the project of this region"
_SLOWER = "lower rate_limit, or raise retry_budget"
_LATER = "the service is busy; try again later"
_FLAVOR = "huaweicloud_cph_phone_model_info lists the pairs of flavors"
_SITE = (
    "check that bss_endpoint belongs to the site of the account, and that the credentials are of the account,"
    " not a token of a project"
)

#: The failure code, the hint and the fault of each code. With a fault the request may be repeated
#: (huaweicloud_cph 2.8, 4).
_MEANINGS: Mapping[str, tuple[Code, str, Fault | None]] = {
    "CPS.0001": (Code.FORBIDDEN, _PERMISSION, None),
    "CPS.0003": (Code.TRANSPORT, "", Fault.SERVER_ERROR),
    "CPS.0042": (Code.TRANSPORT, _LATER, Fault.SERVER_ERROR),
    "CPS.0006": (Code.FORBIDDEN, "the account is in arrears", None),
    "CPS.0007": (Code.FORBIDDEN, "the account is frozen", None),
    "CPS.0008": (Code.FORBIDDEN, "the account lacks real-name authentication", None),
    **dict.fromkeys(
        ("CPS.0005", "CPS.0015", "CPS.0050", "CPS.0156", "CPS.0159"), (Code.NOT_FOUND, "", None)
    ),
    "CPS.0046": (Code.VALIDATION, "check project_id: it belongs to one region", None),
    **dict.fromkeys(
        ("CPS.0027", "CPS.0028", "CPS.0088", "CPS.0089", "CPS.0157", "CPS.0257"),
        (Code.VALIDATION, _FLAVOR, None),
    ),
    **dict.fromkeys(("CPS.0053", "CPS.1028"), (Code.CONFLICT, "it is frozen: renew it", None)),
    **dict.fromkeys(("CPS.0098", "CPS.0099", "CPS.0105"), (Code.CONFLICT, "", None)),
    **dict.fromkeys(
        ("CPS.0061", "CPS.0062", "CPS.0063", "CPS.0064"),
        (
            Code.REFUSED,
            "no order was made; an earlier one may still be open: check My Orders in the console",
            None,
        ),
    ),
    **dict.fromkeys(
        ("CPS.0065", "CPS.0066", "CPS.0096", "CPS.0196"),
        (Code.REFUSED, "a quota or the stock is used up", None),
    ),
    **dict.fromkeys(("APIGW.0101", "APIGW.0103"), (Code.PROTOCOL, _ENDPOINTS, None)),
    **dict.fromkeys(("APIGW.0301", "APIGW.0303"), (Code.AUTH, _SIGN_IN, None)),
    "APIGW.0302": (Code.FORBIDDEN, "the user, or the address of this host, is blocked", None),
    "APIGW.0308": (Code.RATE_LIMITED, _SLOWER, Fault.RATE_LIMITED),
    **dict.fromkeys(("CBC.0150", "CBC.0156"), (Code.FORBIDDEN, _SITE, None)),
}


@dataclass(frozen=True)
class Refusal:
    """A refusal in the body of a response.

    :param code: such as ``CPS.0015``, or ``""``.
    :param words: the message on one line, or ``""``.
    :param request_id: the service's ID of the request, or ``""``.
    :param order_id: the order that a response with status 200 names nevertheless, or ``""``.
    """

    code: str
    words: str
    request_id: str
    order_id: str = ""

    def sentence(self) -> str:
        """Return the message with the code and the request ID, for the vendor's support."""
        about = [
            self.code,
            f"request {self.request_id}" if self.request_id else "",
            f"order {self.order_id}" if self.order_id else "",
        ]
        tail = ", ".join(filter(None, about))
        return " ".join(filter(None, [self.words, f"[{tail}]" if tail else ""]))


def refusal_of(response: Response) -> Refusal | None:
    """Return the refusal in the body, or None.

    A job is not a refusal: its own error is in the same keys (huaweicloud_cph 3.1).
    """
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, Mapping) or "job_id" in body:
        return None
    inner = body.get("error")
    reported = inner if isinstance(inner, Mapping) else body
    code = first_text(reported, "error_code", "errorCode") or (
        "" if response.ok else first_text(reported, "code", "title")
    )
    words = first_text(reported, "error_msg", "errorMsg")
    if response.ok and not code and not words:
        return None
    words = words or first_text(reported, "message") or (inner if isinstance(inner, str) else "")
    heads = response.headers
    request_id = (
        first_text(body, "request_id")
        or heads.get("x-request-id")
        or heads.get("x-iam-trace-id", "")
    )
    # IAM repeats the HTTP status as its code.
    shown = "" if code == str(response.status) else normal_code(code)
    order_id = first_text(body, "order_id") if response.ok else ""
    return Refusal(shown, shortened(words), request_id, order_id)


def rejection_of(response: Response) -> Rejection | None:
    """Return why the response is not a success, or None."""
    refusal = refusal_of(response)
    if refusal is None and response.ok:
        return None
    message = refusal.sentence() if refusal else _plain(response)
    meaning = _MEANINGS.get(refusal.code if refusal else "")
    if refusal and refusal.order_id:
        # The order may exist although the response also has an error (huaweicloud_cph 2.2).
        code, hint, _fault = meaning or (Code.REFUSED, "", None)
        return Rejection(code, message, Fault.HALF_DONE, hint)
    if meaning:
        code, hint, fault = meaning
        return Rejection(code, message, fault, hint)
    if response.ok:
        return Rejection(Code.REFUSED, message)
    rejection = rejection_by_status(response, message)
    return Rejection(rejection.code, rejection.message, rejection.fault, _hint(response.status))


def _hint(status: int) -> str:
    """Return the hint for an HTTP status."""
    if 300 <= status < 400:
        return _ENDPOINTS
    return {401: _SIGN_IN, 403: _PERMISSION, 429: _SLOWER}.get(status, "")


def normal_code(code: str) -> str:
    """Return a code in the form of the vendor's tables, with a dot and the family of the gateway."""
    found = _CODE.fullmatch(code)
    if found is None:
        return code
    family = "APIGW" if found[1] == "APIG" else found[1]
    return f"{family}.{found[2]}"


def first_text(reported: Mapping[str, Any], *names: str) -> str:
    """Return the first value that is not empty, as text."""
    for name in names:
        value = reported.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _plain(response: Response) -> str:
    """Return a body that is plain text, or ``""`` for HTML and JSON."""
    text = response.text.strip()
    return "" if text[:1] in ("<", "{", "[") else shortened(text)
