# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""SSH servers on loopback addresses: OpenSSH's own sshd, one process for each built server.

The processes end with the simulator, however it ends: the kernel kills them when the thread that has started them is
gone. Loopback addresses other than 127.0.0.1 need Linux.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import getpass
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

PORTS = range(2222, 2272)
"""The first free one is used. They are below the ports that the kernel gives to clients."""

KEY_TYPES = ("ed25519", "ecdsa")
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""Where sshd, run by root, confines its processes. The service manager makes it on a machine that runs sshd."""

SFTP_SERVERS = (
    "/usr/lib/openssh/sftp-server",
    "/usr/libexec/openssh/sftp-server",
    "/usr/lib/ssh/sftp-server",
    "/usr/libexec/sftp-server",
)
KEY_EXCHANGED = re.compile(r"(Connection closed by|Unable to negotiate with) .*\[preauth\]")
"""How the log says that a scan has seen a host key. A bare connection does not match."""

PR_SET_PDEATHSIG = 1


class SshUnavailable(ValueError):
    """SSH servers cannot be served on this machine."""


def find_sshd() -> str:
    """Return the path of sshd, which must be started by its full path."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which("sshd", path=path)
    if found is None:
        raise SshUnavailable("there is no sshd: install the package openssh-server")
    return found


class Network:
    """A network 127.A.B.0/24 that no other simulator of this machine uses, and a port.

    :param port: 0 takes a free one. A program that listens on all addresses takes its port on these, too.
    """

    def __init__(self, port: int) -> None:
        self._held = self._hold([port] if port else PORTS)
        address, self.port = self._held.getsockname()
        self.prefix = address.rpartition(".")[0]

    def _hold(self, ports: Sequence[int]) -> socket.socket:
        """Listen on the first address of a free network, so that others see that it is taken."""
        for port in ports:
            for attempt in range(20):
                number = (os.getpid() + attempt * 101) % (240 * 250)
                held = socket.socket()
                try:
                    held.bind((f"127.{10 + number // 250}.{1 + number % 250}.1", port))
                    held.listen(1)
                except OSError as error:
                    held.close()
                    if error.errno != errno.EADDRINUSE:
                        raise SshUnavailable(f"port {port}: {error.strerror}") from error
                    continue
                return held
        raise SshUnavailable(f"port {ports[0]} is taken on all loopback addresses")

    def owns(self, address: str) -> bool:
        """Return whether an address belongs to this network."""
        return address.startswith(f"{self.prefix}.")

    def span(self) -> list[str]:
        """Return the first and the last address for servers."""
        return [f"{self.prefix}.2", f"{self.prefix}.254"]


class Sshd:
    """One SSH server: its folder, and its process while it runs.

    :param foreign: whether it shows a host key that is not in its `/etc/ssh`, as another machine would.
    """

    def __init__(
        self, folder: Path, address: str, port: int, public_keys: Sequence[str], foreign: bool
    ) -> None:
        self.folder, self.address, self.port = folder, address, port
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "etc").mkdir(parents=True)
        (folder / "home").mkdir()
        keys = "".join(f"{key}\n" for key in public_keys)
        (folder / "authorized_keys").write_text(keys, encoding="utf-8")
        self._shown = folder / "etc"
        self.make_keys(folder / "etc")
        if foreign:
            self.show_other_keys()

    @property
    def pid(self) -> int | None:
        """Return the process ID, None if it does not run."""
        return self._process.pid if self._process else None

    def host_keys(self) -> list[str]:
        """Return the public host keys that it shows, without comments."""
        return [
            " ".join(path.read_text(encoding="ascii").split()[:2])
            for path in sorted(self._shown.glob("*.pub"))
        ]

    def make_keys(self, folder: Path) -> None:
        """Make new host keys in a folder."""
        folder.mkdir(exist_ok=True)
        for kind in KEY_TYPES:
            path = folder / f"ssh_host_{kind}_key"
            for old in (path, path.with_suffix(".pub")):
                old.unlink(missing_ok=True)
            words = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "root@simulated", "-f", path]
            subprocess.run(words, check=True, stdin=subprocess.DEVNULL)

    def show_other_keys(self) -> None:
        """Show host keys that are not in the server's own `/etc/ssh` at the next start."""
        self._shown = self.folder / "other"
        self.make_keys(self._shown)

    def show_own_keys(self) -> None:
        """Show the keys of the server's own `/etc/ssh` at the next start."""
        self._shown = self.folder / "etc"

    def start(self, scanned: Callable[[], None] | None = None) -> None:
        """Start the process. `scanned` is called, from a thread, when a client has seen the host keys."""
        config = self.folder / "sshd_config"
        config.write_text(self._config(), encoding="utf-8")
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [find_sshd(), "-D", "-e", "-f", config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log if scanned is None else subprocess.PIPE,
                preexec_fn=_die_with_parent,
            )
        if scanned is not None:
            threading.Thread(target=self._watch, args=(self._process, scanned), daemon=True).start()

    def stop(self) -> None:
        """Kill the process with its sessions, as if the machine were switched off."""
        if self._process is None:
            return
        processes = [self._process.pid, *_descendants(self._process.pid)]
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _watch(self, process: subprocess.Popen[bytes], scanned: Callable[[], None]) -> None:
        assert process.stderr is not None
        seen = False
        with process.stderr, (self.folder / "log").open("ab") as log:
            for line in process.stderr:
                log.write(line)
                if not seen and KEY_EXCHANGED.search(line.decode("utf-8", "replace")):
                    seen = True
                    scanned()

    def _config(self) -> str:
        shell = self.folder / "shell"
        shell.write_text(_SHELL.format(folder=self.folder), encoding="utf-8")
        shell.chmod(0o755)
        keys = [f"HostKey {self._shown}/ssh_host_{kind}_key" for kind in KEY_TYPES]
        sftp = [f"Subsystem sftp {path}" for path in SFTP_SERVERS if Path(path).exists()][:1]
        return "\n".join(
            [
                f"ListenAddress {self.address}:{self.port}",
                *keys,
                f"AuthorizedKeysFile {self.folder}/authorized_keys",
                f"AllowUsers {user_name()}",
                f"ForceCommand {shell}",
                *sftp,
                *_SETTINGS,
                "",
            ]
        )


_SETTINGS = (
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "PrintMotd no",
    "MaxStartups 500",
    "LogLevel VERBOSE",
)

_SHELL = """#!/bin/sh
# The machine of a simulated server: its own home, and its own /etc/ssh. Everything else is the tester's machine.
HOME='{folder}/home'
export HOME
cd "$HOME" || exit 1
case "$SSH_ORIGINAL_COMMAND" in
"") exec /bin/sh ;;
*/etc/ssh/*)
    exec /bin/sh -c "$(printf '%s' "$SSH_ORIGINAL_COMMAND" | sed 's#/etc/ssh/#{folder}/etc/#g')" ;;
*) exec /bin/sh -c "$SSH_ORIGINAL_COMMAND" ;;
esac
"""


class Worker:
    """The thread that starts and stops the SSH servers, one after another."""

    def __init__(self) -> None:
        self._work: queue.Queue[Callable[[], None]] = queue.Queue()
        threading.Thread(target=self._run, name="sshd", daemon=True).start()

    def do(self, work: Callable[[], None]) -> None:
        """Do something later, in order."""
        self._work.put(work)

    def do_after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do something after some seconds of real time."""
        timer = threading.Timer(seconds, self.do, [work])
        timer.daemon = True
        timer.start()

    def finish(self) -> None:
        """Wait until all is done."""
        self._work.join()

    def _run(self) -> None:
        while True:
            work = self._work.get()
            try:
                work()
            except Exception:
                traceback.print_exc()
            finally:
                self._work.task_done()


def new_folder() -> Path:
    """Return a new temporary folder that the user of a session can read. Prepare sshd of root."""
    if os.geteuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="panel-machines-"))


def user_name() -> str:
    """Return the user who can log in: the one who runs the simulator."""
    return getpass.getuser() if os.geteuid() else "root"


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent thread is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    """Return the processes below a process, as far as the kernel lists them."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, path.read_text(encoding="ascii").split()):
                found += [child, *_descendants(child)]
    return found
