# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The signature of a request, algorithm SDK-HMAC-SHA256 (huaweicloud_cph 1.3)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

ALGORITHM = "SDK-HMAC-SHA256"
#: Header with the moment of the signature; the gateway allows 15 minutes of difference.
DATE = "X-Sdk-Date"
#: How that moment is written, in UTC.
DATE_FORM = "%Y%m%dT%H%M%SZ"


def canonical_query(query: Mapping[str, Any]) -> str:
    """Return the query as both sides compute it: sorted, and encoded but for ``~``.

    A list repeats its parameter; yes and no are words in lower case.
    """
    pairs = sorted(
        (name, _written(item))
        for name, value in query.items()
        for item in (value if isinstance(value, (list, tuple)) else [value])
    )
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in pairs)


def authorization(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    content: bytes,
    *,
    access_key: str,
    secret_key: str,
) -> str:
    """Return the value of the ``Authorization`` header.

    :param path: as it is sent.
    :param query: as :func:`canonical_query` returns it, and as it is sent.
    :param headers: all that are to be signed, :data:`DATE` and ``Host`` among them. The gateway
        leaves out names that hold an underscore, so they are not signed.
    :param content: the bytes of the body.
    """
    signed = {
        name.lower(): value.strip() for name, value in sorted(headers.items()) if "_" not in name
    }
    names = ";".join(sorted(signed))
    canonical = "\n".join(
        [
            method.upper(),
            _canonical_path(path),
            query,
            "".join(f"{name}:{signed[name]}\n" for name in sorted(signed)),
            names,
            hashlib.sha256(content).hexdigest(),
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join([ALGORITHM, signed[DATE.lower()], digest])
    signature = hmac.new(secret_key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Access={access_key}, SignedHeaders={names}, Signature={signature}"


def _canonical_path(path: str) -> str:
    """The path, encoded anew. Its closing slash is for the signature only."""
    encoded = quote(unquote(path), safe="/~")
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
