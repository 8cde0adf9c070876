# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services' state: collections of records by ID, and new IDs."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from ..clock import Clock
from .accounts import Account
from .records import (
    AccessKey,
    Balance,
    FlavorChange,
    Job,
    Order,
    Phone,
    PhoneModel,
    Project,
    Server,
    ServerModel,
    Token,
)

NEVER = "9999-12-31T23:59:59Z"


class State:
    """All collections. IDs depend on the seed and a counter, so the same calls give the same IDs."""

    def __init__(self, clock: Clock, account: Account, seed: int) -> None:
        self.clock = clock
        self.account = account
        self.servers: dict[str, Server] = {}
        self.phones: dict[str, Phone] = {}
        self.server_models: dict[str, ServerModel] = {}
        self.phone_models: dict[str, PhoneModel] = {}
        self.jobs: dict[str, Job] = {}
        self.orders: dict[str, Order] = {}
        self.flavor_changes: dict[str, FlavorChange] = {}
        self.tokens: dict[str, Token] = {}
        self.access_keys: dict[str, AccessKey] = {}
        self.projects: dict[str, Project] = {}
        self.accounts: dict[str, Balance] = {
            account.domain_id: {"domain_id": account.domain_id, "balance": None}
        }
        self.wake = NEVER
        """Virtual time at which something is due next. Too early is harmless."""
        self._phones_by_server: dict[str, list[Phone]] = {}
        self._changes_by_server: dict[str, list[FlavorChange]] = {}
        self._seed = seed
        self._counters: dict[str, int] = {}

    def collections(self) -> dict[str, dict[str, Any]]:
        """Return the collections by name, for the control path. No other panel has these names."""
        return {
            "cph_servers": self.servers,
            "cph_phones": self.phones,
            "cph_server_models": self.server_models,
            "cph_phone_models": self.phone_models,
            "cph_jobs": self.jobs,
            "cph_flavor_changes": self.flavor_changes,
            "bss_orders": self.orders,
            "bss_accounts": self.accounts,
            "iam_projects": self.projects,
            "iam_tokens": self.tokens,
            "iam_access_keys": self.access_keys,
        }

    def new_id(self, kind: str) -> str:
        """Return the next id of a kind: 32 hexadecimal digits without dashes (huaweicloud_cph 3.1b)."""
        self._counters[kind] = self._counters.get(kind, 0) + 1
        text = f"{self._seed}:{kind}:{self._counters[kind]}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def new_uuid(self, kind: str) -> str:
        """Return the next id of a kind of the network or storage service: a UUID with dashes (huaweicloud_cph 3.1b)."""
        digits = self.new_id(kind)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def new_order_id(self) -> str:
        """Return the next order id: CS, the minute, seven more characters (huaweicloud_cph 2.2)."""
        return f"CS{self.clock.now:%y%m%d%H%M}{self.new_id('order')[:7].upper()}"

    def can_pay(self, amount: float) -> bool:
        """Return whether the account's balance covers an amount."""
        balance = self.accounts[self.account.domain_id]["balance"]
        return balance is None or amount <= balance

    def pay(self, amount: float) -> None:
        """Take an amount from the balance; a refund is a negative one."""
        record = self.accounts[self.account.domain_id]
        if record["balance"] is not None:
            record["balance"] = round(record["balance"] - amount, 2)

    def now(self) -> str:
        """Return the virtual time in the API's format."""
        return stamp(self.clock, 0)

    def phones_of(self, server_id: str) -> list[Phone]:
        """Return the phones of a server. A phone never changes its server."""
        return self._phones_by_server.get(server_id, [])

    def add_phone(self, phone: Phone) -> None:
        """Add a phone."""
        self.phones[phone["phone_id"]] = phone
        self._phones_by_server.setdefault(phone["server_id"], []).append(phone)

    def add_change(self, change: FlavorChange) -> None:
        """Add a flavor change."""
        self.flavor_changes[change["order_id"]] = change
        self._changes_by_server.setdefault(change["server_id"], []).append(change)

    def end_change(self, change: FlavorChange) -> None:
        """Remove a flavor change that is completed or cancelled."""
        del self.flavor_changes[change["order_id"]]
        self._changes_by_server[change["server_id"]].remove(change)

    def wake_at(self, moment: str) -> None:
        """Schedule a check at this time."""
        self.wake = min(self.wake, moment)

    def pair_of(self, server_model: str, phone_model: str) -> PhoneModel | None:
        """Return the row of a pair of flavors, or None."""
        return self.phone_models.get(f"{server_model}:{phone_model}")

    def open_changes(self, server_id: str) -> list[FlavorChange]:
        """Return the flavor changes of a server that are in progress or wait for payment."""
        return list(self._changes_by_server.get(server_id, ()))

    def running_changes(self, server_id: str) -> list[FlavorChange]:
        """Return the flavor changes of a server that are in progress."""
        return [change for change in self.open_changes(server_id) if change["due"] is not None]


def stamp(clock: Clock, seconds: float) -> str:
    """Return the virtual time some seconds from now as `YYYY-MM-DDTHH:MM:SSZ`. These texts sort by time."""
    return f"{clock.now + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
