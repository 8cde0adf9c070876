# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List and filter the cloud phone servers of a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.errors import PanelError
from ..._core.select import name_passes
from ..client import PAGE_SIZE, HuaweiCloud
from ..filters import only, passes, single, status_of
from ..together import together
from .server import GONE, SERVER, STATES


@dataclass(frozen=True)
class FleetQuery:
    """Filters for servers. ``None`` is no filter, but released servers pass only if ``states`` has them.

    :param names: shell patterns, one of which the name must match.
    :param exclude_names: shell patterns, none of which it may match.
    """

    states: Sequence[str] | None = None
    server_model_names: Sequence[str] | None = None
    phone_model_names: Sequence[str] | None = None
    availability_zones: Sequence[str] | None = None
    enterprise_project_ids: Sequence[str] | None = None
    charging_mode: str | None = None
    network_version: str | None = None
    names: Sequence[str] | None = None
    exclude_names: Sequence[str] | None = None

    def asked(self) -> dict[str, Any]:
        """Return the filters of the service, which are few and take one value each (huaweicloud_cph 3.1)."""
        filters = {
            "status": status_of(STATES, self.states),
            "phone_model_name": single(self.phone_model_names),
            "network_version": self.network_version,
        }
        return {name: value for name, value in filters.items() if value is not None}

    def wants(self, server: Mapping[str, Any]) -> bool:
        """Return whether a server passes the filters, as the list shows it."""
        if self.states is None and server["state"] == GONE:
            return False
        if not name_passes(server["name"], self.names, self.exclude_names):
            return False
        allowed = {
            "state": self.states,
            "server_model_name": self.server_model_names,
            "phone_model_name": self.phone_model_names,
            "availability_zone": self.availability_zones,
            "enterprise_project_id": self.enterprise_project_ids,
            "charging_mode": only(self.charging_mode),
            "network_version": only(self.network_version),
        }
        return passes(server, allowed)


def list_fleet(
    client: HuaweiCloud,
    query: FleetQuery,
    *,
    workers: int,
    page_size: int = PAGE_SIZE,
    seen: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of the servers that pass a query, newest first.

    :param workers: requests at a time.
    :param seen: receives the listed servers with all fields, before the filters.
    """
    raw = client.servers(query.asked(), page_size=page_size, workers=workers)
    rows = [SERVER.project(row) for row in raw]
    if seen is not None:
        seen += [{**dict.fromkeys(SERVER), **row} for row in rows]
    return [row for row in rows if query.wants(row)]


def read_in_full(
    client: HuaweiCloud, rows: Iterable[Mapping[str, Any]], *, workers: int
) -> list[dict[str, Any]]:
    """Return the servers of some rows as the single read shows them.

    A server that ceased to exist since it was listed is left out.
    """

    def read(row: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            return SERVER.project(client.server(row["id"]))
        except PanelError as error:
            if error.absent:
                return None
            raise

    return [server for server in together(read, rows, workers) if server is not None]
