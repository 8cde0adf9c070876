# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the whitelist of a server: identity of entries and order of changes."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.interface import (
    ServerWhitelist,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_whitelist import (
    ARGUMENTS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

PATH = "/servers/7/networkWhitelist"
NET, HALF, HOST, SIX = "192.0.2.0/24", "192.0.2.0/25", "198.51.100.7/32", "2001:db8::/64"


def _seen(*entries: str, interface: str = "interfaces") -> Step:
    raw = server()
    rows = [
        {"id": number, "type": 4, "ip": entry.split("/")[0], "mask": int(entry.split("/")[1])}
        for number, entry in enumerate(entries, 1)
    ]
    raw["network"][interface] = [{"ipWhitelist": rows}]
    return get("/servers/7", ok(raw))


def _add(ip: str, cidr: int, reply: Any = None) -> Step:
    body = {"interface": "primary", "ip": ip, "cidr": cidr}
    return Step("POST", PATH, reply or answer(201), body=body)


def _remove(ip: str, reply: Any = None) -> Step:
    return Step("DELETE", PATH, reply or answer(204), body={"interface": "primary", "ip": ip})


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(ServerWhitelist, ARGUMENTS, *steps, server_id=7, **options)


def _fail(*steps: Step, **options: Any):
    return fail_task(ServerWhitelist, ARGUMENTS, *steps, server_id=7, **options)


def test_an_entry_is_added_to_a_whitelist_that_the_panel_sends_as_null():
    raw = server()
    raw["network"]["interfaces"] = [{"ipWhitelist": None}]
    result = _run(get("/servers/7", ok(raw)), _add("192.0.2.0", 24), _seen(NET), entries=[NET])
    assert result["whitelist"]["entries"] == [NET]


@pytest.mark.parametrize(
    ("options", "there", "writes", "then"),
    [
        ({"entries": [NET, HOST]}, [HOST], [_add("192.0.2.0", 24)], [NET, HOST]),
        (
            {"entries": [SIX, NET]},
            [],
            [_add("192.0.2.0", 24), _add("2001:db8::", 64)],
            [NET, SIX],
        ),
        ({"entries": [NET, SIX], "state": "absent"}, [NET, HOST], [_remove("192.0.2.0")], [HOST]),
        (
            {"entries": [HALF], "state": "exact"},
            [NET, HOST],
            [_remove("192.0.2.0"), _remove("198.51.100.7"), _add("192.0.2.0", 25)],
            [HALF],
        ),
        ({"entries": [], "state": "exact"}, [NET], [_remove("192.0.2.0")], []),
    ],
)
def test_only_the_difference_is_sent_removals_first_and_predicted(options, there, writes, then):
    predicted = _run(_seen(*there), check_mode=True, **options)
    real = _run(_seen(*there), *writes, _seen(*then), **options)
    for key in ("changed", "diff", "changes", "whitelist"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert real["whitelist"]["entries"] == then
    assert _run(_seen(*then), **options)["changed"] is False


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("198.51.100.7", HOST),
        (" 198.51.100.7/32 ", HOST),
        ("192.0.2.0/255.255.255.0", NET),
        ("2001:DB8:0:0::/64", SIX),
        ("2001:db8::", "2001:0DB8::0/128"),
    ],
)
def test_an_entry_has_several_notations(written, there):
    assert _run(_seen(there), entries=[written], state="exact")["changed"] is False


def test_an_entry_is_removed_in_the_panels_notation():
    result = _run(
        _seen("2001:0DB8::0/64"), _remove("2001:0DB8::0"), _seen(), entries=[SIX], state="absent"
    )
    assert result["diff"]["before"] == {"entries": [SIX]}


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("there", [[NET, HALF], [HALF, HALF]])
def test_entries_with_the_same_address_cannot_be_removed(there, check_mode):
    error = _fail(_seen(*there), check_mode=check_mode, entries=[HALF], state="absent")
    assert error.code.value == "refused"
    assert "2 entries begin at 192.0.2.0" in error.msg
    assert "remove it in the panel" in error.msg


def test_entries_with_the_same_address_block_no_other_change():
    result = _run(
        _seen(NET, HALF, HOST),
        _remove("198.51.100.7"),
        _seen(NET, HALF),
        entries=[HOST],
        state="absent",
    )
    assert result["changed"] is True


def test_the_secondary_interface_has_its_own():
    body = {"interface": "secondary", "ip": "192.0.2.0", "cidr": 24}
    result = _run(
        _seen(interface="secondaryInterfaces"),
        Step("POST", PATH, answer(201), body=body),
        _seen(NET, interface="secondaryInterfaces"),
        interface="secondary",
        entries=[NET],
    )
    assert result["whitelist"]["interface"] == "secondary"


def test_after_a_lost_response_only_the_rest_is_sent():
    result = _run(
        _seen(),
        _add("192.0.2.0", 24),
        _add("198.51.100.7", 32, reply=interrupted()),
        _seen(NET, HOST),
        _add("2001:db8::", 64),
        _seen(NET, HOST, SIX),
        entries=[NET, HOST, SIX],
    )
    assert result["changed"] is True
    assert result["whitelist"]["entries"] == [NET, HOST, SIX]


def test_an_entry_that_another_client_adds_meanwhile_does_not_hide_the_own_one():
    taken = answer(409, {"msg": "already there"})
    result = _run(
        _seen(),
        _add("192.0.2.0", 24),
        _add("198.51.100.7", 32, reply=taken),
        *[_seen(NET, HOST)] * 2,
        entries=[NET, HOST],
    )
    assert result["changed"] is True


def test_a_partial_failure_reports_the_current_entries():
    error = _fail(
        _seen(),
        _add("192.0.2.0", 24),
        _add("198.51.100.7", 32, reply=answer(422, {"errors": ["no"]})),
        _seen(NET),
        entries=[NET, HOST],
    )
    assert error.partial
    assert error.to_result()["whitelist"]["entries"] == [NET]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"entries": ["nonsense"]}, "entries must be addresses"),
        ({"entries": ["192.0.2.0/33"]}, "entries must be addresses"),
        ({"entries": [""]}, "entries must be addresses"),
        ({"entries": ["fe80::1%eth0"]}, "fe80::1%eth0/128 has a zone"),
        ({"entries": []}, "entries must name at least one entry"),
        ({"entries": [NET], "server_id": -1}, "server_id must be a positive number"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = fail_task(ServerWhitelist, ARGUMENTS, **{"server_id": 7, **options})
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize("mask", [24, 24.0, "24", "24.00"])
def test_a_mask_is_a_number_of_any_type(mask):
    raw = server()
    raw["network"]["interfaces"] = [{"ipWhitelist": [{"ip": "192.0.2.0", "mask": mask}]}]
    assert _run(get("/servers/7", ok(raw)), entries=[NET])["changed"] is False


@pytest.mark.parametrize(
    "rows", [[{"ip": "192.0.2.0"}], [{"ip": "192.0.2.0", "mask": 40}], [{"mask": 1}], ["192.0.2.0"]]
)
def test_invalid_entries_are_a_protocol_error(rows):
    raw = server()
    raw["network"]["interfaces"] = [{"ipWhitelist": rows}]
    assert _fail(get("/servers/7", ok(raw)), entries=[NET]).code.value == "protocol"


def test_a_panel_that_does_not_show_the_whitelist_is_not_written_to():
    error = _fail(get("/servers/7", ok(server())), entries=[NET])
    assert error.code.value == "protocol"
    assert "without entries" in error.msg
