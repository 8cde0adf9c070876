# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the cloud phone servers of a region for an inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._huaweicloud.client import HuaweiCloud
from ...module_utils._huaweicloud.resources.server_info import FleetQuery, list_fleet, read_in_full

#: Where a server is, as the options of a task call it.
PLACE = ("region", "project_id")
#: The addresses of a server by kind.
ADDRESSES = ("public_ips", "server_ips")


def read_fleet(
    client: HuaweiCloud,
    query: FleetQuery,
    *,
    details: bool,
    workers: int,
    seen: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the servers that pass a query, oldest first, with :data:`PLACE` and :data:`ADDRESSES`.

    :param details: whether to read each server by itself, for values that the list does not have.
    :param workers: requests at a time.
    :param seen: receives the listed servers with all fields, before the filters.
    """
    found = list_fleet(client, query, workers=workers, seen=seen)
    if details:
        found = [row for row in read_in_full(client, found, workers=workers) if query.accepts(row)]
    place = dict(zip(PLACE, (client.account.region, client.project_id()), strict=True))
    oldest_first = sorted(found, key=lambda row: (row.get("create_time") or "", row["id"]))
    return [{**row, **place, **_addresses(row)} for row in oldest_first]


def _addresses(server: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the addresses of a server by kind. The list does not have all (huaweicloud_cph 3.1)."""
    rows = server.get("addresses") or ()
    return {
        kind: [row[kind.removesuffix("s")] for row in rows if row[kind.removesuffix("s")]]
        for kind in ADDRESSES
    }
