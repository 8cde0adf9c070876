# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execute a change: batch after batch, several items at a time, within the limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import Code, PanelError, defect
from ...module_utils._core.threads import started
from .change import FleetChange, FleetItem
from .health_check import HealthCheck
from .identity import time_text
from .journal import Journal, JournalBroken
from .progress import Progress
from .results import FAILURES, ItemOutcome, ItemResult, Results, executed, failed
from .run_lock import RunLock
from .settings import Settings
from .stop import Reason, Stop

Item = TypeVar("Item")

#: Seconds between two calls of ``watch`` while the workers work.
LOOK_EVERY_S = 0.25


def work_through(
    items: Iterable[Item],
    work: Callable[[Item], None],
    workers: int,
    stop: Stop,
    watch: Callable[[], None],
) -> None:
    """Work on all items in parallel, until no item is left or a stop is requested.

    Items in progress are finished. If the system cannot start all threads, fewer work. If it cannot
    start any, this thread does the work.

    :param workers: the maximum number of items at a time.
    :param watch: called repeatedly by this thread, the only one that receives signals.
    :raises Exception: the first exception of ``work`` or ``watch``, after all items in progress.
    """
    queue = iter(items)
    turn = threading.Lock()
    nothing = object()
    raised: list[BaseException] = []
    ended = threading.Event()

    def one() -> bool:
        """Work on the next item. Return whether there was one."""
        with turn:
            item = nothing if stop.asked or raised else next(queue, nothing)
        if item is nothing:
            return False
        work(item)  # type: ignore[arg-type]
        return True

    def worker() -> None:
        try:
            while one():
                pass
        except BaseException as error:  # noqa: BLE001 - raised again by the waiting thread
            raised.append(error)
        finally:
            ended.set()

    running = started(worker, workers, name="fleet")
    try:
        while not running and one():
            watch()
        while any(thread.is_alive() for thread in running):
            ended.wait(LOOK_EVERY_S)
            ended.clear()
            watch()
    except BaseException as error:
        raised.append(error)
        raise
    finally:
        for thread in running:
            thread.join()
    if raised:
        raise raised[0]


#: Seconds between two checks for a stop during a pause.
_NAP_S = 1.0


class BatchRun:
    """The part of a run that writes to the panel.

    :param results: receives the results; contains the results that are already known.
    :param journal: ``None`` for a run without a journal.
    :param health: ``None`` for a run without a health check.
    :param began_s: the time of the run's begin on the monotonic clock.
    :param after_batch: called after each batch but the last.
    :param base: the number of items of which a failure limit in percent is a share.
    """

    def __init__(
        self,
        change: FleetChange,
        settings: Settings,
        results: Results,
        stop: Stop,
        clock: Clock,
        progress: Progress,
        lock: RunLock,
        journal: Journal | None,
        health: HealthCheck | None,
        *,
        began_s: float,
        base: int,
        after_batch: Callable[[], None],
    ) -> None:
        self._change = change
        self._settings = settings
        self._results = results
        self._stop = stop
        self._clock = clock
        self._progress = progress
        self._lock = lock
        self._journal = journal
        self._health = health
        self._began_s = began_s
        self._base = base
        self._after_batch = after_batch
        self._known = results.count
        self._batch = _Batch()

    def execute(self, batches: Sequence[Sequence[FleetItem]]) -> None:
        """Change the items. After a stop, items that were not begun have no result."""
        self._check_lock()
        self._check_failures()  # items that cannot be changed are already known
        for number, batch in enumerate(batches, 1):
            self._batch = _Batch(number, len(batches), len(batch))
            if self._stop.asked:
                return
            workers = min(self._settings.workers, len(batch))
            work_through(batch, self._one, workers, self._stop, self._watch)
            if number < len(batches):
                self._after_batch()
                self._rest()
                self._check_health(number, batches)

    def _one(self, item: FleetItem) -> None:
        """Change one item. Called by several threads."""
        self._check_deadline()
        if self._stop.asked:
            return
        try:
            begun = time_text(self._clock.time())
            if self._journal is not None:
                self._journal.intent(item, self._batch.to_plain())
            result = self._write(item)
            evidence = item.evidence.written(begun, time_text(self._clock.time()))
            result = self._results.add(replace(result, evidence=evidence))
            self._batch.count(result)
            if self._journal is not None:
                self._journal.outcome(result)
        except JournalBroken as broken:
            self._stop.ask(Reason.JOURNAL, broken.message)
        self._check_failures()

    def _write(self, item: FleetItem) -> ItemResult:
        try:
            return executed(item, self._change.apply(item), self._change.details)
        except PanelError as error:
            if error.code is Code.AUTH:
                # Panels lock a token after some refusals, so no other item may use it.
                self._stop.ask(Reason.AUTH, error.message)
            elif self._change.stops_run(error):
                self._stop.ask(Reason.PAYMENT, error.message)
            return failed(item, error, self._change.details)
        except Exception as error:  # noqa: BLE001 - a defect must not hide the results of other items
            return failed(item, defect(error, at=item.name, uncertain=True))

    def _watch(self) -> None:
        """Check the deadline and the lock, and show the progress. Called repeatedly by the waiting thread."""
        self._check_deadline()
        self._check_lock()
        done = self._results.count - self._known
        self._progress.tick(done, self._results.summary(), str(self._batch))

    def _check_lock(self) -> None:
        """Request a stop if another run may have the lock."""
        lost = self._lock.lost()
        if lost is not None:
            self._stop.ask(Reason.LOCK, lost)

    def _check_deadline(self) -> None:
        """Request a stop if the deadline has passed."""
        limit = self._settings.deadline_s
        if limit is not None and self._clock.monotonic() - self._began_s >= limit:
            self._stop.ask(Reason.DEADLINE, f"the deadline of {limit:.0f} seconds has passed")

    def _rest(self) -> None:
        """Pause between two batches, until a stop is requested."""
        until = self._clock.monotonic() + self._settings.pause_s
        while not self._stop.asked and (left := until - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, _NAP_S))
            self._watch()

    def _check_health(self, number: int, batches: Sequence[Sequence[FleetItem]]) -> None:
        """Request a stop unless the operator's health check passes."""
        if self._health is None or self._stop.asked:
            return
        results = [self._results.get(item.id) for item in batches[number - 1]]
        reported = {
            "batch": number,
            "batches": len(batches),
            "servers": [result.to_result() for result in results if result is not None],
        }
        self._progress.say(f"checking the health after {self._batch}")
        wrong = self._health.run(reported, lambda: self._stop.asked, self._watch)
        if wrong is not None:
            self._stop.ask(Reason.HEALTH, f"the health check after {self._batch} {wrong}")

    def _check_failures(self) -> None:
        """Request a stop if a failure limit is exceeded."""
        failures = self._results.failures
        if self._settings.failures.exceeded(failures, self._base, done=self._results.done):
            doubt, noun = self._results.in_doubt, self._change.noun
            message = self._settings.failures.sentence(
                failures, self._base, noun, in_doubt=doubt, at_stop=True
            )
            self._stop.ask(Reason.FAILURES, message)
        batch, limit = self._batch, self._settings.batch_failures
        place = {"batch": batch.number, "batches": batch.batches}
        if limit.exceeded(batch.failures, batch.size, **place):
            place["in_doubt"] = batch.in_doubt
            message = limit.sentence(batch.failures, batch.size, self._change.noun, **place)
            self._stop.ask(Reason.FAILURES, message)


class _Batch:
    """The batch in progress.

    :param number: starts at 1; 0 before the first batch.
    :param batches: the number of batches.
    :param size: the number of its items.
    """

    def __init__(self, number: int = 0, batches: int = 0, size: int = 0) -> None:
        self.number = number
        self.batches = batches
        self.size = size
        self.failures = 0
        self.in_doubt = 0
        self._lock = threading.Lock()

    def count(self, result: ItemResult) -> None:
        """Count the result of an item of the batch."""
        with self._lock:
            self.failures += result.outcome in FAILURES
            self.in_doubt += result.outcome is ItemOutcome.IN_DOUBT

    def to_plain(self) -> dict[str, int]:
        """Return what a journal records of it."""
        return {"number": self.number, "size": self.size}

    def __str__(self) -> str:
        return f"batch {self.number} of {self.batches}"
