# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations of a panel's API, declared as data.

The check-mode lock, the retry rules, the wording of errors, the completeness test against the
published API and the coverage table in the docs all use these declarations.
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
    """The effect of an operation on the panel. The HTTP verb does not determine it."""

    READ = "read"
    #: Sets an absolute value: a second request leaves the same state.
    SET = "set"
    #: Creates a new object with each request.
    CREATE = "create"
    #: Has an effect with each request: a power action, a new password, a payment.
    ACTION = "action"
    #: Deletes an object: a second request leaves the same state.
    DESTROY = "destroy"
    #: Asks whether a create would be accepted. A panel that does not know the question creates the object.
    TRIAL = "trial"


_PLACEHOLDER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Operation:
    """An operation of a panel's API.

    :param name: the name in results and errors, such as ``change_server_package``.
    :param method: HTTP verb.
    :param path: the path below the API's base, with ``{placeholders}`` and an optional fixed query.
    :param effect: see :class:`Effect`.
    :param phrase: the action in messages, after "Cannot ". It may contain placeholders of the path.
    :param query: names of the query parameters.
    :param body: names of the top-level keys of the body; ``*`` allows any other.
    :param service: the panel's service that executes the operation, if it has several.
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
        """Whether the operation changes nothing on the panel."""
        return self.effect is Effect.READ

    @property
    def is_allowed_in_check_mode(self) -> bool:
        """Whether the operation is meant to change nothing on the panel."""
        return self.effect in (Effect.READ, Effect.TRIAL)

    @property
    def open_body(self) -> bool:
        """Whether the body may have undeclared keys, such as keys of a newer panel version."""
        return "*" in self.body

    @property
    def placeholders(self) -> tuple[str, ...]:
        """Names of the placeholders in the path."""
        return tuple(_PLACEHOLDER.findall(self.path))

    def url_path(self, parts: Mapping[str, Any]) -> str:
        """Return the path with encoded parts, so that no value can lead to another path.

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
        """Return the action and its object, for an error message."""
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
tries = partial(_declare, Effect.TRIAL)


class Catalogue(Mapping[str, Operation]):
    """The operations of one panel, by name."""

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
