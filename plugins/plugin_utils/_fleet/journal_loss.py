# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Detect a journal that has lost its last records.

A journal that ends between two records looks like an older one. So a copy in a store ends with a seal. In a
folder, other files prove records that the journal must have: the report lists the executions of the run, and a
rollback marks the journal of its run before it begins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from .durable_file import read_file
from .identity import canonical, parsed
from .journal import SEAL, JournalState, read_journal
from .rollback_folders import rollback_name

#: Reads a file beside a journal, ``None`` if it does not exist.
Read: TypeAlias = Callable[[str], "bytes | None"]
#: The ID of each execution that a report lists, and whether it had ended.
Executions: TypeAlias = "list[tuple[str, bool]]"

LOST = "its journal has lost its last records"

#: What to do about it.
RESTORE = "restore the journal from a backup or from the run_store; for another run, set run_dir to a new folder"


def sealed(journal: bytes) -> bytes:
    """Return the complete records of a journal with a last line that shows that none is missing."""
    line = canonical({"event": SEAL, "sha256": hashlib.sha256(journal).hexdigest()})
    return journal + f"{line}\n".encode()


def unsealed(copy: bytes) -> bytes | None:
    """Return the records of a copy, or ``None`` if the copy is not complete."""
    journal = copy[: copy.rfind(b"\n", 0, -1) + 1]
    return journal if copy == sealed(journal) else None


def beside(journal: str) -> Read:
    """Return a function that reads the files beside a journal."""
    folder = Path(journal).parent

    def read(name: str) -> bytes | None:
        file = folder / name
        return read_file(str(file), "file", "run_dir") if file.is_file() else None

    return read


def loss(
    state: JournalState, read: Read, parse: Callable[[bytes], Executions] | None = None
) -> str | None:
    """Return which record a journal has lost, or ``None`` if no file beside it shows a loss.

    :param state: what the journal records.
    :param parse: instead of :func:`executions_in`.
    :raises PanelError: a file cannot be read, or the journal of the rollback is damaged.
    """
    for run, ended in (parse or executions_in)(read("report.json") or b""):
        if run not in state.runs:
            return f"{LOST}: its report has the run {run}"
        if ended and run not in state.ends:
            return f"{LOST}: its report states that the run {run} ended"
    if state.rollback:
        return None
    name = f"{rollback_name(1)}/journal"
    latest = read_journal(name, read(name) or b"", None).latest
    if latest and latest["target"].get("rollback_of"):
        return f"{LOST}: the run {latest['run']} has begun to roll its changes back"
    return None


def executions_in(report: bytes) -> Executions:
    """Return the executions that a report lists. A file that is not a report lists none."""
    try:
        windows = parsed(report)["windows"]
        return [(str(each["run_id"]), each["ended"] is not None) for each in windows]
    except (ValueError, KeyError, TypeError):
        return []
