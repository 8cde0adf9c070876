# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Build the commands with which an operator continues a run, ready to be typed."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any


def apply_command(playbook: str, folder: Path, sha256: str, *, rollback: bool) -> str:
    """Return the command that applies a plan, which approves it.

    :param playbook: the playbook that made the plan.
    :param rollback: whether the folder is that of a rollback, inside the folder of a run.
    """
    if rollback:
        return _command(
            "fleet_rollback", vps_fleet_run_dir=folder.parent, vps_fleet_rollback_sha256=sha256
        )
    return _command(playbook, vps_fleet_run_dir=folder, vps_fleet_plan_sha256=sha256)


def resume_command(folder: Path) -> str:
    """Return the command that resumes a run."""
    return _command("fleet_resume", vps_fleet_run_dir=folder)


def rollback_command(folder: Path) -> str:
    """Return the command that plans the rollback of a run."""
    return _command("fleet_rollback", vps_fleet_run_dir=folder)


def _command(playbook: str, **variables: Any) -> str:
    words = ["ansible-playbook", f"vpsfleet.panels.{playbook}"]
    for name, value in variables.items():
        text = str(value)
        # Ansible splits name=value at spaces and interprets quotes in it.
        plain = all(letter.isalnum() or letter in "/._-+,:@%" for letter in text)
        words += ["-e", f"{name}={text}" if plain else json.dumps({name: text})]
    return shlex.join(words)
