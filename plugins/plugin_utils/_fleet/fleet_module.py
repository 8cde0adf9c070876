# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declare and execute a bulk action, as ``PanelModule`` does for a module."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.clock import Clock, SystemClock
from ...module_utils._core.errors import PanelError, invalid, result_of
from ...module_utils._core.http import Backend
from ...module_utils._core.runner import Panel
from ...module_utils._core.session import Session
from .change import FleetChange, ItemSessions
from .durable_file import files_named, make_folder
from .engine import FleetRun
from .folder_steps import FolderSteps
from .health_check import HealthCheck, environment_without
from .identity import Attribution, Job, file_name_of, time_text
from .progress import clean_error, clean_lines, cleaned
from .rollback import Reversals, Rollback, reversals_of
from .run_store import store_of
from .settings import Settings, check_used
from .shared_rate import SharedRate
from .stop import Stop
from .terms import Terms

ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class FleetModule(Generic[ClientT]):
    """A bulk action: its panel, its change and its options.

    :param change: creates the change from the sessions, the panel's address and the options.
    :param rollback: creates the change that undoes the runs of a journal.
    :param selection: the options that select items.
    :param target: the options that define the target of the items.
    :param manner: the options that define how an item is changed.
    :param playbook: the playbook that plans and applies a run of this action.
    """

    panel: Panel[ClientT]
    change: Callable[[ItemSessions[ClientT], str, Mapping[str, Any]], FleetChange]
    rollback: Callable[[ItemSessions[ClientT], str, Mapping[str, Any], Reversals], Rollback]
    arguments: ArgumentSpec
    selection: ArgumentSpec = field(kw_only=True)
    target: ArgumentSpec = field(kw_only=True)
    manner: ArgumentSpec = field(kw_only=True)
    playbook: str = field(kw_only=True)

    def execute(
        self,
        params: Mapping[str, Any],
        *,
        given: Collection[str] = (),
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        attribution: Attribution | None = None,
        clock: Clock | None = None,
        backend: Backend | None = None,
        job: Job | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param given: the names of the options that the task sets.
        :param show: receives the lines of progress.
        :param stop: a request from outside to stop the run.
        :param job: the job in which the task runs, ``None`` outside of jobs.
        :param attribution: who runs it.
        """
        by = attribution or Attribution()
        clock = clock or SystemClock()

        def one_step(
            params: Mapping[str, Any], read_only: bool, step: Callable[[FleetRun], dict[str, Any]]
        ) -> dict[str, Any]:
            self._check_target(params)
            check_used(params, given)
            return self._run(params, read_only, show, stop, by, clock, backend, step)

        @files_named()
        def work() -> dict[str, Any]:
            if params["run_dir"] is None:
                # A plan that is approved by its hash is not replaced by a new one.
                predict = FleetRun.preview if params["plan_sha256"] else FleetRun.plan
                return one_step(params, check_mode, predict if check_mode else FleetRun.apply)
            Settings.from_params(params)
            terms = Terms(self.selection, self.target, self.manner, self.playbook)
            action = str(getattr(self.change, "name"))  # noqa: B009 - the class of the change
            steps = FolderSteps(
                action,
                terms,
                params,
                given,
                one_step,
                check_mode=check_mode,
                job=job,
                store=store_of(params, clock) if params["run_store"] else None,
                now=lambda: time_text(clock.time()),
            )
            return steps.execute()

        return result_of(work)

    def _run(
        self,
        params: Mapping[str, Any],
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        attribution: Attribution,
        clock: Clock,
        backend: Backend | None,
        step: Callable[[FleetRun], dict[str, Any]],
    ) -> dict[str, Any]:
        settings = Settings.from_params(params)
        address = next(iter(self.panel.base_urls(params).values()))
        limiter = None
        if params["rate_limit"] > 0:
            make_folder(settings.state_dir, "state_dir")
            path = Path(settings.state_dir) / f"{file_name_of(address)}.rate"
            limiter = SharedRate(params["rate_limit"], clock, str(path))
        session = self.panel.session(
            params,
            check_mode=check_mode,
            clock=clock,
            backend=backend,
            limiter=limiter,
            connections=settings.workers,
            stopping=lambda: stop.interrupted,
        )
        try:
            show = clean_lines(show, session.redact)
            sessions = ItemSessions(self.panel.client, session)
            health = self._health_check(params, settings, session, clock)
            try:
                with self._change(sessions, address, params, settings) as change:
                    by = attribution.cleaned(session.redact)
                    run = FleetRun(change, settings, clock, show, stop, health, by)
                    return dict(cleaned(step(run), session.redact))
            except PanelError as error:
                error.result.setdefault("api_calls", sessions.api_calls())
                clean_error(error, session.redact)
                raise
        finally:
            session.close()

    def _check_target(self, params: Mapping[str, Any]) -> None:
        """Refuse a run without a target. ``run_dir`` is a target only for a step that continues a run."""
        for names in self.arguments.required_one_of:
            if "run_dir" in names and all(params[name] is None for name in names[:-1]):
                raise invalid(f"one of {', '.join(names[:-1])} must be set")

    @contextmanager
    def _change(
        self,
        sessions: ItemSessions[ClientT],
        address: str,
        params: Mapping[str, Any],
        settings: Settings,
    ) -> Iterator[FleetChange]:
        """Yield the change of the options, or the rollback of a journal."""
        if settings.rollback is None:
            yield self.change(sessions, address, params)
            return
        with reversals_of(settings.rollback) as reversals:
            change = self.rollback(sessions, address, params, reversals)
            reversals.check_origin(change)
            yield change

    def _health_check(
        self,
        params: Mapping[str, Any],
        settings: Settings,
        session: Session,
        clock: Clock,
    ) -> HealthCheck | None:
        """Return the health check. Its environment lacks the variables with the secrets of options."""
        if settings.health_check is None:
            return None
        secret = {name: rule for name, rule in self.arguments.options.items() if rule.get("no_log")}
        names = [name for rule in secret.values() for name in rule.get("env", ())]
        values = [str(params[option]) for option in secret if params[option]]
        return HealthCheck(
            settings.health_check,
            settings.health_check_timeout_s,
            environment_without(names, values),
            session.redact,
            clock,
        )
