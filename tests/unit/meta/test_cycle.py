# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cycle of the integration targets fails at each kind of deviation."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel.action_plugins import (
    cycle,
)

CHANGE = {
    "changed": True,
    "failed": False,
    "api_calls": {"write": 1},
    "diff": {"before": {"cpu": 1}, "after": {"cpu": 2}},
    "changes": [{"outcome": "changed", "after": 2}],
    "restart_required": True,
    "server": {"id": 1},
}
NO_CHANGE = {
    "changed": False,
    "failed": False,
    "api_calls": {"write": 0},
    "diff": {"before": {}, "after": {}},
    "changes": [{"outcome": "unchanged", "after": 2}],
    "server": {"id": 1},
}
REFUSAL = {
    "changed": False,
    "failed": True,
    "msg": "cpu must be positive, request 4f",
    "failure": {"code": "validation", "message": "cpu must be positive, request 4f"},
}
BAD = {"args": {"cpu": 0}, "msg": "^cpu must"}

#: The results of a module without a fault: two for bad input, then those of the runs.
GOOD: list[dict[str, Any]] = [
    {**REFUSAL, "msg": "cpu must be positive, request 5e"},
    REFUSAL,
    {**CHANGE, "api_calls": {"write": 0}},
    CHANGE,
    NO_CHANGE,
    NO_CHANGE,
]
BAD_CHECK, BAD_DO, CHECK, DO, AGAIN, CHECK_AGAIN = range(6)


class Panel:
    """A module and its panel.

    :param changes: differences from the good results, by the number of the call.
    :param logged: numbers of the calls that write, in the panel's log.
    """

    def __init__(self, changes: dict[int, dict[str, Any]], logged: tuple[int, ...]) -> None:
        self._results = [{**good, **changes.get(number, {})} for number, good in enumerate(GOOD)]
        self._logged = logged
        self.calls: list[dict[str, Any]] = []

    def call(self, args: dict[str, Any], **keywords: bool) -> dict[str, Any]:
        self.calls.append({"args": args, **keywords})
        return self._results[len(self.calls) - 1]

    def see(self, *, forget: bool = False) -> dict[str, Any]:
        sent = [number for number in self._logged if number < len(self.calls)]
        return {"writes": [{"method": "PUT", "path": "/servers/1"}] * len(sent)}


def lacks(result: dict[str, Any]) -> list[str]:
    """Return the keys that the module promises and a result lacks."""
    return list(result.get("lacks", ()))


def run(
    changes: dict[int, dict[str, Any]] | None = None,
    logged: tuple[int, ...] = (DO,),
    **options: Any,
) -> list[dict[str, Any]]:
    """Run a cycle, and return the calls of the module."""
    panel = Panel(changes or {}, logged)
    given = {"args": {"cpu": 2}, "changed": True, "same": ["server"], "bad": [BAD], **options}
    cycle.Cycle(given, panel.call, panel.see, lacks).run()
    return panel.calls


def test_a_cycle_runs_bad_input_and_four_runs_half_of_them_in_check_mode():
    assert run() == [
        {"args": {"cpu": 0}, "check_mode": True},
        {"args": {"cpu": 0}},
        {"args": {"cpu": 2}, "check_mode": True, "diff": True},
        {"args": {"cpu": 2}, "diff": True},
        {"args": {"cpu": 2}, "diff": True},
        {"args": {"cpu": 2}, "check_mode": True, "diff": True},
    ]


def test_a_real_panel_has_no_log():
    panel = Panel({}, ())
    run_of = cycle.Cycle({"args": {}, "bad": [BAD]}, panel.call, lambda **_: None, lacks)
    run_of.run()
    assert list(run_of.results) == ["check", "do", "again", "check_again"]


OTHER = {"changes": [{"outcome": "refused", "after": 1}]}
FAILED = {"failed": True, "msg": "no route"}
WROTE = {"api_calls": {"write": 1}}
DIFF = {"diff": {"before": {"cpu": 2}, "after": {"cpu": 4}}}


@pytest.mark.parametrize(
    ("message", "changes", "options"),
    [
        ("bad input .*: failed, in check mode: False", {BAD_CHECK: {"failed": False}}, {}),
        ("bad input .*: failed: False", {BAD_DO: {"failed": False}}, {}),
        ("bad input .*matches '.cpu must not'", {}, {"bad": [{**BAD, "msg": "^cpu must not"}]}),
        ("failure.code: 'validation' instead of", {}, {"bad": [{**BAD, "code": "not_found"}]}),
        ("failure.code: None instead of 'validation'", {BAD_DO: {"failure": None}}, {}),
        ("bad input .*: msg, in check mode", {BAD_CHECK: {"msg": "cpu must be 1"}}, {}),
        (
            "bad input .*: failure, in check mode",
            {BAD_CHECK: {"failure": {"code": "conflict"}}},
            {},
        ),
        (r"^check: failed \(no route\)", {CHECK: FAILED}, {}),
        ("^check: api_calls.write: 1 instead of 0", {CHECK: WROTE}, {}),
        (r"^do: failed \(no route\)", {DO: FAILED}, {}),
        ("^do: keys that RETURN promises .*'server'", {DO: {"lacks": ["server"]}}, {}),
        ("^do: changed: True instead of False", {}, {"changed": False}),
        ("^do: changed, as predicted: True instead of False", {CHECK: {"changed": False}}, {}),
        ("^do: diff, as predicted", {CHECK: DIFF}, {}),
        ("^do: outcomes, as predicted: .*; values after it, as predicted", {DO: OTHER}, {}),
        ("^do: restart_required, as predicted", {DO: {"restart_required": False}}, {}),
        ("^do: api_calls.write: 1 instead of 2", {}, {"writes": 2}),
        (
            "^do: api_calls.write: 1 instead of 0",
            {CHECK: NO_CHANGE, DO: {**NO_CHANGE, **WROTE}},
            {"changed": False},
        ),
        (r"^again: failed \(no route\)", {AGAIN: FAILED}, {}),
        ("^again: changed: True", {AGAIN: {"changed": True}}, {}),
        ("^again: changed, in check mode: True", {CHECK_AGAIN: {"changed": True}}, {}),
        ("^again: diff.before: .*; diff.after: ", {AGAIN: DIFF, CHECK_AGAIN: DIFF}, {}),
        ("^again: diff, in check mode", {CHECK_AGAIN: DIFF}, {}),
        ("^again: changes, in check mode", {CHECK_AGAIN: OTHER}, {}),
        ("^again: api_calls.write: 1", {AGAIN: WROTE}, {}),
        ("^again: api_calls.write, in check mode: 1", {CHECK_AGAIN: WROTE}, {}),
        (r"^check again: failed \(no route\)", {CHECK_AGAIN: FAILED}, {}),
        ("^all runs: server of do", {DO: {"server": {}}}, {}),
        ("^all runs: server of again", {AGAIN: {"server": {}}}, {}),
        ("^all runs: server of check_again", {CHECK_AGAIN: {"server": {}}}, {}),
        ("^all runs: cpu is in the result: False", {}, {"same": ["cpu"]}),
    ],
)
def test_a_deviation_is_refused(message, changes, options):
    with pytest.raises(cycle.Deviation, match=message):
        run(changes, **options)


@pytest.mark.parametrize(
    ("message", "logged"),
    [
        (r"^check: number of writes in the request log \['PUT /servers/1'\]", (BAD_CHECK, DO)),
        (r"^check: number of writes in the request log", (BAD_DO, DO)),
        (r"^check: number of writes in the request log", (CHECK, DO)),
        (r"^again: number of writes in the request log \[\]: 0 instead of 1", ()),
        (r"^again: number of writes in the request log", (DO, AGAIN)),
        (r"^again: number of writes in the request log", (DO, CHECK_AGAIN)),
    ],
)
def test_a_write_that_only_the_log_shows_is_refused(message, logged):
    with pytest.raises(cycle.Deviation, match=message):
        run(logged=logged)


def test_bad_input_has_no_further_keys():
    with pytest.raises(TypeError, match="message"):
        run(bad=[{**BAD, "message": "x"}])
