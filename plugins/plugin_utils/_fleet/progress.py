# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the progress of a run to the operator, in few lines of clean text.

A customer chooses the name of a server. It can contain control characters for a terminal. A panel
can repeat the credentials of a request in any text.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import PanelError
from ...module_utils._core.safe_text import plain

#: Seconds between two lines.
EVERY_S = 5.0


class Progress:
    """The progress output of a run. Only the thread that waits for the others may use it.

    :param name: prefix of every line.
    :param show: called with each line; ``None`` for no output.
    """

    def __init__(
        self,
        name: str,
        noun: str,
        show: Callable[[str], None] | None,
        clock: Clock,
        every_s: float = EVERY_S,
    ) -> None:
        self._name = name
        self._noun = noun
        self._show = show
        self._clock = clock
        self._every_s = every_s
        self._begun = self._last = clock.monotonic()
        self._total = 0

    def say(self, line: str) -> None:
        """Show a line now."""
        self._last = self._clock.monotonic()
        self.line(f"{self._name}: {line}")

    def note(self, line: str) -> None:
        """Show a line now, with a blank line before and after it, since the operator must read or type it."""
        self.line("")
        self.line(line)
        self.line("")

    def line(self, line: str) -> None:
        """Show a line without the name in front."""
        if self._show is not None:
            # A closed terminal, or one that lacks a character, must not end a run.
            with contextlib.suppress(OSError, ValueError):
                self._show(line)

    def planned(self, total: int, counts: str, batches: Sequence[int], workers: int) -> None:
        """Show the planned work. The rate is measured from now on."""
        self._total = total
        sizes = ", ".join(map(str, batches[:8])) + (", …" if len(batches) > 8 else "")
        self.say(f"{counts}; batches of {sizes}; {workers} at a time")
        self._begun = self._clock.monotonic()

    def tick(self, done: int, counts: str, batch: str) -> None:
        """Show the progress, if the last line is old enough.

        :param done: number of finished items with any outcome.
        """
        now = self._clock.monotonic()
        if now - self._last < self._every_s:
            return
        self.say(
            f"{done} of {self._total} {self._noun} ({counts}), {batch}, {self._pace(done, now)}"
        )

    def ended(self, done: int, counts: str, stopped: str) -> None:
        """Show how the run ended."""
        took = self._clock.monotonic() - self._begun
        rate = f", {done / took:.1f}/s" if took > 0 and done else ""
        how = f"stopped ({stopped})" if stopped else "ended"
        self.say(f"{how}: {counts}, in {duration(took)}{rate}")

    def _pace(self, done: int, now: float) -> str:
        took = now - self._begun
        if not done or took <= 0:
            return "waiting for the first"
        return f"{done / took:.1f}/s, about {duration((self._total - done) * took / done)} left"


def duration(seconds: float) -> str:
    """Return seconds as readable text: ``42 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


Redact = Callable[[str], str]

#: Keys of a result whose text is a path or a command of the operator, and is not altered.
_OPERATORS = ("run_dir", "report_file", "next_command")


def cleaned(value: Any, redact: Redact) -> Any:
    """Return a result, or a part of one, with masked secrets and printable texts only.

    :param redact: masks the secrets of a text.
    """
    if isinstance(value, str):
        return plain(redact(value))
    if isinstance(value, Mapping):
        return {
            key: redact(each)
            if key in _OPERATORS and isinstance(each, str)
            else cleaned(each, redact)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [cleaned(each, redact) for each in value]
    return value


def clean_error(error: PanelError, redact: Redact) -> PanelError:
    """Clean the texts of an error and of its result, and return it."""
    error.message = cleaned(error.message, redact)
    error.action = cleaned(error.action, redact)
    error.hint = cleaned(error.hint, redact)
    error.result = cleaned(error.result, redact)
    return error


def clean_lines(show: Callable[[str], None] | None, redact: Redact) -> Callable[[str], None] | None:
    """Return a function that cleans a line and then shows it."""
    if show is None:
        return None
    return lambda line: show(plain(redact(line)))
