# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base of the plain clients of all panels: no retries, no error handling."""

from __future__ import annotations

from types import TracebackType
from typing import Generic, TypeVar

import requests

from tests.simulator.process import ControlClient, Simulator

Client = TypeVar("Client", bound="PlainClient")


class PlainClient:
    """A session with a simulator that ignores the environment. It is closed on exit."""

    def __init__(self, simulator: Simulator, **headers: str) -> None:
        self.simulator = simulator
        self.control: ControlClient = simulator.control
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = simulator.ca_file or True
        self.session.headers.update(headers)

    def __enter__(self: Client) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()


class ResetClient(Generic[Client]):
    """A client of a simulator after a reset. No request may crash the simulator."""

    def __init__(self, simulator: Simulator, client: type[Client]) -> None:
        simulator.control.reset()
        self._client = client(simulator)

    def __enter__(self) -> Client:
        return self._client

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.session.close()
        if error is None:
            assert self._client.control.counters()["crashes"] == 0
