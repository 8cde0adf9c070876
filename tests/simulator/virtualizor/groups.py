# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server groups and media groups, which no act lists here: they ride along with forms (virtualizor 2.4)."""

from __future__ import annotations

from typing import Any

from .state import State


def group_lists(state: State) -> dict[str, Any]:
    """`mgs` and `servergroups` as forms carry them. The numbers of group 0 are no strings (DOCUMENTED)."""
    return {
        "mgs": {row["mgid"]: row for row in state.media_groups.values()},
        "servergroups": {str(row["sgid"]): row for row in state.server_groups.values()},
    }
