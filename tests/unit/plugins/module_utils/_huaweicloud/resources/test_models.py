# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flavors of servers and of phones."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.models import (
    PhoneModelInfo,
    ServerModelInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    huaweicloud_cph_phone_model_info,
    huaweicloud_cph_server_model_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    NEW,
    OLD,
    PHONE_MODELS,
    SERVER_MODELS,
    fail_task,
    get,
    pair,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    FIRST,
    OFFERINGS,
    listed,
    server_model,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer

PAIRS = [
    pair(OLD),
    pair(NEW, status=0),
    pair((NEW[0], "rx1.sp.c40"), 40),
    pair(("physical.rx1.cg", "rx1.cg.c60"), product_type=1),
]


def _phone_models(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    spec = huaweicloud_cph_phone_model_info.ARGUMENTS
    rows: list[dict[str, Any]] = run_task(PhoneModelInfo, spec, *steps, **options)["phone_models"]
    return rows


def _server_models(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    spec = huaweicloud_cph_server_model_info.ARGUMENTS
    rows: list[dict[str, Any]] = run_task(ServerModelInfo, spec, *steps, **options)["server_models"]
    return rows


def _chain(*rows: dict[str, Any], marker: str | None = None, **query: Any) -> Step:
    body = {"server_models": list(rows), "page_info": {"next_marker": marker}}
    return get(SERVER_MODELS, body, {"limit": 100, **query})


# --- pairs -----------------------------------------------------------------------------------


def test_a_pair_in_full():
    raw = pair(
        OLD,
        resolution="720x1280",
        dpi="320",
        fps="30",
        render_fps=30,
        stream_fps=25.0,
        image_label="cloud_phone",
        phone_model_version=0,
        volume_mode=1,
        spec_code="rx1.c60.linux",
    )
    (row,) = _phone_models(listed(PHONE_MODELS, raw))
    assert row == {
        "server_model_name": OLD[0],
        "phone_model_name": OLD[1],
        "phone_capacity": 60,
        "for_sale": True,
        "cpu": 2,
        "memory": 3584,
        "disk": 10,
        "resolution": "720x1280",
        "dpi": 320,
        "fps": "30",
        "render_fps": 30,
        "stream_fps": 25,
        "image_label": "cloud_phone",
        "product_type": "phone",
        "phone_model_version": 0,
        "volume_mode": 1,
        "spec_code": "rx1.c60.linux",
        "extend_spec": {"gpu": "1"},
    }
    assert isinstance(row["cpu"], int)


@pytest.mark.parametrize(
    ("options", "sent", "names"),
    [
        ({}, {}, ["rx1.c60", "rx1.sp.c60", "rx1.sp.c40", "rx1.cg.c60"]),
        ({"for_sale": True}, {"status": 1}, ["rx1.c60", "rx1.sp.c40", "rx1.cg.c60"]),
        ({"for_sale": False}, {"status": 0}, ["rx1.sp.c60"]),
        ({"server_model_names": [NEW[0]]}, {}, ["rx1.sp.c60", "rx1.sp.c40"]),
        ({"phone_model_names": ["rx1.c60", "rx1"]}, {}, ["rx1.c60"]),
        ({"phone_capacities": [40]}, {}, ["rx1.sp.c40"]),
        ({"product_type": "gaming"}, {}, ["rx1.cg.c60"]),
        ({"product_type": "phone", "for_sale": True}, {"status": 1}, ["rx1.c60", "rx1.sp.c40"]),
        ({"phone_model_names": []}, {}, []),
    ],
    ids=str,
)
def test_filters_are_sent_and_applied_exactly(options, sent, names):
    # This service ignores what it is sent.
    rows = _phone_models(listed(PHONE_MODELS, *PAIRS, **sent), **options)
    assert [row["phone_model_name"] for row in rows] == names


def test_a_full_page_is_followed_by_another_one():
    many = [pair((f"s{number}", "p")) for number in range(100)]
    steps = [
        get(PHONE_MODELS, {"phone_models": many}, FIRST),
        # Each page begins with the last row of the page before.
        get(PHONE_MODELS, {"phone_models": [many[-1], pair(OLD)]}, {"offset": 99, "limit": 100}),
    ]
    assert len(_phone_models(*steps)) == 101


def test_the_older_name_of_the_list():
    (row,) = _phone_models(get(PHONE_MODELS, {"phone_model": [pair(OLD)]}))
    assert row["phone_model_name"] == OLD[1]


@pytest.mark.parametrize(
    "body", [{}, {"phone_models": None}, {"phone_models": [{}]}, {"phone_models": [1]}]
)
def test_a_response_without_flavors_is_an_error(body):
    spec = huaweicloud_cph_phone_model_info.ARGUMENTS
    error = fail_task(PhoneModelInfo, spec, get(PHONE_MODELS, body))
    assert error.code.value == "protocol"
    assert error.msg.startswith("Cannot list the phone flavors: ")


# --- server flavors --------------------------------------------------------------------------


def test_a_server_flavor_in_full():
    (row,) = _server_models(_chain(server_model("physical.rx1")))
    assert row == {
        "server_model_name": "physical.rx1",
        "server_type": "Hi1616",
        "product_type": "phone",
        "cpu": 64,
        "memory": 256,
        "disk_max_num": 0,
        "free_size": 20,
        "extend_spec": {"gpu_count": 2},
    }


@pytest.mark.parametrize(
    ("options", "sent", "names"),
    [
        ({}, {}, ["a", "b", "c"]),
        ({"product_type": "phone"}, {"product_type": 0}, ["a", "c"]),
        ({"product_type": "gaming"}, {"product_type": 1}, ["b"]),
        ({"server_type": "Kunpeng 920"}, {}, ["c"]),
        ({"server_model_names": ["c", "a"]}, {}, ["a", "c"]),
    ],
    ids=str,
)
def test_server_flavors_are_filtered(options, sent, names):
    rows = [
        server_model("a"),
        server_model("b", product_type=1),
        server_model("c", server_type="Kunpeng 920"),
    ]
    found = _server_models(_chain(*rows, **sent), **options)
    assert [row["server_model_name"] for row in found] == names


def test_pages_are_followed_by_their_markers():
    last = {"server_models": [server_model("b"), server_model("c")], "page_info": {}}
    steps = [
        _chain(server_model("a"), server_model("b"), marker="b"),
        get(SERVER_MODELS, last, {"limit": 100, "marker": "b"}),
    ]
    assert [row["server_model_name"] for row in _server_models(*steps)] == ["a", "b", "c"]


def test_pages_that_lead_in_a_circle_end():
    body = {"server_models": [server_model("a")], "page_info": {"next_marker": "a"}}
    steps = [get(SERVER_MODELS, body), get(SERVER_MODELS, body)]
    spec = huaweicloud_cph_server_model_info.ARGUMENTS
    error = fail_task(ServerModelInfo, spec, *steps)
    assert error.code.value == "protocol"
    assert "form a loop" in error.msg


def test_zones_are_read_on_request():
    offers = [
        {"available_zone": "z1", "model_name": "a", "sell_status": "available"},
        {"available_zone": "z2", "model_name": "a", "sell_status": "sellout"},
        {"available_zone": "z1", "model_name": "other", "sell_status": "available"},
    ]
    steps = [
        _chain(server_model("a"), server_model("b")),
        get(OFFERINGS, {"models": offers, "count": 3, "page_info": {}}, {"limit": 100}),
    ]
    assert [row["zones"] for row in _server_models(*steps, zones=True)] == [
        [
            {"availability_zone": "z1", "available": True},
            {"availability_zone": "z2", "available": False},
        ],
        [],
    ]


def test_no_flavor_needs_no_zones():
    assert _server_models(_chain(server_model("a")), zones=True, server_model_names=["b"]) == []


def test_a_service_without_offers_is_reported():
    gone = answer(404, {"error_code": "APIGW.0101", "error_msg": "The API does not exist"})
    steps = [_chain(server_model("a")), get(OFFERINGS, gone)]
    error = fail_task(
        ServerModelInfo, huaweicloud_cph_server_model_info.ARGUMENTS, *steps, zones=True
    )
    assert error.code.value == "protocol"
    assert error.msg.startswith("Cannot list where server flavors are sold: ")
