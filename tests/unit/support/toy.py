# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A panel that exists only in tests: one operation of each effect, errors by HTTP status."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import (
    Catalogue,
    Dialect,
    Effect,
    Operation,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RateLimiter,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import BASE, ScriptedBackend

SECRET = "s3cret/with=signs"

#: The HTTP verbs are chosen to mislead: nothing may depend on them.
VERBS = {
    Effect.READ: "POST",
    Effect.SET: "POST",
    Effect.CREATE: "GET",
    Effect.ACTION: "GET",
    Effect.DESTROY: "GET",
    Effect.TRIAL: "GET",
}


class ToyDialect(Dialect):
    """A dialect that sends its secret as a header. The body is the message."""

    panel = "Toy"
    operations = Catalogue(
        *(
            Operation(
                effect.value,
                verb,
                "/things/{thing}",
                effect,
                f"{effect.value} thing {{thing}}",
                query=("page",),
                body=("size",),
            )
            for effect, verb in VERBS.items()
        )
    )

    def secrets(self) -> tuple[str, ...]:
        return (SECRET,)

    def authorise(self, request: Request) -> Request:
        return request.with_header("Authorization", f"Bearer {SECRET}")

    def message(self, response: Response) -> str:
        return response.text.strip()


def toy_session(
    backend: ScriptedBackend,
    clock: FakeClock,
    *,
    check_mode: bool = False,
    per_second: float = 0,
    **policy: Any,
) -> Session:
    """Return a session without jitter: each pause has its full length."""
    return Session(
        ToyDialect(),
        {"": BASE},
        backend,
        Backoff(RetryPolicy(**policy), clock, jitter=lambda: 1.0),
        RateLimiter(per_second, clock),
        check_mode=check_mode,
    )
