# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operation of a panel's API, declared once, as data.

From the declaration follow the check-mode lock, the retry class, the wording of errors, the
completeness test against the published API and the coverage table in the docs.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from .errors import invalid


class Effect(enum.Enum):
    """What an operation does to the panel. The HTTP verb is no guide to it."""

    READ = "read"
    #: Sets an absolute value: sending it twice leaves the same state.
    SET = "set"
    #: Makes something new each time.
    CREATE = "create"
    #: Does something each time: a power action, a password, a payment.
    ACTION = "action"
    #: Removes something: gone is gone, however often it is sent.
    DESTROY = "destroy"


_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Operation:
    """One operation.

    :param name: its name in results and errors, such as ``change_server_package``.
    :param method: HTTP verb.
    :param path: below the API's base, with ``{placeholders}``; it may go on with a fixed query.
    :param effect: see :class:`Effect`.
    :param phrase: what it does, after "Cannot ", with the path's placeholders where they help.
    :param query: names of the query parameters it takes.
    :param body: names of the top-level keys its body takes; ``*`` stands for any other.
    :param service: which of the panel's services carries it out, where it has several.
    """

    name: str
    method: str
    path: str
    effect: Effect
    phrase: str
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    service: str = ""

    @property
    def reads(self) -> bool:
        """Whether it leaves the panel as it is."""
        return self.effect is Effect.READ

    @property
    def open_body(self) -> bool:
        """Whether its body takes keys that nobody has declared, such as those of a newer panel."""
        return "*" in self.body

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the parts that :meth:`url_path` needs."""
        return tuple(_PLACEHOLDER.findall(self.path))

    def url_path(self, parts: Mapping[str, Any]) -> str:
        """Return the path with each part encoded, so that no value can name another path.

        :raises PanelError: ``validation`` for a part that is not set, blank or made of dots.
        """

        def encoded(match: re.Match[str]) -> str:
            part = parts[match[1]]
            text = "" if part is None else str(part)
            if not text.strip(".") or not text.strip():
                raise invalid(f"{match[1]} must not be {text!r}: it is part of a URL")
            return quote(text, safe="")

        return _PLACEHOLDER.sub(encoded, self.path)

    def describe(self, parts: Mapping[str, Any]) -> str:
        """Return what it does, to which object, for an error message."""
        return self.phrase.format_map({name: parts[name] for name in self.placeholders})


def _declare(
    effect: Effect,
    name: str,
    request: str,
    phrase: str,
    *,
    query: str = "",
    body: str = "",
    service: str = "",
) -> Operation:
    """Declare one operation: ``reads("get_x", "GET /x/{id}", "read x {id}")``.

    :param query: names of the query parameters, separated by spaces.
    :param body: keys of the body, separated by spaces.
    """
    method, path = request.split(" ", 1)
    names = tuple(query.split()), tuple(body.split())
    return Operation(name, method, path, effect, phrase, *names, service)


reads = partial(_declare, Effect.READ)
sets = partial(_declare, Effect.SET)
creates = partial(_declare, Effect.CREATE)
acts = partial(_declare, Effect.ACTION)
destroys = partial(_declare, Effect.DESTROY)


class Catalogue(Mapping[str, Operation]):
    """All operations of one panel, by name."""

    def __init__(self, *operations: Operation) -> None:
        self._by_name = {operation.name: operation for operation in operations}
        if len(self._by_name) != len(operations):
            raise ValueError("two operations share a name")

    def __getitem__(self, name: str) -> Operation:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)
