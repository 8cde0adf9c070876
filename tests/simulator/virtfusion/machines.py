# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machines behind built servers: an SSH server at the address of each (virtfusion 1.7).

They exist only if the simulator is started with `--ssh`. Nothing of this is in the panel's API: the keys come from
the request that built the server, and how a machine answers is up to the switches below.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, field
from typing import Any

from ..sshd import Network, Sshd, Worker, new_folder, user_name
from ..switches import Switch, Switches
from .records import Server
from .state import State

MACHINE_SWITCHES = (
    Switch(
        "machine_ssh",
        "answers",
        ("answers", "refuses", "closed"),
        "INFERRED: when a built server accepts SSH is not known (virtfusion 1.7)",
        "How a machine that starts from now on answers on SSH: as it should, without the keys of the build, or not at"
        " all.",
    ),
    Switch(
        "machine_keys",
        "own",
        ("own", "renewed", "foreign"),
        "INFERRED: images may hold host keys that the first boot replaces",
        "Which host keys a machine shows: its own; those of the image until a client has seen them, then its own; or"
        " those of another machine that answers for it.",
    ),
    Switch(
        "machine_boot_ms",
        "0",
        (),
        "INFERRED: a machine boots after its build has ended",
        "Milliseconds of real time from the end of the build until SSH answers.",
    ),
)

GROUPS = (1, 2)
"""Hypervisor groups whose new servers get an address of the loopback network."""


@dataclass
class Machine:
    """The machine of one build of a server."""

    build: int
    address: str
    sshd: Sshd | None = None
    gone: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


class Machines:
    """All machines. They follow the records of the servers."""

    def __init__(self, switches: Switches, port: int) -> None:
        self.network = Network(port)
        self._switches = switches
        self._worker = Worker()
        self._machines: dict[int, Machine] = {}
        self._folder = new_folder()
        self._made = 0

    def seed(self, state: State) -> None:
        """Switch off all machines, and give the groups a block of loopback addresses."""
        self.switch_off()
        number = state.next_id("ip_block")
        state.ip_blocks[number] = {
            **state.ip_blocks[1],
            "id": number,
            "name": f"{self.network.prefix}.0/24 loopback",
            "gateway": f"{self.network.prefix}.1",
            "netmask": "255.255.255.0",
            "ranges": [self.network.span()],
        }
        for group in GROUPS:
            state.groups[group]["ipv4Block"] = number

    def follow(self, state: State) -> None:
        """Start the machines of servers that run, and switch off the others."""
        running = {}
        for server in state.servers.values():
            address = _address(server)
            if self.network.owns(address) and server["commissionStatus"] == 3 and server["powered"]:
                running[server["id"]] = (server["passwordSerial"], address)
        for number in list(self._machines):
            machine = self._machines[number]
            if running.get(number) != (machine.build, machine.address):
                self._end(number)
        for number, (build, address) in running.items():
            if number not in self._machines:
                self._begin(state, state.servers[number], build, address)

    def describe(self) -> dict[str, Any]:
        """Return port, user and machines, for `GET /_sim/machines`."""
        self._worker.finish()
        return {
            "port": self.network.port,
            "user": user_name(),
            "machines": {
                str(number): {
                    "address": machine.address,
                    "pid": machine.sshd.pid if machine.sshd else None,
                    "host_keys": machine.sshd.host_keys() if machine.sshd else [],
                }
                for number, machine in self._machines.items()
            },
        }

    def act(self, number: int, action: str) -> None:
        """Do something to a machine: `renew_keys`, `foreign_keys` (each restarts its SSH server), `stop`, `start`."""
        sshd = self._machines[number].sshd
        assert sshd is not None, f"machine {number} has not booted"
        if action == "renew_keys":
            self._restart(sshd, lambda: sshd.make_keys(sshd.folder / "etc"))
        elif action == "foreign_keys":
            self._restart(sshd, sshd.show_other_keys)
        elif action == "stop":
            self._worker.do(sshd.stop)
        elif action == "start":
            self._worker.do(sshd.start)
        else:
            raise ValueError(f"a machine cannot {action}")
        self._worker.finish()

    def switch_off(self) -> None:
        """Switch off all machines."""
        for number in list(self._machines):
            self._end(number)
        self._worker.finish()

    def close(self) -> None:
        """Switch off all machines and remove their files."""
        self.switch_off()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self, state: State, server: Server, build: int, address: str) -> None:
        machine = self._machines[server["id"]] = Machine(build, address)
        refuses = self._switches.is_set("machine_ssh", "refuses")
        keys = [
            state.ssh_keys[key]["publicKey"]
            for key in server["sshKeys"]
            if key in state.ssh_keys and not refuses
        ]
        if self._switches.is_set("machine_ssh", "closed"):
            return
        shown = self._switches.word("machine_keys")
        self._worker.do_after(
            self._switches.number("machine_boot_ms") / 1000,
            lambda: self._boot(server["id"], machine, keys, shown),
        )

    def _boot(self, number: int, machine: Machine, keys: list[str], shown: str) -> None:
        if machine.gone:
            return
        self._made += 1
        sshd = Sshd(
            self._folder / f"{number}-{self._made}",
            machine.address,
            self.network.port,
            keys,
            foreign=shown != "own",
        )

        def renew() -> None:
            self._worker.do(lambda: self._renew(machine, sshd))

        sshd.start(renew if shown == "renewed" else None)
        machine.sshd = sshd

    def _renew(self, machine: Machine, sshd: Sshd) -> None:
        if not machine.gone:
            sshd.stop()
            sshd.show_own_keys()
            sshd.start()

    def _restart(self, sshd: Sshd, between: Any) -> None:
        for step in (sshd.stop, between, sshd.start):
            self._worker.do(step)

    def _end(self, number: int) -> None:
        machine = self._machines.pop(number)
        machine.gone = True

        def stop() -> None:
            if machine.sshd is not None:
                machine.sshd.stop()
                with contextlib.suppress(OSError):
                    shutil.rmtree(machine.sshd.folder)

        self._worker.do(stop)


def _address(server: Server) -> str:
    rows = server["primary"]["ipv4"]
    return rows[0]["address"] if rows else ""
