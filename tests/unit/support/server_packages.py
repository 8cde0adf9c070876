# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A few VirtFusion servers, and the requests of a run that puts them on a package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, page, server

PACKAGE = get("/packages/3", ok(package(memory=4096)))
SMALL, BIG = server(id=7), server(id=8, name="web02", memory=4096)


def listed(*servers: Mapping[str, Any]) -> Step:
    """The list of all servers, of which each row is the whole server."""
    return get("/servers", answer(200, page(*servers)))


def change(server_id: int = 7, status: int = 204) -> Step:
    """The package change of a server."""
    return put(f"/servers/{server_id}/package/3", answer(status))


def again(server_id: int = 7, memory: int = 4096, **changes: Any) -> Step:
    """The read that proves it."""
    return get(f"/servers/{server_id}", ok(server(id=server_id, memory=memory, **changes)))


def by_id(result: Mapping[str, Any]) -> dict[int, str]:
    """What became of each server."""
    return {row["id"]: row["outcome"] for row in result["results"]}
