# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the firewall of an interface: the compared switch and the rulesets applied each time."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_parts import (
    ServerFirewall,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_firewall import (
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

PATH = "/servers/7/firewall/primary"
RULE = {"id": 1, "action": "accept", "protocol": "tcp", "port": "22"}


def _seen(enabled: bool, *rules: Any, path: str = PATH) -> Step:
    # A read never has the parameter "sync": it would apply the rules.
    return get(path, ok({"enabled": enabled, "rules": list(rules)}), {})


def _switch(word: str, *, sync: bool = False, reply: Any = None) -> Step:
    query = {"sync": "true"} if sync else {}
    return Step("POST", f"{PATH}/{word}", reply or answer(200), query)


def _rules(*rulesets: int, sync: bool = False, reply: Any = None) -> Step:
    query = {"sync": "true"} if sync else {}
    body = {"rulesets": list(rulesets)}
    return Step("POST", f"{PATH}/rules", reply or answer(201), query, body)


def _run(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(ServerFirewall, ARGUMENTS, *steps, server_id=7, **options)


def _fail(*steps: Step, **options: Any):
    return fail_task(ServerFirewall, ARGUMENTS, *steps, server_id=7, **options)


@pytest.mark.parametrize(
    ("options", "before", "writes", "after"),
    [
        ({"enabled": True}, _seen(False), [_switch("enable")], _seen(True)),
        ({"enabled": False}, _seen(True, RULE), [_switch("disable")], _seen(False, RULE)),
        (
            {"enabled": True, "sync": True},
            _seen(False),
            [_switch("enable", sync=True)],
            _seen(True),
        ),
        ({"rulesets": []}, _seen(True, RULE), [_rules()], _seen(True)),
        (
            {"rulesets": [2], "only_if_empty": True, "enabled": True},
            _seen(False),
            [_rules(2), _switch("enable")],
            _seen(True, RULE),
        ),
    ],
)
def test_compared_values_are_sent_once(options, before, writes, after):
    predicted = _run(before, check_mode=True, **options)
    real = _run(before, *writes, after, **options)
    for key in ("changed", "diff", "changes", "refused"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    again = _run(after, **options)
    assert again["changed"] is False
    assert again["api_calls"]["write"] == 0


@pytest.mark.parametrize("rules", [(), (RULE,)])
def test_rulesets_are_applied_each_time(rules):
    predicted = _run(_seen(True, *rules), check_mode=True, rulesets=[1, 5])
    real = _run(_seen(True, *rules), _rules(1, 5), _seen(True, RULE), rulesets=[1, 5])
    assert predicted["changed"] is real["changed"] is True
    assert predicted["diff"] == real["diff"]
    assert real["firewall"]["rulesets"] == [1, 5]
    assert real["diff"]["before"] == {"rulesets": None if rules else []}


def test_rulesets_that_hold_no_rules_count_as_applied():
    result = _run(_seen(True), _rules(4), _seen(True), rulesets=[4])
    assert result["changed"] is True
    assert result["refused"] == []


def test_the_rulesets_of_existing_rules_are_unknown():
    assert _run(_seen(True, RULE), enabled=True)["firewall"]["rulesets"] is None
    assert _run(_seen(True), enabled=True)["firewall"]["rulesets"] == []


def test_only_if_empty_keeps_existing_rules():
    result = _run(_seen(True, RULE), rulesets=[1], only_if_empty=True)
    assert result["changed"] is False
    assert result["changes"] == []


def test_rules_are_sent_before_the_switch_and_synced():
    steps = (_rules(1, sync=True), _switch("enable", sync=True))
    result = _run(_seen(False), *steps, _seen(True, RULE), enabled=True, rulesets=[1], sync=True)
    assert result["api_calls"]["write"] == 2


def test_a_switch_that_fails_after_the_rules_is_partial():
    error = _fail(
        _seen(False),
        _rules(1),
        _switch("enable", reply=answer(422, {"errors": ["no"]})),
        _seen(False, RULE),
        enabled=True,
        rulesets=[1],
    )
    assert error.partial
    result = error.to_result()
    assert result["changed"] is True
    assert [(row["field"], row["outcome"]) for row in result["changes"]] == [
        ("enabled", "unchanged"),
        ("rulesets", "changed"),
    ]


def test_rulesets_whose_answer_is_lost_are_applied_again():
    result = _run(
        _seen(True, RULE),
        _rules(1, reply=interrupted()),
        _seen(True, RULE),
        _rules(1),
        _seen(True, RULE),
        rulesets=[1],
    )
    assert result["changed"] is True
    assert result["api_calls"]["retried"] == 1


def test_rules_that_stay_are_a_refusal():
    error = _fail(_seen(True, RULE), _rules(), *[_seen(True, RULE)] * 6, rulesets=[])
    assert error.code.value == "refused"
    assert (
        "Cannot change primary firewall of server 7: rulesets stays at None instead of []"
        in error.msg
    )


def test_the_secondary_interface_has_its_own():
    result = _run(
        _seen(True, path="/servers/7/firewall/secondary"), interface="secondary", enabled=True
    )
    assert result["firewall"]["interface"] == "secondary"


@pytest.mark.parametrize("rules", [{"1": RULE}, [RULE]])
def test_rules_may_come_as_an_object(rules):
    step = get(PATH, ok({"enabled": 1, "rules": rules}))
    assert _run(step, enabled=True)["firewall"]["rules"] == [RULE]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rulesets": [1, 0]}, "rulesets must be a positive number, not 0"),
        ({"enabled": True, "only_if_empty": True}, "only_if_empty needs rulesets"),
        ({"rulesets": [], "only_if_empty": True}, "only_if_empty needs rulesets"),
    ],
)
def test_an_invalid_option_sends_nothing(options, words):
    error = _fail(**options)
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize("raw", [{"rules": []}, {"enabled": True}, {"enabled": "on", "rules": []}])
def test_an_invalid_firewall_is_a_protocol_error(raw):
    assert _fail(get(PATH, ok(raw)), enabled=True).code.value == "protocol"
