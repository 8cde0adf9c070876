# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host keys, and the lines of a known_hosts file."""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .server import SSH_PORT, CiServer

_KEY_TYPES = frozenset(
    {
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
    }
)


class HostKey(NamedTuple):
    """A public key of an SSH server."""

    type: str
    blob: str

    def __str__(self) -> str:
        return f"{self.type} {self.blob}"


def parse_keys(text: str) -> frozenset[HostKey]:
    """Return the host keys in the output of ssh-keyscan, in public key files or in a known_hosts file.

    The text may come from a server that is not trusted yet. So anything but a well-formed key is ignored.
    """
    found = set()
    for line in text.splitlines():
        words = line.split()
        for kind, blob in itertools.pairwise(words):
            if kind in _KEY_TYPES:
                if _is_key(kind, blob):
                    found.add(HostKey(kind, blob))
                break
    return frozenset(found)


def host_pattern(server: CiServer) -> str:
    """Return the name under which ssh looks for the keys of a server."""
    if server.port == SSH_PORT:
        return server.address
    return f"[{server.address}]:{server.port}"


def known_hosts(servers: Mapping[CiServer, Iterable[HostKey]]) -> str:
    """Return the content of a known_hosts file, sorted, so that equal keys give equal files."""
    return "".join(
        f"{host_pattern(server)} {key}\n"
        for server, keys in servers.items()
        for key in sorted(keys)
    )


def _is_key(kind: str, blob: str) -> bool:
    """Return whether the blob is base64 and begins with the type, as in RFC 4253 section 6.6."""
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError):
        return False
    length = int.from_bytes(raw[:4], "big")
    return raw[4 : 4 + length] == kind.encode("ascii") and len(raw) > 4 + length
