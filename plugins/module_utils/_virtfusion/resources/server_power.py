# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The power state of a VirtFusion server, and the actions that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges
from ..._core.changes import Comparison, FieldOutcome
from ..._core.clock import wait_until
from ..._core.converge import Resource, View, after_acceptance, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Field, Schema, boolean
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .queue import QUEUE_ID, wait_for_job
from .server_view import SERVER, read_server, waits_for_restart

RUNNING = "running"
STOPPED = "stopped"
RESTARTED = "restarted"

#: Whether this task has restarted the server.
RESTARTED_NOW = Field("restarted_now", "restarted_now", boolean)

_COMPLETE = 3

#: The options of virtfusion_server_power.
SERVER_POWER_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "state": {"type": "str", "choices": [RUNNING, STOPPED, RESTARTED], "required": True},
        "hard": {"type": "bool", "default": False},
        "escalate": {"type": "bool", "default": False},
        "only_if_pending": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 120},
    }
)


def require_power_state(view: View, name: str) -> None:
    """Fail if the panel does not show whether a server is running (virtfusion 3.4).

    :raises PanelError: ``transport``.
    """
    if view.get("running") is None:
        raise PanelError(
            Code.TRANSPORT,
            "the power state is unknown: the hypervisor does not respond",
            action=f"read the power state of {name}",
            hint="check the hypervisor in the panel",
            retryable=True,
        )


class ServerPower(Resource):
    """A server with a desired power state, or a restart."""

    key = "server"
    shown = results(server=(*SERVER, RESTARTED_NOW.name))
    schema = Schema(SERVER["running"], RESTARTED_NOW)
    shows_at_once = True

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        check_ranges(params, {"wait_timeout": (0, None)})
        for option, state in (
            ("hard", STOPPED),
            ("escalate", STOPPED),
            ("only_if_pending", RESTARTED),
        ):
            if params[option] and params["state"] != state:
                raise invalid(f"{option} is only for state={state}, not for {params['state']}")
        if params["hard"] and params["escalate"]:
            raise invalid("hard and escalate are mutually exclusive", "set one of them")
        self._client = client
        self._params = params
        self._clock = client.session.backoff.clock
        self._server: View = {}
        self._restarted_now = False

    def _look(self) -> View:
        self._server = read_server(self._client, self._params, self._server, live=True)
        return self._server

    def read(self) -> View:
        self._look()
        require_power_state(self._server, self._name())
        return {**self._server, "restarted_now": self._restarted_now}

    def desired(self) -> Mapping[str, Any]:
        state = self._params["state"]
        if state != RESTARTED:
            return {"running": state == RUNNING}
        if self._params["only_if_pending"] and not (
            self._server["running"] and waits_for_restart(self._server)
        ):
            return {}
        # A stopped server is only started, which has the same result as a restart.
        return {"running": True, **({"restarted_now": True} if self._server["running"] else {})}

    def permit(self, comparison: Comparison) -> None:
        if self._server.get("commission_status") != _COMPLETE:
            raise PanelError(
                Code.REFUSED,
                "it is not built",
                action=f"change the power state of {self._name()}",
                hint="build it with virtfusion_server_build",
            )

    def apply(self, comparison: Comparison) -> None:
        moved = comparison.names(FieldOutcome.CHANGED)
        if "restarted_now" in moved:
            self._do("restart_server", running=True)
            self._restarted_now = True
        elif self._params["state"] != STOPPED:
            self._do("boot_server", running=True)
        elif self._params["hard"]:
            self._do("poweroff_server", running=False)
        else:
            self._shut_down()

    def _shut_down(self) -> None:
        """Request a guest shutdown. The guest may ignore it (virtfusion 3.7)."""
        try:
            self._do("shutdown_server", running=False)
        except PanelError as error:
            timed_out = error.partial and error.code is Code.WAIT_TIMEOUT
            stubborn = timed_out or error.code is Code.JOB_FAILED
            if not (stubborn and self._params["escalate"]):
                if stubborn:
                    error.add_hint("set escalate to power off in this case")
                raise
            try:
                self._do("poweroff_server", running=False)
            except PanelError as later:
                later.partial = True
                later.uncertain = later.uncertain or error.uncertain
                raise

    def _do(self, operation: str, *, running: bool) -> None:
        """Execute a power action, then wait for its job and for the state, within ``wait_timeout``.

        :raises PanelError: with ``partial`` set if the panel had accepted the action.
        """
        ends = self._clock.monotonic() + self._params["wait_timeout"]
        path = {"server_id": self._server["id"]}
        queue_id = QUEUE_ID.read(self._client.one(operation, path=path))
        try:
            with after_acceptance():
                if queue_id is not None:
                    wait_for_job(self._client, queue_id, max(0.0, ends - self._clock.monotonic()))
                self._wait_for(running, max(0.0, ends - self._clock.monotonic()))
        except PanelError as error:
            # Only a failed job ends the action, and no read shows a restart (virtfusion 3.2).
            error.uncertain = error.code is not Code.JOB_FAILED or operation == "restart_server"
            raise

    def _wait_for(self, running: bool, timeout_s: float) -> None:
        # A hypervisor may briefly not respond; keep waiting.
        _view, reached = wait_until(
            self._look,
            lambda view: view.get("running") is running,
            timeout_s=timeout_s,
            clock=self._clock,
        )
        if not reached:
            is_now, should = ("does not run", "start") if running else ("still runs", "stop")
            raise PanelError(
                Code.WAIT_TIMEOUT,
                f"it {is_now} after {self._params['wait_timeout']} s",
                action=f"{should} {self._name()}",
                hint="raise wait_timeout, or check its console",
                retryable=True,
            )

    def _name(self) -> str:
        return self.name(self._server)
