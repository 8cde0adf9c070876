# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find values of filters that match no server. They are often typos, and then include an excluded server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ._server_cache import Host

#: Options with shell patterns for the names of servers.
PATTERNS = ("names", "exclude_names")

Unmatched = list[tuple[str, Any]]


def unmatched_values(
    query: Mapping[str, Any], fields: Mapping[str, str], seen: Iterable[Host]
) -> Unmatched:
    """Return the (option, value) pairs that match none of the servers that a panel lists.

    :param query: the filters, by option.
    :param fields: the field that an option is compared with. Only options that name things on the
        panel are judged: it is no mistake if no server is in one of several states.
    :param seen: servers before the filters. A server without a field was not read in full, unless it
        is there once more.
    """
    servers: dict[Any, Host] = {}
    for view in seen:
        servers[view["id"]] = {**servers.get(view["id"], {}), **view}
    found: Unmatched = []
    for option, field in fields.items():
        values = query.get(option) or ()
        if any(field not in view for view in servers.values()):
            continue
        shown = {view[field] for view in servers.values()}
        if option in PATTERNS:
            missed = [value for value in values if not _matches(value, shown)]
        else:
            missed = [value for value in values if value not in shown]
        found += [(option, value) for value in missed]
    return found


def _matches(pattern: str, names: Iterable[str | None]) -> bool:
    return any(fnmatchcase(name or "", pattern) for name in names)
