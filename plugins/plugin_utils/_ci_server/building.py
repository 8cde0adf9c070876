# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build servers and wait for their addresses, all at the same time. The first failure ends all waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import each
from .ci_panel import Build, CiSight
from .names import MOST_SERVERS
from .run import LATER, CiRun

#: The pause between two looks at a build: a part of the time that it has taken so far, within these limits.
_SHORTEST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 2.0
_PART = 0.03

#: What a server is as long as a build is sent for it.
TO_BUILD = (Build.NONE, Build.FAILED)


class _Ended(Exception):
    """The build of another server has failed."""


class Building:
    """The builds of a pipeline's servers.

    :param code: of the pipeline.
    :param deadline: on ``clock.monotonic()``.
    :param before: called with the ID of a server before its build is sent.
    """

    def __init__(
        self,
        run: CiRun,
        code: str,
        key_id: int,
        deadline: float,
        before: Callable[[int], None],
    ) -> None:
        self._run = run
        self._code = code
        self._key_id = key_id
        self._deadline = deadline
        self._before = before
        self._lock = threading.Lock()
        self._failure: Exception | None = None
        #: The servers whose build this execution has started.
        self.built: set[int] = set()
        #: The templates of the servers that are to be built.
        self._templates: dict[int, int] = {}
        #: Why the panel has not taken a build yet, by server.
        self._refusals: dict[int, str] = {}

    def see_through(self, servers: Mapping[int, tuple[int, str]]) -> dict[int, CiSight]:
        """Build the servers that are not built, wait for all, and return them.

        :param servers: number and name by ID.
        :raises PanelError: ``job_failed``, ``wait_timeout``, ``not_found`` or ``conflict``.
        """

        def one(server_id: int) -> CiSight | None:
            number, name = servers[server_id]
            try:
                return self._one(server_id, number, f"build server {name} (ID {server_id})")
            except _Ended:
                return None
            except Exception as error:  # noqa: BLE001 - raised again when all waits have ended
                with self._lock:
                    self._failure = self._failure or error
                return None

        sights = each(one, servers, MOST_SERVERS)
        if self._failure is not None:
            raise self._failure
        return {sight.id: sight for sight in sights if sight is not None}

    def _one(self, server_id: int, number: int, action: str) -> CiSight:
        begun = self._run.clock.monotonic()
        started = False
        while True:
            if started:
                sight: CiSight | None = self._look(server_id, action)
            else:
                sight = self._begin(server_id, number, action)
            if sight is None:
                started = True
                continue
            if sight.build is Build.DONE and sight.addresses:
                return sight
            if sight.build is Build.FAILED and started:
                raise PanelError(
                    Code.JOB_FAILED,
                    "the panel reports that the build failed",
                    action=action,
                    hint="look at it in the panel; another run of the task builds it again",
                )
            started = started or sight.build not in TO_BUILD
            self._wait(sight, action, begun)

    def _begin(self, server_id: int, number: int, action: str) -> CiSight | None:
        """Read a server, and start its build if it needs one. Return the server if no build was started.

        A build wipes a server, so each request is preceded by a read. A panel that is busy, or a server that another
        build has locked, refuses it. Then the caller waits, and this reads the server again before it sends anything.
        The request repeats the name, so it must be the name that the server has now, with its lease end. Another client
        may have taken the server meanwhile.
        """
        with self._run.lease_lock(self._code, action):
            sight = self._look(server_id, action)
            if sight.build in TO_BUILD and server_id not in self._templates:
                # A busy panel may let this request wait. So the server is read once more after it.
                self._templates[server_id] = self._run.panel.template(server_id)
                sight = self._look(server_id, action)
            if sight.build not in TO_BUILD:
                return sight
            self._run.check_ours(sight, self._code, number, action)
            self._before(server_id)
            try:
                self._run.build(server_id, sight.name, self._key_id, self._templates[server_id])
            except PanelError as error:
                if error.code in LATER and not error.uncertain:
                    self._refusals[server_id] = error.message
                    return sight
                # The response was lost, or another controller has started the build: it may be running.
                running = error.uncertain or error.code is Code.CONFLICT
                with self._run.settling(doubt=error.uncertain):
                    if not running or self._look(server_id, action).build in TO_BUILD:
                        error.action = action
                        raise
                self._run.wrote = self._run.wrote or error.uncertain
        with self._lock:
            self.built.add(server_id)
        return None

    def _look(self, server_id: int, action: str) -> CiSight:
        self._run.go_on()
        if self._failure is not None:
            raise _Ended
        sight = self._run.panel.server(server_id)
        if sight is None:
            raise PanelError(
                Code.NOT_FOUND,
                "it does not exist any more, so another client has deleted it",
                action=action,
                hint="run the task again",
                retryable=True,
            )
        return sight

    def _wait(self, sight: CiSight, action: str, begun: float) -> None:
        now = self._run.clock.monotonic()
        if now >= self._deadline:
            state = "without an address" if sight.build is Build.DONE else sight.build.value
            refusal = self._refusals.get(sight.id) if sight.build in TO_BUILD else None
            because = f", since the panel refuses the build: {refusal}" if refusal else ""
            raise PanelError(
                Code.WAIT_TIMEOUT,
                f"it is still {state} at the end of the deadline{because}",
                action=action,
                hint="run the task again to keep waiting, or raise deadline",
                retryable=True,
            )
        pause = min(_LONGEST_PAUSE_S, max(_SHORTEST_PAUSE_S, (now - begun) * _PART))
        self._run.pause(pause, self._deadline)
