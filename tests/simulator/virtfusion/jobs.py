# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The queue of jobs.

The duration of jobs is the simulator's own. A job ends after some polls (reads of its queue item or of its
server) or after some virtual seconds, whichever comes first. So neither a waiting client nor a test depends on
the wall clock. A server executes one job at a time; later ones wait (OBSERVED: "queued if another operation is
running", virtfusion 3.6).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypedDict

from ..faults import Fault
from ..switches import Switches
from .records import Job, Server
from .seed_servers import add_ipv6, live_resources
from .state import State

JOB_CLASSES = {
    "build_server": "Build",
    "boot_server": "Boot",
    "shutdown_server": "Shutdown",
    "restart_server": "Restart",
    "poweroff_server": "PowerOff",
    "reset_password": "ResetPassword",
    "suspend_server": "Suspend",
}
"""Class names after `App\\Jobs\\Server\\KVM\\`. Build is DOCUMENTED, the others INFERRED."""

POWER_ACTIONS = ("boot_server", "shutdown_server", "restart_server", "poweroff_server")

FIRST_JOB_ID = 700
"""jobId and id are different numbers in the published example (852 and 158)."""


class Progress(TypedDict):
    """What a server shows of its build."""

    active: bool
    commissionStatus: int
    state: str
    buildFailed: bool


class Jobs:
    """The jobs of a state: starts, advances and ends them."""

    def __init__(self, state: State, switches: Switches) -> None:
        self._state = state
        self._switches = switches

    def start(
        self,
        action: str,
        server: Server,
        fault: Fault | None = None,
        payload: dict[str, Any] | None = None,
    ) -> Job:
        """Queue a job for a server."""
        state, number = self._state, self._state.next_id("job")
        waiting = state.open_jobs.setdefault(server["id"], [])
        begin = datetime.fromisoformat(waiting[-1]["dueAt"]) if waiting else state.clock.now
        due = max(begin, state.clock.now) + timedelta(seconds=self._switches.number("job_seconds"))
        slow = fault is not None and fault.kind == "slow_job"
        polls = fault.params["polls"] if slow and fault else self._switches.number("job_polls")
        if fault is not None and fault.kind == "hang_job":
            polls, due = sys.maxsize, datetime.max.replace(tzinfo=timezone.utc)
        job: Job = {
            "id": number,
            "jobId": FIRST_JOB_ID + number,
            "action": action,
            "serverId": server["id"],
            "hypervisorId": server["hypervisorId"],
            "polls": polls,
            "pausedPolls": fault.params["polls"] if fault and fault.kind == "pause_job" else 0,
            "totalPolls": polls,
            "dueAt": due.isoformat(),
            "fail": fault is not None and fault.kind == "fail_job",
            "failed": False,
            "started": state.clock.stamp(),
            "updated": state.clock.stamp(),
            "finished": None,
            "payload": payload or {},
        }
        state.jobs[number] = job
        waiting.append(job)
        if polls == 0:
            self._settle(server["id"])
        return job

    def active(self, server_id: int) -> Job | None:
        """Return the active job of a server, or None."""
        waiting = self._state.open_jobs.get(server_id)
        return waiting[0] if waiting else None

    def recorded(self, server: Server) -> Progress:
        """Return the values of the build in the record, as the build request returns them."""
        return {
            "active": self.active(server["id"]) is not None,
            "commissionStatus": server["commissionStatus"],
            "state": server["state"],
            "buildFailed": server["buildFailed"],
        }

    def progress(self, server: Server) -> Progress:
        """Return what a read shows of the build (virtfusion 3.3)."""
        shown, job = self.recorded(server), self.active(server["id"])
        if job is None or job["action"] != "build_server":
            return shown
        if job["pausedPolls"] > 0:
            # OBSERVED: 2 means paused. That no task is active then is INFERRED.
            shown.update({"commissionStatus": 2, "active": False})
        elif server["built"] is None:
            if self._switches.is_set("first_build_state", "empty"):
                shown["state"] = ""
        elif self._switches.is_set("rebuild_shows", "failed"):
            # OBSERVED: both values of the status; which one comes first is INFERRED.
            late = job["polls"] * 2 < job["totalPolls"]
            shown.update({"commissionStatus": int(late), "active": False, "buildFailed": True})
        return shown

    def poll(self, server_id: int) -> None:
        """Count a poll: the active job of the server advances."""
        job = self.active(server_id)
        if job is not None:
            job["pausedPolls" if job["pausedPolls"] > 0 else "polls"] -= 1
            job["updated"] = self._state.clock.stamp()
            self._settle(server_id)

    def tick(self) -> None:
        """End the jobs that are due."""
        for server_id in list(self._state.open_jobs):
            self._settle(server_id)

    def drop(self, server_id: int) -> None:
        """Fail the unfinished jobs of a server that was deleted."""
        for job in self._state.open_jobs.pop(server_id, []):
            job["failed"] = True
            job["finished"] = self._state.clock.stamp()

    def _settle(self, server_id: int) -> None:
        """End the jobs of a server that are done, in order."""
        now = self._state.clock.now
        waiting = self._state.open_jobs.get(server_id, [])
        while waiting and (
            waiting[0]["polls"] <= 0 or datetime.fromisoformat(waiting[0]["dueAt"]) <= now
        ):
            job = waiting.pop(0)
            self._finish(job, self._state.servers[server_id])
        if not waiting:
            self._state.open_jobs.pop(server_id, None)

    def _finish(self, job: Job, server: Server) -> None:
        now = self._state.clock.stamp()
        # An unbuilt server has no machine, and so no power state (INFERRED).
        unbuilt = job["action"] in POWER_ACTIONS and server["commissionStatus"] != 3
        job["failed"] = job["fail"] or unbuilt
        job["updated"] = job["finished"] = server["lastTask"] = now
        if job["failed"]:
            if job["action"] == "build_server":
                # DOCUMENTED: with state failed come commissionStatus 2, buildFailed false (virtfusion 3.3).
                server.update({"commissionStatus": 2, "state": "failed", "updated": now})
            return
        effect = EFFECTS.get(job["action"])
        if effect is not None:
            effect(self._state, job, server)
        if job["action"] == "suspend_server":
            set_suspended(server, self._switches)


def _built(state: State, job: Job, server: Server) -> None:
    now = state.clock.stamp()
    server.update(
        {
            "commissionStatus": 3,
            "state": "complete",
            "built": now,
            "updated": now,
            "powered": True,
        }
    )
    if job["payload"].get("ipv6") and not server["primary"]["ipv6"]:
        # OBSERVED: reads show the subnet some time after the request (virtfusion 1.7).
        add_ipv6(state, server["primary"], server["id"])
    _power_transition(server)


def _started(state: State, job: Job, server: Server) -> None:
    server["powered"] = True
    _power_transition(server)


def _stopped(state: State, job: Job, server: Server) -> None:
    server["powered"] = False
    _power_transition(server)


def set_suspended(server: Server, switches: Switches) -> None:
    """Set the flag. Stop the machine only if the switch says so."""
    server["suspended"] = True
    if switches.is_set("suspended_machine", "stops"):
        server["powered"] = False


def _power_transition(server: Server) -> None:
    """Apply the pending tasks: boot, restart, shutdown and poweroff do (DOCUMENTED in the create example)."""
    server["tasks"] = []
    server["live"] = live_resources(server)
    for disk in server["disks"]:
        disk.update({"status": 3, "enabled": True})


EFFECTS: dict[str, Callable[[State, Job, Server], None]] = {
    "build_server": _built,
    "boot_server": _started,
    "restart_server": _started,
    "shutdown_server": _stopped,
    "poweroff_server": _stopped,
}
