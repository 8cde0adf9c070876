# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: failures before a panel, inside it, or on the way back.

A fault matches requests, skips the first `skip` of them, strikes the next `times` (None = for ever) and is then
spent. `when` decides whether the panel executes the request (`after`) or not (`before`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from .exchange import Request

if TYPE_CHECKING:
    from .panel import Target


class FaultError(ValueError):
    """An invalid description of a fault."""


@dataclass(frozen=True)
class Kind:
    """A kind of fault, with its parameters and their defaults."""

    doc: str
    params: dict[str, Any]
    panel_side: bool = False
    """The panel implements it while it executes the request; the frame implements the others."""


KINDS: dict[str, Kind] = {
    "status": Kind(
        "An answer with this status. A list or object as body is sent as JSON, a string unchanged.",
        {"status": 500, "body": None, "headers": {}, "when": "before"},
    ),
    "html": Kind("An HTML page, as a proxy sends it.", {"status": 200, "when": "before"}),
    "reset": Kind("The connection is reset (RST) without any answer.", {"when": "before"}),
    "hang": Kind(
        "Silence for some seconds, then a reset (before), or the answer of the call, which was executed"
        " at once (after).",
        {"seconds": 30, "when": "before"},
    ),
    "cut_body": Kind("All headers, half of the body, then the connection closes.", {}),
    "wrong_type": Kind(
        "The value at a place in the answer (`data.0.id`) is replaced.",
        {"at": "data", "value": []},
    ),
    "stringify_numbers": Kind("All numbers in the answer become strings.", {}),
    "float_numbers": Kind("All whole numbers in the answer become floating-point: 2 is 2.0.", {}),
    "null_for_empty": Kind("All empty strings, lists and objects in the answer become null.", {}),
    "reverse_rows": Kind("The rows of a list come in the opposite order.", {"at": "data"}),
    "unknown_info": Kind(
        "An extra line at the end of `info`.",
        {"text": "GPU slots not updated. It matches the current value"},
    ),
    "empty_page": Kind("A page of a list without rows and with unchanged totals.", {}, True),
    "page_shift": Kind(
        "Rows were inserted before (one item repeats) or removed from (one item is missed) the pages"
        " already read. Meets only pages from the second on.",
        {"change": "insert", "rows": 1},
        True,
    ),
    "silent_refusal": Kind(
        "The named aspects of a package change are neither applied nor reported.",
        {"aspects": []},
        True,
    ),
    "info_only": Kind(
        "The named aspects of a package change are not applied and reported as not updated.",
        {"aspects": []},
        True,
    ),
    "slow_apply": Kind(
        "A package change becomes readable only after some further reads of the server"
        " (`aspects` empty = all).",
        {"aspects": [], "reads": 2},
        True,
    ),
    "late_effect": Kind(
        "The write is accepted and answered as always, but the records that it names keep their old values"
        " until `reads` further reads (of these records, or of lists) or `seconds` of virtual time have"
        " passed, whichever comes first. `reads: null` leaves only the clock; with `seconds: null` as well"
        " the effect never comes. A flavor change is delayed as a whole. Records that the write creates or"
        " deletes are not delayed.",
        {"reads": 2, "seconds": None},
        True,
    ),
    "inner_failure": Kind(
        "The answer has the status of a success, and a result inside it says that nothing was done:"
        " `data.system.data` of a password reset (OBSERVED) or power action (INFERRED) of VirtFusion,"
        " `done.done` of editvs and managevps and `done` of the actions of vs of Virtualizor (INFERRED),"
        " a row of `jobs` of a restart and `error_code` of a flavor change of Huawei Cloud (DOCUMENTED).",
        {},
        True,
    ),
    "slave_silent": Kind(
        "Virtualizor's master saves the VPS and its slave does not answer: `done` and `error` together, or"
        " `error` alone.",
        {"done": True},
        True,
    ),
    "pause_job": Kind(
        "The build that the request starts pauses for this many polls (commissionStatus 2, no active"
        " task), then goes on.",
        {"polls": 2},
        True,
    ),
    "fail_job": Kind("The job that the request starts ends as failed.", {}, True),
    "hang_job": Kind("The job that the request starts never ends.", {}, True),
    "slow_job": Kind("The job that the request starts takes this many polls.", {"polls": 10}, True),
}

MATCH_KEYS = ("panel", "method", "path", "operation", "query")


@dataclass
class Fault:
    """A fault that was set: what it matches, its kind, and how often it strikes."""

    id: int
    kind: str
    match: dict[str, Any]
    times: int | None
    skip: int
    params: dict[str, Any]
    seen: int = 0
    """Number of matching requests so far, including the skipped ones."""
    fired: int = 0
    _path: re.Pattern[str] | None = field(default=None, repr=False)

    @property
    def before(self) -> bool:
        """Return whether the fault keeps the request from the panel."""
        return self.params.get("when") == "before"

    @property
    def panel_side(self) -> bool:
        """Return whether the panel implements this fault."""
        return KINDS[self.kind].panel_side

    @property
    def rows_inserted(self) -> int:
        """Return by how many rows a `page_shift` moves the pages; negative if rows were removed."""
        if self.kind != "page_shift":
            return 0
        rows: int = self.params["rows"]
        return rows if self.params["change"] == "insert" else -rows

    def matches(self, panel: str, request: Request, target: Target) -> bool:
        """Return whether the fault matches a request."""
        match = self.match
        query = dict(request.query)
        return (
            match.get("panel") in (None, panel)
            and match.get("method") in (None, request.method)
            and match.get("operation") in (None, target.operation)
            and (self._path is None or self._path.search(target.path) is not None)
            and all(query.get(name) == str(value) for name, value in match.get("query", {}).items())
            and (
                self.kind != "page_shift"
                or query.get("page", "1") not in ("", "1")
                or query.get("offset", "0") not in ("", "0")
            )
        )

    def describe(self) -> dict[str, Any]:
        """Return the fault as shown on the control path."""
        result = asdict(self)
        del result["_path"]
        return result


class FaultPlan:
    """The faults in the order they were set; the first that strikes wins."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._last_id = 0

    def clear(self) -> None:
        """Forget all faults."""
        self.faults = []

    def add(self, description: dict[str, Any]) -> Fault:
        """Set a fault from `{match, kind, times, skip, params}`."""
        kind = description.get("kind")
        if kind not in KINDS:
            raise FaultError(f"kind is one of {', '.join(KINDS)}, not {kind!r}")
        match = description.get("match") or {}
        params = description.get("params") or {}
        _only_known("match", match, MATCH_KEYS)
        _only_known(f"params of {kind}", params, KINDS[kind].params)
        _only_known("fault", description, ("kind", "match", "times", "skip", "params"))
        merged = {**KINDS[kind].params, **params}
        if merged.get("when", "before") not in ("before", "after"):
            raise FaultError("when is before or after")
        self._last_id += 1
        fault = Fault(
            id=self._last_id,
            kind=kind,
            match=match,
            times=description.get("times", 1),
            skip=description.get("skip", 0),
            params=merged,
            _path=re.compile(match["path"]) if match.get("path") else None,
        )
        self.faults.append(fault)
        return fault

    def take(self, panel: str, request: Request, target: Target) -> Fault | None:
        """Return the fault that strikes this request and count it, or return None."""
        for fault in self.faults:
            if not fault.matches(panel, request, target):
                continue
            fault.seen += 1
            spent = fault.times is not None and fault.fired >= fault.times
            if fault.seen > fault.skip and not spent:
                fault.fired += 1
                return fault
        return None


def _only_known(what: str, given: Any, known: Any) -> None:
    if not isinstance(given, dict):
        raise FaultError(f"{what} must be an object")
    unknown = set(given) - set(known)
    if unknown:
        raise FaultError(f"unknown in {what}: {', '.join(sorted(unknown))}")


def distort(fault: Fault, value: Any) -> Any:
    """Change the value of an answer if the kind of the fault does so."""
    if fault.kind == "wrong_type":
        return replaced(value, fault.params["at"].split("."), fault.params["value"])
    if fault.kind in _VALUES:
        return _mapped(value, _VALUES[fault.kind])
    if fault.kind == "reverse_rows":
        at = fault.params["at"].split(".")
        rows = found(value, at)
        return value if rows is None else replaced(value, at, _reversed(rows))
    if fault.kind == "unknown_info" and isinstance(value, dict):
        return {**value, "info": [*value.get("info", []), fault.params["text"]]}
    return value


def replaced(value: Any, path: list[str], new: Any) -> Any:
    """Return a copy of a JSON value with the value at a path replaced."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, head: replaced(value.get(head), rest, new)}
    if isinstance(value, list) and head.isdigit():
        position = int(head)
        return [
            replaced(item, rest, new) if n == position else item for n, item in enumerate(value)
        ]
    return value


def found(value: Any, path: list[str]) -> Any:
    """Return the value at a path of a JSON value; None if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _reversed(rows: Any) -> Any:
    if isinstance(rows, list):
        return rows[::-1]
    return dict(reversed(rows.items())) if isinstance(rows, dict) else rows


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a JSON value with each value in it changed, the inner ones first."""
    if isinstance(value, dict):
        value = {key: _mapped(item, change) for key, item in value.items()}
    elif isinstance(value, list):
        value = [_mapped(item, change) for item in value]
    return change(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_VALUES: dict[str, Callable[[Any], Any]] = {
    "stringify_numbers": lambda value: str(value) if _is_number(value) else value,
    "float_numbers": lambda value: float(value) if _is_number(value) else value,
    "null_for_empty": lambda value: None if value in ("", [], {}) else value,
}
