# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated panel that everything is measured against: a process of its own."""

from __future__ import annotations

from collections import Counter

from tests.simulator.process import Simulator

from . import processes
from .peers.order import Order


class Panel(Simulator):
    """A panel whose servers can all be made to need one package change, again and again."""

    PACKAGE_ID = 3

    _memory_mb = 1_000_000

    def prepare(self, servers: int, latency_ms: float) -> None:
        """Start over with so many servers, each of which differs from the package.

        :param latency_ms: how long the panel lets every request wait.
        """
        self.control.reset(servers=servers)
        self.control.latency(latency_ms)
        # Disks never shrink: of the smallest one the panel has nothing to refuse.
        self.control.patch_package(self.PACKAGE_ID, {"primaryStorage": 1})
        self.want_change()

    def want_change(self) -> None:
        """Let every server differ from the package, and count from here."""
        self._memory_mb += 1
        self.control.patch_package(self.PACKAGE_ID, {"memory": self._memory_mb})
        self.count_anew()

    def count_anew(self) -> None:
        """Forget the calls so far."""
        self.control.clear_log()

    def order(self, workers: int) -> Order:
        """What the bare clients are told."""
        return Order(self.api_url, self.token, self.PACKAGE_ID, workers)

    def calls(self) -> Counter[str]:
        """How often each operation was asked for."""
        return Counter(self.control.counters()["by_operation"])

    def changed(self) -> int:
        """How many servers were written to, each once. :raises RuntimeError: one was written to twice."""
        writes = self.control.counters()["writes_by_server"]
        if any(times != 1 for times in writes.values()):
            raise RuntimeError("a server was changed more than once")
        return len(writes)

    def cpu_s(self) -> float:
        """Seconds of processor time that the process has used, 0 where that cannot be told."""
        return processes.cpu_s(self.control.health()["pid"]) or 0.0
