#!/usr/bin/env python
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Ansible's commands in forks of a process that has imported Ansible.

A command that starts by itself spends most of its time on imports. Its own main function runs here
in a process of its own as well, so arguments, environment, output and exit status are real.

Reads requests from standard input, one JSON object a line: ``argv``, ``environment``, and the files
``stdout`` and ``stderr``. Writes the exit status of each command as a line to standard output.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import warnings
from typing import Any

from ansible.cli.adhoc import AdHocCLI
from ansible.cli.inventory import InventoryCLI
from ansible.cli.playbook import PlaybookCLI
from ansible.plugins.loader import init_plugin_loader, inventory_loader

COMMANDS = {
    "ansible": AdHocCLI,
    "ansible-inventory": InventoryCLI,
    "ansible-playbook": PlaybookCLI,
}


def main(plugin: str) -> None:
    """Import the plugin, then run the requested commands one after the other."""
    init_plugin_loader()
    # Each command initializes the loader again.
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder has already been configured")
    if inventory_loader.get(plugin) is None:
        sys.exit(f"there is no inventory plugin {plugin}")
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)


def run(request: dict[str, Any]) -> int:
    """Run one command in a fork and return its exit status."""
    pid = os.fork()
    if pid == 0:
        run_and_exit(request)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run_and_exit(request: dict[str, Any]) -> None:
    """Become the command, with its files as standard output and standard error."""
    status = 250
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in (1, "stdout"), (2, "stderr"):
            os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.environ.update(request["environment"])
        argv = request["argv"]
        COMMANDS[argv[0]].cli_executor(argv)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1])
