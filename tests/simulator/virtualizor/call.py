# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call as its handler sees it: act, query and form, with the state it works on."""

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
    """What a request says. The act comes from the query only."""

    def __init__(self, request: Request) -> None:
        self.query: Fields = read_query(request)
        self.form: Fields = read_body(request)
        self.act = scalar(self.query.get("act"))

    def text(self, name: str) -> str:
        """A scalar, from the query or else from the form: lists read both (virtualizor 3.1)."""
        return scalar(self.query.get(name)) or scalar(self.form.get(name))

    def field(self, name: str) -> str:
        """A scalar of the form only: what a record is made of is never read from the query."""
        return scalar(self.form.get(name)).strip()

    def sent(self, name: str) -> bool:
        """True if the form holds this name with any value, an empty one too."""
        return name in self.form

    def without_credentials(self) -> str:
        """The query as one line that can be shown, for the path expression of a fault."""
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
        """A number, 0 without one."""
        return whole(self.text(name))

    def query_number(self, name: str) -> int:
        """A number of the query: ids of what is edited are read there only (DOCUMENTED, virtualizor 1.2)."""
        return whole(scalar(self.query.get(name)))

    def array(self, name: str) -> list[str] | None:
        """The values of an array of the form without blank ones; None where none was sent."""
        values = array(self.form.get(name))
        return None if values is None else [value for value in values if value.strip()]

    def switch(self, name: str) -> str:
        """The value of one of this panel's switches."""
        return self.switches.word(f"virtualizor_{name}")

    def fails_inside(self) -> bool:
        """True if the call is to answer with a success that a result inside denies."""
        return self.fault is not None and self.fault.kind == "inner_failure"

    def now(self) -> int:
        """Virtual time in seconds since 1970."""
        return int(self.state.clock.now.timestamp())


def scalar(value: Value | None) -> str:
    """A string as it is; an array where a scalar is due counts as not sent."""
    return value if isinstance(value, str) else ""


def decimal(value: Any) -> float:
    """PHP's `floatval`."""
    match = _DECIMAL.match(str(value))
    return float(match[1]) if match else 0.0


def ids(text: str) -> list[int]:
    """A comma list of ids, as deletions take it (DOCUMENTED, virtualizor 2.7)."""
    return [int(part) for part in text.split(",") if part.strip().isdigit()]
