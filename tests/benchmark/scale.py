# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sizes and repetitions of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """The sizes and repetitions of one run.

    :param servers: servers of the changed fleet.
    :param small: servers of the small fleet for the comparison of the cost per server.
    :param big: servers of the big fleet for that comparison.
    :param planned: servers of the planned fleet, which needs no change.
    :param loop: items of a loop over a task.
    :param hosts: hosts of a play.
    :param repeats: number of short runs.
    :param long_repeats: number of runs that take a minute or more.
    :param inventory: hosts of the inventory.
    """

    servers: int = 2000
    small: int = 2000
    big: int = 20_000
    planned: int = 10_000
    loop: int = 50
    hosts: int = 200
    repeats: int = 3
    long_repeats: int = 2
    single_repeats: int = 7
    inventory: int = 2000


QUICK = Scale(
    servers=200,
    small=200,
    big=2000,
    planned=1000,
    loop=10,
    hosts=20,
    repeats=2,
    long_repeats=1,
    single_repeats=3,
    inventory=200,
)

#: Concurrent requests of each client.
WORKERS = 20
#: Concurrent hosts.
FORKS = 10
#: Delays of the panel in ms: as of a panel in the same country, and no delay.
LATENCIES_MS = (50, 0)
#: A delay at which the processor is not the limit.
SLOW_MS = 200
