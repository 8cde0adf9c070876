# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an action for CI servers declares, and how it is carried out; the twin of ``FleetModule``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.clock import Clock, SystemClock
from ...module_utils._core.errors import result_of
from ...module_utils._core.http import Backend
from ...module_utils._core.runner import Panel
from .._fleet.change import ItemSessions
from .._fleet.durable_file import files_named
from .._fleet.identity import Attribution, Job
from .._fleet.progress import Progress, clean_error, clean_lines, cleaned
from .._fleet.stop import Stop
from .ci_panel import CiPanel
from .names import Names
from .run import WORKERS, CiRun

ClientT = TypeVar("ClientT")
Params = Mapping[str, Any]
#: Checks the options without any request, and returns the work.
Prepare = Callable[[Params], Callable[[CiRun, bool], dict[str, Any]]]


@dataclass(frozen=True)
class CiModule(Generic[ClientT]):
    """An action: on which kind of panel, which work, and with which options.

    :param name: of the action, for the lines of progress.
    :param ci_panel: makes the panel from the sessions, the address and the options.
    :param prepare: checks the options and returns the work, which takes the run and whether it is check mode.
    """

    name: str
    panel: Panel[ClientT]
    ci_panel: Callable[[ItemSessions[ClientT], str, Params], CiPanel]
    prepare: Prepare
    arguments: ArgumentSpec

    def execute(
        self,
        params: Params,
        *,
        given: Collection[str] = (),
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        job: Job | None = None,
        attribution: Attribution | None = None,
        clock: Clock | None = None,
        backend: Backend | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param given: the names of the options that the task sets.
        :param show: takes the lines of progress.
        :param stop: a request to stop from outside.
        :param job: the job in which the task runs; it makes no difference.
        :param attribution: who runs the task; only the runs of a fleet record it.
        """

        @files_named()
        def work() -> dict[str, Any]:
            return self._run(params, check_mode, show, stop, clock or SystemClock(), backend)

        return result_of(work)

    def _run(
        self,
        params: Params,
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock,
        backend: Backend | None,
    ) -> dict[str, Any]:
        names = Names(params["prefix"])
        work = self.prepare(params)
        address = next(iter(self.panel.base_urls(params).values()))
        session = self.panel.session(
            params,
            check_mode=check_mode,
            clock=clock,
            backend=backend,
            connections=WORKERS,
        )
        try:
            progress = Progress(self.name, "servers", clean_lines(show, session.redact), clock)
            sessions = ItemSessions(self.panel.client, session)
            panel = self.ci_panel(sessions, address, params)
            run = CiRun(panel, names, clock, stop, progress, params["state_dir"])
            try:
                with files_named():
                    result = work(run, check_mode)
            except Exception as error:
                failure = run.failure(error)
                failure.result.setdefault("api_calls", sessions.api_calls())
                raise clean_error(failure, session.redact) from error
            return {**cleaned(result, session.redact), "api_calls": sessions.api_calls()}
        finally:
            session.close()
