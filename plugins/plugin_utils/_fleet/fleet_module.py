# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a bulk action declares, and how it is carried out; the twin of ``PanelModule``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.errors import PanelError, defect
from ...module_utils._core.http import Backend
from ...module_utils._core.runner import Panel
from ...module_utils._core.session import Session
from ...module_utils._core.waiting import Clock, SystemClock
from .change import FleetChange
from .durable_file import cannot, make_folder
from .engine import FleetRun
from .health_check import HealthCheck, environment_without
from .identity import place_of
from .item_sessions import ItemSessions
from .rollback import Reversals, Rollback, reversals_of
from .settings import Settings
from .shared_rate import SharedRate
from .stop import Stop

ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class FleetModule(Generic[ClientT]):
    """A bulk action: on which kind of panel, which change, and with which options.

    :param change: makes the change from the sessions, the panel's address and the options.
    :param rollback: makes the change that undoes what a journal tells of.
    """

    panel: Panel[ClientT]
    change: Callable[[ItemSessions[ClientT], str, Mapping[str, Any]], FleetChange]
    rollback: Callable[[ItemSessions[ClientT], str, Mapping[str, Any], Reversals], Rollback]
    arguments: ArgumentSpec

    def execute(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock | None = None,
        backend: Backend | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Nothing is ever raised.

        :param params: the options after argument validation.
        :param show: takes the lines of progress.
        :param stop: asked from outside where the run is to end early.
        """
        clock = clock or SystemClock()
        try:
            result = self._run(params, check_mode, show, stop, clock, backend)
        except PanelError as error:
            return error.to_result(), True
        except OSError as error:
            return cannot("use a file of the run", "state_dir", error).to_result(), True
        except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
            return defect(error).to_result(), True
        return result, False

    def _run(
        self,
        params: Mapping[str, Any],
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock,
        backend: Backend | None,
    ) -> dict[str, Any]:
        settings = Settings.from_params(params)
        address = next(iter(self.panel.base_urls(params).values()))
        limiter = None
        if params["rate_limit"] > 0:
            make_folder(settings.state_dir, "state_dir")
            path = Path(settings.state_dir) / f"{place_of(address)}.rate"
            limiter = SharedRate(params["rate_limit"], clock, str(path))
        session = self.panel.session(
            params,
            check_mode=check_mode,
            clock=clock,
            backend=backend,
            limiter=limiter,
            connections=settings.workers,
        )
        try:
            sessions = ItemSessions(self.panel.client, session)
            health = self._health_check(params, settings, session, clock)
            try:
                with self._change(sessions, address, params, settings) as change:
                    run = FleetRun(change, settings, clock, show, stop, health)
                    return run.plan() if check_mode else run.apply()
            except PanelError as error:
                error.result.setdefault("api_calls", sessions.api_calls())
                raise
        finally:
            session.close()

    @contextmanager
    def _change(
        self,
        sessions: ItemSessions[ClientT],
        address: str,
        params: Mapping[str, Any],
        settings: Settings,
    ) -> Iterator[FleetChange]:
        """Yield what is to be carried out: the change of the options, or what undoes a journal's."""
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
        """Prepare the operator's command. It inherits the environment, but not what the options take secrets from."""
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
