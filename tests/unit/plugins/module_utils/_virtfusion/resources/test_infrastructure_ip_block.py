# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test IP blocks, and ranges that are recognized by the number of addresses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.infrastructure import (
    IpBlockInfo,
    IpBlockRange,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_ip_block_info,
    virtfusion_ip_block_range,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import page

INFO = virtfusion_ip_block_info.ARGUMENTS
RANGE = virtfusion_ip_block_range.ARGUMENTS
LIST = "/connectivity/ipblocks"
NONE = {"primary": None, "secondary": None}


def _block(number: int = 3, total: int = 10, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": 4,
        "name": "Amsterdam",
        "ipv4": {
            "gateway": "192.0.2.1",
            "netmask": "255.255.255.0",
            "resolvers": {"primary": "8.8.8.8", "secondary": None},
            "total": total,
            "usedTotal": 4,
            "freeTotal": total - 4,
        },
        "ipv6": {
            "gateway": None,
            "resolvers": NONE,
            "subnet": None,
            "from": 48,
            "to": 64,
            "total": 0,
        },
        "rdnsType": 0,
        "rdnsZoneId": None,
        "dhcp": 1,
        "enabled": True,
        **changes,
    }


SIX = _block(4, 0, type=6, name="Six", enabled=False)


def _read(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    return run_task(IpBlockInfo, INFO, *steps, **options)["ip_blocks"]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, [3, 4]),
        ({"version": 4}, [3]),
        ({"version": 6}, [4]),
        ({"enabled": False}, [4]),
        ({"ip_block_name": "Six"}, None),
    ],
)
def test_blocks_are_listed_and_filtered(options, ids):
    listed = get(LIST, answer(200, page(_block(), SIX)))
    steps = [listed] if ids else [listed, get(f"{LIST}/4", ok(SIX))]
    assert [view["id"] for view in _read(*steps, **options)] == (ids or [4])


def test_a_block_by_id():
    (view,) = _read(get(f"{LIST}/3", ok(_block())), ip_block_id=3)
    assert view["version"] == 4
    assert (view["ipv4_total"], view["ipv4_used"], view["ipv4_free"]) == (10, 4, 6)
    assert view["dhcp"] is True


@pytest.mark.parametrize(
    ("steps", "options", "code"),
    [
        ([get(f"{LIST}/9", answer(404))], {"ip_block_id": 9}, "not_found"),
        ([], {"ip_block_id": 0}, "validation"),
        ([get(LIST, answer(200, page(_block())))], {"ip_block_name": "amsterdam"}, "not_found"),
        (
            [get(LIST, answer(200, page(_block(), _block(9))))],
            {"ip_block_name": "Amsterdam"},
            "ambiguous",
        ),
    ],
)
def test_a_missing_block_fails(steps, options, code):
    assert fail_task(IpBlockInfo, INFO, *steps, **options).code.value == code


# --- a range ---------------------------------------------------------------------------------

OPTIONS = {"ip_block_id": 3, "start": "192.0.2.64", "end": "192.0.2.67"}


def _seen(total: int, **changes: Any) -> Step:
    return get(f"{LIST}/3", ok(_block(total=total, **changes)))


def _add(reply: Any = None) -> Step:
    body = {"type": "range", "start": "192.0.2.64", "end": "192.0.2.67"}
    return Step("POST", f"{LIST}/3/ipv4", reply or answer(204), body=body)


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(IpBlockRange, RANGE, *steps, **{**OPTIONS, **options})


def _fail(*steps: Step, **options: Any):
    return fail_task(IpBlockRange, RANGE, *steps, **{**OPTIONS, **options})


@pytest.mark.parametrize("expected", [None, 14])
def test_a_range_is_added(expected):
    predicted = _run(_seen(10), check_mode=True, expected_total=expected)
    real = _run(_seen(10), _add(), _seen(14), expected_total=expected)
    for key in ("changed", "diff", "changes"):
        assert predicted[key] == real[key]
    assert real["diff"]["after"] == {"ipv4_total": 14}
    assert real["ip_block"]["ipv4_free"] == 10


def test_an_existing_range_is_recognized_only_by_the_expected_total():
    assert _run(_seen(14), expected_total=14)["changed"] is False
    assert _run(_seen(14), check_mode=True)["changed"] is True


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_unexpected_total_is_refused(check_mode):
    error = _fail(_seen(12), expected_total=14, check_mode=check_mode)
    assert error.code.value == "refused"
    assert error.msg == (
        "Cannot add 192.0.2.64 to 192.0.2.67 to IP block 3: it has 12 addresses and would have 16"
        " with the range, not 14 (set expected_total to one of the two)"
    )


def test_a_range_is_never_added_twice():
    error = _fail(_seen(10), _add(interrupted()))
    assert error.uncertain
    assert not error.retryable


def test_a_range_that_the_panel_does_not_count_is_a_refusal():
    error = _fail(_seen(10), _add(), *[_seen(10)] * 6)
    assert error.code.value == "refused"
    assert "ipv4_total stays at 10 addresses instead of 14 addresses" in error.msg


def test_a_block_of_ipv6_takes_no_range():
    error = _fail(get(f"{LIST}/3", ok({**SIX, "id": 3})))
    assert error.code.value == "validation"
    assert error.msg == "IP block 3 (Six) is not an IPv4 block"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"start": "192.0.2"}, "start must be an IPv4 address"),
        ({"end": "2001:db8::1"}, "end must be an IPv4 address"),
        ({"end": "192.0.2.63"}, "end must not be below start"),
        ({"expected_total": 3}, "expected_total must be at least 4, the size of the range, not 3"),
        ({"ip_block_id": -1}, "ip_block_id must be a positive number"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = _fail(**options)
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize("total", [None, "gone"])
def test_a_block_that_does_not_show_its_number_gets_no_range(total):
    block = _block()
    block["ipv4"] = {"total": None} if total is None else {}
    error = _fail(get(f"{LIST}/3", ok(block)))
    assert error.code.value == "protocol"
    assert "does not show how many addresses IP block 3 has" in error.msg
