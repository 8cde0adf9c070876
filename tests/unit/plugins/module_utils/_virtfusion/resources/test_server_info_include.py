# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test further reads of servers with concurrent requests."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_info import (
    MORE,
    WORKERS,
    ServersWithMore,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import BASE, answer, get, ok
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    options,
    page,
    row,
    server,
)

MONTH = {
    "month": 2,
    "start": "2025-01-06 00:00:00",
    "end": "2025-02-05 23:59:59",
    "rx": 1847110337,
    "tx": 1270421,
    "total": 1848380758,
    "limit": 20000,
    "blocks": [{"id": 2, "traffic": 100}],
}
FIREWALL = {"enabled": True, "rules": []}
BLOCKS = {"assigned": [], "available": {"current": {"month": 1}, "months": {}}}
TEMPLATES = [
    {"id": 1, "name": "Debian", "templates": [{"id": 46, "name": "Debian", "version": "12"}]}
]


class Routed:
    """A panel that responds by path and counts concurrent requests."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self._lock = threading.Lock()
        self._gate = threading.Barrier(2, timeout=WATCHDOG_S)
        self.asked: Counter[str] = Counter()
        self.meet: set[str] = set()

    def send(self, request: Request) -> Response:
        path = request.url.removeprefix(BASE)
        with self._lock:
            self.asked[path] += 1
        if path in self.meet:
            self._gate.wait()
        found = self._answers[path]
        return found if isinstance(found, Response) else ok(found)

    def close(self) -> None:
        pass


def read(panel: Routed, **changes):
    params = options(ARGUMENTS, **changes)
    return run(VIRTFUSION, ServersWithMore, params, backend=panel)


def answers(server_id: int = 7) -> dict[str, Any]:
    at = f"/servers/{server_id}"
    return {
        at: server(id=server_id),
        f"{at}/traffic": {"monthly": [MONTH]},
        f"{at}/traffic/blocks": BLOCKS,
        f"{at}/firewall/primary": FIREWALL,
        f"{at}/firewall/secondary": answer(404, {"msg": "interface not found"}),
        f"/backups/server/{server_id}": [{"id": 42, "serverId": server_id, "complete": True}],
        f"{at}/templates": TEMPLATES,
    }


def test_everything_is_read_and_projected():
    panel = Routed(answers())
    result = read(panel, server_ids=[7], include=list(MORE))
    (view,) = result["servers"]
    assert view["traffic"] == [
        {
            "month": 2,
            "start": "2025-01-06 00:00:00",
            "end": "2025-02-05 23:59:59",
            "received": 1847110337,
            "sent": 1270421,
            "total": 1848380758,
            "limit": 20000,
            "blocks": [{"id": 2, "traffic": 100}],
        }
    ]
    assert view["firewall"] == {"primary": FIREWALL, "secondary": None}
    assert view["traffic_blocks"]["current_month"] == 1
    assert view["backups"][0]["id"] == 42
    assert view["templates"][0]["full_name"] == "Debian 12"
    assert result["api_calls"] == {"read": 7, "write": 0, "retried": 0, "waited_s": 0.0}


def test_only_requested_parts_are_read():
    panel = Routed(answers())
    (view,) = read(panel, server_ids=[7], include=["backups", "backups"])["servers"]
    assert panel.asked == {"/servers/7": 1, "/backups/server/7": 1}
    assert "traffic" not in view


def test_requests_are_concurrent():
    panel = Routed(answers())
    # Each of these two gets a response only while the other is in flight.
    panel.meet = {"/servers/7/traffic", "/backups/server/7"}
    read(panel, server_ids=[7], include=["traffic", "backups"])
    assert 2 <= WORKERS <= 10


def test_each_server_has_its_own():
    many = {path: value for number in (7, 8, 9) for path, value in answers(number).items()}
    many["/servers"] = answer(200, page(row(7, "a"), row(8, "b"), row(9, "c")))
    servers = read(Routed(many), include=["backups"])["servers"]
    assert [(view["id"], view["backups"][0]["server_id"]) for view in servers] == [
        (7, 7), (8, 8), (9, 9),
    ]  # fmt: skip
    assert "hostname" not in servers[0]


@pytest.mark.parametrize(
    ("path", "reply", "code"),
    [
        ("/servers/7/firewall/secondary", answer(403), "forbidden"),
        ("/servers/7/firewall/primary", answer(404, {"msg": "interface not found"}), "not_found"),
        ("/servers/7/traffic", ok([]), "protocol"),
        ("/servers/7/traffic", ok({"daily": []}), "protocol"),
    ],
    ids=str,
)
def test_an_unreadable_part_fails_the_task(path, reply, code):
    with pytest.raises(PanelError) as caught:
        read(Routed({**answers(), path: reply}), server_ids=[7], include=list(MORE))
    assert caught.value.code.value == code


def test_servers_are_found_by_uuid():
    rows = get("/servers", answer(200, page(row(7, "a"), row(8, "a"))))
    uuid = "00000000-0000-4000-8000-000000000008"
    found = run_task(ServersWithMore, ARGUMENTS, rows, server_uuids=[uuid])
    assert [view["id"] for view in found["servers"]] == [8]
    error = fail_task(ServersWithMore, ARGUMENTS, rows, server_uuids=["no-such"])
    assert error.code.value == "not_found"
