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
#: Header with the time of the signature. The gateway accepts a difference of 15 minutes.
DATE = "X-Sdk-Date"
#: Format of that time, in UTC.
DATE_FORM = "%Y%m%dT%H%M%SZ"


def canonical_query(query: Mapping[str, Any]) -> str:
    """Return the query in the form that is signed: sorted, and encoded except for ``~``.

    A list repeats its parameter. Booleans are in lower case.
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
    :param headers: the headers to sign, with :data:`DATE` and ``Host``. Names with an underscore
        are not signed, because the gateway ignores them.
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
    """Return the path, encoded again. The closing slash is for the signature only."""
    encoded = quote(unquote(path), safe="/~")
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
