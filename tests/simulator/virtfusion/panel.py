# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The VirtFusion panel inside the simulator: authentication, dispatch, refusals."""

from __future__ import annotations

import hmac
from typing import Any

from ..clock import Clock
from ..exchange import NO_BODY, Reply, Request, html_page
from ..faults import Fault
from ..panel import Panel, Target
from ..switches import Switches
from .call import Call
from .jobs import Jobs
from .lifecycle import delete_due
from .machines import MACHINE_SWITCHES, Machines
from .refusals import Refused
from .routes import ROUTES
from .seed import build
from .switches import SWITCHES

BASE = "/api/v1"


class VirtFusion(Panel):
    """The Global API."""

    name = "virtfusion"
    switch_table = (*SWITCHES, *MACHINE_SWITCHES)
    history = frozenset({"jobs"})

    def __init__(
        self, clock: Clock, switches: Switches, token: str, machines: Machines | None = None
    ) -> None:
        super().__init__(clock, switches)
        self._machines = machines
        self._authorization = f"bearer {token}"
        self._routes = ROUTES

    def owns(self, path: str) -> bool:
        """Return whether a path is below `/api/v1`."""
        return path == BASE or path.startswith(f"{BASE}/")

    def classify(self, request: Request) -> Target:
        """Return the operation of a request. For two of them the method is misleading:

        a dry run of POST /servers changes nothing (DOCUMENTED for 7.1); a GET of the firewall with
        sync=true applies rules to the running server (INFERRED, virtfusion 1.10).
        """
        path = request.raw_path[len(BASE) :]
        route = self._routes.find(request.method, path)
        if route is None:
            return Target(f"{request.method} unknown", path, write=request.method != "GET")
        query = {name: value.lower() for name, value in request.query}
        write = request.method != "GET" or query.get("sync") in ("true", "1")
        if route.operation == "POST /servers" and query.get("dryRun") in ("true", "1"):
            write = False
        return Target(route.operation, path, write, route.parameters.get("serverId"))

    def subjects(self, request: Request) -> list[dict[str, Any]]:
        """Return the server or the user in the path."""
        route = self._routes.find(request.method, request.raw_path[len(BASE) :])
        if route is None:
            return []
        call = Call(request, route, self.state, self.switches, self.jobs, None)
        try:
            named: Any = []
            if "serverId" in route.parameters:
                named = [call.server()]
            elif "extRelationId" in route.parameters:
                named = [call.user()]
            return list(named)
        except Refused:
            return []

    def operations(self) -> set[str]:
        """Return `METHOD /path/template` of every route."""
        return {route.operation for route in self._routes.all}

    def handle(self, request: Request, fault: Fault | None) -> Reply:
        """Execute a request or refuse it."""
        if not self._authorized(request):
            # The text is DOCUMENTED in the API file, "no body" in the newer reference (virtfusion 1.3).
            if self.switches.is_set("unauthorized_body", "empty"):
                return Reply(401, NO_BODY)
            return Reply(401, text="401 Unauthorized", content_type="text/plain; charset=UTF-8")
        route = self._routes.find(request.method, request.raw_path[len(BASE) :])
        if route is None:
            return self._no_route(request)
        call = Call(request, route, self.state, self.switches, self.jobs, fault)
        try:
            return route.handler(call)
        except Refused as refused:
            return refused.reply
        finally:
            self._follow()

    def reset(self, servers: int, seed: int) -> None:
        """Build the seeded state."""
        self.state = build(self.clock, servers, seed)
        self.jobs = Jobs(self.state, self.switches)
        if self._machines is not None:
            self._machines.seed(self.state)

    def tick(self) -> None:
        """End jobs and delete servers that are due."""
        self.jobs.tick()
        delete_due(self.state, self.jobs)
        self._follow()

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the live state."""
        return self.state.collections()

    def patched(self, collection: str) -> None:
        """Drop everything derived from the records."""
        self.state.forget_derived()
        self._follow()

    def _follow(self) -> None:
        """Let the machines follow the records of the servers."""
        if self._machines is not None:
            self._machines.follow(self.state)

    def _no_route(self, request: Request) -> Reply:
        """Answer a request for which there is no route: 405 where only the method is wrong (OBSERVED).

        That the body is the framework's page and not JSON is INFERRED (virtfusion 1.3).
        """
        methods = self._routes.methods(request.raw_path[len(BASE) :])
        if not methods:
            return html_page(404, "Not Found")
        reply = html_page(405, "Method Not Allowed")
        reply.headers["Allow"] = ", ".join(methods)
        return reply

    def _authorized(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        scheme, dummy, token = given.partition(" ")
        return hmac.compare_digest(
            f"{scheme.lower()} {token.strip()}".encode(), self._authorization.encode()
        )
