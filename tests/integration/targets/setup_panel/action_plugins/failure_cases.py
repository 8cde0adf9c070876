# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules whose panel has faults.

Option: ``cases``, a list in which each case has ``name`` and these keys:

- ``faults``: faults of the simulator; each must fire.
- ``switches``: switches of the simulator, which later cases keep.
- ``module``: name of the module without the collection. The default is ``virtfusion_server_package``.
- ``args``: options of the module except the connection. The default is a change to package 3 (Cloud 4)
  without waiting.
- ``connect``: options that differ in the connection.
- ``code``: ``failure.code``. Not set if the module must succeed.
- ``msg``: regular expression that the message must match.
- ``failure``: further keys of ``failure``.
- ``changed``: whether the module reports a change.
- ``writes``: number of write requests that the panel must receive. The default is 0.
- ``applied``: number of write requests with an effect. The default is 1 if changed, else 0.
- ``requests``: number of requests that the panel must receive.
- ``retried``: number of repeated requests.
- ``servers``: number of servers in the result.
- ``refused``: fields that the module reports as refused.

Each module succeeds despite the faults, or fails with one sentence and a code, without unexpected writes.
Returns ``results`` by the name of the case. Ansible prints them at ``-v``, but not the cases, which may
contain secrets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel.panel_action import (
    Claim,
    Deviation,
    PanelAction,
    Result,
    expect,
)

Case = Mapping[str, Any]

KEYS = {
    *("name", "faults", "switches", "module", "args", "connect"),
    *("code", "msg", "failure", "changed", "writes", "applied"),
    *("requests", "retried", "servers", "refused"),
}


class ActionModule(PanelAction):
    """The action."""

    _VALID_ARGS = frozenset(("cases",))

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> Result:
        """Return the results of the modules."""
        super().run(tmp, task_vars)
        results = {}
        for case in self._task.args["cases"]:
            result, seen = self._run_case(case)
            results[case["name"]] = result
            try:
                judge(case, result, seen)
            except Deviation as deviation:
                return {"failed": True, "msg": str(deviation), "result": result}
        return {"changed": False, "results_by_case": results}

    def _run_case(self, case: Case) -> tuple[Result, Result]:
        """Return the result of the module, and what the simulator has seen."""
        self.simulator(forget=True, switches=case.get("switches"), faults=case.get("faults"))
        default = {} if "module" in case else {"package_id": 3, "wait_timeout": 0}
        args = {**case.get("connect", {}), **default, **case.get("args", {})}
        module = case.get("module", "virtfusion_server_package")
        result = self.call(f"vpsfleet.panels.{module}", args)
        return result, self.simulator()


def judge(case: Case, result: Result, seen: Result) -> None:
    """Compare a result and the request log with the case.

    :raises Deviation: they are not as expected.
    """
    changed = case.get("changed", False)
    writes = seen["writes"]
    changes = result.get("changes", ())
    values = [change.get(key) for change in changes for key in ("before", "desired")]
    expect(
        case["name"],
        ("unknown keys of the case", set(), set(case) - KEYS),
        *_failure(case, result),
        ("changed", changed, result["changed"]),
        ("number of servers", case.get("servers", 0), len(result.get("servers", ()))),
        ("values that are no numbers", [], [value for value in values if not _is_number(value)]),
        *_if_set(case, "refused", [field["field"] for field in result.get("refused", ())]),
        *_if_set(case, "retried", result.get("api_calls", {}).get("retried")),
        *_if_set(case, "requests", len(seen["requests"])),
        ("number of writes", case.get("writes", 0), len(writes)),
        (
            "number of writes with an effect",
            case.get("applied", int(changed)),
            sum(write["effect_applied"] for write in writes),
        ),
        (
            "faults that did not fire",
            [],
            [fault for fault in seen["faults"] if fault["fired"] != fault["times"]],
        ),
    )


def _failure(case: Case, result: Result) -> list[Claim]:
    """Compare the failure, or expect none."""
    claims: list[Claim] = [(f"failed ({result.get('msg')})", "code" in case, result["failed"])]
    failure = result.get("failure") or {}
    claims += [
        (f"failure.{key}", value, failure.get(key))
        for key, value in case.get("failure", {}).items()
    ]
    if "code" in case:
        message = str(result.get("msg", ""))
        claims += [
            ("failure.code", case["code"], failure.get("code")),
            (
                f"msg {message!r} matches {case['msg']!r}",
                True,
                bool(re.match(case["msg"], message)),
            ),
            ("msg has several lines", False, "\n" in message),
            ("msg has less than 400 characters", True, len(message) < 400),
        ]
    return claims


def _if_set(case: Case, key: str, found: Any) -> list[Claim]:
    """Compare a value only if the case has one."""
    return [(key, case[key], found)] if key in case else []


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool))
