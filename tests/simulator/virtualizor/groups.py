# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Server groups, media groups and OS templates: their lists, and their parts of forms (virtualizor 2.4)."""

from __future__ import annotations

from typing import Any

from .acts import Acts
from .call import Call
from .paging import like, page_of
from .state import Row, State
from .vps import TEMPLATES

acts = Acts()


@acts.page("servergroups", "Server Groups")
def list_server_groups(call: Call) -> dict[str, Any]:
    """Return the server groups, optionally those with a name (OBSERVED act, key and filter)."""
    return {"servergroups": _named(call, call.state.server_groups, "sg_name")}


@acts.page("mediagroups", "Media Groups")
def list_media_groups(call: Call) -> dict[str, Any]:
    """Return the media groups (OBSERVED act and filters; the key is INFERRED from the forms)."""
    number = call.text("mgid")
    found = _named(call, call.state.media_groups, "mg_name")
    return {"mgs": {key: row for key, row in found.items() if number in ("", key)}}


@acts.page("ostemplates", "OS Templates")
def list_templates(call: Call) -> dict[str, Any]:
    """Return one page of the templates (OBSERVED act and key)."""
    return {"ostemplates": page_of(call, list(TEMPLATES.values()), "osid", dict)}


def _named(call: Call, rows: dict[int, Row], column: str) -> dict[str, Row]:
    part = call.text(column)
    return {str(key): row for key, row in rows.items() if like(str(row[column]), part)}


def group_lists(state: State) -> dict[str, Any]:
    """Return `mgs` and `servergroups` as in forms. The numbers of group 0 are not strings (DOCUMENTED)."""
    return {
        "mgs": {row["mgid"]: row for row in state.media_groups.values()},
        "servergroups": {str(row["sgid"]): row for row in state.server_groups.values()},
    }
