# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A panel in memory for the actions of CI servers. A test can act between two of its requests."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.action import (
    virtfusion_ci_janitor,
    virtfusion_ci_server,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Request,
    Response,
    TransportFailure,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.ssh_client import (
    Ran,
    run_program,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import undocumented
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import BASE
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION, TOKEN

OWNER, STRANGER = 7, 2
ORDER = {
    "package_name": "Cloud 1",
    "template_name": "Debian 12",
    "hypervisor_group_id": 1,
    "wait_for_ssh": False,
}
Hook = Callable[[str, str], None]


class Killed(BaseException):
    """The end of the process that runs the action."""


class CiBackend:
    """The panel.

    :param clock: the controller's clock. The panel's is ahead of it by ``skew_s``.
    """

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.skew_s = 0.0
        self.servers: dict[int, dict[str, Any]] = {}
        self.keys: dict[int, dict[str, Any]] = {}
        self.packages = [
            {"id": 1, "name": "Cloud 1", "enabled": True, "memory": 1024, "cpuCores": 1},
            {"id": 2, "name": "Cloud 2", "enabled": True, "memory": 2048, "cpuCores": 2},
        ]
        self.templates = [{"id": 5, "name": "Debian", "version": "12", "variant": None, "arch": 1}]
        self.most: int | None = None
        self.free = 100
        self.polls = 2
        self.build_fails = False
        self.dated = True
        self.admin = False
        #: How a dry run ends; empty on a panel that ignores ``dryRun``.
        self.dry_run = "success"
        self.log: list[tuple[str, str]] = []
        #: Called before and after a request is executed.
        self.before: Hook = lambda _method, _path: None
        self.after: Hook = lambda _method, _path: None
        #: Returns the status and body with which a request is answered instead of being executed, or None.
        self.instead: Callable[[str, str], tuple[int, Any] | None] = lambda _method, _path: None
        #: Whether a key that the owner has is refused, under whatever name.
        self.refuses_duplicates = False
        #: The interface of all servers, if a test has an own one.
        self.interface: dict[str, Any] | None = None
        self._last = 100
        self._lock = threading.RLock()

    def add(self, name: str, owner: int = OWNER, age_s: float = 0, **more: Any) -> int:
        """Add a server and return its ID."""
        self._last += 1
        self.servers[self._last] = {
            "id": self._last,
            "name": name,
            "ownerId": owner,
            "created": self.stamp(-age_s),
            "commissionStatus": 0,
            "state": "allocated",
            "built": None,
            "protected": False,
            "polls": 0,
            **more,
        }
        return self._last

    def now(self) -> float:
        """Return the panel's time."""
        return self.clock.now + self.skew_s

    def stamp(self, seconds: float = 0) -> str:
        """Return the panel's time as the panel shows it."""
        moment = datetime.fromtimestamp(self.now() + seconds, timezone.utc)
        return moment.replace(microsecond=0).isoformat()

    def names(self, owner: int = OWNER) -> list[str]:
        """Return the names of a user's servers."""
        return sorted(row["name"] for row in self.servers.values() if row["ownerId"] == owner)

    def sent(self, method: str) -> list[str]:
        """Return the paths of the requests with a method."""
        return [path for each, path in self.log if each == method]

    def refuse(self, status: int, method: str, path: str, *, at: int = 0, times: int = 1) -> None:
        """Answer requests with a status instead of executing them.

        :param path: how the paths of the requests end.
        :param at: how many of them are executed before.
        :param times: how many of them are refused.
        """
        seen = itertools.count()
        self.instead = lambda each, place: (
            (status, {"msg": "no"})
            if each == method and place.endswith(path) and at <= next(seen) < at + times
            else None
        )

    def recover(self) -> None:
        """Execute all requests again."""
        self.instead = lambda _method, _path: None

    def close(self) -> None:
        """Do nothing."""

    def send(self, request: Request) -> Response:
        """Execute a request."""
        path = request.url.removeprefix(BASE)
        with self._lock:
            self.log.append((request.method, path))
            self.before(request.method, path)
            status, body = self.instead(request.method, path) or self._execute(request, path)
            self.after(request.method, path)
            moment = datetime.fromtimestamp(int(self.now()), timezone.utc)
            date = {"date": format_datetime(moment, usegmt=True)} if self.dated else {}
            return Response(status, date, b"" if body is None else json.dumps(body).encode())

    def _execute(self, request: Request, path: str) -> tuple[int, Any]:
        method, body = request.method, request.body or {}
        if path == "/users/ci/byExtRelation":
            return 200, {"data": {"id": OWNER, "name": "CI", "admin": self.admin}}
        if path.endswith("/byExtRelation"):
            return 404, {"msg": "ext_relation_id not found"}
        if path == "/packages":
            return 200, {"data": self.packages}
        if path.startswith("/media/templates") or path.endswith("/templates"):
            return 200, {"data": [{"id": 1, "name": "Debian", "templates": self.templates}]}
        if path.endswith("/resources"):
            free = {"max": 100, "allocated": 0, "free": self.free, "percent": 0}
            row = {"hypervisor": {"id": 1, "enabled": True}, "resources": {"servers": free}}
            return 200, {"data": [row], "last_page": 1, "total": 1}
        if path.startswith("/ssh_keys"):
            return self._keys(method, path, body)
        if path == "/servers" and method == "GET":
            rows = [{**row, "owner": row["ownerId"]} for row in self.servers.values()]
            return 200, {"data": rows, "last_page": 1, "total": len(rows)}
        if path == f"/servers/user/{OWNER}":
            mine = [row for row in self.servers.values() if row["ownerId"] == OWNER]
            return 200, {"data": [{**row, "created": None} for row in mine]}
        if path == "/servers":
            return self._create(request, body)
        return self._one(method, path, body)

    def _keys(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        if method == "POST":
            known = {key["publicKey"] for key in self.keys.values()}
            if self.refuses_duplicates and body["publicKey"] in known:
                return 422, {"errors": ["Public key already exists"]}
            self._last += 1
            key = {"id": self._last, "publicKey": body["publicKey"], "name": body["name"]}
            self.keys[self._last] = {**key, "enabled": True, "created": self.stamp()}
            return 201, {"data": key}
        if method == "DELETE":
            key_id = int(path.rpartition("/")[2])
            if self.keys.pop(key_id, None) is None:
                return 404, {"msg": "ssh key not found"}
            return 204, None
        return 200, {"data": list(self.keys.values())}

    def _create(self, request: Request, body: Any) -> tuple[int, Any]:
        mine = [row for row in self.servers.values() if row["ownerId"] == body["userId"]]
        if self.most is not None and len(mine) >= self.most:
            return 422, {"errors": ["server limit reached"]}
        if "dryRun" in request.query and self.dry_run:
            return 200, {"data": {"dryRun": self.dry_run}}
        (package,) = (each for each in self.packages if each["id"] == body["packageId"])
        size = {name: package[name] for name in ("memory", "cpuCores")}
        number = self.add("", body["userId"], settings={"resources": size})
        return 201, {"data": self.servers[number]}

    def _one(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        match = re.fullmatch(r"/servers/(\d+)(/.*)?", path)
        assert match, f"not expected: {method} {path}"
        server = self.servers.get(int(match[1]))
        if server is None:
            return 404, {"msg": "server not found"}
        if method == "DELETE":
            del self.servers[server["id"]]
            return 204, None
        if match[2] == "/modify/name":
            server["name"] = body["name"]
            return 201, None
        if match[2] == "/build":
            assert body["sshKeys"][0] in self.keys
            server["name"] = body.get("name", "")
            server.update(commissionStatus=1, state="queued", polls=self.polls)
            settings = {"osTemplateInstallId": body["operatingSystemId"]}
            server["settings"] = {**server.get("settings", {}), **settings}
            return 200, {"data": self._view(server)}
        assert method == "GET"
        assert match[2] is None
        self._poll(server)
        return 200, {"data": self._view(server)}

    def _poll(self, server: dict[str, Any]) -> None:
        if server["commissionStatus"] == 1:
            server["polls"] -= 1
            if server["polls"] < 0 and self.build_fails:
                server.update(commissionStatus=2, state="failed")
            elif server["polls"] < 0:
                server.update(commissionStatus=3, state="complete", built=self.stamp())

    def _view(self, server: dict[str, Any]) -> dict[str, Any]:
        address = {"address": f"192.0.2.{server['id'] % 250}"}
        active = server["commissionStatus"] == 1
        network = {"interfaces": [self.interface or {"ipv4": [address], "ipv6": []}]}
        return {**server, "tasks": {"active": active}, "network": network}


class CiActions:
    """Runs the actions in this process against a panel in memory.

    :param folder: for journals, locks and keys.
    """

    def __init__(self, folder: Any) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.panel = CiBackend(self.clock)
        self.lines: list[str] = []
        self.stop = Stop()

    def run(self, module: Any, name: str, *, check_mode: bool = False, **options: Any) -> Any:
        """Run an action and return its result. Each key must be documented."""
        ours = {"relation_string": "ci", "state_dir": str(self.folder / "state"), "retries": 0}
        given = {**CONNECTION, **ours, **options}
        checked = TaskOptions(module.arguments, given, name)
        assert checked.mistake is None, checked.mistake
        result, failed = module.execute(
            checked.params,
            check_mode=check_mode,
            show=self.lines.append,
            stop=self.stop,
            clock=self.clock,
            backend=self.panel,
        )
        assert TOKEN not in json.dumps(result)
        assert failed is ("failure" in result), result
        assert list(undocumented(name, result)) == [], "add these keys to RETURN"
        return SimpleNamespace(**{"failure": None, **result, "all": result})

    def server(self, pipeline: str | None = "4711", **options: Any) -> Any:
        """Provide or tear down the servers of a pipeline."""
        order = {} if options.get("state") == "absent" else ORDER
        given = {"output_dir": str(self.folder / "out"), **order, **options}
        module = virtfusion_ci_server.ActionModule.FLEET
        return self.run(module, "virtfusion_ci_server", pipeline=pipeline, **given)

    def sweep(self, **options: Any) -> Any:
        """Run the janitor, which deletes."""
        given = {"dry_run": False, "min_age": 0, **options}
        return self.run(virtfusion_ci_janitor.ActionModule.FLEET, "virtfusion_ci_janitor", **given)


def lost() -> TransportFailure:
    """Return the failure of a request whose response was lost."""
    return TransportFailure("the connection was lost", sent=True)


class KeygenOnce:
    """Stands in for ``ssh-keygen``: it starts the program for the first key pair and copies that afterwards."""

    def __init__(self) -> None:
        self._pair: tuple[bytes, bytes] | None = None
        self._shown: dict[bytes, Ran] = {}

    def __call__(self, words: Sequence[str], timeout_s: float) -> Ran:
        """Make a key pair, or show the public key, as ``run_program`` does."""
        path = Path(words[-1])
        public = path.with_name(f"{path.name}.pub")
        if "-y" in words:
            content = path.read_bytes()
            if content not in self._shown:
                self._shown[content] = run_program(words, timeout_s)
            return self._shown[content]
        if self._pair is None:
            ran = run_program(words, timeout_s)
            self._pair = path.read_bytes(), public.read_bytes()
            return ran
        path.touch(0o600)
        path.write_bytes(self._pair[0])
        public.write_bytes(self._pair[1])
        return Ran(0, "", "")


def new_key(path: Path, passphrase: str = "") -> bytes:
    """Make a private key as an operator does, and return the content of its file."""
    path.parent.mkdir(exist_ok=True)
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)]
    subprocess.run(words, check=True)
    return path.read_bytes()
