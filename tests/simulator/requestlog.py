# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The request log and the counters, by which tests tell what a client really did."""

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
    """One request as it came in, and what became of it."""

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
    """The status sent; None when the connection ended without an answer."""
    fault: str | None = None
    """The kind of the fault that met the request."""
    effect_applied: bool = False
    """The panel carried a write out, whatever the client was told about it."""


@dataclass
class Counters:
    """Sums over all panel requests since the last reset."""

    reads: int = 0
    writes: int = 0
    """Requests that want to change something, whatever became of them."""
    applied: int = 0
    """Writes that were carried out."""
    refused: int = 0
    """Requests answered with 400 or above, faults included."""
    violations: int = 0
    """Writes that came in read-only mode."""
    crashes: int = 0
    """Defects of the simulator itself; always 0 in a good run."""
    connections: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    by_operation: Counter[str] = field(default_factory=Counter)
    writes_by_server: Counter[str] = field(default_factory=Counter)
    """Carried-out writes by server id."""


class RequestLog:
    """Entries in order of arrival, with the counters."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all requests and start counting anew."""
        self.entries: list[Entry] = []
        self.counters = Counters()
        self._begun = time.monotonic()

    def open(self, request: Request, panel: str, target: Target) -> Entry:
        """Note a request on arrival."""
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
        """Count what became of a request, where it was counted when it came."""
        counters.in_flight -= 1
        counters.refused += entry.status is not None and entry.status >= 400
        counters.applied += entry.effect_applied
        if entry.effect_applied and entry.server is not None:
            counters.writes_by_server[entry.server] += 1

    def select(self, since: int = 0, writes_only: bool = False) -> list[dict[str, Any]]:
        """Entries with a number above `since`, optionally only those that want to change something."""
        return [asdict(entry) for entry in self.entries[since:] if entry.write or not writes_only]


def kept_headers(headers: dict[str, str]) -> dict[str, str]:
    """The headers worth logging; a credential only as the beginning of its hash."""
    kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
    if "authorization" in headers:
        kept["authorization"] = hashed(headers["authorization"])
    return kept


def hashed(secret: str) -> str:
    """The beginning of a credential's hash: enough to tell two apart."""
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()[:12]}"
