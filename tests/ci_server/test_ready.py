# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The wait for SSH, and the files that it leads to, with real SSH servers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import SystemClock
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import ready, ssh_client
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.key_pair import (
    make_key_pair,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.known_hosts import (
    host_pattern,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.output_formats import (
    CiFacts,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.outputs import (
    FILES,
    write_outputs,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.ready import (
    ReadyResult,
    wait_until_ready,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.server import CiServer
from tests.simulator.process import WATCHDOG_S
from tests.simulator.sshd import Sshd, new_folder, user_name
from tests.simulator_conformance.api import Api


class HastyClock(SystemClock):
    """A clock that passes much faster while the code waits, so that a deadline comes after some attempts.

    A step may take as long as a slow machine needs.
    """

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    def sleep(self, seconds: float) -> None:
        self._ahead += seconds * 1000


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a step take as long as a slow machine needs."""
    monkeypatch.setattr(ready, "_LOGIN_S", WATCHDOG_S)
    monkeypatch.setattr(ssh_client, "CONNECT_S", WATCHDOG_S)


@pytest.fixture
def private_key(folder: Path) -> Path:
    """Return the private key of a pipeline."""
    path = folder / "id_ed25519"
    make_key_pair(path, "a pipeline", lambda digest: None)
    return path


def built(panel: Api, private_key: Path, count: int = 1) -> list[CiServer]:
    """Create and build servers with the key, and return them."""
    words = ["ssh-keygen", "-y", "-f", str(private_key)]
    public = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    body: dict[str, Any] = {"userId": 2, "name": "a pipeline", "publicKey": public}
    key = panel.ok("POST", "/ssh_keys", body).json()["data"]["id"]
    servers = []
    for n in range(count):
        body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1}
        made = panel.ok("POST", "/servers", body).json()["data"]
        body = {"operatingSystemId": 49, "sshKeys": [key]}
        panel.ok("POST", f"/servers/{made['id']}/build", body)
        address = made["network"]["interfaces"][0]["ipv4"][0]["address"]
        facts = panel.control.machines()
        servers.append(CiServer(made["id"], f"web-{n + 1}", address, facts["port"], facts["user"]))
    panel.control.advance(60)
    return servers


def wait(servers: Sequence[CiServer], private_key: Path, **options: Any) -> list[ReadyResult]:
    """Wait with a deadline that nothing but a defect reaches."""
    clock = SystemClock()
    return wait_until_ready(servers, private_key, clock.monotonic() + WATCHDOG_S, clock, **options)


def wait_in_vain(servers: Sequence[CiServer], private_key: Path) -> ReadyResult:
    """Wait with a deadline that comes after some attempts."""
    clock = HastyClock()
    (result,) = wait_until_ready(servers, private_key, clock.monotonic() + 5000, clock)
    return result


def until_it_listens(server: CiServer) -> None:
    """Wait until the machine has booted."""
    give_up = time.monotonic() + WATCHDOG_S
    while ssh_client.port_problem(server, WATCHDOG_S):
        assert time.monotonic() < give_up
        time.sleep(0.05)


def shown(panel: Api, server: CiServer) -> set[str]:
    """Return the host keys that the machine shows."""
    return set(panel.control.machines()["machines"][str(server.id)]["host_keys"])


@pytest.mark.parametrize("keys", ["own", "renewed"])
def test_servers_become_ready_with_their_own_keys(panel: Api, private_key: Path, keys: str) -> None:
    panel.control.switches(machine_keys=keys)
    servers = built(panel, private_key, count=3)
    results = wait(servers, private_key)
    assert [(result.server, result.failure) for result in results] == [
        (server, None) for server in servers
    ]
    for result in results:
        assert {str(key) for key in result.host_keys} == shown(panel, result.server)


def test_a_server_that_boots_late(panel: Api, private_key: Path) -> None:
    panel.control.switches(machine_boot_ms="1500")
    (result,) = wait(built(panel, private_key), private_key)
    assert result.failure is None
    assert result.seconds > 1


def test_another_machine_answers_for_the_server(panel: Api, private_key: Path) -> None:
    panel.control.switches(machine_keys="foreign")
    (server,) = built(panel, private_key)
    (result,) = wait([server], private_key)
    assert result.code is Code.TRANSPORT
    assert f"server web-1 (ID {server.id})" in str(result.failure)
    assert result.host_keys == frozenset()


def test_a_server_that_does_not_take_the_key(panel: Api, private_key: Path) -> None:
    panel.control.switches(machine_ssh="refuses")
    servers = built(panel, private_key)
    until_it_listens(servers[0])
    result = wait_in_vain(servers, private_key)
    assert result.code is Code.WAIT_TIMEOUT
    assert "Permission denied (publickey)" in str(result.failure)


def test_a_server_without_ssh(panel: Api, private_key: Path) -> None:
    panel.control.switches(machine_ssh="closed")
    result = wait_in_vain(built(panel, private_key), private_key)
    assert result.code is Code.WAIT_TIMEOUT
    assert "connection refused" in str(result.failure)


def test_a_retry_accepts_the_pinned_keys_only(panel: Api, private_key: Path) -> None:
    (server,) = built(panel, private_key)
    (first,) = wait([server], private_key)
    (again,) = wait([server], private_key, known={server.id: first.host_keys})
    assert (again.failure, again.host_keys) == (None, first.host_keys)
    panel.control.machine(server.id, "renew_keys")
    (changed,) = wait([server], private_key, known={server.id: first.host_keys})
    assert changed.code is Code.TRANSPORT
    assert "is not the one that was pinned" in str(changed.failure)


@pytest.fixture
def ipv6_server(private_key: Path) -> Iterator[CiServer]:
    """Yield an SSH server on the IPv6 loopback address."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
            port = listener.getsockname()[1]
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error.strerror}")
    words = ["ssh-keygen", "-y", "-f", str(private_key)]
    public = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    folder = new_folder()
    sshd = Sshd(folder / "machine", "[::1]", port, [public], foreign=False)
    sshd.start()
    yield CiServer(6, "six", "::1", port, user_name())
    sshd.stop()
    shutil.rmtree(folder)


def test_an_ipv6_address(ipv6_server: CiServer, private_key: Path) -> None:
    (result,) = wait([ipv6_server], private_key)
    assert result.failure is None
    assert host_pattern(ipv6_server) == f"[::1]:{ipv6_server.port}"


def test_the_outputs_lead_to_the_servers(panel: Api, private_key: Path, folder: Path) -> None:
    """ssh, scp and Ansible, each with nothing but its output."""
    servers = built(panel, private_key, count=2)
    results = wait(servers, private_key)
    facts = CiFacts(
        panel=panel.simulator.api_url,
        prefix="ci",
        pipeline="7",
        lease_end="2026-11-29T04:00:00Z",
        teardown_command="",
        private_key=private_key,
        folder=folder,
        servers={result.server: result.host_keys for result in results},
    )
    write_outputs(facts, list(FILES), {})
    config = str(folder / "ssh_config")
    for name in ("web-1", "web-2"):
        words = ["ssh", "-n", "-F", config, "-o", "BatchMode=yes", name, "echo $SSH_CONNECTION"]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        address = next(server.address for server in servers if server.name == name)
        assert address in done.stdout
    ansible = str(Path(sys.executable).with_name("ansible"))
    words = [
        ansible,
        "all",
        "-i",
        str(folder / "inventory.yml"),
        "-o",
        "-m",
        "raw",
        "-a",
        "echo in",
    ]
    # Ansible itself cannot use a home with a percent sign. The path of a shared connection can be too long
    # for a socket in this home.
    environment = {
        **os.environ,
        "HOME": str(folder.parent),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_SSH_ARGS": "-o ControlMaster=no",
    }
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("rc=0") == 2
    # The keys are checked: with those of another machine, each way is refused.
    for server in servers:
        panel.control.machine(server.id, "renew_keys")
    words = ["ssh", "-n", "-F", config, "-o", "BatchMode=yes", "web-1", "true"]
    refused = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (refused.returncode, "Host key verification failed" in refused.stderr) == (255, True)
    words = [ansible, "all", "-i", str(folder / "inventory.yml"), "-o", "-m", "raw", "-a", "true"]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode != 0
    assert done.stdout.count("UNREACHABLE") == 2
    assert json.loads((folder / "ci_server.json").read_text())["servers"][0]["host_keys"]
