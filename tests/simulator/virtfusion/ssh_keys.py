# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SSH keys of users. There is no update (virtfusion 6)."""

from __future__ import annotations

import re
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .records import SshKey
from .times import offset, zulu

routes = new_routes()

PUBLIC_KEY = re.compile(r"(ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+) ([A-Za-z0-9+/]+=*)")


@routes.add("POST", "/ssh_keys")
def add_key(call: Call) -> Reply:
    """Add a key without its comment (INFERRED: the published key has none)."""
    user_id, name = call.integer("userId"), call.text("name", longest=255)
    public_key = call.text("publicKey", longest=16384)
    call.check()
    match = PUBLIC_KEY.match(public_key.strip())
    if user_id not in call.state.users:
        raise refusals.errors(422, "Invalid user")
    if match is None:
        raise refusals.errors(422, "Invalid public key")
    stored = " ".join(match.groups())
    known = any(
        key["userId"] == user_id and key["publicKey"] == stored
        for key in call.state.ssh_keys.values()
    )
    if known and call.switches.is_set("duplicate_key", "refuse"):
        raise refusals.errors(422, "Public key already exists")
    number, now = call.state.next_id("ssh_key"), call.now()
    call.state.ssh_keys[number] = {
        "id": number,
        "userId": user_id,
        "name": name,
        "publicKey": stored,
        "enabled": True,
        "created": now,
        "updated": now,
    }
    return data({"id": number, "name": name, "type": "OpenSSH", "createdAt": zulu(now)}, 201)


@routes.add("GET", "/ssh_keys/{keyId}")
def read_key(call: Call) -> Reply:
    """Return one key."""
    return data(_view(call.record(call.state.ssh_keys, "keyId", "ssh key")))


@routes.add("DELETE", "/ssh_keys/{keyId}")
def delete_key(call: Call) -> Reply:
    """Delete a key."""
    key = call.record(call.state.ssh_keys, "keyId", "ssh key")
    del call.state.ssh_keys[key["id"]]
    return nothing(204)


@routes.add("GET", "/ssh_keys/user/{userId}")
def list_keys(call: Call) -> Reply:
    """Return the keys of a user, not paged."""
    user = call.record(call.state.users, "userId", "user")
    keys = [key for key in call.state.ssh_keys.values() if key["userId"] == user["id"]]
    return data([_view(key) for key in keys])


def _view(key: SshKey) -> dict[str, Any]:
    return {
        "id": key["id"],
        "name": key["name"],
        "publicKey": key["publicKey"],
        "type": "OpenSSH",
        "enabled": key["enabled"],
        "created": offset(key["created"]),
        "updated": offset(key["updated"]),
    }
