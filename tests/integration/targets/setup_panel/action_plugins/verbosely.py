# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a play at ``-vvvv`` and with ``--diff``, as an operator does to find a fault.

Options:

- ``play``: path of the playbook, relative to the folder of all targets, with ``hosts: testhost``; or a
  list of them, which run in one process.
- ``vars``: variables of the play except the panel's.
- ``environment``: environment variables of the run.
- ``secrets``: further values that the output must not contain, besides the token.

The play must succeed, and print no secret and no traceback. A failure shows the end of the output with
the secrets masked.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ansible_collections.vpsfleet.panels.tests.integration.targets.setup_panel.panel_action import (
    PanelAction,
    Result,
)

#: The variables of the panel that each play has.
PANEL = (
    "vpsfleet_simulator",
    "vpsfleet_ca_path",
    "vpsfleet_control_url",
    "virtfusion_api_url",
    "virtfusion_api_token",
    "output_dir",
)

TRACEBACK = re.compile(r"Traceback \(most recent call last\)|The full traceback is")

#: Lines of the output that a failure shows.
SHOWN = 60


class ActionModule(PanelAction):
    """The action."""

    _VALID_ARGS = frozenset(("play", "vars", "environment", "secrets"))

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> Result:
        """Return nothing, or what is wrong with the output."""
        super().run(tmp, task_vars)
        secrets = [self.variable("virtfusion_api_token"), *self._task.args.get("secrets", ())]
        status, output = self._run_play()
        wrong = faults(status, output, secrets)
        if wrong:
            lines = masked(output, secrets).splitlines()[-SHOWN:]
            return {"failed": True, "msg": "; ".join(wrong), "output": lines}
        return {"changed": False}

    def _run_play(self) -> tuple[int, str]:
        """Return the status and the output of the play."""
        variables = {name: self.variable(name) for name in PANEL}
        variables.update(self._task.args.get("vars") or {})
        folder = Path(self.variable("role_path")).parent
        plays = self._task.args["play"]
        if isinstance(plays, str):
            plays = [plays]
        # A private file, since others can read the arguments of a process.
        path = Path(variables["output_dir"]) / "panel.json"
        try:
            path.touch(mode=0o600)
            path.write_text(json.dumps(variables), encoding="utf-8")
            done = subprocess.run(
                [
                    "ansible-playbook",
                    "-vvvv",
                    "--diff",
                    f"--inventory={self.variable('inventory_file')}",
                    f"--extra-vars=@{path}",
                    *(folder / play for play in plays),
                ],
                env={**os.environ, **(self._task.args.get("environment") or {})},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            )
        finally:
            path.unlink(missing_ok=True)
        return done.returncode, done.stdout


def faults(status: int, output: str, secrets: list[str]) -> list[str]:
    """Return what is wrong with a run."""
    found = []
    if status:
        found.append(f"the play ends with status {status}")
    leaked = [number for number, form in enumerate(_forms(secrets)) if form in output]
    if leaked:
        found.append(f"{len(leaked)} forms of the secrets are in the output")
    if TRACEBACK.search(output):
        found.append("a traceback is in the output")
    return found


def masked(output: str, secrets: list[str]) -> str:
    """Return the output without the secrets."""
    return re.sub("|".join(map(re.escape, _forms(secrets))), "<SECRET>", output)


def _forms(secrets: list[str]) -> list[str]:
    """Return the secrets as they are, as in a URL, and in Base64; the longest first."""
    forms = {
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
    }
    return sorted(forms, key=len, reverse=True)
