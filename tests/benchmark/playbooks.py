# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tasks with `ansible-playbook` in a separate folder, without the caller's settings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .processes import Cost, run

Task = Mapping[str, Any]

#: The checkout of this file.
TOP = Path(__file__).resolve().parents[2]


class Playbooks:
    """Runs plays on the controller.

    :param scratch: an empty folder.
    """

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        # Ansible loads collections only from such a path.
        place = scratch / "tree" / "ansible_collections" / "vpsfleet"
        place.mkdir(parents=True)
        (place / "panels").symlink_to(TOP)
        (scratch / "ansible.cfg").touch()
        self.environment = _environment(scratch)
        self.program = str(Path(sys.executable).with_name("ansible-playbook"))

    def play(
        self,
        tasks: Sequence[Task],
        *,
        check: bool = False,
        hosts: int = 0,
        forks: int = 5,
        memory: bool = False,
    ) -> Cost:
        """Run tasks and return the cost of the whole program.

        :param hosts: number of hosts with ``connection: local``, each with its number as
            ``number``; 0 for localhost alone.
        :raises RuntimeError: a task failed.
        """
        play = {
            "hosts": "all" if hosts else "localhost",
            "gather_facts": False,
            "tasks": list(tasks),
        }
        names = {f"host{number}": {"number": number} for number in range(1, hosts + 1)}
        variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = {"all": {"hosts": names, "vars": variables if hosts else {}}}
        command = [self.program, self._write("play.yml", [play]), f"--forks={forks}"]
        if hosts:
            command += ["--inventory", self._write("inventory.yml", inventory)]
        if check:
            command.append("--check")
        return self.run(command, memory=memory)

    def run(
        self, command: Sequence[str], *, folder: Path | None = None, memory: bool = False
    ) -> Cost:
        """Run any program in Ansible's environment, by default in the playbooks' folder."""
        return run(
            command,
            folder=folder or self.scratch,
            output=self.file("output"),
            environment=self.environment,
            memory=memory,
        )

    def file(self, name: str) -> Path:
        """Return the path of a new file in the folder."""
        path = self.scratch / name
        path.unlink(missing_ok=True)
        return path

    def _write(self, name: str, content: Any) -> str:
        # JSON is YAML.
        (self.scratch / name).write_text(json.dumps(content), encoding="utf-8")
        return name


def _environment(scratch: Path) -> dict[str, str]:
    foreign = ("ANSIBLE_", "VIRTFUSION_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {
        **kept,
        "ANSIBLE_COLLECTIONS_PATH": str(scratch / "tree"),
        "ANSIBLE_CONFIG": str(scratch / "ansible.cfg"),
        "ANSIBLE_HOME": str(scratch / "home"),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_LOCAL_TEMP": str(scratch / "home" / "tmp"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "no_proxy": "127.0.0.1",
    }
