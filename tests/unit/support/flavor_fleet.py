# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run flavor changes of many servers, against a script or against servers in memory."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.action.huaweicloud_cph_server_flavors import (
    ActionModule,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    OLD_STILL,
    ORDERED,
    WISH,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    BSS,
    CHANGE,
    NEW,
    OLD,
    ORDERS,
    PHONE_MODELS,
    SERVER_ID,
    SERVER_MODELS,
    SERVERS,
    SHOW,
    TOKEN,
    flavors,
    get,
    open_orders,
    options,
    order,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    Step,
    answer,
)

ARGUMENTS = ActionModule.FLEET.arguments
UNPAID, PROCESSING = order("CS9", 6), order("CS9", 3)
#: What the order of ``placed()`` adds to the row of its server once it is complete.
PLACED = {
    "order_id": "CS1",
    "order_state": "unknown",
    "pending_payment": False,
    "pay_until": None,
}
#: The requests before the first order: a read, the lists and the open orders.
BEGIN = (get(SHOW, server()), *flavors(), *open_orders())
#: The requests before each order: the open orders and the server.
BEFORE = (*open_orders(), OLD_STILL)


def listed(*servers: dict[str, Any], **asked: Any) -> Step:
    """Return a read of the list of servers, on one page."""
    query = {**asked, "offset": 0, "limit": 100}
    return get(SERVERS, {"count": len(servers), "servers": list(servers)}, query)


def placed(order_id: str = "CS1", **body: Any) -> Step:
    """Return an accepted order."""
    return post(CHANGE, {**ORDERED, "order_id": order_id}, body or None)


def outcomes(result: dict[str, Any]) -> list[str]:
    """Return the outcomes of the servers."""
    return [row["outcome"] for row in result["results"]]


class FlavorFleet:
    """Runs the action with one worker and immediate payment.

    :param folder: folder for the state files.
    """

    def __init__(self, folder: Path) -> None:
        self._state = str(folder / "state")
        #: The clock of the last run.
        self.clock = FakeClock()

    def __call__(
        self, *steps: Step, check_mode: bool = False, cloud: Cloud | None = None, **given: Any
    ) -> dict[str, Any]:
        """Run the action and return its result. Every expected request must be sent."""
        ours = {
            "auto_pay": True,
            "bss_endpoint": BSS,
            "workers": 1,
            "check_capacity": False,
            "state_dir": self._state,
        }
        desired = {} if "rollback" in given else WISH
        selectors = {"server_ids", "server_names", "all", "plan_file", "rollback"}
        selection = {} if selectors & set(given) else {"server_ids": [SERVER_ID]}
        script = ScriptedBackend(*steps, base="")
        self.clock = FakeClock()
        result, failed = ActionModule.FLEET.execute(
            options(ARGUMENTS, **{**ours, **desired, **selection, **given}),
            check_mode=check_mode,
            show=None,
            stop=Stop(),
            clock=self.clock,
            backend=cloud or script,
        )
        script.assert_finished()
        assert TOKEN not in json.dumps(result)
        return {**result, "failed": failed}


class Cloud:
    """Servers whose flavor changes at the second read after an order, and orders open until then.

    :ivar together: highest number of orders in flight.
    """

    def __init__(self, servers: int) -> None:
        self.flavor = {f"5e{number:030}": OLD for number in range(servers)}
        self.ordered: dict[str, str] = {}
        self.looks: Counter[str] = Counter()
        self.posts: Counter[str] = Counter()
        self.sending = self.together = 0
        self.lock = threading.Lock()

    def send(self, request: Request) -> Response:
        if request.method == "POST":
            return self._order(request.body["server_id"])
        with self.lock:
            return answer(200, self._read(request.url.partition("?")[0]))

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def _order(self, server_id: str) -> Response:
        with self.lock:
            self.sending += 1
            self.together = max(self.together, self.sending)
        time.sleep(0.01)
        with self.lock:
            self.sending -= 1
            self.posts[server_id] += 1
            self.ordered[server_id] = f"CS-{server_id}"
        return answer(200, {"order_id": f"CS-{server_id}"})

    def _read(self, url: str) -> dict[str, Any]:
        if url == ORDERS:
            return {"order_infos": [order(name, 3) for name in self.ordered.values()]}
        if "/details/" in url:
            return {"order_info": order(url.rpartition("/")[2], 3)}
        if url == SERVERS:
            rows = [server(server_id, flavor) for server_id, flavor in self.flavor.items()]
            return {"count": len(rows), "servers": rows}
        step = {PHONE_MODELS: 0, SERVER_MODELS: 1}.get(url)
        if step is not None:
            return json.loads(flavors()[step].reply.content)
        return self._show(url.rpartition("/")[2])

    def _show(self, server_id: str) -> dict[str, Any]:
        self.looks[server_id] += server_id in self.ordered
        if self.looks[server_id] == 2:
            self.flavor[server_id] = NEW
            self.ordered.pop(server_id, None)
        return server(server_id, self.flavor[server_id])
