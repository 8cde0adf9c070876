# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the OpenSSH client of the controller: ssh, ssh-keyscan and ssh-keygen.

Nothing but the arguments decides what these programs do. They see no agent, no configuration of the user or
of the system, and no environment but PATH.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ...module_utils._core.errors import invalid
from ...module_utils._core.safe_text import plain
from .known_hosts import HostKey, parse_keys
from .server import CiServer

PROGRAMS = ("ssh", "ssh-keyscan", "ssh-keygen")

#: Seconds for one connection. A server that needs longer gets another attempt.
CONNECT_S = 5

#: The types of keys that a scan requests, as ssh-keyscan names them. Each costs a connection. The usual one is first.
_SCANNED_TYPES = ("ed25519", "ecdsa,rsa")

#: Maximum length of a line from a server in a message.
_LONGEST = 200


class Ran(NamedTuple):
    """The end of a program. ``status`` is None if it was killed after its time limit."""

    status: int | None
    stdout: str
    stderr: str

    @property
    def message(self) -> str:
        """The last line of its error output, for messages."""
        if self.status is None:
            return "no response in time"
        lines = [line.strip() for line in self.stderr.splitlines() if line.strip()]
        return plain(lines[-1])[:_LONGEST] if lines else f"it ended with status {self.status}"


def check_ssh_client() -> None:
    """Check that the OpenSSH client is there, before anything is created.

    :raises PanelError: ``validation``.
    """
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        raise invalid(
            f"the OpenSSH client is incomplete: there is no command {' and no '.join(missing)}",
            "install it on the machine that runs Ansible; its package is openssh-client or openssh-clients",
        )


def run_program(words: Sequence[str], timeout_s: float) -> Ran:
    """Run a program to its end, or kill it after ``timeout_s`` seconds."""
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, and no shell
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=max(0.1, timeout_s),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(None, "", "")
    except OSError as error:  # too many processes, or the program is gone
        return Ran(127, "", f"{words[0]}: {error.strerror or error}")
    stdout, stderr = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    return Ran(done.returncode, stdout, stderr)


def port_problem(server: CiServer, timeout_s: float) -> str | None:
    """Return why no SSH server answers at the address, or None if one does.

    This costs one connection and no process, so it can be repeated often.
    """
    try:
        with socket.create_connection((server.address, server.port), max(0.1, timeout_s)) as wire:
            wire.settimeout(max(0.1, timeout_s))
            greeting = wire.recv(4)
    except TimeoutError:
        return "no response in time"
    except OSError as error:
        return plain(error.strerror or str(error)).lower()
    return (
        None
        if greeting == b"SSH-"
        else "the port is open, but the response is not from an SSH server"
    )


def scan(server: CiServer, timeout_s: float) -> frozenset[HostKey]:
    """Return host keys that a server shows to everyone, without a login: one type, unless it lacks the usual one."""
    limit = max(1, min(CONNECT_S, int(timeout_s)))
    for types in _SCANNED_TYPES:
        words = ["ssh-keyscan", "-T", str(limit), "-t", types, "-p", str(server.port)]
        found = parse_keys(run_program([*words, "--", server.address], timeout_s).stdout)
        if found:
            return found
    return frozenset()


def login_words(server: CiServer, private_key: Path, known_hosts: Path) -> list[str]:
    """Return the command that logs in to a server whose host key is known."""
    options = {
        "BatchMode": "yes",
        "CheckHostIP": "no",
        "ClearAllForwardings": "yes",
        "ConnectTimeout": str(CONNECT_S),
        "ControlMaster": "no",
        "ControlPath": "none",
        "ForwardAgent": "no",
        "GlobalKnownHostsFile": "/dev/null",
        "HashKnownHosts": "no",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "IdentityFile": _quoted(private_key),
        "LogLevel": "ERROR",
        "PreferredAuthentications": "publickey",
        "ServerAliveInterval": "5",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "UserKnownHostsFile": _quoted(known_hosts),
    }
    words = ["ssh", "-F", "/dev/null", "-n", "-T", "-p", str(server.port), "-l", server.user]
    for name, value in options.items():
        words += ["-o", f"{name}={value}"]
    return [*words, "--", server.address]


def run_on(
    server: CiServer, command: str, private_key: Path, known_hosts: Path, timeout_s: float
) -> Ran:
    """Run a command on a server whose host key is known."""
    return run_program([*login_words(server, private_key, known_hosts), command], timeout_s)


def _quoted(path: Path) -> str:
    """Quote a path for an option of ssh, which would split it at a space and expand a percent sign."""
    return '"' + str(path).replace("%", "%%") + '"'
