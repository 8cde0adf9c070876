# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phones."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.phone import (
    PHONE_STATES,
    PhoneInfo,
    phone_state,
)
from ansible_collections.vpsfleet.panels.plugins.modules.huaweicloud_cph_phone_info import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    OLD,
    PHONES,
    SERVER_ID,
    SERVERS,
    fail_task,
    get,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import (
    IMEI,
    PHONE_ID,
    listed,
    named,
    phone,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer

SHOW = f"{PHONES}/{PHONE_ID}"
OTHER = "5e000000000000000000000000000008"
GONE = answer(404, {"error_code": "CPS.0005", "error_msg": "no such phone", "request_id": "r1"})


def _run(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_task(PhoneInfo, ARGUMENTS, *steps, **options)["phones"]
    return rows


def _fail(*steps: Step, **options: Any) -> Any:
    return fail_task(PhoneInfo, ARGUMENTS, *steps, **options)


def _full(**changes: Any) -> dict[str, Any]:
    """A phone as the single read shows it."""
    more = {
        "property": '{"persist.radio.imsi": "001010000000000"}',
        "access_infos": [{"type": "ADB", "access_port": 15555, "public_ip": "198.51.100.1"}],
    }
    return phone(**{**more, **changes})


def test_a_phone_in_full_has_no_identifiers_by_default():
    (row,) = _run(get(SHOW, _full()), phone_ids=[PHONE_ID, f" {PHONE_ID}"])
    assert row == {
        "id": PHONE_ID,
        "name": "phones-07-00001",
        "server_id": SERVER_ID,
        "phone_model_name": OLD[1],
        "status": 2,
        "state": "running",
        "type": 0,
        "vnc_enabled": True,
        "volume_mode": 0,
        "encrypted": False,
        "order_id": "CS0000",
        "product_id": "p-1",
        "access_infos": [
            {
                "type": "ADB",
                "device_ip": None,
                "phone_ip": None,
                "server_ip": None,
                "listen_port": None,
                "access_port": 15555,
                "public_ip": "198.51.100.1",
                "access_ip": None,
                "intranet_ip": None,
            }
        ],
    }


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({"volume_type": "GPSSD", "volume_size": "10"}, {"type": "GPSSD", "size": 10}),
        ({}, None),
        (None, None),
    ],
)
def test_the_data_volume_is_shown(volume, expected):
    (row,) = _run(get(SHOW, _full(phone_data_volume=volume)), phone_ids=[PHONE_ID])
    assert row["data_volume"] == expected


def test_custom_properties_are_identifiers():
    raw = '{"phone_number": "555-0100"}'
    step = get(SHOW, _full(custom_property=raw))
    (row,) = _run(step, phone_ids=[PHONE_ID])
    assert "custom_property" not in row
    (row,) = _run(step, phone_ids=[PHONE_ID], include_identifiers=True)
    assert row["custom_property"] == {"phone_number": "555-0100"}


def test_identifiers_are_returned_on_request():
    (row,) = _run(get(SHOW, _full()), phone_ids=[PHONE_ID], include_identifiers=True)
    assert row["imei"] == IMEI
    assert row["properties"] == {"persist.radio.imsi": "001010000000000"}


def test_properties_that_are_not_valid_are_kept_as_they_came():
    raw = '{"com.cph.mainkeys":0,}'
    (row,) = _run(get(SHOW, _full(property=raw)), phone_ids=[PHONE_ID], include_identifiers=True)
    assert row["properties"] == {"raw": raw}


@pytest.mark.parametrize(
    ("options", "sent", "numbers"),
    [
        ({}, {}, [1, 2, 3]),
        ({"states": ["running"]}, {"status": 2}, [1, 3]),
        ({"states": ["running", "stopped"]}, {}, [1, 2, 3]),
        ({"states": ["creating"]}, {}, []),
        ({"phone_model_names": ["p3"]}, {}, [3]),
        ({"states": []}, {}, []),
    ],
    ids=str,
)
def test_filters_are_sent_and_applied_exactly(options, sent, numbers):
    rows = [phone(1), phone(2, status=8), phone(3, phone_model_name="p3")]
    found = _run(listed(PHONES, *rows, **sent), **options)
    assert [int(row["id"][1:]) for row in found] == numbers


def test_phones_of_some_servers():
    steps = [
        listed(PHONES, phone(1), server_id=SERVER_ID, status=2),
        listed(PHONES, phone(2, server_id=OTHER), server_id=OTHER, status=2),
    ]
    found = _run(*steps, server_ids=[SERVER_ID, OTHER, SERVER_ID], states=["running"])
    assert [row["server_id"] for row in found] == [SERVER_ID, OTHER]


def test_phones_of_a_server_by_its_name():
    steps = [
        listed(SERVERS, named("phones-1"), named("phones-10", 10), server_name="phones-1"),
        listed(PHONES, phone(), server_id=SERVER_ID),
    ]
    assert len(_run(*steps, server_names=["phones-1"])) == 1


def test_no_servers_have_no_phones():
    assert _run(server_ids=[]) == []
    assert _run(server_names=[]) == []


def test_a_name_is_taken_to_the_letter():
    rows = [phone(1, phone_name="a-1"), phone(10, phone_name="a-10")]
    (row,) = _run(listed(PHONES, *rows, phone_name="a-1"), phone_names=["a-1"])
    assert row["name"] == "a-1"


def test_several_names_are_found_in_one_list_and_read_in_full():
    rows = [phone(1, phone_name="a"), phone(2, phone_name="b"), phone(3, phone_name="c")]
    show = [get(f"{PHONES}/f{number:031}", _full(phone_id=f"f{number:031}")) for number in (2, 1)]
    found = _run(listed(PHONES, *rows), *show, phone_names=["b", "a", "b"], details=True)
    assert [row["id"] for row in found] == [f"f{number:031}" for number in (2, 1)]
    assert found[0]["access_infos"]


def test_a_phone_that_is_gone_since_it_was_listed_is_left_out():
    steps = [listed(PHONES, phone()), get(SHOW, GONE)]
    assert _run(*steps, details=True) == []


def test_a_name_that_looks_alike_is_suggested():
    steps = [listed(PHONES, phone_name="phone-07-1"), listed(PHONES, phone(1))]
    error = _fail(*steps, phone_names=["phone-07-1"])
    assert error.code.value == "not_found"
    assert "did you mean 'phones-07-00001'?" in error.msg


@pytest.mark.parametrize(
    ("steps", "options", "code", "words"),
    [
        ([get(SHOW, GONE)], {"phone_ids": [PHONE_ID]}, "not_found", f"Cannot read cloud phone {PHONE_ID}: "),
        ([], {"phone_ids": ["a/b"]}, "validation", "phone_ids must be an ID, not 'a/b'"),
        ([], {"server_ids": [""]}, "validation", "server_ids must be an ID, not ''"),
        (
            [listed(PHONES, phone(1), phone(2, phone_name="phones-07-00001"), phone_name="phones-07-00001")],
            {"phone_names": ["phones-07-00001"]},
            "ambiguous",
            "(set phone_ids)",
        ),
        ([get(PHONES, {"phones": [{"phone_id": PHONE_ID}]})], {}, "protocol", "without name"),
        (
            [listed(PHONES, phone(vnc_enable="perhaps"))],
            {},
            "protocol",
            "sends 'perhaps' as vnc_enabled",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_fails(steps, options, code, words):
    error = _fail(*steps, **options)
    assert error.code.value == code
    assert words in error.msg


def test_a_phone_that_cannot_be_read_is_not_left_out():
    denied = answer(403, {"error_code": "CPS.0001", "error_msg": "no permission"})
    error = _fail(listed(PHONES, phone()), get(SHOW, denied), details=True)
    assert error.code.value == "forbidden"


@pytest.mark.parametrize(
    ("status", "word"),
    [*PHONE_STATES.items(), ("2", "running"), (77, "unknown"), (None, None)],
)
def test_each_status_has_a_word(status, word):
    assert phone_state(status) == word
