# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Virtualizor panel inside the simulator: credentials, dispatch, envelope."""

from __future__ import annotations

from typing import Any

from ..clock import Clock
from ..exchange import Reply, Request
from ..faults import Fault
from ..panel import Panel, Target
from ..switches import Switches
from . import answers
from .acts import Operation
from .answers import TEXTS, Refused
from .call import Call, Input, ids
from .credentials import Credentials
from .php_output import PhpReply
from .routes import ACTS
from .seed import build
from .state import State
from .switches import SWITCHES

PATH = "/index.php"
ELSEWHERE = "http://192.0.2.12:4084"
"""The address of an unencrypted login page on another host."""

BY_ID = ("suspend", "unsuspend", "suspend_net", "unsuspend_net", "bwreset", "delete")
"""Parameters whose value is the ID, or a comma list of IDs, of the records to change."""

NOT_ON_SLAVES = ("adduser_plans", "edituser_plans", "plans", "addplan", "editplan", "tasks")
"""Acts that slaves refuse. OBSERVED (virtualizor 1.4); addplan and editplan INFERRED from plans."""


class Virtualizor(Panel):
    """The admin API."""

    name = "virtualizor"
    switch_table = SWITCHES
    history = frozenset({"tasks"})

    def __init__(self, clock: Clock, switches: Switches, key: str, password: str) -> None:
        super().__init__(clock, switches)
        self._credentials = Credentials(key, password)
        self._acts = ACTS
        self._size = (0, 0)
        self._state: State | None = None

    @property
    def state(self) -> State:
        """Return the rows. They are built on first use, so that a reset is cheap for tests of other panels."""
        if self._state is None:
            self._state = build(self.clock, *self._size)
        return self._state

    def owns(self, path: str) -> bool:
        """Return whether this is the path of the only endpoint (virtualizor 1.1)."""
        return path == PATH

    def classify(self, request: Request) -> Target:
        """Return the operation of a request. A POST without the submit flag only shows the form."""
        given = Input(request)
        operation = self._acts.find(given)
        path = given.without_credentials()
        if operation is None:
            return Target("act=unknown", path, write=False)
        return Target(operation.name, path, operation.write, _vps(given, operation))

    def subjects(self, request: Request) -> list[dict[str, Any]]:
        """Return the VPSs, users or plans that the request names."""
        given = Input(request)
        operation = self._acts.find(given)
        if operation is None:
            return []
        state = self.state
        single = operation.parameter in BY_ID and operation.act in ("vs", "users")
        records, name = {
            "vs": (state.vs, "vpsid"),
            "editvs": (state.vs, "vpsid"),
            "managevps": (state.vs, "vpsid"),
            "users": (state.users, "uid"),
            "edituser": (state.users, "uid"),
            "editplan": (state.plans, "plid"),
            "edituser_plans": (state.user_plans, "uplid"),
        }.get(operation.act, ({}, ""))
        numbers = ids(given.text(operation.parameter if single else name))
        return [records[number] for number in numbers if number in records]

    def operations(self) -> set[str]:
        """Return `act=NAME`, `act=NAME&PARAMETER` and `act=NAME&PARAMETER=VALUE`."""
        return self._acts.names()

    def handle(self, request: Request, fault: Fault | None) -> Reply:
        """Execute a request or refuse it. Nearly all answers have status 200."""
        given = Input(request)
        if given.act == "login":
            return answers.login_page()
        failure = self._failure(given)
        if failure:
            return self._turned_away(given, failure)
        if given.query.get("api") not in ("json", "serialize") and self._is("without_api", "html"):
            return answers.page("Admin Panel")
        call = Call(request, self.state, self.switches, fault)
        operation = self._acts.find(call)
        if operation is None:
            # OBSERVED: an act that does not exist shows the start page (virtualizor 4.1).
            return self._answer(call, {"title": "Admin Panel", "info": {"version": "3.2.4"}})
        return self._answer(call, *self._executed(call, operation))

    def reset(self, servers: int, seed: int) -> None:
        """Drop the state. It is built again on first use."""
        self._size = (servers, seed)
        self._state = None

    def tick(self) -> None:
        """Do nothing: nothing here depends on the time."""

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the live state."""
        return self.state.collections()

    def patched(self, collection: str) -> None:
        """Drop the sums."""
        self.state.forget_derived()

    def _executed(self, call: Call, operation: Operation) -> tuple[dict[str, Any], bool]:
        """Execute an operation. Return the answer and whether a write was refused. A refusal shows the page, too."""
        page = self._acts.pages[operation.act]
        shape = self.switches.word("virtualizor_error_shape")
        if operation.write and self._is("permission", "read"):
            denied = answers.fatal(TEXTS["err_acl_no_op_allowed"])
            return {"title": "Fatal Error", **denied}, True
        if operation.act in NOT_ON_SLAVES and self._is("role", "slave"):
            return {"title": page.title, **answers.errors(("slave_cant_exp",), shape)}, True
        try:
            payload = operation.handler(call)
        except Refused as refused:
            errors = answers.errors(refused.names, shape)
            if shape == "fatal":
                return {"title": "Fatal Error", **errors}, True
            return {"title": page.title, **errors, **page.read.handler(call)}, True
        refused = operation.write and not _is_done(payload)
        if operation.write and call.fault is not None and call.fault.kind == "slave_silent":
            # INFERRED from the text's name: the master has saved, its slave did not answer (virtualizor 4.2).
            payload = {**payload, **answers.errors(("err_save_slave",), shape)}
            if not call.fault.params["done"]:
                del payload["done"]
        return {"title": page.title, **payload}, refused

    def _answer(self, call: Call, payload: dict[str, Any], refused: bool = False) -> PhpReply:
        """Return the encoded answer with its envelope. `timenow` is a number, `time_taken` a string (DOCUMENTED)."""
        reply = answers.encoded(
            {**payload, "timenow": call.now(), "time_taken": "0.136"},
            call.query.get("api"),
            notice=self._is("php_notice", "true"),
            as_html=self._is("content_type", "html"),
        )
        reply.refused = refused
        return reply

    def _failure(self, given: Input) -> str:
        """Return the name of the error if the credentials are refused, else an empty string."""
        if self._is("address_listed", "false"):
            return "ip_fail"
        return "" if self._credentials.accept(given.query, self.switches) else "ath_fail"

    def _turned_away(self, given: Input, failure: str) -> Reply:
        how = self.switches.word("virtualizor_bad_credentials")
        if how == "html":
            reply = answers.login_page()
        elif how == "json":
            shape = self.switches.word("virtualizor_error_shape")
            content = {"title": "Login", **answers.errors((failure,), shape)}
            reply = answers.encoded(content, "json", notice=False, as_html=True)
        else:
            host = ELSEWHERE if how == "redirect_elsewhere" else ""
            reply = answers.redirect(f"{host}{PATH}?act=login")
        reply.refused = True
        return reply

    def _is(self, switch: str, value: str) -> bool:
        return self.switches.is_set(f"virtualizor_{switch}", value)


def _is_done(payload: dict[str, Any]) -> bool:
    """Return whether a payload reports success. managevps nests `done` (virtualizor 4.3)."""
    done = payload.get("done")
    return bool(done["done"] if isinstance(done, dict) and "done" in done else done)


def _vps(given: Input, operation: Operation) -> str | None:
    """Return the ID of the VPS in a request, for the counters."""
    if operation.act not in ("vs", "editvs", "managevps"):
        return None
    single = operation.parameter in BY_ID
    return given.text(operation.parameter if single else "vpsid") or None
