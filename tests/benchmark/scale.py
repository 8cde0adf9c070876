# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes and repetitions.

    :param servers: in the fleet that is changed.
    :param small: servers of the smaller of the two fleets whose cost per server is compared.
    :param big: servers of the bigger one.
    :param planned: servers of the fleet that is planned and needs no change.
    :param loop: items of a loop over a task.
    :param hosts: hosts of a play.
    :param repeats: how often short runs are made.
    :param long_repeats: how often runs are made that take a minute or more.
    :param inventory: hosts of the inventory whose graph is built.
    """

    servers: int = 2000
    small: int = 2000
    big: int = 20_000
    planned: int = 10_000
    loop: int = 200
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

#: Requests at a time, for all who make several.
WORKERS = 20
#: Hosts at a time.
FORKS = 10
#: How long the panel lets a request wait, in ms: as a panel in the same country does, and not at all.
LATENCIES_MS = (50, 0)
#: And one at which no processor of today is the limit.
SLOW_MS = 200
