# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet in memory for the tests of the run model: boxes with a size and a weight.

The panel can lose responses, apply writes late, ignore them or apply a part of them. It records every
write.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import (
    FleetChange,
    FleetItem,
    ItemId,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import (
    Reversal,
    Reversals,
    Rollback,
)

ADDRESS = "https://boxes.example.com/api"
DESIRED = {"size": 10, "weight": 20}
#: A rollback cannot restore this weight.
LOST_WEIGHT = 1


class Behavior(enum.Enum):
    """How the panel treats a write."""

    DONE = "done"
    #: The request is not accepted.
    FAILS = "fails"
    #: The response is lost; the write takes effect at once, later, or never.
    LOST_DONE = "lost, done"
    LOST_LATE = "lost, late"
    LOST = "lost"
    #: The response is a success; the write takes effect later, or never.
    LATE = "late"
    IGNORED = "ignored"
    #: The panel reports that it does not change any field, or the last one.
    REFUSED = "refused"
    ONE_REFUSED = "one refused"
    #: One field is written; the request for the rest fails, or its response is lost.
    HALF_FAILS = "half, fails"
    HALF_LOST = "half, lost"


#: Behaviors that lose the response of a write.
_LOSES = (Behavior.LOST, Behavior.LOST_DONE, Behavior.LOST_LATE)


@dataclass(frozen=True)
class Write:
    """A value that was sent to the panel.

    :param command: the number of the command that sent it.
    :param accepted: whether the panel did not report that it refuses the value.
    """

    command: int
    box: ItemId
    field: str
    before: int
    desired: int
    accepted: bool


class BoxPanel:
    """The panel.

    :param boxes: the values of each box, by field. The IDs count from 1.
    """

    def __init__(self, boxes: Iterable[Mapping[str, int]]) -> None:
        self.boxes: dict[ItemId, dict[str, int]] = {
            number: dict(box) for number, box in enumerate(boxes, 1)
        }
        self.rooms: dict[ItemId, str] = {}
        #: The boxes for which a comparison predicts that a change fails.
        self.locked: set[ItemId] = set()
        self.behaviors: dict[ItemId, Behavior] = {}
        #: Effects of accepted writes that do not show yet.
        self.late: list[Write] = []
        self.writes: list[Write] = []
        #: The number of the current command.
        self.command = 0
        #: Whether lists and look-ups fail.
        self.unreadable = False
        #: Called before and after each write.
        self.before: Callable[[ItemId], None] = lambda box: None
        self.after: Callable[[ItemId], None] = lambda box: None

    def room(self, box: ItemId) -> str:
        """Return the room of a box."""
        return self.rooms.get(box, "home")

    def item(self, box: ItemId, rows: Sequence[dict[str, Any]]) -> FleetItem:
        """Return a box that was compared."""
        error = None
        if box in self.locked and any(row["outcome"] == "changed" for row in rows):
            error = PanelError(Code.LOCKED, "it is locked", action=f"change box{box}")
        facts = {"room": self.room(box)}
        return FleetItem(
            box, f"box{box}", tuple(rows), error=error, facts=facts, selected_by=("room",)
        )

    def catch_up(self) -> None:
        """Apply all late writes."""
        for write in self.late:
            if write.box in self.boxes:
                self.boxes[write.box][write.field] = write.desired
        self.late.clear()

    def read(self) -> dict[ItemId, dict[str, int]]:
        """Return all boxes. :raises PanelError: the panel does not respond."""
        if self.unreadable:
            raise PanelError(Code.TRANSPORT, "no response", action="read the boxes")
        return self.boxes

    def write(self, item: FleetItem) -> dict[str, Any]:
        """Change a box as a single module does, and return that module's result."""
        self.before(item.id)
        desired = {row["field"]: row["desired"] for row in item.to_change}
        box = self.boxes.get(item.id)
        behavior = self.behaviors.get(item.id, Behavior.DONE)
        if box is None or behavior is Behavior.FAILS:
            raise PanelError(Code.LOCKED, "it is locked", action=f"change {item.name}")
        first, *rest = desired
        shown = {
            Behavior.DONE: list(desired),
            Behavior.LOST_DONE: list(desired),
            Behavior.ONE_REFUSED: [first],
            Behavior.HALF_FAILS: [first],
            Behavior.HALF_LOST: [first],
        }.get(behavior, [])
        for field, value in desired.items():
            refuses = behavior in (Behavior.REFUSED, Behavior.ONE_REFUSED)
            accepted = field in shown or not refuses
            write = Write(self.command, item.id, field, box[field], value, accepted)
            if behavior is not Behavior.HALF_FAILS or field == first:
                self.writes.append(write)
            if field in shown:
                box[field] = value
            elif behavior in (Behavior.LATE, Behavior.LOST_LATE, Behavior.HALF_LOST):
                self.late.append(write)
        self.after(item.id)
        return self._response(item, behavior, shown, bool(rest))

    def _response(
        self, item: FleetItem, behavior: Behavior, shown: Sequence[str], several: bool
    ) -> dict[str, Any]:
        action = f"change {item.name}"
        if behavior in _LOSES:
            raise PanelError(Code.TRANSPORT, "reset", action=action, uncertain=True)
        if behavior in (Behavior.HALF_FAILS, Behavior.HALF_LOST) and several:
            rows = [_stopped(row, row["field"] in shown) for row in item.to_change]
            lost = behavior is Behavior.HALF_LOST
            raise PanelError(
                Code.TRANSPORT if lost else Code.LOCKED,
                "reset" if lost else "it is locked",
                action=action,
                partial=True,
                uncertain=lost,
                result={"changes": rows},
            )
        silent = behavior in (Behavior.LATE, Behavior.IGNORED)
        if silent or behavior in (Behavior.REFUSED, Behavior.ONE_REFUSED):
            changing = {row["field"] for row in item.to_change}
            missing = changing - set(shown)
            why = None if silent else "it is glued"
            rows = [_kept(row, why) if row["field"] in missing else row for row in item.changes]
            return {
                "changed": bool(shown),
                "changes": rows,
                "unconfirmed": tuple(missing) if silent else (),
            }
        return {"changed": True, "changes": list(item.changes), "restart_required": False}


def _stopped(row: Mapping[str, Any], done: bool) -> dict[str, Any]:
    return dict(row) if done else {**row, "after": row["before"], "outcome": "unchanged"}


def _kept(row: Mapping[str, Any], message: str | None) -> dict[str, Any]:
    return {**row, "after": row["before"], "outcome": "refused", "message": message}


def row_of(field: str, before: int, desired: int, refusal: str | None = None) -> dict[str, Any]:
    """Return a row of ``changes``."""
    same = before == desired
    outcome = "unchanged" if same else "refused" if refusal else "changed"
    return {
        "field": field,
        "unit": None,
        "before": before,
        "desired": desired,
        "after": before if refusal else desired,
        "outcome": outcome,
        "message": None if same else refusal,
    }


class BoxChange(FleetChange):
    """Sets the size and weight of boxes. A size never shrinks."""

    panel = "boxes"
    name = "box_sizes"
    noun = "boxes"
    address = ADDRESS

    def __init__(self, boxes: BoxPanel, desired: Mapping[str, int] | None = None) -> None:
        self.boxes = boxes
        self.desired = dict(desired or DESIRED)

    def prepare(self) -> dict[str, Any]:
        return dict(self.desired)

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        there = self.boxes.read()
        return [self._item(box) for box in (there if ids is None else ids) if box in there]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        return self._item(item_id) if item_id in self.boxes.read() else None

    def apply(self, item: FleetItem) -> dict[str, Any]:
        return self.boxes.write(item)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return []

    def api_calls(self) -> dict[str, Any]:
        return {"read": 0, "write": len(self.boxes.writes)}

    def _item(self, box: ItemId) -> FleetItem:
        values = self.boxes.boxes[box]
        shrinks = "it does not shrink" if values["size"] > self.desired["size"] else None
        rows = (
            row_of("size", values["size"], self.desired["size"], shrinks),
            row_of("weight", values["weight"], self.desired["weight"]),
        )
        return self.boxes.item(box, rows)


class BoxRollback(Rollback):
    """Restores the size and weight of boxes."""

    panel = BoxChange.panel
    name = BoxChange.name
    noun = BoxChange.noun
    address = ADDRESS

    def __init__(self, boxes: BoxPanel, reversals: Reversals) -> None:
        super().__init__(reversals)
        self.boxes = boxes

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, Mapping[str, Any]]:
        there = self.boxes.read()
        return {box: {"name": f"box{box}", **there[box]} for box in ids if box in there}

    def compare(self, reversal: Reversal, view: Mapping[str, Any]) -> FleetItem:
        rows = []
        for field, value in reversal.left(view).items():
            lost = field == "weight" and value == LOST_WEIGHT
            rows.append(row_of(field, view[field], value, "it is too light" if lost else None))
        return self.boxes.item(reversal.id, rows)

    def apply(self, item: FleetItem) -> dict[str, Any]:
        return self.boxes.write(item)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return []

    def api_calls(self) -> dict[str, Any]:
        return {"read": 0, "write": len(self.boxes.writes)}
