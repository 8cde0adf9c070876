# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hand-written client for this one change, with threads and `requests`.

It sends the same requests as `virtfusion_server_packages`: it reads the package, all servers and the
free resources of the hypervisors, then changes each server and reads it again. It has no decisions,
results, retries or limits.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from .order import FLAGS, PAGE_SIZE, TIMEOUT_S, Order, conclude, groups_of, has_changed


class Client:
    """A client with one session per thread, so that connections stay open and threads do not wait."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._of_thread = threading.local()

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send one request and return the response."""
        session = self._session()
        url = f"{self._order.url}/{path}"
        answer = session.request(method, url, params=query, json=body, timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.json()

    def _session(self) -> requests.Session:
        if not hasattr(self._of_thread, "session"):
            session = requests.Session()
            session.trust_env = False  # otherwise each call searches the environment for proxies
            session.headers["Authorization"] = f"Bearer {self._order.token}"
            self._of_thread.session = session
        return self._of_thread.session


def main() -> None:
    order = Order.from_arguments()
    client = Client(order)
    package = client.call("GET", f"packages/{order.package_id}")["data"]

    def page(number: int) -> dict[str, Any]:
        return client.call("GET", "servers", type="full", results=PAGE_SIZE, page=number)

    def room(group: int) -> dict[str, Any]:
        path = f"compute/hypervisors/groups/{group}/resources"
        return client.call("GET", path, results=PAGE_SIZE, page=1)

    def change(server_id: int) -> bool:
        client.call("PUT", f"servers/{server_id}/package/{order.package_id}", FLAGS)
        return has_changed(client.call("GET", f"servers/{server_id}")["data"], package)

    with ThreadPoolExecutor(order.workers) as pool:
        first = page(1)
        pages = [first, *pool.map(page, range(2, first["last_page"] + 1))]
        servers = [server for rows in pages for server in rows["data"]]
        list(pool.map(room, groups_of(servers)))
        changed = list(pool.map(change, [server["id"] for server in servers]))
    conclude(changed)


main()
