# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info lines of a package change, as far as they are known (virtfusion 2.2).

The panel names only what it left alone. Seven wordings are published; the four others follow the
same pattern by inference, so lines are told apart by words rather than exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._core.changes import Reply

_LEFT_ALONE = re.compile(r"^(?P<subject>.+?) not updated\b", re.IGNORECASE)

#: Words that name an aspect, the first match counts. DOCUMENTED: all but the lines marked.
_SUBJECTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), aspect)
    for words, aspect in (
        (r"\bcpu\b", "cpu"),
        (r"\bread\b.*\biops\b", "primary_disk_read_iops"),  # INFERRED
        (r"\bwrite\b.*\biops\b", "primary_disk_write_iops"),
        (r"\bread\b.*\bbytes\b", "primary_disk_read_throughput"),  # INFERRED
        (r"\bwrite\b.*\bbytes\b", "primary_disk_write_throughput"),
        (r"\bdisk\b", "primary_disk_size"),
        (r"\binbound\b", "primary_network_inbound_speed"),
        (r"\boutbound\b", "primary_network_outbound_speed"),
        (r"\btraffic\b", "primary_network_traffic"),
        (r"\bmemory\b", "memory"),  # INFERRED
        (r"\bbackup\b", "backup_plan"),  # INFERRED
    )
)


def aspect_of(line: str) -> str | None:
    """Return the aspect that a line says was left alone, ``None`` for a line of another kind."""
    left_alone = _LEFT_ALONE.match(line.strip())
    if left_alone is None:
        return None
    return next(
        (aspect for words, aspect in _SUBJECTS if words.search(left_alone["subject"])), None
    )


def read_info(lines: Iterable[str]) -> Reply:
    """Sort the panel's lines into those about an aspect and those that no table knows."""
    about: dict[str, str] = {}
    unknown: list[str] = []
    kept = tuple(lines)
    for line in kept:
        aspect = aspect_of(line)
        if aspect is None:
            unknown.append(line)
        else:
            about.setdefault(aspect, line)
    return Reply(about, tuple(unknown), kept)
