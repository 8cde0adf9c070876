# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs one task from plain data to plain data.

A module, an action plugin and a test call the same :func:`run`; none of Ansible's classes is known here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import urlsplit

from .converge import Resource, converge
from .errors import PanelError, defect, invalid
from .http import Backend, Limits, RequestsBackend
from .ranges import Range, check_ranges
from .ratelimit import RateLimiter
from .retry import Backoff, RetryPolicy
from .session import Dialect, Session
from .version import COLLECTION_VERSION
from .waiting import Clock, SystemClock

ClientT = TypeVar("ClientT")
Params = Mapping[str, Any]

#: The ranges of the options that every connection has.
_RANGES: Mapping[str, Range] = {
    "timeout": (1, None),
    "total_timeout": (1, None),
    "max_response_size": (1, None),
    "max_pages": (1, None),
    "retries": (0, None),
    "retry_budget": (0, None),
    "rate_limit": (0, None),
}


class Query(ABC):
    """A task that only reads. Constructed with the panel's client and the module's options."""

    @abstractmethod
    def read(self) -> dict[str, Any]:
        """Return the result keys of its own."""


class Action(ABC):
    """A task that does something each time, such as a password reset.

    Constructed with the panel's client and the module's options. It always reports ``changed``,
    unless its result says otherwise.
    """

    @abstractmethod
    def predict(self) -> dict[str, Any]:
        """Return the result keys that check mode can know. Must fail where :meth:`perform` would."""

    @abstractmethod
    def perform(self) -> dict[str, Any]:
        """Do it, and return the result keys of its own."""


@dataclass(frozen=True)
class Panel(Generic[ClientT]):
    """A kind of panel: how to speak to it and what to call on it.

    :param name: in messages.
    :param dialect: makes the dialect from the module's options.
    :param client: makes the client from a session.
    :param api_path: where the API is on a host, for an ``api_url`` that names only the host.
    :param services: returns the addresses of the panel's services from the module's options, for
        a panel that is not at an ``api_url``.
    """

    name: str
    dialect: Callable[[Params], Dialect]
    client: Callable[[Session], ClientT]
    api_path: str = ""
    services: Callable[[Params], Mapping[str, str]] | None = None

    def base_urls(self, params: Params) -> Mapping[str, str]:
        """Return where the panel's services are, by name; the first one's address stands for the panel.

        :raises PanelError: ``validation`` for an address that is none.
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
    ) -> Session:
        """Open a session from the common options.

        :param limiter: the rate allowed, where it is not this task's alone.
        :param connections: how many are kept open, one for each thread that sends.
        :raises PanelError: ``validation`` for a wrong option.
        """
        check_ranges(params, _RANGES)
        policy = RetryPolicy(retries=params["retries"], budget_s=params["retry_budget"])
        return Session(
            self.dialect(params),
            self.base_urls(params),
            backend or _network(params, connections),
            Backoff(policy, clock),
            limiter or RateLimiter(params["rate_limit"], clock),
            check_mode=check_mode,
            max_pages=params["max_pages"],
        )


Task: TypeAlias = "Resource | Query | Action"


def run(
    panel: Panel[ClientT],
    work: Callable[[ClientT, Params], Task],
    params: Params,
    *,
    check_mode: bool = False,
    clock: Clock | None = None,
    backend: Backend | None = None,
) -> dict[str, Any]:
    """Carry out one task and return its result.

    :param work: the class of the resource to converge, the query to answer, or the action to do.
    :param params: the module's options after argument validation.
    :param clock: a test's time.
    :param backend: a test's network.
    :raises PanelError: with ``api_calls`` and all that was learnt in its ``result``.
    """
    session = panel.session(
        params, check_mode=check_mode, clock=clock or SystemClock(), backend=backend
    )
    try:
        task = work(panel.client(session), params)
        if isinstance(task, Resource):
            result = converge(task, check_mode=check_mode, backoff=session.backoff)
        elif isinstance(task, Action):
            done = task.predict() if check_mode else task.perform()
            result = {"changed": True, **done}
        else:
            result = {"changed": False, **task.read()}
        return {**result, "api_calls": session.api_calls()}
    except PanelError as error:
        error.result["api_calls"] = session.api_calls()
        raise
    except Exception as error:
        failure = defect(error, uncertain=session.wrote)
        failure.result["api_calls"] = session.api_calls()
        raise failure from error
    finally:
        session.close()


def base_url_of(address: str, api_path: str = "", *, option: str = "api_url") -> str:
    """Return where the operations' paths begin.

    An address that names only a host gets the API's path; any other is taken as it is.

    :param option: the option that the address comes from.

    :raises PanelError: ``validation`` when it is no usable address. The message never repeats it,
        since somebody may have put a password there.
    """
    try:
        parts = urlsplit(address.strip())
        usable = (
            parts.scheme in ("http", "https")
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
            f"{option} must hold neither credentials nor a query",
            "credentials have options of their own",
        )
    path = parts.path.rstrip("/") or api_path
    return f"{parts.scheme}://{parts.netloc}{path}"


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
