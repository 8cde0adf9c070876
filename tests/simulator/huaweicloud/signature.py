# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Verify a request's signature, algorithm SDK-HMAC-SHA256 (huaweicloud_cph 1.3).

Exactly the headers that the request lists are verified: some clients sign every header, others add some after
signing. The code follows the vendor's description and is independent of the collection's own signer, so that the two
check each other.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from ..exchange import Request

ALGORITHM = "SDK-HMAC-SHA256"
DATE_FORM = "%Y%m%dT%H%M%SZ"
MOST_SKEW = timedelta(minutes=15)

_AUTHORIZATION = re.compile(
    rf"{ALGORITHM}\s+Access=(?P<key>[^,\s]+),\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>\w+)"
)


@dataclass(frozen=True)
class Claim:
    """The content of an `Authorization` header."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


def claim_of(authorization: str) -> Claim | None:
    """Parse the header. Return None if it is for another algorithm."""
    found = _AUTHORIZATION.fullmatch(authorization.strip())
    if found is None:
        return None
    return Claim(found["key"], tuple(found["headers"].split(";")), found["signature"])


def date_of(request: Request) -> datetime | None:
    """Return the client's time of signing, or None without a valid date."""
    try:
        text = request.headers.get("x-sdk-date", "")
        return datetime.strptime(text, DATE_FORM).replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def is_authentic(request: Request, claim: Claim, secret_key: str) -> bool:
    """Return whether the signature of a request is valid for a secret key."""
    if any(name not in request.headers for name in claim.signed_headers):
        return False
    content = request.headers.get("x-sdk-content-sha256")
    if content not in (None, "UNSIGNED-PAYLOAD", hashlib.sha256(request.body).hexdigest()):
        return False
    expected = signature_of(request, claim.signed_headers, secret_key)
    return hmac.compare_digest(expected, claim.signature)


def signature_of(request: Request, signed_headers: tuple[str, ...], secret_key: str) -> str:
    """Return the expected signature of a request."""
    canonical = canonical_request(request, signed_headers).encode("latin-1")
    to_sign = "\n".join(
        (ALGORITHM, request.headers.get("x-sdk-date", ""), hashlib.sha256(canonical).hexdigest())
    )
    return hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def canonical_request(request: Request, signed_headers: tuple[str, ...]) -> str:
    """Return the canonical form of a request.

    The path gets a trailing slash for signing only. An `X-Sdk-Content-Sha256` header replaces the hash of the body.
    """
    path = quote(request.path, safe="/~")
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(request.query))
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed_headers)
    body = request.headers.get("x-sdk-content-sha256") or hashlib.sha256(request.body).hexdigest()
    return "\n".join(
        (
            request.method.upper(),
            path if path.endswith("/") else f"{path}/",
            query,
            headers,
            ";".join(signed_headers),
            body,
        )
    )


def _encoded(text: str) -> str:
    return quote(text, safe="~")
