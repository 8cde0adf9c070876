# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control path `/_sim/`, by which tests and demonstrations control and inspect the simulator.

It needs no authentication: the simulator is a test tool that listens on the loopback address.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import KINDS, FaultError
from .simulation import Simulation, merge

Endpoint = Callable[[Request], Awaitable[Response]]


class Control:
    """The endpoints of the control path, bound to one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def routes(self) -> list[Route]:
        """Return the routes for the web framework."""
        table: list[tuple[str, str, Callable[[Request, Any], Any]]] = [
            ("GET", "/health", self._health),
            ("POST", "/reset", self._reset),
            ("GET", "/switches", self._switches),
            ("PUT", "/switches", self._set_switches),
            ("GET", "/log", self._log),
            ("DELETE", "/log", self._clear_log),
            ("GET", "/counters", self._counters),
            ("GET", "/faults", self._faults),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("GET", "/state", self._state),
            ("GET", "/state/{collection}/{key}", self._record),
            ("PATCH", "/state/{collection}/{key}", self._patch_record),
            ("POST", "/clock", self._clock),
            ("PUT", "/read_only", self._read_only),
            ("PUT", "/latency", self._latency),
            ("GET", "/machines", self._machines),
            ("POST", "/machines/{number}", self._act_on_machine),
        ]
        return [Route(path, _endpoint(work), methods=[method]) for method, path, work in table]

    def _health(self, request: Request, body: Any) -> Any:
        return {
            "ok": True,
            "pid": os.getpid(),
            "panels": [panel.name for panel in self._simulation.panels],
            "now": self._simulation.clock.stamp(),
        }

    def _reset(self, request: Request, body: Any) -> Any:
        self._simulation.reset(servers=body.get("servers"), seed=body.get("seed"))
        return {"digest": self._simulation.digest()} if body.get("digest") else {}

    def _switches(self, request: Request, body: Any) -> Any:
        return self._simulation.switches.describe()

    def _set_switches(self, request: Request, body: Any) -> Any:
        self._simulation.switches.set(body)
        return self._simulation.switches.describe()

    def _log(self, request: Request, body: Any) -> Any:
        query = request.query_params
        return self._simulation.log.select(
            since=int(query.get("since", 0)),
            writes_only=query.get("writes_only", "").lower() in ("1", "true"),
        )

    def _clear_log(self, request: Request, body: Any) -> Any:
        self._simulation.log.clear()
        return {}

    def _counters(self, request: Request, body: Any) -> Any:
        return vars(self._simulation.log.counters)

    def _faults(self, request: Request, body: Any) -> Any:
        return {
            "faults": [fault.describe() for fault in self._simulation.faults.faults],
            "kinds": {name: asdict(kind) for name, kind in KINDS.items()},
        }

    def _add_fault(self, request: Request, body: Any) -> Any:
        wanted = (body.get("match") or {}).get("operation")
        if wanted and not any(wanted in panel.operations() for panel in self._simulation.panels):
            raise FaultError(f"no panel has the operation {wanted!r}")
        return self._simulation.faults.add(body).describe()

    def _clear_faults(self, request: Request, body: Any) -> Any:
        self._simulation.faults.clear()
        return {}

    def _state(self, request: Request, body: Any) -> Any:
        state = {"digest": self._simulation.digest()}
        if request.query_params.get("digest_only"):
            return state
        return {**state, "panels": self._simulation.collections()}

    def _record(self, request: Request, body: Any) -> Any:
        found = self._simulation.find_record(**request.path_params)
        return _not_found() if found is None else found[1]

    def _patch_record(self, request: Request, body: Any) -> Any:
        found = self._simulation.find_record(**request.path_params)
        if found is None:
            return _not_found()
        panel, record = found
        merge(record, body)
        panel.patched(request.path_params["collection"])
        return record

    def _clock(self, request: Request, body: Any) -> Any:
        clock = self._simulation.clock
        if "skew_s" in body:
            clock.skew_s = float(body["skew_s"])
        if body.get("follow_wall"):
            clock.follow_wall()
        self._simulation.advance(float(body.get("advance_s", 0)))
        return {"now": clock.stamp(), "wall": clock.wall().isoformat(), "skew_s": clock.skew_s}

    def _read_only(self, request: Request, body: Any) -> Any:
        self._simulation.read_only = bool(body["enabled"])
        return {"enabled": self._simulation.read_only}

    def _latency(self, request: Request, body: Any) -> Any:
        self._simulation.latency_ms = float(body["ms"])
        return {"ms": self._simulation.latency_ms}

    def _machines(self, request: Request, body: Any) -> Any:
        return self._simulation.running_machines().describe()

    def _act_on_machine(self, request: Request, body: Any) -> Any:
        machines = self._simulation.running_machines()
        machines.act(int(request.path_params["number"]), body["action"])
        return machines.describe()


def _not_found() -> JSONResponse:
    return JSONResponse({"error": "no such record"}, 404)


def _endpoint(work: Callable[[Request, Any], Any]) -> Endpoint:
    """Wrap a handler: decode its JSON body, and answer wrong input with a 400 and the reason."""

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            result = work(request, json.loads(raw) if raw else {})
        except (LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, Response) else JSONResponse(result)

    return endpoint
