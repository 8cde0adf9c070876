# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declare a module, and run one task of it: options in, result out, both as plain data.

Modules, action plugins and tests call the same :func:`run`. It uses no class of Ansible.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar
from urllib.parse import urlsplit

from .argspec import ArgumentSpec, Range, check_ranges
from .clock import Clock, EndingClock, SystemClock
from .converge import Resource, Shown, blank, converge, predicted, results
from .dialect import Dialect
from .errors import PanelError, defect, invalid, result_of
from .existence import ABSENT, PRESENT, Existing
from .given_options import not_created, without_group
from .http import Backend, Limits, RequestsBackend
from .retry import Backoff, RateLimiter, RetryPolicy
from .session import Session
from .version import COLLECTION_VERSION

ClientT = TypeVar("ClientT")
Params = Mapping[str, Any]

#: The ranges of the connection options that all panels share.
_RANGES: Mapping[str, Range] = {
    "timeout": (1, None),
    "total_timeout": (1, None),
    "max_response_size": (1, None),
    "max_pages": (1, None),
    "retries": (0, None),
    "retry_budget": (0, None),
    "rate_limit": (0, None),
}


#: The keys of a comparison in a result.
_COMPARED = ("changes", "refused", "diff")


class _Task(ABC, Generic[ClientT]):
    def __init__(self, client: ClientT, params: Params) -> None:
        self._client = client
        self._params = params


class Query(_Task[ClientT]):
    """A read-only task, constructed with the panel's client and the module's options."""

    @abstractmethod
    def read(self) -> dict[str, Any]:
        """Return the task's own result keys."""


class Action(_Task[ClientT]):
    """A task with an effect in every run, such as a password reset.

    Constructed with the panel's client and the module's options. It reports ``changed`` unless its
    result sets the key to false.
    """

    #: All result keys, for check mode.
    shown: ClassVar[Shown] = results()
    #: The keys of a comparison that the result has besides, if the action compares something.
    compared: ClassVar[Collection[str]] = ()

    @abstractmethod
    def predict(self) -> dict[str, Any]:
        """Return the result keys for check mode. Must fail if :meth:`perform` would fail."""

    @abstractmethod
    def perform(self) -> dict[str, Any]:
        """Perform the action and return the task's own result keys."""


@dataclass(frozen=True)
class Panel(Generic[ClientT]):
    """A kind of panel, with its dialect and client.

    :param name: the name in messages.
    :param dialect: creates the dialect from the module's options.
    :param client: creates the client from a session.
    :param api_path: the path of the API, for an ``api_url`` without a path.
    :param services: returns the addresses of the panel's services from the module's options, for a
        panel without ``api_url``.
    """

    name: str
    dialect: Callable[[Params], Dialect]
    client: Callable[[Session], ClientT]
    api_path: str = ""
    services: Callable[[Params], Mapping[str, str]] | None = None

    def base_urls(self, params: Params) -> Mapping[str, str]:
        """Return the addresses of the panel's services, by name. The first one identifies the panel.

        :raises PanelError: ``validation`` for an invalid address.
        """
        if self.services:
            return self.services(params)
        return {"": base_url_of(params["api_url"], self.api_path)}

    def session(
        self,
        params: Params,
        *,
        check_mode: bool,
        clock: Clock,
        backend: Backend | None,
        limiter: RateLimiter | None = None,
        connections: int = 10,
        stopping: Callable[[], bool] | None = None,
    ) -> Session:
        """Open a session with the connection options.

        :param limiter: a rate limiter that is shared with other tasks.
        :param connections: maximum number of open connections, one for each sending thread.
        :param stopping: returns whether the task must end soon, see :class:`Backoff`.
        :raises PanelError: ``validation`` for a wrong option.
        """
        check_ranges(params, _RANGES)
        policy = RetryPolicy(retries=params["retries"], budget_s=params["retry_budget"])
        return Session(
            self.dialect(params),
            self.base_urls(params),
            backend or _network(params, connections),
            Backoff(policy, clock, stopping=stopping),
            limiter or RateLimiter(params["rate_limit"], clock),
            check_mode=check_mode,
            max_pages=params["max_pages"],
        )


Task: TypeAlias = "Resource | Query[Any] | Action[Any]"


def run(
    panel: Panel[ClientT],
    work: Callable[[ClientT, Params], Task],
    params: Params,
    *,
    check_mode: bool = False,
    clock: Clock | None = None,
    backend: Backend | None = None,
    ending: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Run one task and return its result.

    :param work: the class of the resource, query or action.
    :param params: the module's options after argument validation.
    :param clock: the clock, for tests.
    :param backend: the network, for tests.
    :param ending: returns whether the task must end. Nothing is then sent again, and all waits end. A task that has
        changed nothing fails then.
    :raises PanelError: with ``api_calls`` in its ``result``.
    """
    clock = clock or SystemClock()
    if ending is not None:
        clock = EndingClock(clock, ending)
    session = panel.session(
        params, check_mode=check_mode, clock=clock, backend=backend, stopping=ending
    )
    session.ends = ending
    try:
        task = work(panel.client(session), params)
        if isinstance(task, Resource):
            result = converge(task, check_mode=check_mode, backoff=session.backoff)
        elif isinstance(task, Action):
            done = {**blank(task.shown), **task.predict()} if check_mode else task.perform()
            result = {"changed": True, **done}
        else:
            result = {"changed": False, **task.read()}
        return {**result, "api_calls": session.api_calls()}
    except PanelError as error:
        shown: Shown = getattr(work, "shown", {})
        if check_mode and error.predictable and shown and params.get("state") != ABSENT:
            result = _predicted(work, params, error.msg)
            return {**result, "api_calls": session.api_calls()}
        error.result["api_calls"] = session.api_calls()
        raise
    except Exception as error:
        failure = defect(error, uncertain=session.wrote)
        failure.result["api_calls"] = session.api_calls()
        raise failure from error
    finally:
        session.close()


def _predicted(work: object, params: Params, reason: str) -> dict[str, Any]:
    shown: Shown = getattr(work, "shown", {})
    kind = work if isinstance(work, type) else object
    result = predicted(shown, params, PRESENT if issubclass(kind, Existing) else None, reason)
    compared = kind.compared if issubclass(kind, Action) else _COMPARED
    return {key: result[key] for key in result if key in compared or key not in _COMPARED}


#: The standard ports.
_PORTS = {"http": 80, "https": 443}


def base_url_of(
    address: str,
    api_path: str = "",
    *,
    option: str = "api_url",
    ports: Mapping[str, int] | None = None,
) -> str:
    """Return the base URL of the API: the same for each way to write an address, since it identifies the panel.

    If the address has no path, the path of the API is added.

    :param option: the option with the address.
    :param ports: the ports of an address without one, by scheme, if they are not the standard ones.
    :raises PanelError: ``validation`` for an invalid address. The message does not contain the
        address, because it may contain a password.
    """
    try:
        parts = urlsplit(address.strip())
        usable = (
            parts.scheme in _PORTS
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        usable = False
    if not usable:
        raise invalid(
            f"{option} is not the address of a panel",
            f"such as https://panel.example.com{api_path}",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise invalid(
            f"{option} must not contain credentials or a query",
            "set the options for credentials instead",
        )
    path = parts.path.rstrip("/") or api_path
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    # A standard port is left out, unless an address without a port means another one.
    port = parts.port or (ports or _PORTS)[parts.scheme]
    shown = "" if ports is None and port == _PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown}{path}"


def _network(params: Params, connections: int) -> Backend:
    return RequestsBackend(
        connections=connections,
        limits=Limits(
            timeout_s=params["timeout"],
            total_s=params["total_timeout"],
            response_bytes=params["max_response_size"] * 1024 * 1024,
        ),
        verify=params["validate_certs"],
        ca_path=params["ca_path"],
        user_agent=f"vpsfleet.panels/{COLLECTION_VERSION}",
    )


@dataclass(frozen=True)
class PanelModule(Generic[ClientT]):
    """A module: on which kind of panel, what it does there, and with which options.

    :param work: the class of the resource to converge, the query to answer, or the action to do.
    """

    panel: Panel[ClientT]
    work: Callable[[ClientT, Any], Task]
    arguments: ArgumentSpec

    def prediction(
        self, given: Mapping[str, Any], *, check_mode: bool
    ) -> tuple[ArgumentSpec, Callable[[Mapping[str, Any]], dict[str, Any]] | None]:
        """Return the rules for the options, and how to predict the result from the checked options.

        The prediction is ``None`` unless this is check mode and the ID of the object is null, since an
        earlier task would create the object.

        :param given: the options as the task gives them.
        """
        option = not_created(self.arguments, given) if check_mode else ""
        shown: Shown = getattr(self.work, "shown", {})
        if not option or not shown or given.get("state") == ABSENT:
            return self.arguments, None
        reason = f"{option} is null, which is the ID of an object that does not exist yet"
        calls = {"read": 0, "write": 0, "retried": 0, "waited_s": 0.0}
        return without_group(self.arguments, option), lambda params: {
            **_predicted(self.work, params, reason),
            "api_calls": calls,
        }

    def execute(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool,
        ending: Callable[[], bool] | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param ending: returns whether the task must end, see :func:`run`.
        """
        return result_of(
            lambda: run(self.panel, self.work, params, check_mode=check_mode, ending=ending)
        )
