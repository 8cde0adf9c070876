# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a handler reads of a call whose path names the object and whose body is a JSON object."""

from __future__ import annotations

from typing import Any

from .exchange import Request
from .faults import Fault
from .routing import Route


class JsonCall:
    """A request taken apart; each panel adds its state, and how it checks what it is sent.

    Bodies may hold anything: one that is no object counts as an object without keys. Of query
    parameters that repeat the last one counts.
    """

    def __init__(self, request: Request, route: Route[Any], fault: Fault | None) -> None:
        self.request = request
        self.fault = fault
        self.path = route.parameters
        self.query = dict(request.query)
        body = request.json
        self.body: dict[str, Any] = body if isinstance(body, dict) else {}
