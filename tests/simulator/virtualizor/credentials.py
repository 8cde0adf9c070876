# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: key and pass in the query string, in one of three combinations (virtualizor 1.2)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from ..switches import Switches
from .php_input import Fields

SALT_LENGTH = 8
ALONE = "virtualizor_hash_only"

NAMES = ("adminapikey", "adminapipass", "apikey")
"""The parameters with credentials. They are read from the query only, even for a POST."""


@dataclass(frozen=True)
class Credentials:
    """A pair of API credentials. The older hash uses the same pass."""

    key: str
    password: str

    def accept(self, query: Fields, switches: Switches) -> bool:
        """Return whether a query has the plain pair, the salted hash alone, or both.

        A hash has no key, so alone it can only mean the master's pair (INFERRED, switch `hash_only`).
        All given credentials must be valid: a valid pair with a wrong hash is refused (INFERRED).
        """
        key, password, digest = (query.get(name) for name in NAMES)
        paired = key is not None or password is not None
        if paired and not (_same(key, self.key) and _same(password, self.password)):
            return False
        if digest is not None:
            return self._hashed(digest) and (paired or switches.is_set(ALONE, "accept"))
        return paired

    def _hashed(self, digest: object) -> bool:
        """Verify a hash: the salt, then the hexadecimal MD5 of pass and salt, together 40 characters."""
        if not isinstance(digest, str) or len(digest) != SALT_LENGTH + 32:
            return False
        salt, given = digest[:SALT_LENGTH], digest[SALT_LENGTH:]
        expected = hashlib.md5((self.password + salt).encode(), usedforsecurity=False).hexdigest()
        return _same(given, expected)


def _same(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())
