# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run work in several threads.

A system may refuse to start a thread, such as in a container with a limit of processes. Then fewer
threads do all of the work, and no result is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def started(work: Callable[[], None], most: int, *, name: str) -> list[threading.Thread]:
    """Start threads with the same work, as many as the system allows.

    :param most: maximum number of threads.
    """
    threads: list[threading.Thread] = []
    for number in range(most):
        thread = threading.Thread(target=work, name=f"{name}-{number}")
        try:
            thread.start()
        except (RuntimeError, MemoryError):
            break
        threads.append(thread)
    return threads


def each(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> list[Result]:
    """Return the results of ``work`` for all items, in order, with at most ``workers`` at a time.

    :raises Exception: the exception of the first failed item, in order. Items that have not begun are
        cancelled.
    """
    todo = list(items)
    if workers <= 1 or len(todo) <= 1:
        return [work(item) for item in todo]
    results: dict[int, Result] = {}
    errors: dict[int, BaseException] = {}
    queue = iter(enumerate(todo))
    turn = threading.Lock()

    def worker() -> None:
        while True:
            with turn:
                number, item = (None, None) if errors else next(queue, (None, None))
            if number is None:
                return
            try:
                results[number] = work(item)  # type: ignore[arg-type]
            except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
                errors[number] = error

    threads = started(worker, min(workers, len(todo)), name="reading")
    if not threads:
        worker()
    try:
        for thread in threads:
            thread.join()
    except BaseException as error:
        errors[-1] = error  # nothing more begins
        for thread in threads:
            thread.join()
        raise
    if errors:
        raise errors[min(errors)]
    return [results[number] for number in range(len(todo))]
