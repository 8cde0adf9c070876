# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, SSH keys and resource packs as a VirtFusion panel sends them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    Step,
    answer,
    get,
    ok,
)

USER = "/users/1042/byExtRelation"
#: The user's relation as an option, and as part of a path.
BY_ID = {"ext_relation_id": 1042}
BY_STRING = {"relation_string": "acme/eu west"}
USER_BY_STRING = "/users/acme%2Feu%20west/byExtRelation"

NO_USER = answer(404, {"msg": "ext_relation_id not found"})
DONE = answer(204)


def user(**changes: Any) -> dict[str, Any]:
    """Return a user as the panel shows one."""
    return {
        "id": 3,
        "admin": False,
        "extRelationId": 1042,
        "selfService": 1,
        "selfServiceHourlyGroupProfiles": [1, 2],
        "selfServiceResourceGroupProfiles": [],
        "selfServiceHourlyResourcePack": None,
        "name": "Ada Byron",
        "email": "ada@example.com",
        "timezone": "Europe/London",
        "suspended": False,
        "twoFactorAuth": False,
        "created": "2025-01-20T12:48:20.000000Z",
        "updated": "2025-01-20T13:00:38.000000Z",
        **changes,
    }


def shown(raw: Any) -> Step:
    """Expect a read of the user. ``raw`` is the user or the reply."""
    return get(USER, ok(raw) if isinstance(raw, dict) else raw)


def post(path: str, reply: Reply, body: Any = None, query: Mapping[str, Any] | None = None) -> Step:
    """Expect a POST request."""
    return Step("POST", path, reply, query, body)


def delete(path: str, reply: Reply, query: Mapping[str, Any] | None = None) -> Step:
    """Expect a DELETE request."""
    return Step("DELETE", path, reply, query)


def public_key(kind: str = "ssh-ed25519", seed: str = "a", comment: str = "") -> str:
    """Return a public key whose blob begins with its type."""
    blob = len(kind).to_bytes(4, "big") + kind.encode() + (seed * 36).encode()
    return f"{kind} {base64.b64encode(blob).decode()} {comment}".strip()


def key(key_id: int, name: str, line: str, **changes: Any) -> dict[str, Any]:
    """Return an SSH key as the list shows it."""
    return {
        "id": key_id,
        "name": name,
        "publicKey": line,
        "type": "OpenSSH",
        "enabled": True,
        "created": "2024-03-13T20:28:32+00:00",
        "updated": "2024-03-13T20:28:32+00:00",
        **changes,
    }


def pack(count: int = 0, /, **changes: Any) -> dict[str, Any]:
    """Return a resource pack made from template 9. Like the panel's, it lacks ``enabled``."""
    share = {"t": 4096, "u": 0, "f": 4096, "p": 0, "l": True}
    return {
        "type": "pack",
        "id": 18,
        "pid": 9,
        "label": None,
        "name": "Pack 2",
        "limits": {"total_servers": 2, "total_memory": 4096, "max_memory": 4096},
        "used": {"servers": count, "memory": 0, "storage": 0, "cpu": 0, "traffic": 0},
        "usage": {"servers": {**share, "t": 2, "u": count, "f": 2 - count}, "memory": share},
        **changes,
    }
