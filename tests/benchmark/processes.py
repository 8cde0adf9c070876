# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure the cost of a program: seconds, processor time, memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: Seconds between two reads of the memory.
READ_EVERY_S = 0.05
MB = 1024


@dataclass(frozen=True)
class Cost:
    """The cost of one run of a program.

    :param cpu_s: processor time of the program and its finished children.
    :param peak_mb: peak memory of the program and its children, shared pages counted once;
        ``None`` if not requested or not on Linux.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float | None = None


def run(
    command: Sequence[str],
    *,
    folder: Path,
    output: Path,
    environment: Mapping[str, str],
    memory: bool = False,
) -> Cost:
    """Run a program in a folder and return its cost.

    :param output: file for its output.
    :param memory: whether to measure its memory.
    :raises RuntimeError: the program failed. The message has the end of its output.
    """
    with output.open("wb") as stream:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        watch = (
            _MemoryWatch(process.pid) if memory and (PROC / "self/smaps_rollup").exists() else None
        )
        dummy, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    peak_mb = watch.stop() if watch else None
    if process.returncode:
        end = output.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{end}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_mb)


class _MemoryWatch:
    """A thread that repeatedly reads the memory of a program and its children."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak_kb = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in MB."""
        self._stopped.set()
        self._thread.join()
        return self._peak_kb / MB

    def _watch(self) -> None:
        while not self._stopped.wait(READ_EVERY_S):
            self._peak_kb = max(self._peak_kb, sum(map(_share_kb, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    """Return the IDs of a process and all its descendants."""
    found = [pid]
    for parent in found:
        for children in PROC.glob(f"{parent}/task/*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:  # the process has ended
                continue
    return found


def _share_kb(pid: int) -> int:
    """Return the proportional set size: a page shared by n processes counts as 1/n."""
    try:
        lines = (PROC / f"{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # the process has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def cpu_s(pid: int) -> float | None:
    """Return the processor time of a running process in seconds, or ``None`` if not on Linux."""
    try:
        fields = (PROC / f"{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
