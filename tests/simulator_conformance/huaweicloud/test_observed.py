# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients of Huawei Cloud observed: a balance that ends, inner failures, further keys of a phone."""

from __future__ import annotations

import pytest

from .cloud import CHEAPER, DEARER, START, Cloud

SERVER, OTHER, OWN_NETWORK = 1, 17, 4
PROCESSING, COMPLETED, UNPAID = 3, 5, 6
PRICE = 6 * 120.5
"""Six months of the difference between `START` and `DEARER`."""
PAY = "/v3/orders/customer-orders/pay"
CHANGE = "POST /v1/{project_id}/cloud-phone/servers/change-server-model"


def set_balance(cloud: Cloud, balance: float | None) -> None:
    """Set what the customer can pay."""
    cloud.control.patch("bss_accounts", cloud.account.domain_id, {"balance": balance})


def balance(cloud: Cloud) -> float | None:
    """Return what the customer can still pay."""
    left: float | None = cloud.control.record("bss_accounts", cloud.account.domain_id)["balance"]
    return left


def test_a_balance_that_ends_between_two_orders(cloud: Cloud) -> None:
    set_balance(cloud, PRICE * 1.5)
    orders = [
        cloud.change(cloud.id_of(number), DEARER).json()["order_id"] for number in (SERVER, OTHER)
    ]
    cloud.control.advance(600)
    assert [cloud.order(order_id)["status"] for order_id in orders] == [COMPLETED, UNPAID]
    assert [cloud.flavor(cloud.id_of(n)) for n in (SERVER, OTHER)] == [DEARER, START]
    assert balance(cloud) == PRICE / 2


def test_an_order_is_paid_when_there_is_money_again(cloud: Cloud) -> None:
    set_balance(cloud, 0)
    order_id = cloud.change(cloud.id_of(SERVER), DEARER).json()["order_id"]
    body = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO"}
    refused = cloud.bss("POST", PAY, body)
    assert (refused.status_code, cloud.order(order_id)["status"]) == (400, UNPAID)
    assert "balance" in refused.json()["error_msg"]
    set_balance(cloud, PRICE)
    assert cloud.bss("POST", PAY, body).status_code == 204
    assert (cloud.order(order_id)["status"], balance(cloud)) == (PROCESSING, 0)


def test_a_refund_needs_no_balance(cloud: Cloud) -> None:
    set_balance(cloud, 0)
    cloud.change(cloud.id_of(SERVER), CHEAPER, auto_pay=None)
    cloud.control.advance(120)
    assert cloud.flavor(cloud.id_of(SERVER)) == CHEAPER
    assert balance(cloud) == 540.0


def test_an_endless_balance(cloud: Cloud) -> None:
    assert balance(cloud) is None
    cloud.change(cloud.id_of(SERVER), DEARER)
    assert balance(cloud) is None


@pytest.mark.parametrize("status", [8, 10])
def test_a_complete_order_of_a_server_that_is_not_normal(cloud: Cloud, status: int) -> None:
    cloud.control.switches(flavor_change_final_status=status, flavor_change_reads=0)
    server_id = cloud.id_of(SERVER)
    order_id = cloud.change(server_id, DEARER).json()["order_id"]
    server = cloud.get(f"/servers/{server_id}")
    assert (server["status"], cloud.order(order_id)["status"]) == (status, COMPLETED)
    assert (server["server_model_name"], server["phone_model_name"]) == DEARER


def test_inner_failures(cloud: Cloud) -> None:
    start = cloud.control.digest()
    cloud.control.fault("inner_failure", operation=CHANGE)
    response = cloud.change(cloud.id_of(SERVER), DEARER)
    assert (response.status_code, response.json()["error_code"]) == (200, "CPS.0042")
    cloud.control.fault("inner_failure", path="batch-restart")
    answer = cloud.cph("POST", "/servers/batch-restart", {"server_ids": [cloud.id_of(SERVER)]})
    (row,) = answer.json()["jobs"]
    assert (answer.status_code, row["error_code"], "job_id" in row) == (200, "CPS.0042", False)
    assert cloud.control.counters()["applied"] == 0
    assert cloud.control.digest() == start


def test_keys_of_a_phone(cloud: Cloud) -> None:
    (first, *others) = cloud.get("/phones", server_id=cloud.id_of(SERVER))["phones"]
    assert {"custom_property", "phone_data_volume"}.isdisjoint(first)
    detail = cloud.get(f"/phones/{first['phone_id']}")
    assert detail["custom_property"] == {"sim.place": "1"}
    assert (detail["phone_data_volume"], detail["volume_mode"]) == (None, 0)
    (access,) = detail["access_infos"]
    assert access["access_ip"]
    assert access["intranet_ip"]
    assert cloud.get(f"/phones/{others[0]['phone_id']}")["custom_property"] == {}


def test_a_phone_with_a_volume_of_its_own(cloud: Cloud) -> None:
    (first, *dummy) = cloud.get("/phones", server_id=cloud.id_of(OWN_NETWORK))["phones"]
    detail = cloud.get(f"/phones/{first['phone_id']}")
    assert detail["phone_data_volume"] == {"volume_type": "GPSSD", "volume_size": 20}


def test_addresses_of_a_server(cloud: Cloud) -> None:
    (address,) = cloud.get(f"/servers/{cloud.id_of(SERVER)}")["addresses"]
    assert set(address) == {"server_ip", "public_ip", "intranet_ip", "access_ip"}
