# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A machine that runs the jobs of a CI system: a home, a PATH, and stand-ins for what needs the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.simulator.process import WATCHDOG_S

REAL = Path(sys.executable).parent
"""Where Ansible's programs are."""

_RECORD = """#!/bin/sh
# Stands for a program that needs the network: it notes its words and succeeds.
echo "$(basename "$0") $*" >>'{log}'
"""

_PYTHON = """#!/bin/sh
# Stands for the machine's Python: `-m venv FOLDER` makes a folder with Ansible's programs.
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin"
    for program in ansible ansible-playbook ansible-galaxy pip; do
        ln -sf '{bin}'/$program "$3/bin/$program"
    done
    exit 0
fi
exec '{python}' "$@"
"""

_SLEEP = """#!/bin/sh
# The first sleep ends at once, and the next one ends the loop that waits for it.
[ -e '{slept}' ] && exit 1
: >'{slept}'
"""


class Machine:
    """A machine.

    :param folder: for its home, its programs and its scripts.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = ""
        self.environment: dict[str, str] = {}
        self._bin = folder / "bin"
        self._bin.mkdir(parents=True)
        self.installed = folder / "installed"
        for name in ("ansible", "ansible-playbook"):
            (self._bin / name).symlink_to(REAL / name)
        for name in ("pip", "pipx", "ansible-galaxy"):
            self._program(name, _RECORD.format(log=self.installed))
        self._program("python3", _PYTHON.format(bin=self._bin, python=sys.executable))
        self._program("sleep", _SLEEP.format(slept=folder / "slept"))
        self._count = 0
        self.new_home()

    def new_home(self) -> None:
        """Start with an empty home, as a new container does."""
        self._count += 1
        home = self.folder / f"home-{self._count}"
        home.mkdir()
        self.environment = {
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_NOCOLOR": "1",
            "no_proxy": "127.0.0.1",
        }

    def shell(
        self, shell: Sequence[str], script: str, env: Mapping[str, str], folder: Path
    ) -> bool:
        """Run a script, add its output to the log, and return whether it succeeded.

        Processes that it leaves in the background are waited for, too.
        """
        self._count += 1
        path = self.folder / f"script-{self._count}"
        path.write_text(script, encoding="utf-8")
        process = subprocess.Popen(
            [*shell, str(path)],
            cwd=folder,
            env={**self.environment, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )
        try:
            output, dummy = process.communicate(timeout=WATCHDOG_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        self.log += output
        return process.returncode == 0

    def _program(self, name: str, text: str) -> None:
        path = self._bin / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)


def check_out(repository: Path, workspace: Path) -> None:
    """Make a fresh copy of a repository."""
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.copytree(repository, workspace)
