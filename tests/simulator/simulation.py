# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of one simulator process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .faults import FaultPlan
from .huaweicloud import HuaweiCloud
from .huaweicloud.accounts import Account
from .late import LateEffects
from .panel import Panel
from .requestlog import RequestLog
from .switches import Switches
from .virtfusion import VirtFusion
from .virtfusion.machines import Machines
from .virtualizor import Virtualizor

PANELS: tuple[type[Panel], ...] = (VirtFusion, Virtualizor, HuaweiCloud)


@dataclass(frozen=True)
class Options:
    """The start options. `reset` restores them."""

    servers: int = 50
    seed: int = 1
    token: str = "sim-virtfusion-token"
    virtualizor_key: str = "sim-virtualizor-key"
    virtualizor_pass: str = "sim-virtualizor-pass"
    huaweicloud: Account = field(default_factory=Account)
    latency_ms: float = 0
    switches: Mapping[str, str] = field(default_factory=dict)
    ssh_port: int | None = None
    """The port of the built servers' SSH; None: they have none."""


class Simulation:
    """The panels and the state of the frame: clock, switches, faults, log, latency, read-only mode."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        table = [switch for panel in PANELS for switch in panel.switch_table]
        self.switches = Switches(table, options.switches)
        self.faults = FaultPlan()
        self.log = RequestLog()
        self.late = LateEffects(self.clock)
        port = options.ssh_port
        self.machines = None if port is None else Machines(self.switches, port)
        self.panels: list[Panel] = [
            VirtFusion(self.clock, self.switches, token=options.token, machines=self.machines),
            Virtualizor(
                self.clock,
                self.switches,
                key=options.virtualizor_key,
                password=options.virtualizor_pass,
            ),
            HuaweiCloud(self.clock, self.switches, account=options.huaweicloud),
        ]
        self.reset()

    def reset(self, servers: int | None = None, seed: int | None = None) -> None:
        """Start over: seeded state, clock, switches, faults, log, latency and read-only mode."""
        self.clock.reset()
        self.switches.reset()
        self.faults.clear()
        self.late.clear()
        self.log.clear()
        self.latency_ms = self.options.latency_ms
        self.read_only = False
        for panel in self.panels:
            panel.reset(
                self.options.servers if servers is None else servers,
                self.options.seed if seed is None else seed,
            )

    def panel_for(self, path: str) -> Panel | None:
        """Return the panel that answers for a path."""
        return next((panel for panel in self.panels if panel.owns(path)), None)

    def advance(self, seconds: float) -> None:
        """Advance the virtual time and apply everything that is due."""
        self.clock.advance(seconds)
        self.late.tick()
        for panel in self.panels:
            panel.tick()

    def running_machines(self) -> Machines:
        """Return the machines behind the built servers, for the control path."""
        if self.machines is None:
            raise ValueError("the simulator was started without --ssh")
        return self.machines

    def close(self) -> None:
        """Switch off the machines."""
        if self.machines is not None:
            self.machines.close()

    def collections(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the state of all panels: panel → collection → id → record."""
        return {panel.name: panel.collections() for panel in self.panels}

    def digest(self) -> str:
        """Return a hash of the state without history. Equal digests mean equal panels."""
        state = {
            panel.name: {
                name: records
                for name, records in panel.collections().items()
                if name not in panel.history
            }
            for panel in self.panels
        }
        text = json.dumps(state, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def find_record(self, collection: str, key: str) -> tuple[Panel, Any] | None:
        """Find a record and its panel. `panel.collection` selects the collection of one panel."""
        name, dummy, plain = collection.rpartition(".")
        for panel in self.panels:
            if name not in ("", panel.name):
                continue
            records = panel.collections().get(plain)
            if records is not None and key in records:
                return panel, records[key]
        return None


def merge(target: Any, changes: Any) -> Any:
    """Deep-merge in place. An object laid on a list addresses its items by index."""
    if isinstance(target, dict) and isinstance(changes, dict):
        for key, value in changes.items():
            target[key] = merge(target[key], value) if key in target else value
        return target
    if isinstance(target, list) and isinstance(changes, dict) and all(k.isdigit() for k in changes):
        for key, value in changes.items():
            target[int(key)] = merge(target[int(key)], value)
        return target
    return changes
