# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries the change of many items out: batch after batch, several at a time, within the limits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ...module_utils._core.errors import Code, PanelError, defect
from ...module_utils._core.threads import started
from ...module_utils._core.waiting import Clock
from .change import FleetChange, FleetItem
from .health_check import HealthCheck
from .journal import Journal, JournalBroken
from .progress import Progress
from .results import FAILURES, ItemResult, Results, executed, failed
from .run_lock import RunLock
from .settings import Settings
from .stop import Reason, Stop

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
    """Work on each item, at most so many at a time, until none is left or a stop is asked for.

    What has begun is finished. Where the system starts fewer threads, fewer work; where it starts
    none, this thread does.

    :param watch: called again and again by this thread, which alone gets signals.
    :raises Exception: what ``work`` or ``watch`` raised; the others finish what they have begun.
    """
    queue = iter(items)
    turn = threading.Lock()
    nothing = object()
    raised: list[BaseException] = []
    ended = threading.Event()

    def one() -> bool:
        """Work on the next item; return whether there was one."""
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
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
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


#: Seconds of a pause between two looks whether to stop.
_NAP_S = 1.0


class BatchRun:
    """The part of a run that writes.

    :param results: receives the results; holds those that were known before.
    :param begun: when the run began, on the clock that only grows.
    :param base: of how many items the failures are a share.
    :param journal: ``None`` where none is wanted.
    :param health: ``None`` where none is wanted.
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
        begun: float,
        base: int,
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
        self._begun = begun
        self._base = base
        self._known = results.count
        self._batch = _Batch()

    def execute(self, batches: Sequence[Sequence[FleetItem]]) -> None:
        """Change the items. What is not begun when a stop is asked for has no result afterwards."""
        self._check_failures()  # what cannot be changed is known already
        for number, batch in enumerate(batches, 1):
            self._batch = _Batch(number, len(batches), len(batch))
            if self._stop.asked:
                return
            workers = min(self._settings.workers, len(batch))
            work_through(batch, self._one, workers, self._stop, self._watch)
            if number < len(batches):
                self._rest()
                self._check_health(number, batches)

    def _one(self, item: FleetItem) -> None:
        """Change one item, in a thread of many."""
        self._look_at_the_clock()
        if self._stop.asked:
            return
        try:
            if self._journal is not None:
                self._journal.intent(item)
            result = self._write(item)
            self._results.add(result)
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
                # Panels lock a token after some refusals: no other item may try it.
                self._stop.ask(Reason.AUTH, error.message)
            elif self._change.stops_run(error):
                self._stop.ask(Reason.PAYMENT, error.message)
            return failed(item, error, self._change.details)
        except Exception as error:  # noqa: BLE001 - a defect at one item must not hide the others' results
            return failed(item, defect(error, at=item.name, uncertain=True))

    def _watch(self) -> None:
        """Look after everything; called again and again by the thread that waits for the others."""
        self._look_at_the_clock()
        lost = self._lock.lost()
        if lost is not None:
            self._stop.ask(Reason.LOCK, lost)
        done = self._results.count - self._known
        self._progress.tick(done, self._results.summary(), str(self._batch))

    def _look_at_the_clock(self) -> None:
        limit = self._settings.deadline_s
        if limit is not None and self._clock.monotonic() - self._begun >= limit:
            self._stop.ask(Reason.DEADLINE, f"the deadline of {limit:.0f} seconds has passed")

    def _rest(self) -> None:
        """Pause between two batches, awake enough to notice a stop."""
        until = self._clock.monotonic() + self._settings.pause_s
        while not self._stop.asked and (left := until - self._clock.monotonic()) > 0:
            self._clock.sleep(min(left, _NAP_S))
            self._watch()

    def _check_health(self, number: int, batches: Sequence[Sequence[FleetItem]]) -> None:
        """Go on only if the operator's own command says that what was changed is well."""
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
        failures = self._results.failures
        if self._settings.failures.exceeded(failures, self._base, done=self._results.done):
            message = self._settings.failures.sentence(failures, self._base, self._change.noun)
            self._stop.ask(Reason.FAILURES, message)
        batch, limit = self._batch, self._settings.batch_failures
        place = {"batch": batch.number, "batches": batch.batches}
        if limit.exceeded(batch.failures, batch.size, **place):
            message = limit.sentence(batch.failures, batch.size, self._change.noun, **place)
            self._stop.ask(Reason.FAILURES, message)


class _Batch:
    """The batch that is being worked on.

    :param number: the first is 1; 0 before the first.
    :param batches: how many there are.
    :param size: how many items it has.
    """

    def __init__(self, number: int = 0, batches: int = 0, size: int = 0) -> None:
        self.number = number
        self.batches = batches
        self.size = size
        self.failures = 0
        self._lock = threading.Lock()

    def count(self, result: ItemResult) -> None:
        """Count the result of one of its items."""
        with self._lock:
            self.failures += result.outcome in FAILURES

    def __str__(self) -> str:
        return f"batch {self.number} of {self.batches}"
