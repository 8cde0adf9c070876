# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the action virtualizor_user_plans against a scripted panel with the user plans Starter, Old and Kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtualizor_user_plans import ActionModule
from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import undocumented
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    KEY,
    PASS,
    PanelScript,
    plans,
    submit,
    user,
    user_plan,
    users,
)

NAME = "virtualizor_user_plans"
STARTER, OLD, KEPT = user_plan(1, "Starter"), user_plan(2, "Old"), user_plan(3, "Kept")
TODAY = plans(STARTER, OLD, KEPT)
#: One entry for each outcome, and what the panel has after each change.
CHANGE = {"plan_name": "Starter", "ram": 32768}
CREATE = {"plan_name": "New", "priority": 2, "num_vs": 10}
DELETE = {"user_plan_id": 2, "state": "absent"}
KEEP = {"user_plan_id": 3, "plan_name": "Kept", "ram": 16384}
WANTED = [CHANGE, CREATE, DELETE, KEEP]
BIGGER = user_plan(1, "Starter", ram="32768")
NEW = user_plan(8, "New")
NOBODY = users(user(7, uplid="1"))
DONE = {"done": True}
EDITS = (TODAY, submit("edituser_plans&uplid=1", DONE), plans(BIGGER, OLD, KEPT))
ADDS = (
    plans(BIGGER, OLD, KEPT),
    submit("adduser_plans", {"done": 8}),
    plans(BIGGER, OLD, KEPT, NEW),
)
DELETES = (
    plans(BIGGER, OLD, KEPT, NEW),
    NOBODY,
    submit("user_plans", DONE),
    plans(BIGGER, KEPT, NEW),
)
RAM = {
    "field": "ram",
    "unit": "MB",
    "before": 16384,
    "desired": 32768,
    "after": 32768,
    "outcome": "changed",
    "message": None,
}


class ListRunner(BulkRunner):
    """Runs the action on a scripted panel, without retries."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(ActionModule, f"vpsfleet.panels.{NAME}", folder, monkeypatch)

    def run(
        self, *steps: Step, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action and return its result. Every expected request must be sent."""
        backend = PanelScript(*steps)
        result = self.on(backend, check_mode=check_mode, diff=diff, **options)
        backend.assert_finished()
        return result

    def on(
        self, backend: Any, *, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action on a panel."""
        given = {**CONNECTION, "retries": 0, "user_plans": WANTED, **options}
        with self._monkeypatch.context() as patched:
            patched.setattr(runner, "RequestsBackend", lambda **settings: backend)
            result = self.action(given, check_mode, diff=diff).run()
        shown = json.dumps([result, self.lines])
        assert KEY not in shown
        assert PASS not in shown
        assert list(undocumented(NAME, result)) == []
        return result


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    """Return the outcomes by name."""
    return {row["name"]: row["outcome"] for row in result["results"]}
