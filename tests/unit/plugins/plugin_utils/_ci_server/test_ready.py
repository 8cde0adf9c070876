# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the wait for SSH with a scripted server: accepted host keys, attempts, and the end of the wait.

tests/ci_server has the same with real SSH servers.
"""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import ready, ssh_client
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.known_hosts import (
    HostKey,
    parse_keys,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.ready import (
    not_ready,
    wait_until_ready,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.server import CiServer
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.ssh_client import Ran
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FakeClock

from .test_known_hosts import blob

SERVER = CiServer(7, "web-1", "192.0.2.7")
OLD, NEW, OTHER = (HostKey("ssh-ed25519", blob("ssh-ed25519", name)) for name in (b"o", b"n", b"x"))
RSA = HostKey("ssh-rsa", blob("ssh-rsa"))
DENIED = Ran(255, "", "root@192.0.2.7: Permission denied (publickey).\n")
WRONG_KEY = Ran(255, "", "No ED25519 host key is known.\nHost key verification failed.\n")


class Machine:
    """A server that plays a script. The last line of each part is repeated.

    :param ports: why the port does not answer; None where it does.
    :param shown: the host keys that it shows, by scan or login.
    :param listed: the host keys in its own files, by login.
    :param logins: the end of a login before any command, None where it succeeds.
    """

    def __init__(self, *, ports=(None,), shown=({OLD},), listed=({OLD, RSA},), logins=(None,)):
        self._parts = {
            "port": list(ports),
            "shown": [frozenset(keys) for keys in shown],
            "listed": [frozenset(keys) for keys in listed],
            "login": list(logins),
        }
        self.commands: list[str] = []
        self.scans = 0

    def next(self, part):
        lines = self._parts[part]
        return lines.pop(0) if len(lines) > 1 else lines[0]

    def run(self, command, known_hosts):
        """Log in with these known hosts and run a command."""
        failure = self.next("login")
        if failure:
            return failure
        if not self.next("shown") & parse_keys(known_hosts):
            return WRONG_KEY
        self.commands.append(command)
        if command == "true":
            return Ran(0, "", "")
        listed = self.next("listed")
        return Ran(0 if listed else 1, "".join(f"{key} root@web\n" for key in listed), "")


@pytest.fixture
def network(monkeypatch):
    """Return the machines by address; each test adds its own."""
    machines: dict[str, Machine] = {}

    def scan(server, timeout_s):
        machine = machines[server.address]
        machine.scans += 1
        return machine.next("shown")

    monkeypatch.setattr(
        ssh_client, "port_problem", lambda server, timeout_s: machines[server.address].next("port")
    )
    monkeypatch.setattr(ssh_client, "scan", scan)
    monkeypatch.setattr(
        ssh_client,
        "run_on",
        lambda server, command, key, known_hosts, timeout_s: machines[server.address].run(
            command, known_hosts.read_text()
        ),
    )
    return machines


def wait(machines, machine, clock, seconds=60.0, **options):
    """Wait for the one server."""
    machines[SERVER.address] = machine
    deadline = clock.monotonic() + seconds
    (result,) = wait_until_ready([SERVER], Path("key"), deadline, clock, **options)
    return result


def test_a_server_is_ready_with_the_keys_that_it_lists(network, clock):
    machine = Machine()
    pinned = []
    result = wait(network, machine, clock, on_pinned=lambda *call: pinned.append(call))
    assert (result.failure, result.code, result.host_keys) == (None, None, {OLD, RSA})
    assert (machine.scans, machine.commands) == (2, [ready._OWN_KEYS, "true"])
    assert pinned == [(SERVER, {OLD, RSA})]
    assert not_ready([result]) is None


def test_a_port_that_opens_late_is_waited_for(network, clock):
    machine = Machine(ports=["connection refused", "no response in time", None])
    assert wait(network, machine, clock).failure is None


def test_two_scans_in_a_row_must_agree(network, clock):
    machine = Machine(shown=[{OLD}, {NEW}, {OLD}, {NEW}], listed=[{NEW}])
    result = wait(network, machine, clock)
    assert (result.failure, result.host_keys, machine.scans) == (None, {NEW}, 5)


def test_a_closed_port_between_two_scans_starts_over(network, clock):
    machine = Machine(ports=[None, "connection refused", None])
    wait(network, machine, clock)
    assert machine.scans == 3


def test_a_key_that_is_renewed_before_the_login(network, clock):
    machine = Machine(shown=[{OLD}, {OLD}, {NEW}], listed=[{NEW}])
    result = wait(network, machine, clock)
    assert (result.failure, result.host_keys) == (None, {NEW})


def test_a_key_that_is_renewed_after_the_login(network, clock):
    machine = Machine(shown=[{OLD}, {OLD}, {OLD}, {NEW}], listed=[{OLD}, {NEW}])
    result = wait(network, machine, clock)
    assert (result.failure, result.host_keys) == (None, {NEW})


def test_a_server_that_renews_its_files_first(network, clock):
    machine = Machine(shown=[{OLD}, {OLD}, {OLD}, {NEW}], listed=[{NEW}])
    assert wait(network, machine, clock).failure is None


def test_a_key_that_the_server_does_not_list(network, clock):
    """Another machine answers for the server, and lets everybody in."""
    result = wait(network, Machine(shown=[{OTHER}], listed=[{OLD}]), clock)
    assert (result.code, result.host_keys) == (Code.TRANSPORT, frozenset())
    assert "server web-1 (ID 7)" in result.failure
    assert "is not one of the host keys that the server itself lists" in result.failure
    error = not_ready([result])
    assert (error.code, error.retryable) == (Code.TRANSPORT, False)


def test_a_server_without_key_files_asks_its_own_ssh_server(network, clock):
    machine = Machine(listed=[set(), {OLD}])
    result = wait(network, machine, clock)
    assert (result.failure, result.host_keys) == (None, {OLD})
    assert machine.commands == [ready._OWN_KEYS, ready._SCAN_YOURSELF, "true"]


def test_a_login_that_is_refused_for_a_while(network, clock):
    """The server writes the key of the pipeline a moment after it has opened its port."""
    assert wait(network, Machine(logins=[DENIED, DENIED, None]), clock).failure is None


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        (Machine(ports=["connection refused"]), "connection refused"),
        (Machine(shown=[set()]), "the SSH server shows no host key"),
        (Machine(logins=[DENIED]), "root@192.0.2.7: Permission denied (publickey)."),
        (Machine(logins=[Ran(None, "", "")]), "no response in time"),
        (Machine(shown=[{OLD}, {NEW}] * 200), "its host key changed"),
    ],
)
def test_the_deadline_ends_the_wait_with_the_last_reason(network, clock, machine, reason):
    result = wait(network, machine, clock, 30)
    assert result.code is Code.WAIT_TIMEOUT
    assert result.failure.startswith(
        "server web-1 (ID 7): not ready at 192.0.2.7 port 22 as root after 30 seconds: "
    )
    assert reason in result.failure
    assert 30 <= result.seconds < 31
    assert not_ready([result]).retryable


def test_a_deadline_in_the_past_sends_nothing(network, clock):
    machine = Machine()
    assert wait(network, machine, clock, -1).code is Code.WAIT_TIMEOUT
    assert machine.scans == 0


def test_a_stop_ends_the_wait(network, clock):
    asked = iter([False, False, False, True])
    result = wait(
        network, Machine(ports=["connection refused"]), clock, stopped=lambda: next(asked, True)
    )
    assert result.code is Code.WAIT_TIMEOUT


def test_keys_of_an_earlier_run_are_not_scanned_again(network, clock):
    machine = Machine()
    result = wait(network, machine, clock, known={7: {OLD}})
    assert (result.failure, result.host_keys) == (None, {OLD})
    assert (machine.scans, machine.commands) == (0, ["true"])


def test_keys_of_an_earlier_run_must_not_change(network, clock):
    result = wait(network, Machine(shown=[{NEW}]), clock, known={7: {OLD}})
    assert result.code is Code.TRANSPORT
    assert "is not the one that was pinned" in result.failure


def test_a_failed_command_proves_nothing(network, clock, monkeypatch):
    machine = Machine()
    machine.run = lambda command, known_hosts: Ran(1, "", "This account is not available\n")
    result = wait(network, machine, clock, 10, known={7: {OLD}})
    assert "the command true fails: This account is not available" in result.failure


def test_servers_are_watched_at_the_same_time(network, clock, monkeypatch):
    """Each server becomes ready only after all have been asked."""
    servers = [CiServer(number, f"s{number}", f"192.0.2.{number}") for number in range(1, 11)]
    together = threading.Barrier(len(servers), timeout=WATCHDOG_S)
    network.update({server.address: Machine() for server in servers})

    def port_problem(server, timeout_s):
        if not network[server.address].scans:
            together.wait()

    monkeypatch.setattr(ssh_client, "port_problem", port_problem)
    deadline = clock.monotonic() + 1e9
    results = wait_until_ready(servers, Path("key"), deadline, clock)
    assert [result.server for result in results] == servers
    assert [result.failure for result in results] == [None] * 10


def test_one_error_names_all_servers_what_may_be_an_attack_first():
    late = ready.ReadyResult(SERVER, frozenset(), 1.0, "server a: late", Code.WAIT_TIMEOUT)
    bad = ready.ReadyResult(SERVER, frozenset(), 1.0, "server b: other key", Code.TRANSPORT)
    fine = ready.ReadyResult(SERVER, frozenset(), 1.0)
    error = not_ready([late, fine, bad])
    assert error.msg == ("Cannot reach 2 of 3 servers on SSH: server b: other key; server a: late")


def test_without_servers_there_is_no_wait(clock):
    assert wait_until_ready([], Path("key"), 0, FakeClock()) == []


def test_a_login_uses_nothing_but_its_arguments():
    words = ssh_client.login_words(SERVER, Path("/a b/100%/key"), Path("/k"))
    options = [value for name, value in itertools.pairwise(words) if name == "-o"]
    assert words[:3] == ["ssh", "-F", "/dev/null"]
    assert words[-2:] == ["--", "192.0.2.7"]
    assert 'IdentityFile="/a b/100%%/key"' in options
    for option in (
        "BatchMode=yes",
        "StrictHostKeyChecking=yes",
        "IdentityAgent=none",
        "IdentitiesOnly=yes",
        "GlobalKnownHostsFile=/dev/null",
        "UpdateHostKeys=no",
    ):
        assert option in options
