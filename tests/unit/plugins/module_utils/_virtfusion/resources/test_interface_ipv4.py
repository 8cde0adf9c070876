# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the IPv4 addresses of a server: changes, protection, lost responses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.interface import (
    ServerIpv4,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_ipv4 import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

ONE, TWO, THREE, TEN = "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.10"


def _rows(*addresses: str) -> list[dict[str, Any]]:
    return [{"address": address, "order": order} for order, address in enumerate(addresses, 1)]


def _seen(*addresses: str, secondary: tuple[str, ...] | None = None) -> Step:
    raw = server()
    raw["network"]["interfaces"] = [{"ipv4": _rows(*addresses)}]
    raw["network"]["secondaryInterfaces"] = (
        [] if secondary is None else [{"ipv4": _rows(*secondary)}]
    )
    return get("/servers/7", ok(raw))


def _add(*addresses: str, reply: Any = None, interface: str = "primary") -> Step:
    body = {"interface": interface, "ip": list(addresses)}
    return Step("POST", "/servers/7/ipv4", reply or answer(204), body=body)


def _remove(*addresses: str, reply: Any = None, interface: str = "primary") -> Step:
    body = {"interface": interface, "ip": list(addresses)}
    return Step("DELETE", "/servers/7/ipv4", reply or answer(204), body=body)


def _quantity(number: int, reply: Any) -> Step:
    body = {"interface": "primary", "quantity": number}
    return Step("POST", "/servers/7/ipv4Qty", reply, body=body)


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(ServerIpv4, ARGUMENTS, *steps, server_id=7, **options)


def _fail(*steps: Step, **options: Any):
    return fail_task(ServerIpv4, ARGUMENTS, *steps, server_id=7, **options)


@pytest.mark.parametrize(
    ("options", "there", "writes", "then"),
    [
        ({"addresses": [TWO]}, [ONE], [_add(TWO)], [ONE, TWO]),
        ({"addresses": [TEN, TWO, ONE]}, [ONE], [_add(TWO, TEN)], [ONE, TWO, TEN]),
        ({"addresses": [TWO, THREE], "state": "absent"}, [ONE, TWO], [_remove(TWO)], [ONE]),
        (
            {"addresses": [ONE, THREE], "state": "exact"},
            [ONE, TWO],
            [_add(THREE), _remove(TWO)],
            [ONE, THREE],
        ),
        (
            {"addresses": [], "state": "exact", "allow_primary": True},
            [ONE, TWO],
            [_remove(ONE, TWO)],
            [],
        ),
    ],
)
def test_only_the_difference_is_sent_and_check_mode_predicts_it(options, there, writes, then):
    predicted = _run(_seen(*there), check_mode=True, **options)
    real = _run(_seen(*there), *writes, _seen(*then), **options)
    for key in ("changed", "diff", "changes", "added", "removed"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert real["ipv4"]["addresses"] == predicted["ipv4"]["addresses"] == then
    again = _run(_seen(*then), **options)
    assert again["changed"] is False
    assert again["api_calls"] == {"read": 1, "write": 0, "retried": 0, "waited_s": 0.0}


def test_addresses_are_compared_as_numbers_and_without_space():
    assert (
        _run(_seen(ONE, TEN), addresses=[f" {TEN} ", ONE, ONE], state="exact")["changed"] is False
    )


def test_the_first_address_is_the_primary_one_and_the_order_is_ignored():
    view = _run(_seen(TEN, ONE), addresses=[ONE, TEN], state="exact")["ipv4"]
    assert view["addresses"] == [ONE, TEN]
    assert view["primary_address"] == TEN


def test_the_secondary_interface_has_its_own():
    result = _run(
        _seen(ONE, secondary=(TWO,)),
        _add(THREE, interface="secondary"),
        _seen(ONE, secondary=(TWO, THREE)),
        interface="secondary",
        addresses=[THREE],
    )
    assert result["ipv4"]["addresses"] == [TWO, THREE]
    assert result["diff"]["before_header"] == "ipv4 of the secondary interface of server 7"


def test_a_missing_secondary_interface():
    error = _fail(_seen(ONE), interface="secondary", addresses=[TWO])
    assert error.code.value == "not_found"
    assert error.msg == (
        "Cannot use the secondary interface of server 7: it has none (set interface to primary)"
    )


# --- the primary address ---------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    "options", [{"state": "absent", "addresses": [ONE]}, {"state": "exact", "addresses": [TWO]}]
)
def test_the_primary_address_stays_unless_allowed(options, check_mode):
    error = _fail(_seen(ONE, TWO), check_mode=check_mode, **options)
    assert error.code.value == "refused"
    assert f"{ONE} is the primary address (keep it, or set allow_primary)" in error.msg


def test_the_primary_address_is_removed_if_allowed():
    options = {"state": "exact", "addresses": [TWO], "allow_primary": True}
    result = _run(_seen(ONE, TWO), _remove(ONE), _seen(TWO), **options)
    assert result["removed"] == [ONE]
    assert result["ipv4"]["primary_address"] == TWO


def test_an_interface_without_addresses_has_nothing_to_protect():
    result = _run(_seen(), addresses=[ONE], state="absent")
    assert result["changed"] is False
    assert result["ipv4"]["primary_address"] is None


# --- a number of addresses -------------------------------------------------------------------


def test_only_missing_addresses_are_added():
    predicted = _run(_seen(ONE), check_mode=True, count=3)
    real = _run(_seen(ONE), _quantity(2, ok([TWO, THREE])), _seen(ONE, TWO, THREE), count=3)
    assert predicted["diff"] == real["diff"]
    assert real["diff"]["before"] == {"count": 1}
    assert real["diff"]["after"] == {"count": 3}
    assert real["added"] == [TWO, THREE]
    assert predicted["added"] == []


@pytest.mark.parametrize("count", [1, 2])
def test_a_number_is_a_minimum(count):
    result = _run(_seen(ONE, TWO), count=count)
    assert result["changed"] is False
    assert result["ipv4"]["count"] == 2


def test_a_number_is_never_requested_twice():
    error = _fail(_seen(ONE), _quantity(2, interrupted()), count=3)
    assert error.uncertain
    assert not error.retryable
    assert "check the panel before you run this again" in error.msg


# --- what goes wrong -------------------------------------------------------------------------


def test_a_removal_that_fails_after_an_addition_is_partial():
    error = _fail(
        _seen(ONE, TWO),
        _add(THREE),
        _remove(TWO, reply=answer(422, {"errors": ["no"]})),
        _seen(ONE, TWO, THREE),
        addresses=[ONE, THREE],
        state="exact",
    )
    assert error.partial
    assert error.to_result()["ipv4"]["addresses"] == [ONE, TWO, THREE]


def test_a_failed_addition_is_not_partial():
    error = _fail(
        _seen(ONE, TWO),
        _add(THREE, reply=answer(422, {"errors": ["not available"]})),
        _seen(ONE, TWO),
        addresses=[ONE, THREE],
        state="exact",
    )
    assert not error.partial
    assert error.msg == "Cannot add IPv4 addresses to server 7: not available"


def test_after_a_lost_response_only_the_rest_is_sent():
    result = _run(
        _seen(ONE, TWO),
        _add(THREE, reply=interrupted()),
        _seen(ONE, TWO, THREE),
        _remove(TWO),
        _seen(ONE, THREE),
        addresses=[ONE, THREE],
        state="exact",
    )
    assert result["changed"] is True
    assert result["added"] == [THREE]
    assert result["removed"] == [TWO]


def test_a_delayed_change_is_waited_for():
    clock = FakeClock()
    result = _run(_seen(ONE), _add(TWO), _seen(ONE), _seen(ONE, TWO), clock=clock, addresses=[TWO])
    assert result["changed"] is True
    assert clock.sleeps


def test_an_address_that_never_appears_is_a_refusal():
    steps = [_seen(ONE)] * 6
    error = _fail(_seen(ONE), _add(TWO), *steps, addresses=[TWO])
    assert error.code.value == "refused"
    assert "addresses stays at ['192.0.2.1']" in error.msg


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"addresses": ["192.0.2.300"]}, "addresses must be IPv4 addresses: Octet 300"),
        ({"addresses": ["192.0.2.1/32"]}, "addresses must be IPv4 addresses"),
        ({"addresses": ["2001:db8::1"]}, "addresses must be IPv4 addresses"),
        ({"addresses": [""]}, "addresses must be IPv4 addresses"),
        ({"addresses": []}, "addresses must name at least one address"),
        ({"addresses": [], "state": "absent"}, "addresses must name at least one address"),
        ({"count": 0}, "count must be at least 1, not 0"),
        ({"addresses": [ONE], "server_id": 0}, "server_id must be a positive number"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = fail_task(ServerIpv4, ARGUMENTS, **{"server_id": 7, **options})
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize("rows", [[{}], [{"address": "here"}], [1], {"a": 1}, 5])
def test_invalid_addresses_are_a_protocol_error(rows):
    raw = server()
    raw["network"]["interfaces"] = [{"ipv4": rows}]
    error = _fail(get("/servers/7", ok(raw)), addresses=[ONE])
    assert error.code.value == "protocol"


@pytest.mark.parametrize("network", [{}, [], {"interfaces": []}, {"interfaces": [[]]}])
def test_a_server_without_an_interface(network):
    error = _fail(get("/servers/7", ok(server(network=network))), addresses=[ONE])
    assert error.code.value == "not_found"
