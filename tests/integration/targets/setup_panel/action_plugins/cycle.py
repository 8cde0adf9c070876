# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a module through the cycle that all targets share: bad input, check, do, again, check again.

Options:

- ``module``: full name of the module.
- ``args``: options of the module except the connection, which is the variable ``panel_connection``.
- ``changed``: whether the run must change something. Not set if that depends on the panel.
- ``writes``: number of requests that a change needs. The default is 1.
- ``same``: keys of the result that must be equal in every run, such as those of an info module.
- ``bad``: calls that must fail in the same way in check mode and in a real run: a list of
  ``{args, msg, code}``. The message must match the regular expression ``msg``. The default of ``code``
  is ``validation``.

Returns ``check``, ``do``, ``again`` and ``check_again``, the results of the runs, and ``seen``, what the
action ``simulator`` returns at the end. The task fails at the first step that deviates. Its message
names the step and the deviations, and its result contains the results of the runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel.panel_action import (
    Claim,
    Deviation,
    PanelAction,
    Result,
    expect,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import lacking

#: Some panels name each request in their messages.
REQUEST = re.compile(", request [0-9a-f]+")

#: The value of a key that a result does not have.
MISSING = object()


class ActionModule(PanelAction):
    """The action."""

    _VALID_ARGS = frozenset(("module", "args", "changed", "writes", "same", "bad"))

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> Result:
        """Return the results of the steps."""
        super().run(tmp, task_vars)
        options = self._task.args
        module = options["module"]
        lacks = partial(lacking, module.rpartition(".")[2])
        cycle = Cycle(options, partial(self.call, module), self.simulator, lacks)
        try:
            cycle.run()
        except Deviation as deviation:
            return {"failed": True, "msg": str(deviation), **cycle.results}
        # The request log is long, and may contain secrets.
        return {"changed": False, **cycle.results, "seen": cycle.seen, "_ansible_no_log": True}


class Cycle:
    """The steps of a cycle.

    :param options: the options of the task.
    :param call: runs the module with its options and keywords of a task.
    :param see: returns the request log, or ``None`` for a real panel.
    :param lacks: returns the keys that RETURN promises and a result lacks.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        call: Callable[..., Result],
        see: Callable[..., Result | None],
        lacks: Callable[[Result], Iterable[str]],
    ) -> None:
        self._options = options
        self._call = call
        self._see = see
        self._lacks = lacks
        #: The results of the runs.
        self.results: dict[str, Any] = {}
        #: The request log at the end.
        self.seen: Result | None = None

    def run(self) -> None:
        """Run all steps.

        :raises Deviation: at the first step that deviates.
        """
        self._see(forget=True)
        for case in self._options.get("bad") or ():
            self._bad_input(**case)
        self._check()
        self._do()
        self._again()

    def _bad_input(self, args: Mapping[str, Any], msg: str, code: str = "validation") -> None:
        """Bad input fails, with the same message in check mode."""
        check = self._call(args, check_mode=True)
        do = self._call(args)
        self.results["bad"] = {"check": check, "do": do}
        text, failure = (str(do.get("msg")), do.get("failure") or {})
        expect(
            f"bad input {dict(args)}",
            ("failed, in check mode", True, check["failed"]),
            ("failed", True, do["failed"]),
            (f"msg {text!r} matches {msg!r}", True, bool(re.search(msg, text))),
            ("failure.code", code, failure.get("code")),
            ("msg, in check mode", _comparable(text), _comparable(check.get("msg"))),
            ("failure, in check mode", _comparable(failure), _comparable(check.get("failure"))),
        )
        del self.results["bad"]

    def _check(self) -> None:
        """Bad input and check mode write nothing."""
        check = self._run("check", check_mode=True)
        expect("check", ("api_calls.write", 0, _writes(check)), *self._in_log(0))

    def _do(self) -> None:
        """The run matches the prediction of check mode."""
        check, do = self.results["check"], self._run("do")
        writes = int(self._options.get("writes", 1)) if do["changed"] else 0
        expect(
            "do",
            ("changed", boolean(self._options.get("changed", do["changed"])), do["changed"]),
            ("changed, as predicted", check["changed"], do["changed"]),
            ("diff, as predicted", check.get("diff", {}), do.get("diff", {})),
            ("outcomes, as predicted", _changes(check, "outcome"), _changes(do, "outcome")),
            ("values after it, as predicted", _changes(check, "after"), _changes(do, "after")),
            (
                "restart_required, as predicted",
                check.get("restart_required", False),
                do.get("restart_required", False),
            ),
            ("api_calls.write", writes, _writes(do)),
        )

    def _again(self) -> None:
        """A second run changes and writes nothing, and all runs return the same values."""
        again, check = self._run("again"), self._run("check_again", check_mode=True)
        diff = again.get("diff", {})
        # An action over many objects returns one for each object that changes.
        shown = diff if isinstance(diff, list) else [diff]
        expect(
            "again",
            ("changed", False, again["changed"]),
            ("changed, in check mode", False, check["changed"]),
            ("diff.before", [], [each["before"] for each in shown if each.get("before")]),
            ("diff.after", [], [each["after"] for each in shown if each.get("after")]),
            ("diff, in check mode", diff, check.get("diff", {})),
            ("changes, in check mode", again.get("changes", []), check.get("changes", [])),
            ("api_calls.write", 0, _writes(again)),
            ("api_calls.write, in check mode", 0, _writes(check)),
            *self._in_log(_writes(self.results["do"])),
        )
        for key in self._options.get("same") or ():
            first = self.results["check"].get(key, MISSING)
            same = [
                (f"{key} of {step}", first, result.get(key, MISSING))
                for step, result in self.results.items()
            ]
            expect("all runs", (f"{key} is in the result", True, first is not MISSING), *same)

    def _run(self, step: str, **keywords: bool) -> Result:
        """Run the module with its options and the diff mode."""
        result = self._call(self._options["args"], diff=True, **keywords)
        self.results[step] = result
        expect(
            step.replace("_", " "),
            (f"failed ({result.get('msg')})", False, result["failed"]),
            ("keys that RETURN promises and the result lacks", [], self._lacking(result)),
        )
        return result

    def _lacking(self, result: Result) -> list[str]:
        return [] if result["failed"] else sorted(set(self._lacks(result)))

    def _in_log(self, writes: int) -> list[Claim]:
        """Expect a number of writes in the request log."""
        self.seen = self._see()
        if self.seen is None:
            return []
        lines = [f"{write['method']} {write['path']}" for write in self.seen["writes"]]
        return [(f"number of writes in the request log {lines}", writes, len(lines))]


def _writes(result: Result) -> Any:
    return result.get("api_calls", {}).get("write")


def _changes(result: Result, key: str) -> list[Any]:
    return [change.get(key) for change in result.get("changes", ())]


def _comparable(value: Any) -> str:
    """Return a value as text without the name of the request."""
    return REQUEST.sub("", json.dumps(value, sort_keys=True, default=str))
