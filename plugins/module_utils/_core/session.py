# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Execute operations: authorise, send, classify, retry, decode.

A session belongs to one task and one panel. It refuses writes in check mode, counts the calls and
masks secrets in the panel's messages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, ClassVar

from .clock import PanelTime
from .dialect import Dialect, Effect, Operation, Rejection, rejection_by_status
from .errors import Code, Fault, PanelError, unreadable
from .fields import Answer
from .http import Backend, Request, Response, TransportFailure
from .paging import MAX_PAGES
from .retry import VERDICTS, Backoff, Gate, Load, Pass, RateLimiter, Verdict, retry_after
from .safe_text import Redactor, shortened


class UncertainWrite(PanelError):
    """A write that may have taken place. Reading the object again shows whether it did."""

    #: Whether the remaining changes may be sent again.
    resend: bool = True
    #: Seconds in the panel's ``Retry-After``, ``None`` without one.
    retry_after_s: float | None = None


@dataclass(eq=False, repr=False)
class Session:
    """Sends the operations of one panel. Several threads may share it.

    :param dialect: the protocol of the panel.
    :param base_urls: base URLs of the panel's services, without a slash at the end. The name of the
        service is ``""`` if the panel has only one.
    :param backend: sends the requests.
    :param backoff: the waiting allowed, shared with the convergence loop.
    :param limiter: the rate allowed.
    :param check_mode: whether to refuse all operations that are not reads.
    :param max_pages: maximum number of pages of a list.
    :ivar panel_time: the panel's clock, of all sessions that send to it.
    :ivar resends: whether a request waits until the panel takes requests again, and is sent again where that is safe
        by itself. During the wait, another client may have done the same. Where a second time would do harm, the
        caller must read the object before it sends again.
    :ivar wrote: whether a request that may write was sent.
    :ivar ends: returns whether the task must end. Nothing is then sent any more, unless something was written.
    """

    dialect: Dialect
    base_urls: Mapping[str, str]
    backend: Backend
    backoff: Backoff
    limiter: RateLimiter
    options: KW_ONLY
    check_mode: bool
    max_pages: int = MAX_PAGES

    def __post_init__(self) -> None:
        self.panel_time = PanelTime(self.backoff.clock)
        self.resends = True
        self.wrote = False
        self.ends: Callable[[], bool] | None = None
        #: One for each address: a service of a panel may be overloaded while the others are not.
        self._gates = {url: Gate(self.backoff.clock) for url in self.base_urls.values()}
        self._redactor = Redactor(self.dialect.secrets())
        self._reads = self._writes = 0
        self._limited_s = 0.0
        self._lock = threading.Lock()

    def call(
        self,
        name: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute an operation of the panel's catalogue, by its name. See :meth:`execute`."""
        operation = self.dialect.operations[name]
        return self.execute(operation, path=path, query=query, body=body)

    def execute(
        self,
        operation: Operation,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Execute an operation and return its decoded response, or ``None`` if that is empty.

        :param path: values of the placeholders in the path.
        :param query: query parameters that the operation declares.
        :param body: the body, with top-level keys that the operation declares.
        :raises UncertainWrite: a SET or DESTROY has an unknown effect.
        :raises PanelError: any other failure, after all safe retries.
        """
        parts = path or {}
        self._guard(operation, query or {}, body or {})
        request = Request(
            operation.method,
            self.base_urls[operation.service] + operation.url_path(parts),
            query=query or {},
            body=body,
            form=self.dialect.sends_forms,
            service=operation.service,
        )
        action = operation.describe(parts)
        if self.ends is not None and not self.wrote and self.ends():
            raise PanelError(
                Code.STOPPED,
                "the task must end, and has changed nothing",
                action=self.redact(action),
                operation=operation.name,
                retryable=True,
            )
        attempt = 0
        closings: int | None = None
        limited = False
        while True:
            attempt, permit = self._admitted(operation, action, attempt, closings)
            if limited:  # after any other fault, the pause counts the request
                self.backoff.repeat()
            try:
                return self._attempt(operation, request, permit)
            except _FailedAttempt as failed_attempt:
                self._pause_or_raise(operation, action, failed_attempt, attempt)
                closings = failed_attempt.closings
                limited = failed_attempt.rejection.fault is Fault.RATE_LIMITED
            attempt += 1

    def sibling(self) -> Session:
        """Return a session with the same connections and the same rate, but patience and counts of its own."""
        session = replace(self, backoff=self.backoff.sibling())
        session.panel_time, session._gates = self.panel_time, self._gates
        # A secret that one session learns, such as a token, may be in the messages to all of them.
        session._redactor = self._redactor
        return session

    def api_calls(self) -> dict[str, Any]:
        """Return the numbers of reads, writes and retries so far, and the seconds waited."""
        return {
            "read": self._reads,
            "write": self._writes,
            "retried": self.backoff.retried,
            "waited_s": round(self.backoff.waited_s + self._limited_s, 3),
        }

    def hide(self, secret: str) -> None:
        """Mask one more secret, such as a token from a response."""
        self._redactor.hide(secret)

    def redact(self, text: str) -> str:
        """Return ``text`` without secrets."""
        return self._redactor.text(text)

    def message(self, text: str) -> str:
        """Return a text of the panel as one line for a message, masked and shortened."""
        return shortened(self.redact(text))

    def close(self) -> None:
        """Close the connections."""
        self.backend.close()

    def _guard(
        self, operation: Operation, query: Mapping[str, Any], body: Mapping[str, Any]
    ) -> None:
        """Raise an error for a wrong call before anything is sent."""
        if self.check_mode and not operation.is_allowed_in_check_mode:
            raise AssertionError(f"{operation.name} would write in check mode")
        undeclared = set(query) - set(operation.query)
        if not operation.open_body:
            undeclared |= set(body) - set(operation.body)
        if undeclared:
            raise AssertionError(
                f"{operation.name} does not declare {', '.join(sorted(undeclared))}"
            )

    def _admitted(
        self, operation: Operation, action: str, attempt: int, closings: int | None
    ) -> tuple[int, Pass]:
        """Wait until the next request may be sent.

        :param attempt: the number of attempts so far.
        :param closings: how often the gate had closed at the last refusal of this request.
        :returns: the number of attempts, including refused probes of other requests.
        """
        gate = self._gate_of(operation)
        while True:
            entry = gate.enter()
            self.backoff.waited(entry.waited_s)
            if isinstance(entry, Pass):
                return attempt, entry
            # What the caller has read before may be old after the wait.
            ended = None if self.resends else "it was not sent, since requests to this panel wait"
            if closings is not None and entry.closings > closings:
                attempt += entry.closings - closings
                ended = ended or self.backoff.exhausted(attempt - 1)
            closings = entry.closings
            ended = ended or self.backoff.wait(entry.left_s, asked=entry.asked)
            if ended:
                failed_attempt = _FailedAttempt(_OVERLOADED, 429)
                raise self._error(operation, action, failed_attempt, Verdict.RETRY, ended)

    def _gate_of(self, operation: Operation) -> Gate:
        return self._gates[self.base_urls[operation.service]]

    def _attempt(self, operation: Operation, request: Request, permit: Pass) -> Any:
        """Send once and return the decoded response. :raises _FailedAttempt: there is none."""
        load = Load.NONE
        failure: _FailedAttempt | None = None
        try:
            answer = self._sent(operation, request)
            load = Load.ACCEPTED
            return answer
        except _FailedAttempt as failed_attempt:
            failure = failed_attempt
            if failure.rejection.fault is Fault.RATE_LIMITED:
                load = Load.LIMITED
            elif failure.status is not None:
                load = Load.ACCEPTED
            raise
        finally:
            asked = failure.retry_after_s if failure and load is Load.LIMITED else None
            gate = self._gate_of(operation)
            closings = gate.leave(permit, load, self.backoff.length, asked)
            if failure is not None:
                failure.closings = closings

    def _sent(self, operation: Operation, request: Request) -> Any:
        """Send a request and return the decoded response. :raises _FailedAttempt: there is none."""
        limited_s = self.limiter.acquire()
        with self._lock:
            self._limited_s += limited_s
            self._reads += operation.is_allowed_in_check_mode
            self._writes += not operation.is_allowed_in_check_mode
            self.wrote = self.wrote or not operation.reads
        sent = self.backoff.clock.monotonic()
        try:
            response = self.backend.send(self.dialect.authorise(request))
        except TransportFailure as failure:
            raise _FailedAttempt(_no_response(failure, self.dialect.address)) from failure
        # The panel has the request: any exception from here must count it as sent.
        try:
            self.panel_time.see(response.headers.get("date"), sent)
            rejection = self._rejection(operation, response)
            if not rejection:
                decoded = self.dialect.decode(response)
                rejection = None if operation.reads else self.dialect.failed_inside(decoded)
                if not rejection:
                    return decoded
            retry_after_s = retry_after(response.headers.get("retry-after"), self.backoff.clock)
        except Exception as error:
            rejection = _unreadable(response, self.dialect.address)
            raise _FailedAttempt(rejection, response.status) from error
        raise _FailedAttempt(rejection, response.status, retry_after_s if rejection.fault else None)

    def _rejection(self, operation: Operation, response: Response) -> Rejection | None:
        """Return why a response is a failure, or ``None``. The message is masked before it is shortened."""
        rejection = self.dialect.reject(response)
        if rejection is None:
            return None
        masked = replace(response, content=self._redactor.content(response.content))
        rejection = self.dialect.reject(masked) or rejection
        foreign = response.status == 404 and not self.dialect.says_absent(operation, response)
        if rejection.code is Code.NOT_FOUND and foreign:
            return _foreign(rejection, self.dialect)
        return rejection

    def _pause_or_raise(
        self, operation: Operation, action: str, failed_attempt: _FailedAttempt, attempt: int
    ) -> None:
        """Wait before the next attempt if it is safe and allowed; raise otherwise."""
        fault = failed_attempt.rejection.fault
        verdict = VERDICTS[operation.effect][fault] if fault else Verdict.NEVER
        if verdict is Verdict.RETRY and not (failed_attempt.rejection.passing and self.resends):
            verdict = Verdict.NEVER
        ended = None
        if verdict is Verdict.RETRY:
            # After "too many requests", the pause is at the gate, which all requests to this panel share.
            ended = (
                self.backoff.exhausted(attempt)
                if fault is Fault.RATE_LIMITED
                else self.backoff.pause(attempt, failed_attempt.retry_after_s)
            )
            if ended is None:
                return
        raise self._error(operation, action, failed_attempt, verdict, ended) from failed_attempt

    def _error(
        self,
        operation: Operation,
        action: str,
        failed_attempt: _FailedAttempt,
        verdict: Verdict,
        ended: str | None,
    ) -> PanelError:
        rejection = failed_attempt.rejection
        uncertain = rejection.fault in _MAY_HAVE_WORKED and not operation.reads
        hints = [rejection.hint, ended or ""]
        if uncertain and verdict is Verdict.NEVER:
            hints.append(_UNCERTAIN_HINTS[operation.effect])
        kind = UncertainWrite if verdict in (Verdict.REREAD, Verdict.LOOK) else PanelError
        error = kind(
            rejection.code,
            self.message(rejection.message),
            action=self.redact(action),
            hint=self.redact("; ".join(filter(None, hints))),
            operation=operation.name,
            http_status=failed_attempt.status,
            retryable=verdict is not Verdict.NEVER and rejection.passing and bool(rejection.fault),
            uncertain=uncertain,
            foreign=rejection.foreign,
        )
        if isinstance(error, UncertainWrite):
            error.retry_after_s = failed_attempt.retry_after_s
            error.resend = verdict is Verdict.REREAD
        return error


class Client:
    """The operations of one panel as methods, through one session. They return the panel's own objects.

    :param session: opened by the runner; also redacts secrets and counts requests.
    """

    #: What to check if a response does not match the API.
    mismatch: ClassVar[str]

    def __init__(self, session: Session) -> None:
        self.session = session

    def answer(self, raw: Any, name: str, path: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Attach the operation to an object of its response, for error messages."""
        if not isinstance(raw, Mapping):
            raise self.odd(name, path, self.no_object(raw))
        operation = self.session.dialect.operations[name]
        return Answer(raw, operation.describe(path or {}), name, wrote=not operation.reads)

    def no_object(self, raw: Any) -> str:
        """Return the message about a value where an object is expected."""
        return "the response is not an object"

    def odd(self, name: str, path: Mapping[str, Any] | None, message: str) -> PanelError:
        """Return the error for a response that does not match the API."""
        operation = self.session.dialect.operations[name]
        error = unreadable(message, self.mismatch)
        error.action, error.operation = operation.describe(path or {}), name
        error.uncertain = not operation.reads
        return error


_MAY_HAVE_WORKED = (Fault.SERVER_ERROR, Fault.INTERRUPTED, Fault.UNREADABLE, Fault.HALF_DONE)

_UNCERTAIN_HINTS: Mapping[Effect, str] = {
    Effect.CREATE: "the panel may have created it: check the panel before you run this again",
    Effect.ACTION: "the panel may have done it: check the panel before you run this again",
    Effect.TRIAL: "a panel that ignores dryRun may have created it: check the panel before you run this again",
}


@dataclass(eq=False)
class _FailedAttempt(Exception):
    """One failed attempt.

    :param closings: how often the gate has closed, this attempt included.
    """

    rejection: Rejection
    status: int | None = None
    retry_after_s: float | None = None
    closings: int | None = None


#: The panel refused requests of other threads for too long.
_OVERLOADED = rejection_by_status(Response(429), "")


def _no_response(failure: TransportFailure, address: str) -> Rejection:
    fault = Fault.INTERRUPTED if failure.sent else Fault.NEVER_SENT
    hint = failure.hint.format(address=address)
    return Rejection(Code.TRANSPORT, failure.message, fault, hint, failure.passing)


def _foreign(rejection: Rejection, dialect: Dialect) -> Rejection:
    """Return the rejection for a 404 that does not prove that an object is absent."""
    return replace(
        rejection,
        foreign=True,
        hint=f"this is not how {dialect.panel} reports a missing object: check {dialect.address}, which must be "
        "the address of the API, and any proxy before it",
    )


def _unreadable(response: Response, address: str) -> Rejection:
    start = response.text.lstrip()[:1]
    what = "an HTML page" if start == "<" else "something else"
    return Rejection(
        Code.PROTOCOL,
        f"the response is not JSON but {what} (HTTP {response.status})",
        Fault.UNREADABLE,
        f"check that {address} is the address of the API, and any proxy before it",
    )
