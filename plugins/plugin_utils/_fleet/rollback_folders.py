# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Name the folders of rollbacks: ``rollback``, ``rollback-2`` and so on, inside the folder of their run."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"rollback(?:-([0-9]+))?")


def rollback_name(number: int) -> str:
    """Return the name of the folder of a rollback."""
    return "rollback" if number == 1 else f"rollback-{number}"


def rollback_number(folder: Path) -> int | None:
    """Return the number of a rollback from its folder, ``None`` if the folder is that of a run."""
    found = _NAME.fullmatch(folder.name)
    return int(found[1] or 1) if found else None


def lineage_of(folder: Path) -> list[Path]:
    """Return the folders from that of a run to this one.

    :param folder: of the run, of a rollback in it, or of a rollback of a rollback.
    """
    found = [folder]
    while rollback_number(found[0]) is not None:
        found.insert(0, found[0].parent)
    return found
