# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of acts: operations, their names and their handlers.

An act is a page of the panel. It shows a form or a list. With a further parameter (a submit flag in the form, `delete`
and the like) it changes something. The names of operations show this:

- `act=user_plans`: the list or the form, a read;
- `act=user_plans&delete`: the act with the parameter that makes it a write;
- `act=vs&action=start`: the act with a parameter and its value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call, Input

Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Operation:
    """One operation of an act."""

    act: str
    handler: Handler
    parameter: str = ""
    value: str = ""
    """The required value of the parameter. Empty: any value but an empty one."""
    flag: bool = False
    """Whether the parameter is a submit flag, which counts in the form only and with any value."""
    write: bool = False

    @property
    def name(self) -> str:
        """Return the name for faults and the log."""
        name = f"act={self.act}"
        if self.parameter:
            name += f"&{self.parameter}"
        return f"{name}={self.value}" if self.value else name

    def asked_for(self, request: Input) -> bool:
        """Return whether the request holds the parameter."""
        if self.flag:
            return request.sent(self.parameter)
        given = request.text(self.parameter)
        return given == self.value if self.value else given != ""


@dataclass(frozen=True)
class Page:
    """The title and the read of an act."""

    title: str
    read: Operation


class Acts:
    """All acts. If a request has several parameters, the one registered first decides."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self._further: dict[str, list[Operation]] = {}

    def page(self, act: str, title: str) -> Callable[[Handler], Handler]:
        """Return a decorator that registers the read of an act."""

        def register(handler: Handler) -> Handler:
            self.pages[act] = Page(title, Operation(act, handler))
            return handler

        return register

    def submit(self, act: str, flag: str) -> Callable[[Handler], Handler]:
        """Return a decorator that registers the write of an act's submit flag."""
        return self._register(act, flag, flag=True, write=True)

    def write(self, act: str, parameter: str, value: str = "") -> Callable[[Handler], Handler]:
        """Return a decorator that registers the write of a parameter in the query or the form."""
        return self._register(act, parameter, value=value, write=True)

    def read(self, act: str, parameter: str) -> Callable[[Handler], Handler]:
        """Return a decorator that registers a further read of an act."""
        return self._register(act, parameter)

    def include(self, other: Acts) -> None:
        """Add the acts of another table."""
        self.pages.update(other.pages)
        for act, operations in other._further.items():
            self._further.setdefault(act, []).extend(operations)

    def find(self, request: Input) -> Operation | None:
        """Return the operation of a request, or None for an unknown act."""
        for operation in self._further.get(request.act, ()):
            if operation.asked_for(request):
                return operation
        page = self.pages.get(request.act)
        return page.read if page else None

    def names(self) -> set[str]:
        """Return the names of all operations."""
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
