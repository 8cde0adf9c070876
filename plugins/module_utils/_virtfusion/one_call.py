# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request that the operator declares, sent like the operations of a catalogue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .._core.argspec import ArgumentSpec
from .._core.dialect import Catalogue, Dialect, Effect, Operation, Rejection
from .._core.errors import invalid
from .._core.http import Response
from .._core.runner import Action, ClientT, Panel, Params
from .._core.session import Session, UncertainWrite
from .dialect import VirtFusionDialect, reports_absence

#: The one operation's name in results and errors.
NAME = "call"


class OneCallDialect(VirtFusionDialect):
    """The panel's dialect with one operation declared by the operator. Keeps the HTTP status.

    :param token: API token.
    :param operation: the only operation in the catalogue.
    """

    def __init__(self, token: str, operation: Operation) -> None:
        super().__init__(token)
        self.operations = Catalogue(operation)

    def says_absent(self, operation: Operation, response: Response) -> bool:
        return reports_absence(response)  # the declared path has no placeholders

    def failed_inside(self, answer: Any) -> Rejection | None:
        return super().failed_inside(answer["json"])

    def decode(self, response: Response) -> dict[str, Any]:
        return {"status": response.status, "json": super().decode(response)}


def one_call(panel: Panel[ClientT]) -> Panel[Session]:
    """Return the panel with the dialect that :class:`OneCall` needs."""

    def dialect(params: Params) -> Dialect:
        (token,) = panel.dialect(params).secrets()
        return OneCallDialect(token, declared(params, panel.api_path))

    return Panel(panel.name, dialect, lambda session: session, panel.api_path)


def declared(params: Params, api_path: str) -> Operation:
    """Return the operation that the options ``method``, ``path``, ``query``, ``body`` and ``effect`` declare.

    :param api_path: path of the API on its host, which ``path`` must not repeat.
    :raises PanelError: ``validation`` for a path that could lead elsewhere.
    """
    method, path = params["method"], _checked_path(params["path"], api_path)
    names = tuple(params["query"] or ()), tuple(params["body"] or ())
    by_default = Effect.READ if method == "GET" else Effect.ACTION
    effect = Effect(params["effect"] or by_default)
    return Operation(NAME, method, path, effect, f"call {method} {path}", *names)


def _checked_path(path: str, api_path: str) -> str:
    """Return the path with one slash before it.

    A path that could name another host, leave the API or end early is refused, also if it is
    percent-encoded: HTTP libraries and proxies decode a path before they use it.
    """
    inner = path.removeprefix("/")
    if not inner:
        raise invalid("path is empty", "such as /servers/17")
    if not (inner.isascii() and inner.isprintable()) or set(inner) & set(" ?#\\{}<>\"'`^|"):
        raise invalid(
            f"path contains a character that is not allowed: {path!r}",
            "pass the query in the query option, and encode values with the urlencode filter",
        )
    decoded = unquote(unquote(inner))
    if any(part.strip(".") == "" for part in decoded.replace("\\", "/").split("/")):
        raise invalid(f"path has an empty part, or one made of dots: {path!r}")
    if f"/{inner}/".startswith(f"{api_path}/"):
        raise invalid(f"path must not repeat {api_path}", "such as /servers/17")
    return f"/{inner}"


#: The options of virtfusion_api.
ONE_CALL_OPTIONS = ArgumentSpec(
    {
        "method": {
            "type": "str",
            "choices": ["GET", "POST", "PUT", "PATCH", "DELETE"],
            "default": "GET",
        },
        "path": {"type": "str", "required": True},
        "query": {"type": "dict"},
        "body": {"type": "dict"},
        "effect": {
            "type": "str",
            "choices": [effect.value for effect in Effect if effect is not Effect.TRIAL],
        },
    }
)


class OneCall(Action[Session]):
    """Sends one request and returns the panel's response.

    A request that only reads is also sent in check mode.
    """

    def __init__(self, session: Session, params: Params) -> None:
        super().__init__(session, params)
        self._reads = session.dialect.operations[NAME].reads
        _check_body(params["body"])
        self._query = {name: query_value(name, v) for name, v in (params["query"] or {}).items()}

    def predict(self) -> dict[str, Any]:
        return self.perform() if self._reads else {}

    def perform(self) -> dict[str, Any]:
        try:
            answer = self._client.call(NAME, query=self._query, body=self._params["body"])
        except UncertainWrite as error:
            error.add_hint("check whether it was executed; a set or a destroy may be sent again")
            raise
        return {"changed": not self._reads, **answer}


def _check_body(body: Any) -> None:
    try:
        json.dumps(body, allow_nan=False)
    except ValueError as error:
        raise invalid("body contains .nan or .inf, which JSON does not have") from error


def query_value(name: str, value: Any, *, inside: bool = False) -> Any:
    """Return a value for a URL: booleans as words, a list as a repeated parameter.

    :param inside: whether the value is in a list, and must not be one.
    """
    if isinstance(value, list) and not inside:
        return [query_value(name, item, inside=True) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, (Mapping, list)):
        raise invalid(f"query: {name} must be text, a number, yes or no, or a list of them")
    return value
