# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process and the transport: TLS, packets, keep-alive, start, stop."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.simulator.huaweicloud.accounts import Account
from tests.simulator.process import ROOT, WATCHDOG_S, Simulator

from .api import Api


def test_tls_can_be_verified_with_the_written_authority() -> None:
    with Simulator(servers=2, tls=True) as simulator, Api(simulator) as api:
        assert simulator.url.startswith("https://127.0.0.1:")
        assert api.call("GET", "/connect").json() == []
        with requests.Session() as stranger:
            stranger.trust_env = False
            with pytest.raises(requests.exceptions.SSLError):
                stranger.get(f"{simulator.api_url}/connect", timeout=WATCHDOG_S)
        api.control.fault("reset")
        with pytest.raises(requests.ConnectionError):
            api.call("GET", "/connect")
        api.control.fault("cut_body")
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            api.call("GET", "/servers")
        assert api.call("GET", "/connect").json() == []


def test_one_packet_per_answer_and_keep_alive(panel: Api) -> None:
    """One `recv` must return head and body, even of the second answer on a connection."""
    host, port = panel.simulator.url.removeprefix("http://").split(":")
    request = (
        f"GET /api/v1/servers/1 HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {panel.simulator.token}\r\n\r\n"
    ).encode()
    with socket.create_connection((host, int(port)), timeout=WATCHDOG_S) as connection:
        for dummy in range(3):
            connection.sendall(request)
            head, dummy, body = connection.recv(65536).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert json.loads(body)["data"]["id"] == 1


def test_an_incomplete_request_is_not_executed(panel: Api) -> None:
    host, port = panel.simulator.url.removeprefix("http://").split(":")
    head = (
        f"PUT /api/v1/servers/1/package/3 HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n"
        f"Authorization: Bearer {panel.simulator.token}\r\n\r\n{{"
    )
    start = panel.control.digest()
    with socket.create_connection((host, int(port)), timeout=WATCHDOG_S) as connection:
        connection.sendall(head.encode())
    panel.ok("GET", "/connect")
    assert panel.control.digest() == start
    assert panel.control.counters()["writes"] == 0


def test_bodiless_answers_have_no_body_on_the_wire(panel: Api) -> None:
    response = panel.call("POST", "/servers/1/suspend")
    assert response.status_code == 204
    assert "content-length" not in response.headers
    assert "content-type" not in response.headers
    response = panel.call("PUT", "/servers/1/modify/name", {"name": "a"})
    assert (response.status_code, response.headers["content-length"]) == (201, "0")
    assert "content-type" not in response.headers


def test_many_servers_are_practical() -> None:
    """Measure processor time, which does not depend on the load of the machine."""
    before = os.times()
    with Simulator(servers=10_000) as simulator, Api(simulator) as api:
        assert api.ok("GET", "/servers", results=200, page=50).json()["to"] == 10_000
        assert api.server(10_000)["id"] == 10_000
        names = {row["name"] for row in api.data("/servers", results=200, page=40)}
        assert len(names) == 200
    after = os.times()
    assert after.children_user - before.children_user < 5


def test_the_process_ends_with_its_master() -> None:
    """Even a killed parent closes its end of the child's standard input."""
    script = (
        "import os, time\n"
        "from tests.simulator.process import Simulator\n"
        "simulator = Simulator(servers=1).start()\n"
        "print(simulator.control.health()['pid'], flush=True)\n"
        f"time.sleep({WATCHDOG_S})\n"
    )
    master = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with master:
        assert master.stdout is not None
        pid = int(master.stdout.readline())
        master.kill()
    deadline = time.monotonic() + WATCHDOG_S
    while _alive(pid):
        assert time.monotonic() < deadline, "the simulator outlived its master"
        time.sleep(0.02)


def test_stop_works_while_a_request_hangs() -> None:
    simulator = Simulator(servers=1).start()
    with Api(simulator) as api:
        api.control.fault("hang", seconds=WATCHDOG_S)
        with pytest.raises(requests.ReadTimeout):
            api.session.get(f"{simulator.api_url}/connect", timeout=(WATCHDOG_S, 0.1))
        pid = api.control.health()["pid"]
    simulator.stop()
    simulator.stop()
    assert not _alive(pid)


@pytest.mark.parametrize("argument", ["--switch=rename_status", "--switch=nothing=1", "--port=x"])
def test_wrong_arguments(argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulator", argument],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=WATCHDOG_S,
    )
    assert done.returncode == 2
    assert "error" in done.stderr


def test_the_port_file(tmp_path: Path) -> None:
    port_file = tmp_path / "port.json"
    arguments = ["--servers=1", f"--port-file={port_file}", "--until-stdin-closes"]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulator", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline().rstrip("\n") for dummy in range(5)]
        facts = json.loads(port_file.read_text(encoding="utf-8"))
        url = facts["url"]
        assert printed[:3] == [
            f"Simulator on {url}",
            f"VirtFusion: {url}/api/v1 token sim-virtfusion-token",
            f"Virtualizor: {url}/index.php key sim-virtualizor-key pass sim-virtualizor-pass",
        ]
        assert printed[3].startswith(f"Huawei Cloud: {url} project {Account().project_id} ")
        assert printed[4] == f"Control path: {url}/_sim/"
        assert (facts["pid"], facts["ca"]) == (process.pid, None)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=WATCHDOG_S) == 0


def _alive(pid: int) -> bool:
    """Return whether a process is alive. A zombie is not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] != "Z"
    except (OSError, ProcessLookupError):
        return False
