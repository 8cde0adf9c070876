# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain VirtFusion client for the tests."""

from __future__ import annotations

from typing import Any

import requests

from tests.simulator.process import WATCHDOG_S, Simulator

from .plain_client import PlainClient

ASPECTS = (
    "cpu",
    "memory",
    "primaryDiskSize",
    "primaryNetworkTraffic",
    "primaryNetworkInboundSpeed",
    "primaryNetworkOutboundSpeed",
    "primaryDiskReadIOPS",
    "primaryDiskWriteIOPS",
    "primaryDiskReadThroughput",
    "primaryDiskWriteThroughput",
    "backupPlan",
)
"""The eleven flags of a package change."""


class Api(PlainClient):
    """The VirtFusion API of a simulator."""

    def __init__(self, simulator: Simulator, token: str | None = None) -> None:
        super().__init__(simulator, Authorization=f"Bearer {token or simulator.token}")

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Send one request and return the response."""
        return self.session.request(
            method, f"{self.simulator.api_url}{path}", json=body, params=query, timeout=WATCHDOG_S
        )

    def data(self, path: str, **query: Any) -> Any:
        """Return the `data` of a read, which must succeed."""
        response = self.call("GET", path, **query)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Send a request that must succeed, and return the response."""
        response = self.call(method, path, body, **query)
        assert response.ok, f"{response.status_code} {response.text}"
        return response

    def server(self, number: int, **query: Any) -> Any:
        """Return the API's view of a server."""
        return self.data(f"/servers/{number}", **query)

    def change(self, server: int, package: int, **flags: bool) -> list[str]:
        """Change a package with all flags false except the given ones. Return the info lines."""
        body = {**dict.fromkeys(ASPECTS, False), **flags}
        answer = self.ok("PUT", f"/servers/{server}/package/{package}", body).json()
        assert list(answer) == ["info"]
        return list(answer["info"])
