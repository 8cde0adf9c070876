# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the operator's health check between two batches."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from ...module_utils._core.clock import Clock
from ...module_utils._core.errors import invalid

OPTION = "health_check"

#: Seconds between two polls while the command runs.
_LOOK_EVERY_S = 0.1

#: Bytes to read from the end of the command's output.
_TAIL = 4096

#: Maximum length of its last line in a message.
_LONGEST = 200


class HealthCheck:
    """A health check command, run without a shell.

    Its input and output are unnamed files, so it never blocks on a full pipe.

    :param words: the command and its arguments.
    :param timeout_s: seconds after which it is killed, with every process that it has started.
    :param environment: of the command.
    :param redact: removes secrets from its output.
    :raises PanelError: ``validation``, the command does not exist.
    """

    def __init__(
        self,
        words: Sequence[str],
        timeout_s: float,
        environment: Mapping[str, str],
        redact: Callable[[str], str],
        clock: Clock,
    ) -> None:
        if not words or not words[0]:
            raise invalid(f"{OPTION} names no command")
        if shutil.which(words[0], path=environment.get("PATH")) is None:
            raise invalid(f"{OPTION}: there is no command {words[0]}", "it is run without a shell")
        self._words = list(words)
        self._timeout_s = timeout_s
        self._environment = dict(environment)
        self._redact = redact
        self._clock = clock

    def run(
        self,
        reported: Mapping[str, Any],
        stopped: Callable[[], bool],
        watch: Callable[[], None] = lambda: None,
    ) -> str | None:
        """Run the command once. Return the error as a sentence without a subject, or ``None``.

        :param reported: the data for its standard input, as one line of JSON.
        :param stopped: returns whether to end the command at once.
        :param watch: called repeatedly while it runs.
        """
        try:
            return self._run(reported, stopped, watch)
        except OSError as error:  # no such command, disk full, or too many processes
            return f"could not be run: {error.strerror or error}"

    def _run(
        self,
        reported: Mapping[str, Any],
        stopped: Callable[[], bool],
        watch: Callable[[], None],
    ) -> str | None:
        with (
            tempfile.TemporaryFile() as stdin,
            tempfile.TemporaryFile() as stdout,
            tempfile.TemporaryFile() as stderr,
        ):
            stdin.write(json.dumps(reported).encode("ascii") + b"\n")
            stdin.seek(0)
            process = subprocess.Popen(  # noqa: S603 - the operator's own words, and no shell
                self._words,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=self._environment,
                # Its own process group, so that its child processes can be killed with it.
                start_new_session=True,
            )
            why = self._wait(process, stopped, watch)
            status = process.returncode or 0
            if why is None and status == 0:
                return None
            message = self._redact(_last_line(stderr) or _last_line(stdout))
        how = why or _ending(status)
        return f"{how}: {message}" if message else how

    def _wait(
        self,
        process: subprocess.Popen[bytes],
        stopped: Callable[[], bool],
        watch: Callable[[], None],
    ) -> str | None:
        """Wait until the command ends, or kill it and return the reason."""
        until = self._clock.monotonic() + self._timeout_s
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY_S)
                    return None
                watch()
                if stopped():
                    return "was ended with the run"
                if self._clock.monotonic() >= until:
                    return f"did not end within {self._timeout_s:.0f} seconds"
        finally:
            if process.poll() is None:
                # Kill the group, so that no child process survives the command.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def environment_without(names: Iterable[str], secrets: Sequence[str]) -> dict[str, str]:
    """Return this process's environment without variables that have these names or contain these secrets."""
    hidden = set(names)
    return {
        name: value
        for name, value in os.environ.items()
        if name not in hidden and not any(secret in value for secret in secrets)
    }


def _ending(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def _last_line(file: IO[bytes]) -> str:
    """Return the last line that is not blank, shortened for a message."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    lines = file.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    shown = "".join(char if char.isprintable() else " " for char in last)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"
