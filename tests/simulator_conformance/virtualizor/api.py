# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain Virtualizor client for the tests."""

from __future__ import annotations

import hashlib
from typing import Any

import requests

from tests.simulator.process import WATCHDOG_S, Simulator

from ..plain_client import PlainClient


class Admin(PlainClient):
    """A client of the admin API with the plain pair of credentials."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator)
        self.url = f"{simulator.virtualizor_url}/index.php"
        self.credentials: dict[str, str] = {
            "adminapikey": simulator.virtualizor_key,
            "adminapipass": simulator.virtualizor_pass,
        }

    def call(
        self, act: str, form: Any = None, *, method: str = "", **query: Any
    ) -> requests.Response:
        """Send one request, a POST if there is a form. Redirects are not followed."""
        return self.session.request(
            method or ("GET" if form is None else "POST"),
            self.url,
            params={"act": act, "api": "json", **self.credentials, **query},
            data=form,
            timeout=WATCHDOG_S,
            allow_redirects=False,
        )

    def json(self, act: str, form: Any = None, **query: Any) -> Any:
        """Return the decoded answer of a call. Its status must be 200."""
        response = self.call(act, form, **query)
        assert response.status_code == 200, response.text
        return response.json()

    def done(self, act: str, form: Any = None, **query: Any) -> Any:
        """Return `done` of a call, which must succeed."""
        answer = self.json(act, form, **query)
        assert answer.get("done"), answer
        return answer["done"]

    def errors(self, act: str, form: Any = None, **query: Any) -> Any:
        """Return `error` of a call, which must fail."""
        answer = self.json(act, form, **query)
        assert "done" not in answer, answer
        return answer["error"]

    def user_plan(self, number: int) -> dict[str, Any]:
        """Return a user plan from the list."""
        return dict(self.json("user_plans", reslen=0)["plans"][str(number)])

    def edit_user_plan(self, number: int, form: Any = None, **fields: Any) -> Any:
        """Save a user plan, with its own name and type by default."""
        plan = self.user_plan(number)
        base = {"plan_name": plan["plan_name"], "priority": plan["type"], "edituser_plans": 1}
        return self.json("edituser_plans", {**base, **(form or {}), **fields}, uplid=number)

    def vps(self, number: int) -> dict[str, Any]:
        """Return a VPS from the list."""
        return dict(self.json("vs", search=1, vpsid=number)["vs"][str(number)])

    def user(self, number: int) -> dict[str, Any]:
        """Return a user from the list."""
        return dict(self.json("users", uid=number)["users"][str(number)])


def salted(password: str, salt: str = "abc123xy") -> str:
    """Return the older credential: a salt of eight characters, then the MD5 of the pass and the salt."""
    return salt + hashlib.md5((password + salt).encode()).hexdigest()
