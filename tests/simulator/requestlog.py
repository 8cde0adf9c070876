# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request log and the counters: what a client really sent, and its effect."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from .exchange import Request
from .panel import Target

SECRETS_OF_THE_QUERY = ("adminapikey", "adminapipass", "apikey")
KEPT_HEADERS = ("accept", "content-type", "user-agent", "connection", "idempotency-key")


@dataclass
class Entry:
    """One request and its outcome."""

    n: int
    at: float
    """Wall-clock seconds since the log was last cleared: for rates only, not reproducible."""
    panel: str
    operation: str
    method: str
    path: str
    query: dict[str, str | list[str]]
    headers: dict[str, str]
    body: Any
    write: bool
    server: str | None
    status: int | None = None
    """The status sent. None if the connection ended without an answer."""
    fault: str | None = None
    """Kind of the fault that struck the request."""
    effect_applied: bool = False
    """Whether the panel applied the write, whatever answer the client got."""


@dataclass
class Counters:
    """Sums over all panel requests since the last reset."""

    reads: int = 0
    writes: int = 0
    """Write requests, whatever their outcome."""
    applied: int = 0
    """Writes that were applied."""
    refused: int = 0
    """Requests answered with 400 or above, including faults."""
    violations: int = 0
    """Writes received in read-only mode."""
    crashes: int = 0
    """Defects of the simulator itself. Must be 0."""
    connections: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    by_operation: Counter[str] = field(default_factory=Counter)
    writes_by_server: Counter[str] = field(default_factory=Counter)
    """Applied writes by server ID."""


class RequestLog:
    """Entries in order of arrival, with the counters."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Delete all entries and reset the counters."""
        self.entries: list[Entry] = []
        self.counters = Counters()
        self._begun = time.monotonic()

    def open(self, request: Request, panel: str, target: Target) -> Entry:
        """Record a request on arrival and return its entry."""
        entry = Entry(
            n=len(self.entries) + 1,
            at=round(time.monotonic() - self._begun, 4),
            panel=panel,
            operation=target.operation,
            method=request.method,
            path=request.path,
            query={
                name: hashed(str(value)) if name in SECRETS_OF_THE_QUERY else value
                for name, value in request.loggable_query().items()
            },
            headers=kept_headers(request.headers),
            body=request.loggable_body(),
            write=target.write,
            server=target.server,
        )
        self.entries.append(entry)
        counters = self.counters
        counters.by_operation[target.operation] += 1
        counters.reads += not target.write
        counters.writes += target.write
        counters.in_flight += 1
        counters.peak_in_flight = max(counters.peak_in_flight, counters.in_flight)
        return entry

    def close(self, entry: Entry, counters: Counters) -> None:
        """Count the outcome of a request in the counters that were current when it arrived."""
        counters.in_flight -= 1
        counters.refused += entry.status is not None and entry.status >= 400
        counters.applied += entry.effect_applied
        if entry.effect_applied and entry.server is not None:
            counters.writes_by_server[entry.server] += 1

    def select(self, since: int = 0, writes_only: bool = False) -> list[dict[str, Any]]:
        """Return the entries with a number above `since`, optionally only writes."""
        return [asdict(entry) for entry in self.entries[since:] if entry.write or not writes_only]


def kept_headers(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers to log. A credential is replaced by the beginning of its hash."""
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    if "authorization" in headers:
        kept["authorization"] = hashed(headers["authorization"])
    return kept


def hashed(secret: str) -> str:
    """Return the beginning of a credential's hash, enough to distinguish two of them."""
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
