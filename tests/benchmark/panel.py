# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulated panel of the benchmarks, in a separate process."""

from __future__ import annotations

from collections import Counter

from tests.simulator.process import Simulator

from . import processes
from .peers.order import Order


class Panel(Simulator):
    """A panel on which all servers can repeatedly need the same package change."""

    PACKAGE_ID = 3

    _memory_mb = 1_000_000

    def prepare(self, servers: int, latency_ms: float) -> None:
        """Reset the panel to a number of servers, each different from the package.

        :param latency_ms: delay of each response.
        """
        self.control.reset(servers=servers)
        self.control.latency(latency_ms)
        # Disks never shrink. With the smallest disk the panel refuses no change.
        self.control.patch_package(self.PACKAGE_ID, {"primaryStorage": 1})
        self.require_change()

    def require_change(self) -> None:
        """Make every server differ from the package, and reset the counters."""
        self._memory_mb += 1
        self.control.patch_package(self.PACKAGE_ID, {"memory": self._memory_mb})
        self.reset_counters()

    def reset_counters(self) -> None:
        """Reset the counters of calls."""
        self.control.clear_log()

    def order(self, workers: int) -> Order:
        """Return the order for the bare clients."""
        return Order(self.api_url, self.token, self.PACKAGE_ID, workers)

    def calls(self) -> Counter[str]:
        """Return the number of calls of each operation."""
        return Counter(self.control.counters()["by_operation"])

    def changed(self) -> int:
        """Return the number of changed servers.

        :raises RuntimeError: a server was changed more than once.
        """
        writes = self.control.counters()["writes_by_server"]
        if any(times != 1 for times in writes.values()):
            raise RuntimeError("a server was changed more than once")
        return len(writes)

    def cpu_s(self) -> float:
        """Return the processor time of the panel in seconds, 0 if it is unknown."""
        return processes.cpu_s(self.control.health()["pid"]) or 0.0
