# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call as handlers read it: act, query and form, with the state of the panel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..exchange import Request
from ..faults import Fault
from .credentials import NAMES
from .php_input import Fields, Value, array, read_body, read_query
from .state import whole

if TYPE_CHECKING:
    from ..switches import Switches
    from .state import State

_DECIMAL = re.compile(r"\s*([-+]?\d*\.?\d+)")


class Input:
    """The parsed query and form of a request. The act comes from the query only."""

    def __init__(self, request: Request) -> None:
        self.query: Fields = read_query(request)
        self.form: Fields = read_body(request)
        self.act = scalar(self.query.get("act"))

    def text(self, name: str) -> str:
        """Return a scalar from the query, or else from the form: lists read both (virtualizor 3.1)."""
        return scalar(self.query.get(name)) or scalar(self.form.get(name))

    def field(self, name: str) -> str:
        """Return a scalar of the form. Values of records are never read from the query."""
        return scalar(self.form.get(name)).strip()

    def sent(self, name: str) -> bool:
        """Return whether the form has this field, even an empty one."""
        return name in self.form

    def without_credentials(self) -> str:
        """Return the query without its credentials as one line, for the path expression of a fault."""
        return "&".join(
            f"{name}={value}"
            for name, value in self.query.items()
            if name not in (*NAMES, "api") and isinstance(value, str)
        )


class Call(Input):
    """An authorized request."""

    def __init__(
        self, request: Request, state: State, switches: Switches, fault: Fault | None
    ) -> None:
        super().__init__(request)
        self.state = state
        self.switches = switches
        self.fault = fault
        if fault is not None and fault.kind == "silent_refusal":
            for name in fault.params["aspects"]:
                self.form.pop(name, None)

    def number(self, name: str) -> int:
        """Return a number, or 0."""
        return whole(self.text(name))

    def query_number(self, name: str) -> int:
        """Return a number of the query. IDs of edited records belong there (DOCUMENTED, virtualizor 1.2)."""
        return whole(scalar(self.query.get(name)))

    def array(self, name: str) -> list[str] | None:
        """Return the non-blank values of an array in the form, or None if it was not sent."""
        values = array(self.form.get(name))
        return None if values is None else [value for value in values if value.strip()]

    def switch(self, name: str) -> str:
        """Return the value of one of this panel's switches."""
        return self.switches.word(f"virtualizor_{name}")

    def fails_inside(self) -> bool:
        """Return whether the fault `inner_failure` strikes this call."""
        return self.fault is not None and self.fault.kind == "inner_failure"

    def now(self) -> int:
        """Return the virtual time in seconds since 1970."""
        return int(self.state.clock.now.timestamp())


def scalar(value: Value | None) -> str:
    """Return a string unchanged. An array in place of a scalar counts as not sent."""
    return value if isinstance(value, str) else ""


def decimal(value: Any) -> float:
    """Convert a value to a float as PHP's `floatval` does."""
    match = _DECIMAL.match(str(value))
    return float(match[1]) if match else 0.0


def ids(text: str) -> list[int]:
    """Parse a comma list of IDs, as in deletions (DOCUMENTED, virtualizor 2.7)."""
    return [int(part) for part in text.split(",") if part.strip().isdigit()]
