# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VirtFusion servers and the requests of a run that changes their package."""

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
    """Expect a read of the server list, with complete rows."""
    return get("/servers", answer(200, page(*servers)))


def change(server_id: int = 7, status: int = 204) -> Step:
    """Expect the package change of a server."""
    return put(f"/servers/{server_id}/package/3", answer(status))


def again(server_id: int = 7, memory: int = 4096, **changes: Any) -> Step:
    """Expect the read after the change."""
    return get(f"/servers/{server_id}", ok(server(id=server_id, memory=memory, **changes)))
