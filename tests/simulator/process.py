# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator process controlled by a test."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from .huaweicloud.accounts import Account

ROOT = Path(__file__).resolve().parents[2]
WATCHDOG_S = 600
"""When a wait is given up that only a defect can make so long; no limit for a slow machine."""
PYTHON_VARIABLE = "VPSFLEET_SIMULATOR_PYTHON"


class ControlClient:
    """The control path `/_sim/` in Python. Every method raises on a refused call."""

    def __init__(self, url: str, verify: bool | str = True) -> None:
        self._base = f"{url}/_sim"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = verify

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call the control path and return the decoded answer."""
        response = self._session.request(
            method, f"{self._base}/{path}", json=body, params=query, timeout=WATCHDOG_S
        )
        if not response.ok:
            raise RuntimeError(f"{method} /_sim/{path}: {response.status_code} {response.text}")
        return response.json()

    def _object(self, method: str, path: str, body: Any = None, **query: Any) -> dict[str, Any]:
        """Call the control path and return its answer, which must be an object."""
        answer = self.call(method, path, body, **query)
        assert isinstance(answer, dict), answer
        return answer

    def health(self) -> dict[str, Any]:
        """Return the process ID, the panels and the virtual time."""
        return self._object("GET", "health")

    def reset(self, **seed: Any) -> dict[str, Any]:
        """Start over, optionally with other `servers` and `seed`. `digest=True` returns the digest."""
        return self._object("POST", "reset", seed)

    def switches(self, **values: Any) -> dict[str, Any]:
        """Set switches; returns the whole table."""
        return self._object("PUT", "switches", values)

    def fault(
        self,
        kind: str,
        *,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        query: Mapping[str, Any] | None = None,
        times: int | None = 1,
        skip: int = 0,
        **params: Any,
    ) -> int:
        """Set a fault and return its id. `times=None` means for ever."""
        match = {"method": method, "path": path, "operation": operation, "query": query}
        description = {
            "kind": kind,
            "match": {key: value for key, value in match.items() if value is not None},
            "times": times,
            "skip": skip,
            "params": params,
        }
        return int(self._object("POST", "faults", description)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that are set, with the number of times each has struck."""
        return list(self._object("GET", "faults")["faults"])

    def clear_faults(self) -> None:
        """Forget all faults."""
        self.call("DELETE", "faults")

    def requests(self, since: int = 0, writes_only: bool = False) -> list[dict[str, Any]]:
        """Return the request log."""
        return list(self.call("GET", "log", since=since, writes_only=str(writes_only).lower()))

    def clear_log(self) -> None:
        """Empty the log and the counters."""
        self.call("DELETE", "log")

    def counters(self) -> dict[str, Any]:
        """Return sums over the requests since the last reset."""
        return self._object("GET", "counters")

    def state(self) -> dict[str, Any]:
        """Return the whole state with its digest."""
        return self._object("GET", "state")

    def digest(self) -> str:
        """Return a hash of the state; equal digests mean equal panels."""
        return str(self._object("GET", "state", digest_only="1")["digest"])

    def record(self, collection: str, key: int | str) -> dict[str, Any]:
        """Return one record of the state."""
        return self._object("GET", f"state/{collection}/{key}")

    def patch(self, collection: str, key: int | str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Deep-merge into a record. An object laid on a list addresses items by index."""
        return self._object("PATCH", f"state/{collection}/{key}", changes)

    def server(self, server_id: int) -> dict[str, Any]:
        """Return one server record."""
        return self.record("servers", server_id)

    def patch_server(self, server_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a server without the API, such as `{"resources": {"memory": 2048}}`."""
        return self.patch("servers", server_id, changes)

    def package(self, package_id: int) -> dict[str, Any]:
        """Return one package record."""
        return self.record("packages", package_id)

    def patch_package(self, package_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change a package without the API."""
        return self.patch("packages", package_id, changes)

    def advance(self, seconds: float) -> str:
        """Advance the virtual time and return it."""
        return str(self._object("POST", "clock", {"advance_s": seconds})["now"])

    def skew(self, seconds: float) -> None:
        """Set the panel's wall clock ahead of the client's by some seconds; behind if negative."""
        self._object("POST", "clock", {"skew_s": seconds})

    def follow_wall(self) -> None:
        """Set the virtual time to the wall clock and let it run from now on."""
        self._object("POST", "clock", {"follow_wall": True})

    def machines(self) -> dict[str, Any]:
        """Return port and user of the SSH servers, and the machines by server ID (option `ssh`)."""
        return self._object("GET", "machines")

    def machine(self, server_id: int, action: str) -> dict[str, Any]:
        """Do `renew_keys`, `foreign_keys`, `stop` or `start` to a machine, and return all machines."""
        return self._object("POST", f"machines/{server_id}", {"action": action})

    def read_only(self, enabled: bool = True) -> None:
        """Refuse and count every write from now on."""
        self.call("PUT", "read_only", {"enabled": enabled})

    def latency(self, ms: float) -> None:
        """Delay every panel request."""
        self.call("PUT", "latency", {"ms": ms})

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class Simulator:
    """Context manager around a simulator process.

    `python` names the interpreter that has the simulator's libraries; the default is the environment
    variable VPSFLEET_SIMULATOR_PYTHON, else the interpreter that runs the test.
    """

    def __init__(
        self,
        *,
        servers: int = 50,
        seed: int = 1,
        token: str = "sim-virtfusion-token",
        virtualizor_key: str = "sim-virtualizor-key",
        virtualizor_pass: str = "sim-virtualizor-pass",
        huaweicloud: Account | None = None,
        tls: bool = False,
        latency_ms: float = 0,
        switches: Mapping[str, Any] | None = None,
        ssh: bool = False,
        python: str | None = None,
    ) -> None:
        self.token = token
        self.virtualizor_key = virtualizor_key
        self.virtualizor_pass = virtualizor_pass
        self.huaweicloud = account = huaweicloud or Account()
        self.url = ""
        self.ca_file: str | None = None
        self._python = python or os.environ.get(PYTHON_VARIABLE) or sys.executable
        self._arguments = [
            f"--servers={servers}",
            f"--seed={seed}",
            f"--token={token}",
            f"--virtualizor-key={virtualizor_key}",
            f"--virtualizor-pass={virtualizor_pass}",
            *(
                f"--huaweicloud-{name.replace('_', '-')}={value}"
                for name, value in asdict(account).items()
            ),
            f"--latency-ms={latency_ms}",
            *(["--tls"] if tls else []),
            *(["--ssh"] if ssh else []),
            *(f"--switch={name}={value}" for name, value in (switches or {}).items()),
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._control: ControlClient | None = None
        self._directory: tempfile.TemporaryDirectory[str] | None = None

    @property
    def api_url(self) -> str:
        """Return the base of the VirtFusion API."""
        return f"{self.url}/api/v1"

    @property
    def virtualizor_url(self) -> str:
        """Return the address of the Virtualizor panel, below which `/index.php` is its API."""
        return self.url

    @property
    def huaweicloud_url(self) -> str:
        """Return the endpoint of all three Huawei Cloud services: IAM, CPH and BSS."""
        return self.url

    @property
    def huaweicloud_access_key(self) -> str:
        """Return the permanent access key; `huaweicloud` holds the other credentials."""
        return self.huaweicloud.access_key

    @property
    def huaweicloud_secret_key(self) -> str:
        """Return the secret key of the permanent pair."""
        return self.huaweicloud.secret_key

    @property
    def huaweicloud_token(self) -> str:
        """Return a token for the project, which does not expire."""
        return self.huaweicloud.token

    @property
    def huaweicloud_project_id(self) -> str:
        """Return the project that holds the servers."""
        return self.huaweicloud.project_id

    @property
    def control(self) -> ControlClient:
        """Return the client of the control path."""
        assert self._control is not None, "the simulator is not running"
        return self._control

    def start(self) -> Simulator:
        """Start the process and wait until it listens."""
        self._directory = tempfile.TemporaryDirectory(prefix="panel-simulator-")
        scratch = Path(self._directory.name)
        port_file = scratch / "port.json"
        with (scratch / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [
                    self._python,
                    "-m",
                    "tests.simulator",
                    "--quiet",
                    "--until-stdin-closes",
                    f"--port-file={port_file}",
                    f"--tls-dir={scratch}",
                    *self._arguments,
                ],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )
        atexit.register(self.stop)
        facts = self._wait_for(port_file)
        self.url, self.ca_file = facts["url"], facts["ca"]
        self._control = ControlClient(self.url, verify=self.ca_file or True)
        return self

    def stderr(self) -> str:
        """Return the standard error of the process. It is empty if all went well."""
        assert self._directory is not None, "the simulator is not running"
        return (Path(self._directory.name) / "stderr").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Stop the process; safe to call twice."""
        atexit.unregister(self.stop)
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._directory is not None:
            self._directory.cleanup()
            self._directory = None

    def __enter__(self) -> Simulator:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _wait_for(self, port_file: Path) -> dict[str, Any]:
        assert self._process is not None
        deadline = time.monotonic() + WATCHDOG_S
        while not port_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                output = self.stderr()
                self.stop()
                raise RuntimeError(f"the simulator did not start: {output}")
            time.sleep(0.01)
        facts: dict[str, Any] = json.loads(port_file.read_text(encoding="utf-8"))
        return facts
