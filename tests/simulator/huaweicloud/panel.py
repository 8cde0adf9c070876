# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Huawei Cloud panel: gateway, dispatch, request IDs, and refusals in each service's shape."""

from __future__ import annotations

from typing import Any

from ..clock import Clock
from ..exchange import Reply, Request
from ..faults import Fault
from ..panel import Panel, Target
from ..switches import Switches
from . import refusals
from .accounts import Account
from .call import Call
from .flavor_change import advance_changes
from .jobs import end_due_jobs
from .routes import READING_POSTS, ROUTES
from .seed import build
from .state import NEVER, State
from .switches import SWITCHES

BASES = ("/v1/", "/v2/", "/v2.1/", "/v3/", "/v3.0/")
IAM_BASES = ("/v3/auth/", "/v3/projects", "/v3.0/")
BSS_BASES = ("/v2/orders/", "/v3/orders/")
HEX = frozenset("0123456789abcdef")


class HuaweiCloud(Panel):
    """IAM, CPH and the order service behind one API gateway.

    The state is built on first use, so that a reset is cheap for tests of other panels.
    """

    name = "huaweicloud"
    switch_table = SWITCHES
    history = frozenset({"cph_jobs", "cph_flavor_changes", "iam_tokens", "iam_access_keys"})

    def __init__(self, clock: Clock, switches: Switches, account: Account) -> None:
        super().__init__(clock, switches)
        self._account = account
        self._state: State | None = None

    def owns(self, path: str) -> bool:
        """Return whether a path is below a version of one of the three services."""
        return path.startswith(BASES)

    def classify(self, request: Request) -> Target:
        """Return the operation of a request. Requests for credentials are POSTs that change nothing."""
        route = ROUTES.find(request.method, request.raw_path)
        if route is None:
            return Target(f"{request.method} unknown", request.path, request.method != "GET")
        write = request.method != "GET" and route.operation not in READING_POSTS
        server = route.parameters.get("server_id")
        if server is None and write and isinstance(request.json, dict):
            named = request.json.get("server_id")
            server = named if isinstance(named, str) else None
        return Target(route.operation, request.path, write, server)

    def subjects(self, request: Request) -> list[dict[str, Any]]:
        """Return the server in the path. A flavor change delays itself."""
        route = ROUTES.find(request.method, request.raw_path)
        server: Any = (
            self.state.servers.get(route.parameters.get("server_id", "")) if route else None
        )
        return [server] if server is not None else []

    def operations(self) -> set[str]:
        """Return `METHOD /path/template` of every route."""
        return {route.operation for route in ROUTES.all}

    def handle(self, request: Request, fault: Fault | None) -> Reply:
        """Execute a request or refuse it. Body and header have different request IDs (huaweicloud_cph 3)."""
        body_id = self.state.new_id("request")
        reply = self._answer(request, body_id, fault)
        path = request.path
        if isinstance(reply.value, dict) and (
            not path.startswith((*IAM_BASES, *BSS_BASES))
            or str(reply.value.get("error_code")).startswith("APIGW.")
        ):
            reply.value = {"request_id": body_id, **reply.value}
        header = "X-IAM-Trace-Id" if path.startswith(IAM_BASES) else "X-Request-Id"
        reply.headers[header] = self.state.new_id("trace")
        return reply

    def reset(self, servers: int, seed: int) -> None:
        """Drop the state. It is built again on first use."""
        self._plan = (servers, seed)
        self._state = None

    @property
    def state(self) -> State:
        """Return the state, built on first use."""
        if self._state is None:
            self._state = build(self.clock, self._account, *self._plan)
        return self._state

    def tick(self) -> None:
        """Complete flavor changes and jobs that are due, and cancel unpaid orders."""
        state = self._state
        if state is not None and state.wake <= state.now():
            state.wake = NEVER
            advance_changes(state)
            end_due_jobs(state)

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the live state."""
        return self.state.collections()

    def patched(self, collection: str) -> None:
        """Check at the next tick whether something is due."""
        self.state.wake = ""

    def _answer(self, request: Request, request_id: str, fault: Fault | None) -> Reply:
        route = ROUTES.find(request.method, request.raw_path)
        if route is None:
            text = "The API does not exist or has not been published in the environment"
            return refusals.gateway(404, "APIGW.0101", text).reply
        call = Call(request, route, self.state, self.switches, request_id, fault)
        try:
            if request.path.startswith(BSS_BASES):
                self._admit_to_orders(call)
            elif not request.path.startswith(IAM_BASES):
                self._admit_to_project(call)
            return route.handler(call)
        except refusals.Unauthenticated as unproven:
            if request.path.startswith(IAM_BASES):
                return refusals.keystone(401, "Unauthorized", str(unproven)).reply
            return refusals.gateway(401, "APIGW.0301", str(unproven)).reply
        except refusals.CpsError as error:
            return self._cps_reply(error)
        except refusals.Refused as refused:
            return refused.reply

    def _admit_to_project(self, call: Call) -> None:
        """Refuse credentials for another project than the one in the path (huaweicloud_cph 1.1, 6)."""
        caller, project_id = call.caller, call.project_id
        if len(project_id) != 32 or not HEX.issuperset(project_id):
            raise refusals.CpsError("CPS.0046")
        if caller.scope in ("domain", "none"):
            # DOCUMENTED remedy of CPS.0001: set the scope of the token to the project.
            raise refusals.CpsError("CPS.0001")
        known = call.state.projects.get(project_id)
        foreign = known is None or project_id == call.state.account.foreign_project_id
        if foreign or caller.project_id not in (None, project_id):
            raise refusals.CpsError(self.switches.word("project_mismatch"))

    def _admit_to_orders(self, call: Call) -> None:
        """Refuse credentials that are not for the domain, or lack the permission for orders (huaweicloud_cph 2.5)."""
        caller = call.caller
        denied = self.switches.is_set("bss_access", "denied")
        by_project = caller.scope in ("project", "none")
        if denied or (by_project and self.switches.is_set("bss_access", "domain")):
            raise refusals.billing(403, "CBC.0150", "Access denied.")

    def _cps_reply(self, error: refusals.CpsError) -> Reply:
        reply = error.reply
        if self.switches.is_set("cps_http_status", "all400"):
            reply.status = 400
        if self.switches.is_set("cps_code_form", "plain"):
            reply.value["error_code"] = error.code.replace(".", "")
        return reply
