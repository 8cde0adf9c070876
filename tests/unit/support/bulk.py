# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bulk actions as Ansible runs them, with a script for a network."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet_action import FleetAction
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend, Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN

CONNECTION = {"api_url": "https://panel.example.com", "api_token": TOKEN}


class BulkRunner:
    """Runs one bulk action in this process, with one worker, so that the script has an order.

    :param kind: the class of the action.
    :param name: its full name.
    """

    def __init__(
        self, kind: type[FleetAction], name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._kind = kind
        self._name = name
        self._monkeypatch = monkeypatch
        self.folder = folder
        #: What was shown on the screen.
        self.lines: list[str] = []

    def run(
        self, *steps: Step, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run it on the panel of the tests; the script must be played to its end."""
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
        reported: dict[str, Any] = {
            "action": self._name,
            "args": options,
            "collections": None,
            "check_mode": check_mode,
            "diff": False,
            "async_val": 0,
            "environment": [],
            "no_log": False,
            "register": None,
            "run_once": False,
            "timeout": 0,
        }
        action = self._kind(
            task=SimpleNamespace(**{**reported, **task}),
            connection=SimpleNamespace(transport="ssh", become=None, _shell=mock.Mock()),
            play_context=mock.Mock(),
            loader=mock.Mock(),
            templar=SimpleNamespace(template=lambda value: value),
            shared_loader_obj=mock.Mock(),
        )
        action._display = SimpleNamespace(display=self.lines.append, verbosity=0)
        return action
