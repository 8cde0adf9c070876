# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effect of every value of every switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.huaweicloud.switches import SWITCHES

from .cloud import (
    DEARER,
    FEWER_PHONES,
    GAMING,
    NO_PAIR,
    OTHER_GENERATION,
    PRIVATE,
    RX1,
    START,
    WITHDRAWN,
    Cloud,
)

SERVER, STOPPED, GONE, OTHERS = 1, 5, 10, 9
RESTART = "/servers/batch-restart"


def code(cloud: Cloud, target: tuple[str, str], number: int = SERVER) -> tuple[int, str | None]:
    """Return status and error code of a change."""
    response = cloud.change(cloud.id_of(number), target)
    return response.status_code, response.json().get("error_code")


def cps_http_status(cloud: Cloud) -> int:
    return cloud.refused("GET", "/servers/unknown")[0]


def cps_code_form(cloud: Cloud) -> str:
    return cloud.refused("GET", "/servers/unknown")[1]


def project_mismatch(cloud: Cloud) -> tuple[int, str]:
    path = f"/v1/{cloud.account.foreign_project_id}/cloud-phone/servers"
    response = cloud.call("GET", path)
    return response.status_code, response.json()["error_code"]


def account_state(cloud: Cloud) -> tuple[int, str | None]:
    assert cloud.get("/servers")["count"] == 50
    return code(cloud, DEARER)


def list_count(cloud: Cloud) -> tuple[bool, bool]:
    return "count" in cloud.get("/servers"), "count" in cloud.get("/phones")


def past_the_end(cloud: Cloud) -> str | None:
    assert len(cloud.get("/servers", offset=49)["servers"]) == 1
    answer = cloud.cph("GET", "/servers", offset=50).json()
    result: str | None = answer.get("error_code")
    return result


def server_models_paging(cloud: Cloud) -> tuple[int, bool]:
    answer = cloud.get("/server-models", limit=2)
    return len(answer["server_models"]), "page_info" in answer


def last_page_marker(cloud: Cloud) -> Any:
    return cloud.get("/server-models")["page_info"]


def gone_servers(cloud: Cloud) -> tuple[int, int, int | None]:
    server_id = cloud.id_of(GONE)
    answer = cloud.cph("GET", f"/servers/{server_id}")
    listed = cloud.get("/servers", server_id=server_id)["count"]
    return listed, answer.status_code, answer.json().get("status")


def private_flavors(cloud: Cloud) -> tuple[bool, bool]:
    servers = [row["server_model_name"] for row in cloud.get("/server-models")["server_models"]]
    phones = [row["server_model_name"] for row in cloud.get("/phone-models")["phone_models"]]
    return PRIVATE in servers, PRIVATE in phones


def job_no_error(cloud: Cloud) -> tuple[Any, Any]:
    answer = cloud.cph("POST", RESTART, {"server_ids": [cloud.id_of(SERVER)]}).json()
    job = cloud.get(f"/jobs/{answer['jobs'][0]['job_id']}")
    return job["error_code"], answer["jobs"][0]["error_msg"]


def job_reads(cloud: Cloud) -> list[int]:
    answer = cloud.cph("POST", RESTART, {"server_ids": [cloud.id_of(SERVER)]}).json()
    job_id = answer["jobs"][0]["job_id"]
    return [cloud.get(f"/jobs/{job_id}")["status"] for dummy in range(3)]


def flavor_change_delay_s(cloud: Cloud) -> bool:
    assert code(cloud, DEARER) == (200, None)
    cloud.control.advance(20)
    return cloud.flavor(cloud.id_of(SERVER)) == DEARER


def flavor_change_reads(cloud: Cloud) -> int:
    assert code(cloud, DEARER) == (200, None)
    seen = [cloud.flavor(cloud.id_of(SERVER)) for dummy in range(6)]
    return seen.count(START)


def flavor_change_server_status(cloud: Cloud) -> tuple[int, int, int]:
    server_id = cloud.id_of(SERVER)
    assert code(cloud, DEARER) == (200, None)
    detail = cloud.get(f"/servers/{server_id}")["status"]
    (row,) = cloud.get("/servers", server_id=server_id)["servers"]
    cloud.control.advance(120)
    return detail, row["status"], cloud.get(f"/servers/{server_id}")["status"]


def flavor_change_final_status(cloud: Cloud) -> tuple[int, int, bool]:
    server_id = cloud.id_of(SERVER)
    order_id = cloud.change(server_id, DEARER).json()["order_id"]
    cloud.control.advance(120)
    status = cloud.get(f"/servers/{server_id}")["status"]
    return status, cloud.order(order_id)["status"], cloud.flavor(server_id) == DEARER


def unpaid_auto_pay(cloud: Cloud) -> tuple[tuple[int, str | None], list[int]]:
    cloud.control.patch("bss_accounts", cloud.account.domain_id, {"balance": 1})
    answer = code(cloud, DEARER)
    orders = cloud.bss("GET", "/v2/orders/customer-orders").json()["order_infos"]
    return answer, [order["status"] for order in orders]


def flavor_change_http_status(cloud: Cloud) -> int:
    return code(cloud, DEARER)[0]


def flavor_change_refusals(cloud: Cloud) -> list[tuple[int, str | None]]:
    start = cloud.control.digest()
    seen = [code(cloud, NO_PAIR), code(cloud, DEARER, STOPPED)]
    assert cloud.control.digest() == start
    assert cloud.control.counters()["applied"] == 0
    return seen


def flavor_change_metadata_order(cloud: Cloud) -> bool:
    server_id = cloud.id_of(SERVER)
    order_id = cloud.change(server_id, DEARER).json()["order_id"]
    return bool(cloud.get(f"/servers/{server_id}")["metadata"]["order_id"] == order_id)


def flavor_target(cloud: Cloud) -> list[tuple[int, str | None]]:
    return [code(cloud, (PRIVATE, "rx1.cp.pv.c6.d10")), code(cloud, DEARER, OTHERS)]


def flavor_pair(cloud: Cloud) -> tuple[int, str | None]:
    return code(cloud, NO_PAIR)


def flavor_generation(cloud: Cloud) -> tuple[int, str | None]:
    return code(cloud, OTHER_GENERATION)


def flavor_count(cloud: Cloud) -> list[tuple[int, str | None]]:
    return [code(cloud, FEWER_PHONES), code(cloud, (GAMING, "rx1.cg.c3.d30.e1v1"))]


def flavor_not_ready(cloud: Cloud) -> tuple[int, str | None]:
    return code(cloud, DEARER, STOPPED)


def flavor_pending(cloud: Cloud) -> tuple[tuple[int, str | None], int]:
    assert code(cloud, DEARER) == (200, None)
    second = code(cloud, WITHDRAWN)
    orders = cloud.bss("GET", "/v2/orders/customer-orders").json()["total_count"]
    cloud.control.advance(120)
    last = WITHDRAWN if second == (200, None) else DEARER
    assert cloud.flavor(cloud.id_of(SERVER)) == last
    return second, orders


def flavor_same(cloud: Cloud) -> tuple[int, str | None]:
    return code(cloud, START)


def flavor_withdrawn(cloud: Cloud) -> tuple[int, str | None]:
    assert WITHDRAWN[0] == RX1
    return code(cloud, WITHDRAWN)


def bss_access(cloud: Cloud) -> tuple[int, int]:
    path = "/v2/orders/customer-orders"
    return cloud.bss("GET", path).status_code, cloud.call("GET", path).status_code


def bss_no_orders(cloud: Cloud) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.bss("GET", "/v2/orders/customer-orders").json()
    assert answer.pop("total_count") == 0
    return answer


def bss_status_filter(cloud: Cloud) -> list[int]:
    path = "/v2/orders/customer-orders"
    return [cloud.bss("GET", path, status=status).status_code for status in (9, 2)]


OK: tuple[int, None] = (200, None)
OUTCOMES: list[tuple[Callable[[Cloud], Any], dict[str, Any]]] = [
    (cps_http_status, {"new": 404, "all400": 400}),
    (cps_code_form, {"dotted": "CPS.0015", "plain": "CPS0015"}),
    (project_mismatch, {"CPS.0001": (403, "CPS.0001"), "CPS.0046": (400, "CPS.0046")}),
    (
        account_state,
        {
            "good": OK,
            "arrears": (403, "CPS.0006"),
            "frozen": (403, "CPS.0007"),
            "unverified": (403, "CPS.0008"),
        },
    ),
    (list_count, {"present": (True, True), "absent": (False, False)}),
    (past_the_end, {"empty": None, "refuse": "CPS.0002"}),
    (server_models_paging, {"marker": (2, True), "none": (6, False)}),
    (last_page_marker, {"null": {"next_marker": None}, "empty": {"next_marker": ""}, "absent": {}}),
    (gone_servers, {"shown": (1, 200, 6), "detail_only": (0, 200, 6), "hidden": (0, 404, None)}),
    (private_flavors, {"hidden": (False, False), "listed": (True, True)}),
    (job_no_error, {"null": (None, None), "empty": ("", "")}),
    (job_reads, {"0": [2, 2, 2], "2": [1, 1, 2]}),
    (flavor_change_delay_s, {"5": True, "60": False}),
    (flavor_change_reads, {"0": 0, "4": 4}),
    (
        flavor_change_server_status,
        {"5": (5, 5, 5), "4": (4, 4, 5), "11": (11, 11, 5), "13": (13, 13, 5)},
    ),
    (
        flavor_change_final_status,
        {"5": (5, 5, True), "8": (8, 5, True), "10": (10, 5, True)},
    ),
    (unpaid_auto_pay, {"pending": (OK, [6]), "refuse": ((400, "CPS.0062"), [])}),
    (flavor_change_http_status, {"200": 200, "201": 201}),
    (
        flavor_change_refusals,
        {
            "http": [(400, "CPS.0157"), (400, "CPS.0099")],
            "ok_body": [(200, "CPS.0157"), (200, "CPS.0099")],
        },
    ),
    (flavor_change_metadata_order, {"keep": False, "change": True}),
    (flavor_target, {"any": [OK, OK], "special": [(400, "CPS.0089"), OK]}),
    (flavor_pair, {"CPS.0157": (400, "CPS.0157"), "CPS.0257": (400, "CPS.0257")}),
    (flavor_generation, {"CPS.0089": (400, "CPS.0089"), "CPS.0257": (400, "CPS.0257")}),
    (flavor_count, {"CPS.0157": [(400, "CPS.0157")] * 2, "CPS.0257": [(400, "CPS.0257")] * 2}),
    (
        flavor_not_ready,
        {word: (400, word) for word in ("CPS.0098", "CPS.0099", "CPS.0105")},
    ),
    (flavor_pending, {"CPS.0062": ((400, "CPS.0062"), 1), "accept": (OK, 2)}),
    (flavor_same, {"ok_body": (200, "CPS.0062"), "CPS.0062": (400, "CPS.0062")}),
    (flavor_withdrawn, {"accept": OK, "CPS.0257": (400, "CPS.0257")}),
    (bss_no_orders, {"list": {"order_infos": []}, "null": {"order_infos": None}, "absent": {}}),
    (bss_status_filter, {"any": [200, 200], "described": [200, 400]}),
    (bss_access, {"domain": (200, 403), "any": (200, 200), "denied": (403, 403)}),
]


@pytest.mark.parametrize(
    ("look", "value", "expected"),
    [
        pytest.param(look, value, expected, id=f"{look.__name__}={value}")
        for look, outcomes in OUTCOMES
        for value, expected in outcomes.items()
    ],
)
def test_switch(cloud: Cloud, look: Callable[[Cloud], Any], value: str, expected: Any) -> None:
    cloud.control.switches(**{look.__name__: value})
    assert look(cloud) == expected


def test_all_switches_are_tested() -> None:
    tested = {look.__name__: set(outcomes) for look, outcomes in OUTCOMES}
    assert set(tested) == {switch.name for switch in SWITCHES}
    for switch in SWITCHES:
        assert set(switch.choices) <= tested[switch.name], switch.name
