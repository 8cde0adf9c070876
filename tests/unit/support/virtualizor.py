# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records as a Virtualizor panel sends them, and tasks on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.panel import VIRTUALIZOR
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    ScriptedBackend,
    Step,
    answer,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import (
    failure_of,
    play,
    with_defaults,
)

URL = "https://panel.example.com:4085"
KEY = "vz-key-0123456789"
PASS = "vz-pass-abcdefghij"
CONNECTION = {"api_url": "https://panel.example.com", "api_key": KEY, "api_pass": PASS}
_CREDENTIALS = ("api", "adminapikey", "adminapipass", "apikey")


class PanelScript(ScriptedBackend):
    """A scripted panel that removes the credentials from each request and records them."""

    def __init__(self, *steps: Step) -> None:
        super().__init__(*steps, base=f"{URL}/index.php?act=")
        self.authorised: list[dict[str, Any]] = []

    def send(self, request: Request) -> Response:
        self.authorised.append({k: v for k, v in request.query.items() if k in _CREDENTIALS})
        plain = {k: v for k, v in request.query.items() if k not in _CREDENTIALS}
        return super().send(replace(request, query=plain))


def options(spec: ArgumentSpec, **changes: Any) -> dict[str, Any]:
    """Return a module's options after argument validation."""
    return with_defaults(spec, **{**CONNECTION, **changes})


def run_task(
    work: type, spec: ArgumentSpec, *steps: Step, check_mode: bool = False, **changes: Any
) -> dict[str, Any]:
    """Run a task and return its result. Every expected request must be sent."""
    params = options(spec, **changes)
    return play(VIRTUALIZOR, PanelScript(*steps), work, params, check_mode=check_mode)


def fail_task(work: type, spec: ArgumentSpec, *steps: Step, **changes: Any) -> PanelError:
    """Run a task that must fail; return the error, which must not contain a credential."""
    failure = failure_of(run_task, work, spec, *steps, **changes)
    shown = str(failure.to_result())
    assert KEY not in shown
    assert PASS not in shown
    return failure


def read(act: str, reply: Any, query: Mapping[str, Any] | None = None) -> Step:
    """Expect a read. ``reply`` is a response or its content."""
    return Step("GET", act, _reply(reply), query)


def submit(act: str, reply: Any, body: Mapping[str, Any] | None = None) -> Step:
    """Expect a write."""
    return Step("POST", act, _reply(reply), body=body)


def for_module(*steps: Step) -> list[Step]:
    """Return the steps for the module runner: with full URLs, without queries."""
    return [
        replace(step, path=f"{URL}/index.php?act={step.path}", query=None, body=None)
        for step in steps
    ]


def _reply(value: Any) -> Reply:
    if isinstance(value, dict):
        return answer(200, {"title": "Page", **value, "timenow": 1738411200, "time_taken": "0.1"})
    return value


def listed(key: str, *records: Mapping[str, Any], by: str = "uplid") -> dict[str, Any]:
    """Return a list as PHP writes it: a map by ID, or ``[]`` if it is empty."""
    return {key: {record[by]: record for record in records} or []}


#: Limits with the same name in a record and in its form (virtualizor 2.3).
_ALIKE = {
    "inhouse_billing": "0",
    "max_cost": "0.00",
    "num_vs": "10",
    "num_users": "0",
    "space": "400",
    "ram": "16384",
    "burst": "0",
    "bandwidth": "2000",
    "cpu": "1000",
    "cores": "4",
    "cpu_percent": "0",
    "num_cores": "0",
    "num_ipv4": "10",
    "num_ipv6": "0",
    "num_ipv6_subnet": "0",
    "network_speed": "12800",
    "upload_speed": "-1",
    "service_period": "1",
    "band_suspend": "0",
}
#: Limits as a list shows them.
_LIMITS = {
    **_ALIKE,
    "type": "2",
    "aclid": "0",
    "dnsplid": "0",
    "allowed_virts": "kvm,lxc",
    "sg": "0,2",
    "mg": "3",
}
#: The same limits as a form takes them.
SUBMITTED_LIMITS = {
    **_ALIKE,
    "priority": "2",
    "acl_id": "0",
    "dnsplan_id": "0",
    "allowed_virts[]": ["kvm", "lxc"],
    "sgs[]": [0, 2],
    "mgs[]": [3],
}
#: Limits of newer panels only, under the same name in the form of a user plan.
NEWER = {
    "space_per_vm": "0",
    "num_ip_int": "0",
    "total_iops_sec": "0",
    "read_bytes_sec": "0",
    "write_bytes_sec": "0",
}


def user_plan(uplid: int = 5, name: str = "Reseller M", **changes: Any) -> dict[str, Any]:
    """Return a user plan as the list of a newer panel shows it."""
    own = {"uplid": str(uplid), "plan_name": name, "date_created": "1730638800"}
    return {**own, **_LIMITS, **NEWER, **changes}


def old_user_plan(uplid: int = 5, name: str = "Reseller M", **changes: Any) -> dict[str, Any]:
    """Return a user plan as the list of an older panel shows it."""
    record = user_plan(uplid, name)
    return {**{key: value for key, value in record.items() if key not in NEWER}, **changes}


def user(uid: int = 12, email: str = "ada@example.com", **changes: Any) -> dict[str, Any]:
    """Return a user as the list shows it, secrets included."""
    own = {"uid": str(uid), "email": email, "password": "FAKE-hash", "pid": "0", "uplid": "0"}
    names = 's:5:"fname";s:3:"Ada";s:5:"lname";s:7:"Lovelä";'
    rest = {
        "cur_bal": "12.50",
        "preferences": f'a:3:{{{names}s:8:"timezone";i:0;}}',
        "activation_code": "FAKE-code",
        "date_created": "1730635320",
    }
    return {**own, **_LIMITS, **rest, **changes}


def plans(*records: Mapping[str, Any]) -> Step:
    """Expect a read of the list of user plans."""
    return read("user_plans", listed("plans", *records))


def users(*records: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> Step:
    """Expect a read of the list of users."""
    return read("users", listed("users", *records, by="uid"), query)
