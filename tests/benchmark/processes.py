# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a program costs: seconds, processor time, and the memory of it and all its children."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: Seconds between two looks at the memory.
LOOK_EVERY_S = 0.05
MB = 1024


@dataclass(frozen=True)
class Cost:
    """What one run of a program has cost.

    :param cpu_s: of the program and of all children that it has waited for.
    :param peak_mb: the most memory that it and its children had at one time, pages that they share
        counted once; ``None`` where it was not asked for or Linux is not there to tell.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float | None = None


def run(
    command: Sequence[str],
    *,
    folder: Path,
    message: Path,
    environment: Mapping[str, str],
    memory: bool = False,
) -> Cost:
    """Run a program in a folder to its end.

    :param said: the file for what it prints.
    :param memory: whether to watch its memory.
    :raises RuntimeError: it failed; with the end of what it said.
    """
    with message.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        watch = (
            _MemoryWatch(process.pid) if memory and (PROC / "self/smaps_rollup").exists() else None
        )
        dummy, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    peak_mb = watch.stop() if watch else None
    if process.returncode:
        end = message.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{end}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak_mb)


class _MemoryWatch:
    """Looks again and again at how much memory a program and its children have."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak_kb = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """Return the peak in MB."""
        self._stopped.set()
        self._thread.join()
        return self._peak_kb / MB

    def _look(self) -> None:
        while not self._stopped.wait(LOOK_EVERY_S):
            self._peak_kb = max(self._peak_kb, sum(map(_share_kb, _tree(self._pid))))


def _tree(pid: int) -> list[int]:
    """The process and its children, theirs too."""
    found = [pid]
    for parent in found:
        for children in PROC.glob(f"{parent}/task/*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:  # it has ended
                continue
    return found


def _share_kb(pid: int) -> int:
    """The proportional set size of a process: what it shares with n others counts by 1/n."""
    try:
        lines = (PROC / f"{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def cpu_s(pid: int) -> float | None:
    """Seconds of processor time of a process that is running, ``None`` where Linux is not there to tell."""
    try:
        fields = (PROC / f"{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
