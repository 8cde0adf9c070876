# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traffic statistics and traffic blocks (virtfusion 5.5). Months count from the day a server was created."""

from __future__ import annotations

import random
from typing import Any

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .records import Server, TrafficBlock
from .times import Period, zulu

routes = new_routes()

MONTHS_AHEAD = 25
"""Number of months for which blocks can be bought, including the current one (DOCUMENTED)."""


@routes.add("GET", "/servers/{serverId}/traffic")
def read_traffic(call: Call) -> Reply:
    """Return the bytes per month, newest first. The limit is in GB."""
    server = call.server()
    current = _current(call, server)
    months = [Period(server["created"], index) for index in range(current.index, 0, -1)]
    return data({"monthly": [_month(server, month) for month in months]})


@routes.add("GET", "/servers/{serverId}/traffic/blocks")
def read_blocks(call: Call) -> Reply:
    """Return the blocks of the server, and the months to which blocks can be added (an object, not a list)."""
    server = call.server()
    current = _current(call, server)
    ahead = [
        Period(server["created"], index)
        for index in range(current.index, current.index + MONTHS_AHEAD)
    ]
    return data(
        {
            "assigned": [_block(server, block, current) for block in server["trafficBlocks"]],
            "available": {
                "total": len(ahead),
                "current": _available(current),
                "months": {str(month.index): _available(month) for month in ahead},
            },
        }
    )


@routes.add("POST", "/servers/{serverId}/traffic/blocks")
def add_block(call: Call) -> Reply:
    """Add a block. The answer has no id, and equal blocks may be added again (OBSERVED)."""
    server = call.server()
    month, amount = call.integer("month", low=1), call.integer("amount", low=1)
    call.check()
    first = _current(call, server).index
    if not first <= month < first + MONTHS_AHEAD:
        raise refusals.errors(422, "Invalid month")
    number = call.state.next_id("traffic_block")
    server["trafficBlocks"].append(
        {"id": number, "month": month, "traffic": amount, "added": call.now()}
    )
    return nothing(201)


@routes.add("DELETE", "/servers/{serverId}/traffic/blocks/{blockId}")
def remove_block(call: Call) -> Reply:
    """Remove a block. The body in the API description is an artefact (INFERRED, virtfusion 1.1)."""
    server = call.server()
    number = call.number("blockId", "traffic block")
    block = next((block for block in server["trafficBlocks"] if block["id"] == number), None)
    if block is None:
        raise refusals.not_found("traffic block")
    server["trafficBlocks"].remove(block)
    return nothing(204)


def _current(call: Call, server: Server) -> Period:
    return Period.current(server["created"], call.state.clock.now)


def _month(server: Server, month: Period) -> dict[str, Any]:
    generator = random.Random(f"{server['uuid']}:traffic:{month.index}")
    received = generator.randrange(10_000_000_000) if server["built"] else 0
    sent = generator.randrange(10_000_000_000) if server["built"] else 0
    return {
        "month": month.index,
        "start": month.plain_start,
        "end": month.plain_end,
        "rx": received,
        "tx": sent,
        "total": received + sent,
        "limit": server["resources"]["traffic"],
        "blocks": [
            {"id": block["id"], "traffic": block["traffic"]}
            for block in server["trafficBlocks"]
            if block["month"] == month.index
        ],
    }


def _block(server: Server, block: TrafficBlock, current: Period) -> dict[str, Any]:
    month = Period(server["created"], block["month"])
    return {
        "id": block["id"],
        "current": block["month"] == current.index,
        "month": block["month"],
        "traffic": block["traffic"],
        "start": month.plain_start,
        "end": month.plain_end,
        "added": zulu(block["added"]),
    }


def _available(month: Period) -> dict[str, Any]:
    return {"month": month.index, "start": month.plain_start, "end": month.plain_end}
