# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a bulk action declares, and how it is carried out; the twin of ``PanelModule``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..argspec import ArgumentSpec
from ..errors import Code, PanelError
from ..http import Backend
from ..runner import Panel, base_url_of
from ..waiting import Clock, SystemClock
from .change import FleetChange
from .durable_file import make_folder
from .engine import FleetRun
from .identity import place_of
from .item_sessions import ItemSessions
from .settings import Settings
from .shared_rate import SharedRate
from .stop import Stop

ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class FleetModule(Generic[ClientT]):
    """A bulk action: on which kind of panel, which change, and with which options.

    :param change: makes the change from the sessions, the panel's address and the options.
    """

    panel: Panel[ClientT]
    change: Callable[[ItemSessions[ClientT], str, Mapping[str, Any]], FleetChange]
    arguments: ArgumentSpec

    def carry_out(
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
        try:
            result = self._run(params, check_mode, show, stop, clock or SystemClock(), backend)
        except PanelError as error:
            return error.to_result(), True
        except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
            defect = PanelError(
                Code.INTERNAL,
                f"{type(error).__name__}: {error}",
                doing="go on after a defect in vpsfleet.panels",
                hint="please report it",
            )
            return defect.to_result(), True
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
        address = base_url_of(params["api_url"], self.panel.api_path)
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
            change = self.change(sessions, address, params)
            try:
                run = FleetRun(change, settings, clock, show, stop)
                return run.plan() if check_mode else run.apply()
            except PanelError as error:
                error.result.setdefault("api_calls", sessions.api_calls())
                raise
        finally:
            session.close()
