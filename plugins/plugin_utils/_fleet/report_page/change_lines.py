# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the changes of a server as short lines. Each line has a kind, a label and a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ....module_utils._core.safe_text import plain
from ..groups import Group
from ..row_text import change_text
from .markup import Html, joined, tag

#: Kind, label and text of a line.
Line: TypeAlias = "tuple[str, str, str]"


def change_lines(group: Group) -> list[Line]:
    """Return the changes, the restart and the refusals of a group."""
    lines = [("change", *_field(row)) for row in group.changes]
    if group.restart_required:
        lines.append(("restart", "", "restart required"))
    for row in group.refused:
        label, text = _field(row)
        reason = plain(row["message"])
        lines.append(("refused", label, f"{text}: {reason}" if reason else text))
    return lines


def lines_html(lines: Sequence[Line]) -> Html:
    """Return lines as HTML. The script of the page builds the same elements."""
    return joined(
        tag("p", tag("b", label) if label else None, " " if label else None, text, class_=kind)
        for kind, label, text in lines
    )


def _field(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return a field, and its values with the unit."""
    unit = f" {plain(row['unit'])}" if row.get("unit") else ""
    return plain(row["field"]), change_text(row).replace(" -> ", " → ") + unit
