# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call whose path names the object and whose body is a JSON object, as handlers read it."""

from __future__ import annotations

from typing import Any

from .exchange import Request
from .faults import Fault
from .routing import Route


class JsonCall:
    """A parsed request. Each panel adds its state and its validation.

    A body that is not an object counts as an empty object. If a query parameter repeats, the last value counts.
    """

    def __init__(self, request: Request, route: Route[Any], fault: Fault | None) -> None:
        self.request = request
        self.fault = fault
        self.path = route.parameters
        self.query = dict(request.query)
        body = request.json
        self.body: dict[str, Any] = body if isinstance(body, dict) else {}
