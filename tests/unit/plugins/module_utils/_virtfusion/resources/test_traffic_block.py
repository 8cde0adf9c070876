# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test traffic blocks: additions up to a total, and removals by ID."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.traffic_block import (
    traffic_blocks,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_traffic_block import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task

PATH = "/servers/7/traffic/blocks"


def _month(number: int) -> dict[str, Any]:
    return {
        "month": number,
        "start": f"2025-{number:02}-20 00:00:00",
        "end": f"2025-{number + 1:02}-19 23:59:59",
    }


def _block(block_id: int, month: int, traffic: int) -> dict[str, Any]:
    return {
        "id": block_id,
        "current": month == 2,
        "traffic": traffic,
        "added": "2025-01-20T15:08:15.000000Z",
        **_month(month),
    }


def _seen(*blocks: dict[str, Any], months: Any = None, current: Any = 2) -> Step:
    available = {
        "total": 3,
        "current": {"month": current},
        "months": {str(n): _month(n) for n in (2, 3, 4)} if months is None else months,
    }
    return get(PATH, ok({"assigned": list(blocks), "available": available}))


@pytest.mark.parametrize("name", ["id", "month", "traffic"])
def test_a_block_without_a_number_is_a_protocol_error(name):
    error = _fail(_seen({**_block(1, 2, 50), name: None}), traffic=100)
    assert error.code.value == "protocol"


def _add(month: int, amount: int, reply: Any = None) -> Step:
    return Step("POST", PATH, reply or answer(201), body={"month": month, "amount": amount})


def _remove(block_id: int, reply: Any = None) -> Step:
    return Step("DELETE", f"{PATH}/{block_id}", reply or answer(204))


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(traffic_blocks, ARGUMENTS, *steps, server_id=7, **options)


def _fail(*steps: Step, **options: Any):
    return fail_task(traffic_blocks, ARGUMENTS, *steps, server_id=7, **options)


FIRST, EQUAL, OTHER = _block(1, 3, 100), _block(2, 3, 100), _block(3, 4, 500)


@pytest.mark.parametrize("exact", [False, True])
def test_missing_traffic_is_added_and_the_block_is_found_by_its_id(exact):
    options = {"traffic": 250, "month": 3, "exact": exact}
    new = _block(9, 3, 50)
    before, after = _seen(FIRST, EQUAL, OTHER), _seen(FIRST, EQUAL, OTHER, new)
    predicted = _run(before, check_mode=True, **options)
    real = _run(before, _add(3, 50), after, **options)
    for key in ("changed", "diff", "changes"):
        assert predicted[key] == real[key]
    assert real["diff"]["before"] == {"traffic": 200}
    assert [block["id"] for block in real["added"]] == [9]
    assert predicted["added"] == []
    assert real["month"]["number"] == 3
    assert real["month"]["start"] == "2025-03-20 00:00:00"
    assert [block["id"] for block in real["month"]["blocks"]] == [1, 2, 9]
    again = _run(after, **options)
    assert again["changed"] is False
    assert again["added"] == []


def test_the_default_is_the_current_month():
    result = _run(_seen(), _add(2, 100), _seen(_block(1, 2, 100)), traffic=100)
    assert result["month"]["number"] == 2
    assert result["diff"]["before_header"] == "traffic of server 7 in month 2"


def test_a_total_is_a_minimum():
    assert _run(_seen(FIRST, EQUAL), traffic=150, month=3)["changed"] is False


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_smaller_exact_total_is_a_refusal(check_mode):
    error = _fail(_seen(FIRST, EQUAL), traffic=150, month=3, exact=True, check_mode=check_mode)
    assert error.code.value == "refused"
    assert "traffic stays at 200 GB instead of 150 GB" in error.msg
    assert "remove a block by ID" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_month_without_blocks_is_named(check_mode):
    error = _fail(_seen(), traffic=100, month=7, check_mode=check_mode)
    assert error.code.value == "validation"
    assert error.msg.startswith(
        "month 7 is not open for blocks: the open months of server 7 are 2 to 4"
    )


def test_a_past_month_that_has_its_traffic_is_left_alone():
    assert _run(_seen(_block(1, 1, 100)), traffic=100, month=1)["changed"] is False


@pytest.mark.parametrize("months", [{}, []])
def test_a_server_without_blocks(months):
    error = _fail(_seen(months=months), traffic=100, month=2)
    assert "the open months of server 7 are none" in error.msg


def test_months_may_come_as_a_list():
    result = _run(_seen(months=[_month(2)]), check_mode=True, traffic=100)
    assert result["changed"] is True


def test_a_missing_current_month():
    error = _fail(_seen(current=None), traffic=100)
    assert error.code.value == "protocol"
    assert "(set month)" in error.msg


def test_a_block_is_never_added_twice():
    error = _fail(_seen(), _add(2, 100, interrupted()), traffic=100)
    assert error.uncertain
    assert "check the panel before you run this again" in error.msg


def test_a_block_that_never_appears_is_a_refusal():
    error = _fail(_seen(), _add(2, 100), *[_seen()] * 6, traffic=100)
    assert error.code.value == "refused"


# --- removal ---------------------------------------------------------------------------------


def test_a_block_is_removed_by_its_id_despite_an_equal_one():
    options = {"state": "absent", "block_id": 2}
    predicted = _run(_seen(FIRST, EQUAL), check_mode=True, **options)
    real = _run(_seen(FIRST, EQUAL), _remove(2), _seen(FIRST), **options)
    for key in ("changed", "diff", "changes", "block"):
        assert predicted[key] == real[key]
    assert known(real["block"]) == {"state": "absent", "id": 2}
    assert _run(_seen(FIRST), **options)["changed"] is False


def test_a_removal_with_a_lost_response_is_verified():
    result = _run(
        _seen(FIRST), _remove(1, interrupted()), _seen(), _seen(), state="absent", block_id=1
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"traffic": 0}, "traffic must be at least 1, not 0"),
        ({"traffic": 10, "month": 0}, "month must be at least 1, not 0"),
        ({"state": "absent", "block_id": 0}, "block_id must be a positive number, not 0"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = _fail(**options)
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize(
    "raw", [{}, {"assigned": [{"id": 1}]}, {"assigned": [], "available": {"months": {"1": {}}}}]
)
def test_invalid_blocks_are_a_protocol_error(raw):
    assert _fail(get(PATH, ok(raw)), traffic=1).code.value == "protocol"
