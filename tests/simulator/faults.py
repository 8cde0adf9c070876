# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: failures before a panel, inside it, or on the way back.

A fault matches requests, skips the first `skip` of them, strikes the next `times` (None = for ever) and is then
spent. `when` decides whether the panel executes the request (`after`) or not (`before`).
"""

from __future__ import annotations

import re
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
        "Virtualizor's master saves the VPS and its slave does not answer: `done` and `error` together.",
        {},
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
    if fault.kind == "stringify_numbers":
        return _stringified(value)
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


def _stringified(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stringified(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_stringified(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value
