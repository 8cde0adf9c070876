# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run bulk actions as Ansible does, against a scripted panel."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet_action import FleetAction
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import with_task
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend, Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION, TOKEN


class BulkRunner:
    """Runs a bulk action in this process, with one worker, so that the requests have an order.

    :param kind: class of the action.
    :param name: full name of the action.
    """

    def __init__(
        self, kind: type[FleetAction], name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._kind = kind
        self._name = name
        self._monkeypatch = monkeypatch
        self.folder = folder
        #: The lines shown on the screen.
        self.lines: list[str] = []

    def run(
        self, *steps: Step, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action and return its result. Every expected request must be sent."""
        ours = {"workers": 1, "state_dir": str(self.folder / "state"), "check_capacity": False}
        backend = ScriptedBackend(*steps)
        with self._monkeypatch.context() as patched:
            patched.setattr(runner, "RequestsBackend", lambda **settings: backend)
            result = self.action({**CONNECTION, **ours, **options}, check_mode, diff=diff).run()
        backend.assert_finished()
        assert TOKEN not in json.dumps(result)
        return result

    def action(self, options: dict[str, Any], check_mode: bool = False, **task: Any) -> FleetAction:
        """Return the action with a task."""
        action = with_task(self._kind, self._name, options, "ssh", check_mode=check_mode, **task)
        action._display = SimpleNamespace(display=self.lines.append, verbosity=0)
        return action
