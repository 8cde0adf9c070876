# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the bulk action of Virtualizor as Ansible does, against a scripted panel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtualizor_vps_plans import ActionModule
from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.tests.unit.support.bulk import BulkRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    KEY,
    PASS,
    PanelScript,
    read,
    submit,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    DONE,
    SECRETS,
    plan,
    plans,
    servers,
    states,
    vps,
)

#: The values of plan 3. VPS 18 has them, VPS 17 does not.
BIGGER = {"plid": "3", "ram": "4096", "cores": "4"}
PLAN = plans(plan(ram="4096", cores="4"))
SMALL, BIG = vps(17), vps(18, **BIGGER)
#: Secrets that no result and no file may contain.
HIDDEN = (KEY, PASS, *SECRETS)


class VpsBulkRunner(BulkRunner):
    """Runs the action on a scripted panel with one worker, so that the requests have an order."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        name = "vpsfleet.panels.virtualizor_vps_plans"
        super().__init__(ActionModule, name, folder, monkeypatch)

    def run(
        self, *steps: Step, check_mode: bool = False, diff: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the action, by default for plan 3."""
        ours = {"workers": 1, "wait_timeout": 0, "state_dir": str(self.folder / "state")}
        chosen = {} if {"plan_name", "rollback"} & set(options) else {"plan_id": 3}
        backend = PanelScript(*steps)
        with self._monkeypatch.context() as patched:
            patched.setattr(runner, "RequestsBackend", lambda **settings: backend)
            given = {**CONNECTION, **ours, **chosen, **options}
            result = self.action(given, check_mode, diff=diff).run()
        backend.assert_finished()
        shown = json.dumps(result)
        assert not any(secret in shown for secret in HIDDEN)
        return result


def form(record: Mapping[str, Any], vpsid: int | None = None) -> Step:
    """Expect a read of the form of a VPS. It is empty if the VPS does not exist."""
    return read(f"editvs&vpsid={vpsid or record['vpsid']}", {"vps": record})


def change(vpsid: int = 17, reply: Any = None, **fields: Any) -> Step:
    """Expect a change to plan 3 with exactly these fields."""
    body = {"editvps": 1, "theme_edit": 1, **(fields or {"plid": 3, "apply_plan": 1})}
    return submit(f"managevps&vpsid={vpsid}", DONE if reply is None else reply, body)


def moved(vpsid: int = 17, **changes: Any) -> Step:
    """Expect the read after a change."""
    return form(vps(vpsid, **{**BIGGER, **changes}))


#: The requests that find VPS 17, and that change it.
FOUND = (PLAN, servers(SMALL, BIG), form(SMALL), states(v17=1))
DOES = (change(), moved())
