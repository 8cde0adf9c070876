# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phone servers: some, or all of them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server_info import (
    ServerInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules.huaweicloud_cph_server_info import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    NEW,
    OLD,
    SERVER_ID,
    SERVERS,
    SHOW,
    fail_task,
    get,
    run_task,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    listed,
    named,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
)

GONE = answer(404, {"error_code": "CPS.0015", "error_msg": "no such server"})
ROWS = [
    named("a", 1),
    named("b", 2, flavor=NEW, availability_zone="cn-north-4b", network_version="v2"),
    named("c", 3, status=10, enterprise_project_id="e1", metadata={"charging_mode": "1"}),
    named("d", 4, status=6),
    named("e", 5, status=99),
]


def _run(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_task(ServerInfo, ARGUMENTS, *steps, **options)["servers"]
    return rows


def _fail(*steps: Step, **options: Any) -> Any:
    return fail_task(ServerInfo, ARGUMENTS, *steps, **options)


def _names(rows: list[dict[str, Any]]) -> str:
    return "".join(row["name"] for row in rows)


def test_a_server_in_full():
    raw = server(
        keypair_name="k",
        band_widths=[
            {"band_width_id": "w1", "band_width_name": "w", "band_width_size": 300}
        ],
        volumes=[{"volume_id": "v1", "volume_name": "v", "volume_type": "GPSSD", "volume_size": "220"}],
        share_volume_info={"volume_type": "GPSSD", "size": 100, "version": 1},
        security_groups=["g1"],
        surprise="s",
    )  # fmt: skip
    (row,) = _run(get(SHOW, raw), server_ids=[SERVER_ID, SERVER_ID])
    assert row == {
        "id": SERVER_ID,
        "name": "phones-07",
        "server_model_name": OLD[0],
        "phone_model_name": OLD[1],
        "status": 5,
        "state": "normal",
        "availability_zone": "cn-north-4a",
        "keypair_name": "k",
        "charging_mode": "yearly_monthly",
        "order_id": "CS0000",
        "product_id": "p-1",
        "addresses": [{"server_ip": "192.0.2.7", "public_ip": "198.51.100.7"}],
        "bandwidths": [{"id": "w1", "name": "w", "size": 300}],
        "volumes": [{"id": "v1", "name": "v", "type": "GPSSD", "size": 220}],
        "share_volume_type": "GPSSD",
        "share_volume_size": 100,
        "security_groups": ["g1"],
    }


@pytest.mark.parametrize(
    ("options", "sent", "names"),
    [
        ({}, {}, "abce"),
        ({"states": ["normal"]}, {"status": 5}, "ab"),
        ({"states": ["gone"]}, {"status": 6}, "d"),
        ({"states": ["gone", "stopped"]}, {}, "cd"),
        ({"states": ["creating"]}, {}, ""),
        ({"states": ["unknown"]}, {}, "e"),
        ({"server_model_names": [NEW[0]]}, {}, "b"),
        ({"phone_model_names": [NEW[1]]}, {"phone_model_name": NEW[1]}, "b"),
        ({"phone_model_names": [NEW[1], OLD[1]]}, {}, "abce"),
        ({"availability_zones": ["cn-north-4b"]}, {}, "b"),
        ({"enterprise_project_ids": ["e1", "e2"]}, {}, "c"),
        ({"charging_mode": "on_demand"}, {}, "c"),
        ({"charging_mode": "yearly_monthly"}, {}, "abe"),
        ({"network_version": "v2"}, {"network_version": "v2"}, "b"),
        ({"states": ["normal"], "network_version": "v2"}, {"status": 5, "network_version": "v2"}, "b"),
    ],
    ids=str,
)  # fmt: skip
def test_filters_are_sent_and_applied_exactly(options, sent, names):
    # This service ignores what it is sent.
    assert _names(_run(listed(SERVERS, *ROWS, **sent), **options)) == names


def test_a_server_that_was_given_up_is_read_by_its_id():
    (row,) = _run(get(SHOW, server(status=6)), server_ids=[SERVER_ID])
    assert row["state"] == "gone"
    assert _run(get(SHOW, server(status=6)), server_ids=[SERVER_ID], states=["normal"]) == []


def test_a_name_is_taken_to_the_letter():
    steps = [listed(SERVERS, named("p-1"), named("p-10", 10), server_name="p-1")]
    assert [row["id"] for row in _run(*steps, server_names=["p-1"])] == [SERVER_ID]


def test_the_name_of_a_server_that_was_given_up_is_free_again():
    steps = [listed(SERVERS, named("p", 1), named("p", 2, status=6), server_name="p")]
    assert len(_run(*steps, server_names=["p"])) == 1


def test_names_come_in_the_order_asked_for_and_are_filtered_afterwards():
    assert _names(_run(listed(SERVERS, *ROWS), server_names=["c", "a", "c"])) == "ca"
    assert _names(_run(listed(SERVERS, *ROWS), server_names=["c", "a"], states=["normal"])) == "a"


def test_details_are_read_for_the_selected_objects():
    steps = [
        listed(SERVERS, named("a"), named("b", 8, status=10), status=5),
        get(SHOW, server(volumes=[])),
    ]
    (row,) = _run(*steps, states=["normal"], details=True)
    assert row["volumes"] == []


def test_a_server_that_is_gone_since_it_was_listed_is_left_out():
    assert _run(listed(SERVERS, named("a")), get(SHOW, GONE), details=True) == []


def test_nothing_asked_for_costs_nothing():
    assert _run(server_ids=[]) == []
    assert _run(server_names=[]) == []


def test_pages_are_of_the_size_asked_for():
    pages = [(0, ROWS[:2]), (2, ROWS[2:4]), (4, ROWS[4:])]
    steps = [
        get(SERVERS, {"servers": rows, "count": 5}, {"offset": offset, "limit": 2})
        for offset, rows in pages
    ]
    assert _names(_run(*steps, page_size=2)) == "abce"


@pytest.mark.parametrize(
    ("steps", "options", "code", "words"),
    [
        ([get(SHOW, GONE)], {"server_ids": [SERVER_ID]}, "not_found", f"Cannot read cloud phone server {SERVER_ID}: "),
        ([], {"server_ids": ["a b"]}, "validation", "server_ids must be an ID, not 'a b' (the name has an option"),
        ([], {"page_size": 0}, "validation", "page_size must be from 1 to 100, not 0"),
        ([], {"page_size": 101}, "validation", "page_size must be from 1 to 100, not 101"),
        (
            [listed(SERVERS, server_name="phone-1"), listed(SERVERS, named("phones-1"))],
            {"server_names": ["phone-1"]},
            "not_found",
            "none of the 1 has that name (did you mean 'phones-1'?)",
        ),
        (
            [listed(SERVERS, named("p", 1), named("p", 2), server_name="p")],
            {"server_names": ["p"]},
            "ambiguous",
            "2 have that name",
        ),
        ([listed(SERVERS, *ROWS)], {"server_names": ["a", "x"]}, "not_found", "named 'x'"),
        ([listed(SERVERS, {"server_id": SERVER_ID})], {}, "protocol", "without name"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_fails(steps, options, code, words):
    error = _fail(*steps, **options)
    assert error.code.value == code
    assert words in error.msg


def test_wrong_credentials_are_shown_once():
    # The sixth refused signature would lock the key (huaweicloud_cph 1.3).
    refused = answer(401, {"error_code": "APIGW.0301", "error_msg": "verify aksk signature fail"})
    ids = [f"5e{number:030}" for number in range(20)]
    error = _fail(get(f"{SERVERS}/{ids[0]}", refused), server_ids=ids)
    assert error.code.value == "auth"
