# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A hand-written client with asyncio and `aiohttp`, see `bare_threads.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import aiohttp

from .order import FLAGS, PAGE_SIZE, TIMEOUT_S, Order, conclude, groups_of, has_changed

Item = TypeVar("Item")
Result = TypeVar("Result")


async def each(
    work: Callable[[Item], Awaitable[Result]], items: Iterable[Item], workers: int
) -> list[Result]:
    """Return the result of `work` for each item, in order, with at most `workers` at a time."""
    left = list(enumerate(items))[::-1]
    found: dict[int, Result] = {}

    async def worker() -> None:
        while left:
            place, item = left.pop()
            found[place] = await work(item)

    await asyncio.gather(*(worker() for dummy in range(workers)))
    return [found[place] for place in sorted(found)]


async def execute(order: Order, http: aiohttp.ClientSession) -> list[bool]:
    """Change every server; return for each whether the change is visible."""

    async def call(method: str, path: str, body: Any = None, **query: Any) -> Any:
        url = f"{order.url}/{path}"
        async with http.request(method, url, params=query, json=body) as answer:
            answer.raise_for_status()
            return await answer.json()

    package = (await call("GET", f"packages/{order.package_id}"))["data"]

    async def page(number: int) -> dict[str, Any]:
        return await call("GET", "servers", type="full", results=PAGE_SIZE, page=number)

    async def room(group: int) -> dict[str, Any]:
        path = f"compute/hypervisors/groups/{group}/resources"
        return await call("GET", path, results=PAGE_SIZE, page=1)

    async def change(server_id: int) -> bool:
        await call("PUT", f"servers/{server_id}/package/{order.package_id}", FLAGS)
        return has_changed((await call("GET", f"servers/{server_id}"))["data"], package)

    first = await page(1)
    pages = [first, *await each(page, range(2, first["last_page"] + 1), order.workers)]
    servers = [server for rows in pages for server in rows["data"]]
    await each(room, groups_of(servers), order.workers)
    return await each(change, [server["id"] for server in servers], order.workers)


async def main() -> None:
    order = Order.from_arguments()
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {order.token}"},
        connector=aiohttp.TCPConnector(limit=order.workers),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
    ) as http:
        conclude(await execute(order, http))


asyncio.run(main())
