# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet in memory: things with a size, and a change of the size."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import (
    FleetChange,
    FleetItem,
    ItemId,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.engine import FleetRun
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.health_check import (
    HealthCheck,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.rollback import (
    Reversal,
    Reversals,
    Rollback,
    reversals_of,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    ARGUMENTS,
    Settings,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock

PANEL = "https://toys.example.com/api"


def row(before: int, desired: int, *, refused: bool = False) -> dict[str, Any]:
    """Return a row of ``changes`` as a module returns it."""
    outcome = "refused" if refused else "unchanged" if before == desired else "changed"
    return {
        "field": "size",
        "unit": "cm",
        "before": before,
        "desired": desired,
        "after": before if refused else desired,
        "outcome": outcome,
        "message": "it does not shrink" if refused else None,
    }


class ToyPanel:
    """Things by ID, each with a size and a counter of its writes.

    :param sizes: sizes of the things, whose IDs count from 1.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        self.sizes: dict[ItemId, int] = dict(enumerate(sizes, 1))
        #: Where some things are; all others are at home.
        self.places: dict[ItemId, str] = {}
        #: To whom some things belong.
        self.owners: dict[ItemId, int] = {}
        #: The unique IDs of things that got the ID of a deleted one.
        self.uuids: dict[ItemId, str | None] = {}
        self.writes: Counter[ItemId] = Counter()
        self.reads = 0
        self.looks: list[ItemId] = []
        self.lock = threading.Lock()
        #: Message of the panel for each thing that ignores its writes.
        self.stubborn: dict[ItemId, str | None] = {}
        #: Called before each read, by the name of the method that reads.
        self.before_read: dict[str, Callable[[], None]] = {}
        #: Called with the ID before and after each write.
        self.before: Callable[[ItemId], None] = lambda item_id: None
        self.after: Callable[[ItemId], None] = lambda item_id: None

    def uuid(self, item_id: ItemId) -> str | None:
        """Return the unique ID of a thing."""
        return self.uuids.get(item_id, f"uuid-{item_id}")

    def reading(self, method: str) -> None:
        """Do what a test asks for before a read."""
        self.before_read.get(method, lambda: None)()

    def reported(self, item: FleetItem) -> dict[str, Any]:
        """Return the result of a module for an item after its write."""
        if item.id not in self.stubborn:
            return {"changed": True, "changes": list(item.changes), "restart_required": False}
        reason = self.stubborn[item.id]
        stays = {"after": item.changes[0]["before"], "outcome": "refused", "message": reason}
        return {
            "changed": False,
            "changes": [{**item.changes[0], **stays}],
            "unconfirmed": () if reason else ("size",),
        }


class ToySizes(FleetChange):
    """Sets the size of things. Larger things are refused; a thing of size -13 fails."""

    panel = "toys"
    name = "toy_sizes"
    noun = "things"

    def __init__(self, toys: ToyPanel, desired: int = 10, address: str = PANEL) -> None:
        self.toys = toys
        self.desired = desired
        self._address = address
        self.warnings: list[str] = []

    @property
    def address(self) -> str:
        return self._address

    def prepare(self) -> dict[str, Any]:
        self.toys.reading("prepare")
        return {"size": self.desired}

    def select(self, ids: Sequence[ItemId] | None) -> list[FleetItem]:
        self.toys.reading("select")
        self.toys.reads += 1
        chosen = self.toys.sizes if ids is None else [i for i in ids if i in self.toys.sizes]
        return [self._item(item_id) for item_id in chosen]

    def look_up(self, item_id: ItemId) -> FleetItem | None:
        self.toys.looks.append(item_id)
        return self._item(item_id) if item_id in self.toys.sizes else None

    def apply(self, item: FleetItem) -> dict[str, Any]:
        self.toys.before(item.id)
        with self.toys.lock:
            self.toys.writes[item.id] += 1
            if item.id not in self.toys.stubborn:
                self.toys.sizes[item.id] = self.desired
        self.toys.after(item.id)
        return self.toys.reported(item)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return self.warnings

    def api_calls(self) -> dict[str, Any]:
        return {"read": self.toys.reads, "write": sum(self.toys.writes.values())}

    def _item(self, item_id: ItemId) -> FleetItem:
        size = self.toys.sizes[item_id]
        error = PanelError(Code.REFUSED, "it is glued", action="change it") if size == -13 else None
        rows = (row(size, self.desired, refused=size > self.desired),)
        facts = {"room": self.toys.places.get(item_id, "home")}
        return FleetItem(
            item_id,
            f"toy{item_id}",
            rows,
            error=error,
            facts=facts,
            selected_by=("room",),
            place=facts["room"],
            uuid=self.toys.uuid(item_id),
            owner=self.toys.owners.get(item_id),
        )


class ToyRollback(Rollback):
    """Restores the size of things. Size 5 is refused."""

    panel = ToySizes.panel
    name = ToySizes.name
    noun = ToySizes.noun

    def __init__(self, toys: ToyPanel, reversals: Reversals, address: str = PANEL) -> None:
        super().__init__(reversals)
        self.toys = toys
        self._address = address

    @property
    def address(self) -> str:
        return self._address

    def read(self, ids: Sequence[ItemId]) -> Mapping[ItemId, Mapping[str, Any]]:
        self.toys.reads += 1
        found = [item_id for item_id in ids if item_id in self.toys.sizes]
        return {i: {"name": f"toy{i}", "size": self.toys.sizes[i]} for i in found}

    def compare(self, reversal: Reversal, view: Mapping[str, Any]) -> FleetItem:
        desired = reversal.left(view)["size"]
        rows = (row(view["size"], desired, refused=desired == 5),)
        return FleetItem(reversal.id, view["name"], rows, **self.facts(view))

    def facts(self, view: Mapping[str, Any]) -> Mapping[str, Any]:
        item_id = int(str(view["name"]).removeprefix("toy"))
        return {"uuid": self.toys.uuid(item_id), "owner": self.toys.owners.get(item_id)}

    def apply(self, item: FleetItem) -> dict[str, Any]:
        self.toys.before(item.id)
        with self.toys.lock:
            self.toys.writes[item.id] += 1
            if item.id not in self.toys.stubborn:
                self.toys.sizes[item.id] = item.changes[0]["desired"]
        self.toys.after(item.id)
        return self.toys.reported(item)

    def capacity(self, items: Sequence[FleetItem]) -> list[str]:
        return []

    def api_calls(self) -> dict[str, Any]:
        return {"read": self.toys.reads, "write": sum(self.toys.writes.values())}


def settings_of(folder: Path, **options: Any) -> Settings:
    """Return the settings of a run: the documented defaults, with files in ``folder``."""
    params = {name: rule.get("default") for name, rule in ARGUMENTS.options.items()}
    return Settings.from_params({**params, "state_dir": str(folder / "state"), **options})


def fleet_run(
    toys: ToyPanel,
    folder: Path,
    *,
    check_mode: bool = False,
    clock: FakeClock | None = None,
    lines: list[str] | None = None,
    stop: Stop | None = None,
    change: ToySizes | None = None,
    health: HealthCheck | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Run the change, by default with one worker; return the result."""
    settings = settings_of(folder, **{"workers": 1, **options})
    with reversals_of(settings.rollback) if settings.rollback else nullcontext() as reversals:
        if reversals is not None:
            rollback = ToyRollback(toys, reversals)
            reversals.check_origin(rollback)
        run = FleetRun(
            change or ToySizes(toys) if reversals is None else rollback,
            settings,
            clock or FakeClock(),
            (lines if lines is not None else []).append,
            stop or Stop(),
            health,
        )
        if not check_mode:
            return run.apply()
        return run.preview() if settings.plan_sha256 else run.plan()


def fleet_failure(toys: ToyPanel, folder: Path, **options: Any) -> PanelError:
    """Run a change that must fail; return the error."""
    with pytest.raises(PanelError) as caught:
        fleet_run(toys, folder, **options)
    return caught.value


def failing(*ids: int, code: Code = Code.LOCKED, **known: bool) -> Callable[[ItemId], None]:
    """Return a hook that makes the writes of these items fail."""

    def before(item_id: ItemId) -> None:
        if item_id in ids:
            raise PanelError(code, "it is busy", action=f"change thing {item_id}", **known)

    return before
