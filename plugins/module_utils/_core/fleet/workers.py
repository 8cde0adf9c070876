# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several items at a time, and a watchman who is always awake."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from .stop import Stop

Item = TypeVar("Item")

#: Seconds between two looks of the watchman while the others work.
LOOK_EVERY_S = 0.25


def work_through(
    items: Iterable[Item],
    work: Callable[[Item], None],
    workers: int,
    stop: Stop,
    watch: Callable[[], None],
) -> None:
    """Have each item worked on, at most so many at a time, until none is left or a stop is asked for.

    What has begun is finished.

    :param watch: called again and again by this thread, which alone gets signals.
    :raises Exception: what ``work`` or ``watch`` raised; the others finish what they have begun.
    """
    left = iter(items)
    turn = threading.Lock()
    nothing = object()

    def worker() -> None:
        while not stop.asked:
            with turn:
                item = next(left, nothing)
            if item is nothing:
                return
            work(item)  # type: ignore[arg-type]

    with ThreadPoolExecutor(workers, thread_name_prefix="fleet") as pool:
        running = {pool.submit(worker) for dummy in range(workers)}
        try:
            while running:
                done, running = wait(running, timeout=LOOK_EVERY_S, return_when=FIRST_EXCEPTION)
                watch()
                for future in done:
                    future.result()
        except BaseException:
            with turn:
                left = iter(())
            raise
