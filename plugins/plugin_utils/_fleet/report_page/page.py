# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the page of a report: one HTML file that loads nothing and runs only its own script.

Customers choose the names of servers, so everything is escaped. A Content-Security-Policy in the page
prevents a browser from running anything else. Python writes the summary, so that the page can be read
and printed without its script. The script shows the servers, which the page carries as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from string import Template
from typing import Any

from ..groups import groups_of
from .facts import facts_section, head
from .growth_table import growth_section
from .markup import Html, safe
from .outcomes import groups_section, outcomes_section
from .server_table import Servers, data_json, servers_section
from .timeline import timeline_section

_TITLES = {
    "plan": "Plan for a fleet",
    "change": "Change of a fleet",
    "rollback": "Rollback of a fleet",
    "drift": "Drift of a fleet",
}


def page(report: Mapping[str, Any]) -> str:
    """Return the page of a report, as ``build_report`` returns it."""
    title = _TITLES.get(str(report["kind"]), "Report of a fleet")
    if report["dry_run"]:
        title += ", dry run"
    groups = groups_of(report["servers"])
    servers = Servers(report, groups)
    style, script = _source("page.css"), _source("page.js")
    parts = {
        "head": head(report, title),
        "outcomes": outcomes_section(report),
        "groups": groups_section(report, groups),
        "timeline": timeline_section(report.get("windows") or ()),
        "growth": growth_section(report),
        "facts": facts_section(report),
        "servers": servers_section(servers),
        "data": data_json(servers),
    }
    return Template(_source("page.html")).substitute(
        {name: part or "" for name, part in parts.items()},
        style_hash=_hash(style),
        script_hash=_hash(script),
        title=safe(": ".join(filter(None, [title, report.get("target")]))),
        kind=safe(report["kind"]),
        style=Html(style),
        script=Html(script),
    )


@cache
def _source(name: str) -> str:
    """Return a file of this package without the comment at its begin, which names the licence."""
    data = pkgutil.get_data(__package__ or "", name)
    if data is None:
        raise FileNotFoundError(name)
    return re.sub(r"\A(?:/\*.*?\*/|<!--.*?-->)\s*", "", data.decode(), flags=re.DOTALL)


def _hash(text: str) -> str:
    """Return the hash source of an inline style or script for the Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
