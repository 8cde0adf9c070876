# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects as Huawei Cloud sends them, and tasks in one region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.panel import HUAWEICLOUD
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    ScriptedBackend,
    Step,
    answer,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import (
    failure_of,
    play,
    with_defaults,
)

REGION = "cn-north-4"
PROJECT = "0123456789abcdef0123456789abcdef"
TOKEN = "MIIunit-test-token"
SERVER_ID = "5e000000000000000000000000000007"

IAM = f"https://iam.{REGION}.myhuaweicloud.com"
BSS = "https://bss.example.com"
CPH = f"https://cph.{REGION}.myhuaweicloud.com/v1/{PROJECT}"
SERVERS = f"{CPH}/cloud-phone/servers"
SHOW = f"{SERVERS}/{SERVER_ID}"
CHANGE = f"{SERVERS}/change-server-model"
PHONE_MODELS = f"{CPH}/cloud-phone/phone-models"
SERVER_MODELS = f"{CPH}/cloud-phone/server-models"
PHONES = f"{CPH}/cloud-phone/phones"
ORDERS = f"{BSS}/v2/orders/customer-orders"

OLD = ("physical.rx1.xlarge", "rx1.c60")
NEW = ("physical.rx1.xlarge.special", "rx1.sp.c60")


def server(
    server_id: str = SERVER_ID, flavor: tuple[str, str] = OLD, **changes: Any
) -> dict[str, Any]:
    """Return a server as the single read shows it: running, billed monthly."""
    return {
        "request_id": "00000000000000000000000000000001",
        "server_id": server_id,
        "server_name": f"phones-{server_id[-2:]}",
        "server_model_name": flavor[0],
        "phone_model_name": flavor[1],
        "status": 5,
        "availability_zone": "cn-north-4a",
        "metadata": {"order_id": "CS0000", "product_id": "p-1", "charging_mode": 0},
        "addresses": [{"server_ip": "192.0.2.7", "public_ip": "198.51.100.7"}],
        **changes,
    }


def pair(flavor: tuple[str, str], capacity: int = 60, **changes: Any) -> dict[str, Any]:
    """Return a row of the phone flavors."""
    return {
        "server_model_name": flavor[0],
        "phone_model_name": flavor[1],
        "status": 1,
        "phone_capacity": capacity,
        "cpu": 2.0,
        "memory": 3584,
        "disk": 10,
        "extend_spec": '{"gpu": "1"}',
        "product_type": 0,
        **changes,
    }


def order(order_id: str, status: int, **changes: Any) -> dict[str, Any]:
    """Return an order of the account."""
    return {
        "order_id": order_id,
        "status": status,
        "order_type": 3,
        "service_type_code": "hws.service.type.cph",
        "pending_payment_end_time": "2026-01-02T00:00:00Z" if status == 6 else None,
        **changes,
    }


def get(url: str, reply: Reply | Any, query: Mapping[str, Any] | None = None) -> Step:
    """Expect a read. ``reply`` is the body of a success, or a reply."""
    return Step("GET", url, _reply(reply), query)


def post(url: str, reply: Reply | Any, body: Any = None) -> Step:
    """Expect a POST request. ``reply`` is the body of a success, or a reply."""
    return Step("POST", url, _reply(reply), body=body)


def flavors(*pairs: dict[str, Any], types: Mapping[str, str] | None = None) -> tuple[Step, Step]:
    """Expect the two reads of a check.

    By default both flavors hold 60 phones and run on one kind of machine.
    """
    rows = list(pairs) or [pair(OLD), pair(NEW)]
    kinds = types or {OLD[0]: "Hi1616", NEW[0]: "Hi1616"}
    models = [
        {"server_model_name": name, "server_type": kind, "product_type": 0}
        for name, kind in kinds.items()
    ]
    return (
        get(PHONE_MODELS, {"phone_models": rows}, {"offset": 0, "limit": 100}),
        get(SERVER_MODELS, {"server_models": models}, {"limit": 100}),
    )


def open_orders(*orders: dict[str, Any]) -> tuple[Step, ...]:
    """Return the reads of open orders, one for each state."""
    return tuple(
        get(
            ORDERS,
            {"order_infos": [row for row in orders if row["status"] == status]},
            {"order_type": 3, "status": status, "offset": 0, "limit": 100},
        )
        for status in (9, 1, 6, 3, 2)
    )


def signed(url: str, query: Mapping[str, Any]) -> str:
    """Return the URL of a signed request, which includes its query."""
    return f"{url}?{urlencode(sorted(query.items()))}"


def options(spec: ArgumentSpec, **changes: Any) -> dict[str, Any]:
    """Return a module's options after argument validation, with a token by default."""
    given = {"region": REGION, "project_id": PROJECT, "auth_token": TOKEN}
    return with_defaults(spec, **{**given, **changes})


def run_task(
    work: type,
    spec: ArgumentSpec,
    *steps: Step,
    check_mode: bool = False,
    clock: FakeClock | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Run a task and return its result. Every expected request must be sent."""
    params = options(spec, **changes)
    backend = ScriptedBackend(*steps, base="")
    return play(HUAWEICLOUD, backend, work, params, check_mode=check_mode, clock=clock)


def fail_task(work: type, spec: ArgumentSpec, *steps: Step, **changes: Any) -> PanelError:
    """Run a task that must fail; return the error."""
    return failure_of(run_task, work, spec, *steps, **changes)


def _reply(value: Any) -> Reply:
    return answer(200, value) if isinstance(value, dict) else value
