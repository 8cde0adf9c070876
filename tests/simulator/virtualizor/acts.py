# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of acts: which handler does what a request asks for, and what it is called.

An act is a page of the panel. The same act shows a form or a list, and with a further parameter (a submit
flag in the form, `delete` and the like) does something. Operations are named after that:

- `act=user_plans`: the list or the form, a read;
- `act=user_plans&delete`: the act with the parameter that makes it do something;
- `act=vs&action=start`: where the value decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call, Input

Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One thing that an act does."""

    act: str
    handler: Handler
    parameter: str = ""
    value: str = ""
    """The value that the parameter must have; empty for any but an empty one."""
    flag: bool = False
    """The parameter is a submit flag: it counts in the form only, and with any value."""
    write: bool = False

    @property
    def name(self) -> str:
        """The name by which faults and the log know it."""
        name = f"act={self.act}"
        if self.parameter:
            name += f"&{self.parameter}"
        return f"{name}={self.value}" if self.value else name

    def asked_for(self, request: Input) -> bool:
        """True if the request holds the parameter."""
        if self.flag:
            return request.sent(self.parameter)
        given = request.text(self.parameter)
        return given == self.value if self.value else given != ""


@dataclass(frozen=True)
class Page:
    """What an act shows when it is not told to do anything."""

    title: str
    read: Operation


class Acts:
    """All acts. Of several parameters the one registered first decides."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self._further: dict[str, list[Operation]] = {}

    def page(self, act: str, title: str) -> Callable[[Handler], Handler]:
        """Decorator: what the act shows."""

        def register(handler: Handler) -> Handler:
            self.pages[act] = Page(title, Operation(act, handler))
            return handler

        return register

    def submit(self, act: str, flag: str) -> Callable[[Handler], Handler]:
        """Decorator: what the act does when the form holds its submit flag."""
        return self._register(act, flag, flag=True, write=True)

    def write(self, act: str, parameter: str, value: str = "") -> Callable[[Handler], Handler]:
        """Decorator: what the act does on a parameter of the query or the form."""
        return self._register(act, parameter, value=value, write=True)

    def read(self, act: str, parameter: str) -> Callable[[Handler], Handler]:
        """Decorator: something else that the act shows."""
        return self._register(act, parameter)

    def include(self, other: Acts) -> None:
        """Take over the acts of another table."""
        self.pages.update(other.pages)
        for act, operations in other._further.items():
            self._further.setdefault(act, []).extend(operations)

    def find(self, request: Input) -> Operation | None:
        """The operation that a request asks for; None for an act that does not exist."""
        for operation in self._further.get(request.act, ()):
            if operation.asked_for(request):
                return operation
        page = self.pages.get(request.act)
        return page.read if page else None

    def names(self) -> set[str]:
        """The names of all operations."""
        further = [operation for rows in self._further.values() for operation in rows]
        return {operation.name for operation in [*further, *(p.read for p in self.pages.values())]}

    def _register(
        self, act: str, parameter: str, value: str = "", flag: bool = False, write: bool = False
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            operation = Operation(act, handler, parameter, value, flag, write)
            self._further.setdefault(act, []).append(operation)
            return handler

        return register
