# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Traffic blocks of a VirtFusion server: traffic on top of its allowance, each for one month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, positive
from ..._core.changes import Comparison
from ..._core.converge import Converged, View, results
from ..._core.errors import invalid, unreadable
from ..._core.existence import ABSENT, PRESENT, STATE
from ..._core.fields import (
    Compare,
    Field,
    Schema,
    boolean,
    identifier,
    integer,
    pick,
    rows_of,
    text,
    whole_amount,
)
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .server_view import ServerPart

BLOCK = Schema(
    Field("id", "id", identifier, required=True),
    #: The server's first month is number 1 (virtfusion 5.5).
    Field("month", "month", whole_amount, required=True),
    Field("current", "current", boolean),
    Field("traffic", "traffic", whole_amount, "GB", required=True),
    Field("start", "start", text),
    Field("end", "end", text),
    Field("added", "added", text),
)


def months_of(value: Any) -> dict[int, Any]:
    """Return the months by number. The panel sends an object whose keys are the numbers (virtfusion 5.5)."""
    rows = value.values() if isinstance(value, Mapping) else value or ()
    return {int(pick(row, "month")): row for row in rows}


#: All blocks of a server, and the months to which blocks can be added.
TRAFFIC_BLOCKS = Schema(
    Field("blocks", "assigned", rows_of("blocks_of", BLOCK), required=True),
    Field("current_month", "available.current.month", integer, absent=None),
    Field("months", "available.months", months_of, absent={}),
)


def read_traffic_blocks(client: VirtFusion, server_id: int) -> dict[str, Any]:
    """Return the blocks of a server, and the months to which blocks can be added."""
    return TRAFFIC_BLOCKS.project(client.one("list_traffic_blocks", path={"server_id": server_id}))


#: The options of virtfusion_server_traffic_block.
TRAFFIC_BLOCKS_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "traffic": {"type": "int"},
        "exact": {"type": "bool", "default": False},
        "month": {"type": "int"},
        "block_id": {"type": "int"},
    },
    mutually_exclusive=[(name, "block_id") for name in ("traffic", "exact", "month")],
    required_if=[("state", "present", ["traffic"]), ("state", "absent", ["block_id"])],
)


def traffic_blocks(
    client: VirtFusion, params: Mapping[str, Any]
) -> MonthTraffic | RemovedTrafficBlock:
    """Return the resource that the options select: a month's traffic, or a block to remove."""
    if params["state"] == ABSENT:
        return RemovedTrafficBlock(client, params)
    return MonthTraffic(client, params)


class MonthTraffic(ServerPart):
    """A month with a desired amount of block traffic. A block is added for the missing amount."""

    key = "month"
    shown = results(month=("number", "start", "end", "traffic", "blocks"), added=None)
    schema = Schema(
        Field("number", "month", integer, required=True),
        Field("start", "start", text),
        Field("end", "end", text),
        Field(
            "traffic",
            "traffic",
            integer,
            "GB",
            Compare.AT_LEAST,
            why_not="the total can only be raised; to lower it, remove a block by ID with state=absent",
        ),
        Field("blocks", "blocks", list),
    )

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"month": (1, None), "traffic": (1, None)})
        super().__init__(client, params)
        self._month = params["month"]
        self._months: Mapping[int, Any] = {}
        self._traffic = 0

    def read(self) -> View:
        found = read_traffic_blocks(self._client, self._server_id)
        self._months = found["months"]
        if self._month is None:
            self._month = found["current_month"]
        if self._month is None:
            raise unreadable("the panel does not show the current month", "set month")
        blocks = [block for block in found["blocks"] if block["month"] == self._month]
        self._traffic = sum(block["traffic"] for block in blocks)
        row = {"month": self._month, "traffic": self._traffic, "blocks": blocks}
        return self.schema.project({**self._months.get(self._month, {}), **row})

    def desired(self) -> Mapping[str, Any]:
        desired: int = self._params["traffic"]
        return {"traffic": desired if self._params["exact"] else max(desired, self._traffic)}

    def permit(self, comparison: Comparison) -> None:
        if self._month not in self._months:
            open_months = f"{min(self._months)} to {max(self._months)}" if self._months else "none"
            raise invalid(
                f"month {self._month} is not open for blocks: "
                f"the open months of server {self._server_id} are {open_months}",
                "the server's first month is number 1",
            )

    def apply(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        amount = change.desired - change.before
        self._send("add_traffic_block", {"month": self._month, "amount": amount})

    def conclude(self, converged: Converged) -> dict[str, Any]:
        super().conclude(converged)
        there = {block["id"] for block in converged.before["blocks"]}
        # The panel does not return the ID of the new block (virtfusion 5.5).
        return {"added": [b for b in converged.after["blocks"] if b["id"] not in there]}

    def name(self, view: View) -> str:
        return f"traffic of server {self._server_id} in month {view['number']}"


traffic_blocks.shown = MonthTraffic.shown  # type: ignore[attr-defined]


class RemovedTrafficBlock(ServerPart):
    """A block that must be absent. Only the ID distinguishes equal blocks."""

    key = "block"
    shown = results(block=(STATE.name, *BLOCK))
    schema = Schema(STATE)

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._block_id = positive("block_id", params["block_id"])
        self.given = {"id": self._block_id}
        super().__init__(client, params)

    def is_missing(self, view: View) -> bool:
        return bool(view["state"] == ABSENT)

    def read(self) -> View:
        blocks = read_traffic_blocks(self._client, self._server_id)["blocks"]
        found = next((block for block in blocks if block["id"] == self._block_id), None)
        return {"state": PRESENT, **found} if found else {"state": ABSENT}

    def desired(self) -> Mapping[str, Any]:
        return {"state": ABSENT}

    def apply(self, comparison: Comparison) -> None:
        self._send("remove_traffic_block", block_id=self._block_id)

    def name(self, view: View) -> str:
        return f"traffic block {self._block_id} of server {self._server_id}"
