# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is checked before a flavor is ordered."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.flavor_tasks import (
    NEW_NOW,
    OLD_STILL,
    ORDERED,
    PAID,
    fail_move,
    move,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CHANGE,
    NEW,
    OLD,
    PHONES,
    SHOW,
    flavors,
    get,
    pair,
    post,
    server,
)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("status", "word"),
    [
        (0, "creating"),
        (1, "creating"),
        (8, "frozen"),
        (10, "stopped"),
        (2, "abnormal"),
        (7, "unknown"),
    ],
)
def test_a_server_that_is_not_normal_gets_no_order(status, word, check_mode):
    steps = (get(SHOW, server(status=status)), *flavors())
    error = fail_move(*steps, check_mode=check_mode, **PAID)
    assert error.code.value == "conflict"
    assert f"the server is {word} (status {status})" in error.msg


def test_a_server_that_was_given_up_is_not_found():
    error = fail_move(get(SHOW, server(status=6)))
    assert error.code.value == "not_found"


def test_flavors_that_do_not_belong_together_are_refused_with_those_that_do():
    rows = (pair(OLD), pair((NEW[0], "other.c60")))
    error = fail_move(get(SHOW, server()), *flavors(*rows))
    assert error.code.value == "validation"
    assert f"{NEW[1]} does not belong to server_model_name {NEW[0]}" in error.msg
    assert "its phone flavors are other.c60" in error.msg


def test_a_server_flavor_that_is_not_listed_is_refused_with_those_that_are():
    error = fail_move(get(SHOW, server()), *flavors(pair(OLD)))
    assert f"{NEW[0]} is not listed" in error.msg
    assert OLD[0] in error.hint


@pytest.mark.parametrize("names", [(NEW[0], None), (None, NEW[1]), (NEW[0], "")])
def test_a_listed_pair_without_a_name_is_an_error(names):
    steps = (get(SHOW, server()), flavors(pair((NEW[0], "rx1.other")), pair(names))[0])
    error = fail_move(*steps)
    assert error.code.value == "protocol"


def test_another_number_of_phones_is_refused():
    error = fail_move(get(SHOW, server()), *flavors(pair(OLD, 60), pair(NEW, 105)))
    assert "for 105 phones, the server has 60" in error.msg


def test_phones_are_counted_if_the_flavor_does_not_show_their_number():
    phones = get(PHONES, {"count": 2, "phones": [{"phone_id": "a"}, {"phone_id": "b"}]})
    error = fail_move(get(SHOW, server()), *flavors(pair(NEW, 60)), phones)
    assert "for 60 phones, the server has 2" in error.msg


def test_checks_can_warn():
    steps = (get(SHOW, server()), *flavors(pair(OLD, 60), pair(NEW, 105, status=0)))
    result = move(*steps, OLD_STILL, post(CHANGE, ORDERED), NEW_NOW, precheck="warn", **PAID)
    assert result["changed"] is True
    assert "the number must stay" in result["warnings"][0]
    assert "withdrawn from sale" in result["warnings"][1]


def test_checks_can_be_left_out():
    steps = (OLD_STILL, OLD_STILL, post(CHANGE, ORDERED), NEW_NOW)
    result = move(*steps, precheck="none", **PAID)
    assert result["changed"] is True
    assert result["phone_model"] is None


def test_another_kind_of_machine_is_a_doubt():
    steps = (get(SHOW, server()), *flavors(types={OLD[0]: "Hi1616", NEW[0]: "Kunpeng"}))
    result = move(*steps, check_mode=True)
    assert "another generation: Kunpeng instead of Hi1616" in result["warnings"][0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"server_model_name": " "}, "server_model_name is empty"),
        ({"server_model_name": "a "}, "server_model_name must not begin or end with white space"),
        ({"phone_model_name": ""}, "phone_model_name is empty"),
        ({"server_model_name": "m" * 65}, "longer than 64 bytes"),
        ({"server_id": "../x"}, "server_id must be an ID"),
        ({"server_name": " "}, "server_name is empty"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0"),
        ({"wait_interval": 0}, "wait_interval must be at least 1"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_sent(changes, words):
    error = fail_move(**changes)
    assert error.code.value == "validation"
    assert words in error.msg
