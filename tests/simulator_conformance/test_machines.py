# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machines behind built servers: a real SSH server for each, which lives as long as its server runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import sshd
from tests.simulator.process import WATCHDOG_S, Simulator
from tests.simulator.sshd import Network, SshUnavailable, find_sshd
from tests.simulator.virtfusion.machines import MACHINE_SWITCHES

from .api import Api
from .plain_client import ResetClient

try:
    find_sshd()
except SshUnavailable as missing:
    pytest.skip(str(missing), allow_module_level=True)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Yield a simulator with SSH."""
    with Simulator(servers=5, ssh=True) as running:
        yield running
        assert running.stderr() == ""


@pytest.fixture
def panel(simulator: Simulator) -> Iterator[Api]:
    """Yield a client after a reset."""
    with ResetClient(simulator, Api) as client:
        yield client


@pytest.fixture
def private_key(tmp_path: Path) -> Path:
    """Return a new private key."""
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


def built(panel: Api, private_key: Path | None = None) -> Any:
    """Create and build a server with a key, and return its read."""
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1}
    number = panel.ok("POST", "/servers", body).json()["data"]["id"]
    keys = []
    if private_key:
        public = private_key.with_suffix(".pub").read_text()
        body = {"userId": 2, "name": "a pipeline", "publicKey": public}
        keys = [panel.ok("POST", "/ssh_keys", body).json()["data"]["id"]]
    panel.ok("POST", f"/servers/{number}/build", {"operatingSystemId": 49, "sshKeys": keys})
    panel.control.advance(60)
    return panel.server(number)


def address(server: Any) -> str:
    """Return the first IPv4 address."""
    return str(server["network"]["interfaces"][0]["ipv4"][0]["address"])


def login(panel: Api, server: Any, private_key: Path, command: str) -> Any:
    """Run a command on a server, which must show a key that the control path lists."""
    machines = panel.control.machines()
    port, number = machines["port"], str(server["id"])
    known = private_key.with_name("known")
    known.write_text(
        "".join(
            f"[{address(server)}]:{port} {key}\n"
            for key in machines["machines"][number]["host_keys"]
        )
    )
    words = ["ssh", "-F", "/dev/null", "-n", "-o", "BatchMode=yes", "-o", "IdentityAgent=none"]
    words += ["-o", f"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes"]
    words += ["-i", str(private_key), "-p", str(port), "-l", machines["user"], address(server)]
    return subprocess.run(
        [*words, command], capture_output=True, text=True, timeout=WATCHDOG_S, check=False
    )


def login_when_up(panel: Api, server: Any, private_key: Path, command: str) -> Any:
    """Log in as soon as the machine listens, and stop if it never does."""
    give_up = time.monotonic() + WATCHDOG_S
    while True:
        done = login(panel, server, private_key, command)
        if done.returncode != 255 or "refused" not in done.stderr:
            return done
        assert time.monotonic() < give_up, done.stderr
        time.sleep(0.05)


def pids(panel: Api) -> list[int]:
    """Return the processes of the machines that run."""
    machines = panel.control.machines()["machines"].values()
    return [machine["pid"] for machine in machines if machine["pid"]]


def is_running(pid: int) -> bool:
    """Return whether a process runs; a dead child that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for_end(pid: int) -> None:
    """Wait until a process is gone."""
    give_up = time.monotonic() + WATCHDOG_S
    while is_running(pid):
        assert time.monotonic() < give_up, f"{pid} still runs"
        time.sleep(0.05)


def test_a_built_server_answers_to_the_key_of_its_build(panel: Api, private_key: Path) -> None:
    server = built(panel, private_key)
    done = login_when_up(panel, server, private_key, "echo $((6 * 7)); exit 3")
    assert (done.stdout, done.returncode) == ("42\n", 3)


def test_the_key_files_of_the_machine_are_its_own(panel: Api, private_key: Path) -> None:
    server = built(panel, private_key)
    done = login_when_up(panel, server, private_key, "cat /etc/ssh/ssh_host_*_key.pub")
    shown = panel.control.machines()["machines"][str(server["id"])]["host_keys"]
    assert [" ".join(line.split()[:2]) for line in done.stdout.splitlines()] == shown


def test_a_key_that_the_build_did_not_name_is_refused(panel: Api, private_key: Path) -> None:
    server = built(panel)
    done = login_when_up(panel, server, private_key, "true")
    assert (done.returncode, "Permission denied" in done.stderr) == (255, True)


def test_a_key_deleted_from_the_panel_stays_on_the_machine(panel: Api, private_key: Path) -> None:
    server = built(panel, private_key)
    panel.ok("DELETE", f"/ssh_keys/{server['sshKeys'][0]['id']}")
    assert login_when_up(panel, server, private_key, "true").returncode == 0


def test_a_rebuild_makes_another_machine(panel: Api, private_key: Path) -> None:
    server = built(panel, private_key)
    before = panel.control.machines()["machines"][str(server["id"])]
    panel.ok("POST", f"/servers/{server['id']}/build", {"operatingSystemId": 49})
    assert panel.control.machines()["machines"] == {}
    panel.control.advance(60)
    after = panel.control.machines()["machines"][str(server["id"])]
    assert after["address"] == before["address"]
    assert not set(after["host_keys"]) & set(before["host_keys"])
    assert not is_running(before["pid"])


@pytest.mark.parametrize("end", ["delete", "power off", "reset"])
def test_a_machine_ends_with_its_server(panel: Api, private_key: Path, end: str) -> None:
    server = built(panel, private_key)
    (pid,) = pids(panel)
    assert is_running(pid)
    if end == "delete":
        panel.ok("DELETE", f"/servers/{server['id']}", delay=0)
    elif end == "power off":
        panel.ok("POST", f"/servers/{server['id']}/power/poweroff")
        panel.control.advance(60)
    else:
        panel.control.reset()
    assert pids(panel) == []
    assert not is_running(pid)


def test_an_unbuilt_and_a_failed_server_have_no_machine(panel: Api) -> None:
    body = {"packageId": 1, "userId": 2, "hypervisorId": 1, "ipv4": 1}
    panel.ok("POST", "/servers", body)
    panel.control.fault("fail_job", operation="POST /servers/{serverId}/build")
    assert built(panel)["state"] == "failed"
    assert panel.control.machines()["machines"] == {}


def test_new_servers_get_loopback_addresses_and_seeded_ones_no_machine(panel: Api) -> None:
    assert panel.control.machines()["machines"] == {}
    first, second = (address(built(panel)) for dummy in range(2))
    assert first.startswith("127.")
    assert not first.startswith("127.0.0.")
    assert first != second


def test_two_simulators_have_different_networks(panel: Api) -> None:
    with Simulator(servers=1, ssh=True) as other, Api(other) as client:
        mine, others = (address(built(each)).rpartition(".")[0] for each in (panel, client))
    assert mine != others


def test_a_port_that_a_program_has_on_all_addresses_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as listener:
        taken = listener.getsockname()[1]
        with pytest.raises(SshUnavailable, match=f"port {taken} is taken"):
            Network(taken)
        monkeypatch.setattr(sshd, "PORTS", [taken, *sshd.PORTS])
        assert Network(0).port != taken


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_machines_die_with_the_simulator(private_key: Path, number: signal.Signals) -> None:
    simulator = Simulator(servers=1, ssh=True).start()
    with Api(simulator) as client:
        built(client)
        (pid,) = pids(client)
        os.kill(client.control.health()["pid"], number)
    simulator.stop()
    wait_for_end(pid)


def test_the_control_path_changes_a_machine(panel: Api, private_key: Path) -> None:
    server = built(panel, private_key)
    number = server["id"]

    def keys() -> Any:
        return panel.control.machines()["machines"][str(number)]["host_keys"]

    first = keys()
    panel.control.machine(number, "renew_keys")
    renewed = keys()
    assert not set(first) & set(renewed)
    assert login_when_up(panel, server, private_key, "true").returncode == 0
    panel.control.machine(number, "foreign_keys")
    done = login_when_up(panel, server, private_key, "cat /etc/ssh/*.pub")
    assert done.returncode == 0
    assert not any(key in done.stdout for key in keys())
    assert all(key in done.stdout for key in renewed)
    panel.control.machine(number, "stop")
    assert pids(panel) == []
    panel.control.machine(number, "start")
    assert login_when_up(panel, server, private_key, "true").returncode == 0
    with pytest.raises(RuntimeError, match="cannot dance"):
        panel.control.machine(number, "dance")


def test_without_ssh_there_are_no_machines() -> None:
    with Simulator(servers=1) as simulator, Api(simulator) as client:
        with pytest.raises(RuntimeError, match="without --ssh"):
            client.control.machines()
        assert address(built(client)).startswith("10.20.")


def machine_ssh(panel: Api, private_key: Path) -> Any:
    server = built(panel, private_key)
    if not pids(panel):
        return "no machine"
    return login_when_up(panel, server, private_key, "true").returncode


def machine_keys(panel: Api, private_key: Path) -> tuple[bool, bool]:
    """Return whether the files of the machine list the key that it shows to the first scan, and the last one."""
    server = built(panel, private_key)
    shown: list[str] = []
    give_up = time.monotonic() + WATCHDOG_S
    while len(shown) < 2:
        shown += scanned(panel, server)
        assert time.monotonic() < give_up
    renewed = panel.control.switches()["machine_keys"]["value"] == "renewed"
    while renewed and shown[-1] == shown[0]:
        shown += scanned(panel, server)
        assert time.monotonic() < give_up
    listed = login_when_up(panel, server, private_key, "cat /etc/ssh/*.pub").stdout.split()
    return shown[0] in listed, shown[-1] in listed


def scanned(panel: Api, server: Any) -> list[str]:
    """Return the key that a scan shows; none while the machine does not listen."""
    port = str(panel.control.machines()["port"])
    words = ["ssh-keyscan", "-t", "ed25519", "-p", port, address(server)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.split()[2:3]


def machine_boot_ms(panel: Api, private_key: Path) -> bool:
    """Return whether the machine listens as soon as the panel says that it is built."""
    built(panel, private_key)
    return bool(pids(panel))


EXPECTED = {
    "machine_ssh": (machine_ssh, {"answers": 0, "refuses": 255, "closed": "no machine"}),
    "machine_keys": (
        machine_keys,
        {"own": (True, True), "renewed": (False, True), "foreign": (False, False)},
    ),
    "machine_boot_ms": (machine_boot_ms, {"0": True, "3600000": False}),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (dummy, seen) in EXPECTED.items() for value in seen]
)
def test_switch(panel: Api, private_key: Path, name: str, value: str) -> None:
    check, outcomes = EXPECTED[name]
    panel.control.switches(**{name: value})
    assert check(panel, private_key) == outcomes[value]  # type: ignore[operator]


def test_every_switch_is_tested_here() -> None:
    assert {switch.name: switch.default for switch in MACHINE_SWITCHES} == {
        name: next(iter(outcomes)) for name, (dummy, outcomes) in EXPECTED.items()
    }
