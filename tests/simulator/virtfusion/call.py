# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A call of the API as handlers read it: path, query and body, validated and typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..exchange import NO_BODY, Reply, Request
from ..faults import Fault
from ..json_call import JsonCall
from ..routing import Route, Routes
from . import refusals
from .records import Package, Server, User

if TYPE_CHECKING:
    from ..switches import Switches
    from .jobs import Jobs
    from .state import State

TRUE_WORDS = ("true", "1")

BUSY_ALWAYS = ("known", "power", "all")
BUSY_POWER = ("power", "all")
"""Values of the switch `busy` under which a call is refused: always, and for power and VNC (OBSERVED)."""

Value = TypeVar("Value")


class Call(JsonCall):
    """A request with the state of the panel. Unknown keys of the body are ignored.

    OBSERVED: unknown keys do not cause an error (virtfusion 1.8); clients send `[]` as the body of a GET (1.1).
    """

    def __init__(
        self,
        request: Request,
        route: Route[Handler],
        state: State,
        switches: Switches,
        jobs: Jobs,
        fault: Fault | None,
    ) -> None:
        super().__init__(request, route, fault)
        self.state = state
        self.switches = switches
        self.jobs = jobs
        self._problems: dict[str, list[str]] = {}

    # Path

    def number(self, name: str, what: str) -> int:
        """Return a numeric path parameter, or refuse with 404."""
        value = self.path[name]
        if not (value.isascii() and value.isdigit()):
            raise refusals.not_found(what)
        return int(value)

    def record(self, records: dict[int, Value], parameter: str, what: str) -> Value:
        """Return the record named by a path parameter, or refuse with 404."""
        found = records.get(self.number(parameter, what))
        if found is None:
            raise refusals.not_found(what)
        return found

    def server(self) -> Server:
        """Return the server in the path, or refuse with 404 and the text that clients match (OBSERVED)."""
        return self.record(self.state.servers, "serverId", "server")

    def package(self, parameter: str = "packageId") -> Package:
        """Return the package in the path, or refuse with 404."""
        return self.record(self.state.packages, parameter, "package")

    def user(self) -> User:
        """Return the user that `extRelationId` names; `relStr=true` compares the relation string (virtfusion 6)."""
        value = self.path["extRelationId"]
        by_string = self.flag("relStr")
        for user in self.state.users.values():
            relation = user["relStr"] if by_string else user["extRelationId"]
            if relation is not None and str(relation) == value:
                return user
        raise refusals.not_found(self.switches.word("user_not_found"))

    # Query

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a boolean of the query; clients send the words true and false (OBSERVED, virtfusion 1.1)."""
        value = self.query.get(name)
        return default if value is None else value.lower() in TRUE_WORDS

    def query_number(self, name: str, default: int, low: int, high: int) -> int:
        """Return a number of the query within a range, or refuse with 422."""
        value = self.query.get(name)
        if value is None or value == "":
            return default
        if not value.lstrip("-").isdigit() or not low <= int(value) <= high:
            raise refusals.errors(422, f"The {name} must be between {low} and {high}.")
        return int(value)

    # Body. Problems are collected; `check()` raises them together.

    def integer(
        self, name: str, *, low: int | None = None, high: int | None = None, required: bool = True
    ) -> int:
        """Return a whole number of the body; a string of digits counts, as in PHP (INFERRED)."""
        value = self._take(name, required)
        if value is None:
            return 0
        if isinstance(value, str) and value.lstrip("-").isdigit():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._problem(name, f"The {name} field must be an integer.", 0)
        if low is not None and value < low:
            return self._problem(name, f"The {name} field must be at least {low}.", 0)
        if high is not None and value > high:
            return self._problem(name, f"The {name} field must not be greater than {high}.", 0)
        return value

    def decimal(self, name: str) -> float:
        """Return a number of the body."""
        value = self._take(name, True)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self._problem(name, f"The {name} field must be a number.", 0.0)
        return value

    def text(self, name: str, *, required: bool = True, longest: int = 1000) -> str:
        """Return a string of the body."""
        value = self._take(name, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            return self._problem(name, f"The {name} field must be a string.", "")
        if len(value) > longest:
            return self._problem(
                name, f"The {name} field must not be greater than {longest} characters.", ""
            )
        return value

    def choice(self, name: str, choices: Sequence[str], *, required: bool = True) -> str:
        """Return one of some words."""
        value = self._take(name, required)
        if value is None:
            return ""
        if value not in choices:
            return self._problem(name, f"The selected {name} is invalid.", "")
        return str(value)

    def boolean(self, name: str, default: bool = False, *, required: bool = False) -> bool:
        """Return a boolean of the body; 0, 1 and their strings count, as in PHP (INFERRED)."""
        value = self._take(name, required)
        if value is None:
            return default
        if value in (True, 1, "1"):
            return True
        if value in (False, 0, "0"):
            return False
        return self._problem(name, f"The {name} field must be true or false.", default)

    def items(self, name: str, kind: type, *, required: bool = True) -> list[Any]:
        """Return a list whose items all have one type."""
        value = self.body.get(name)
        if value is None and not required:
            return []
        if not isinstance(value, list) or not all(item.__class__ is kind for item in value):
            return self._problem(name, f"The {name} field must be an array.", [])
        return value

    def check(self, shape: str = "validation_errors") -> None:
        """Refuse the request if any field read so far was wrong. `shape` names the switch for the body."""
        if not self._problems:
            return
        texts = [text for texts in self._problems.values() for text in texts]
        if self.switches.is_set(shape, "list"):
            raise refusals.errors(422, *texts)
        raise refusals.Refused(422, {"message": texts[0], "errors": self._problems})

    def _take(self, name: str, required: bool) -> Any:
        value = self.body.get(name)
        if value is None and required:
            self._problem(name, f"The {name} field is required.", None)
        return value

    def _problem(self, name: str, text: str, instead: Value) -> Value:
        texts = self._problems.setdefault(name, [])
        if text not in texts:
            texts.append(text)
        return instead

    # Common steps of handlers

    def now(self) -> str:
        """Return the time of this call, as the state stores times."""
        return self.state.clock.stamp()

    def fails_inside(self) -> bool:
        """Return whether the fault `inner_failure` strikes this call."""
        return self.fault is not None and self.fault.kind == "inner_failure"

    def touch(self, record: Any) -> None:
        """Set the time of the last change of a record to now."""
        record["updated"] = self.now()

    def refuse_if_busy(self, server: Server, seen: tuple[str, ...] = ("all",)) -> None:
        """Refuse with 423 while a task is active, if the switch `busy` has one of these values."""
        if not self.jobs.active(server["id"]):
            return
        if self.switches.word("busy") in seen:
            self.jobs.poll(server["id"])
            raise refusals.locked()


Handler = Callable[[Call], Reply]


def new_routes() -> Routes[Handler]:
    """Return an empty route table of this panel."""
    return Routes()


def data(value: Any, status: int = 200) -> Reply:
    """Return the envelope of almost every answer (virtfusion 1.1)."""
    return Reply(status, {"data": value})


def nothing(status: int) -> Reply:
    """Return an answer without a body (virtfusion 1.2)."""
    return Reply(status, NO_BODY)
