# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each way to name a server or a user, in every VirtFusion module that has it."""

from __future__ import annotations

import importlib
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import public_key
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import MODULES
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import BASE, answer
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import failure_of
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import options, page, row

PLACE = "ansible_collections.vpsfleet.panels.plugins.modules"

#: Further required options, so that a module sends its first request.
BESIDES: dict[str, dict[str, Any]] = {
    "virtfusion_selfservice_credit": {"tokens": 5},
    "virtfusion_selfservice_hourly_resource_pack": {"hourly_resource_pack": 1},
    "virtfusion_selfservice_profile": {"type": "hourly", "profile_ids": [1]},
    "virtfusion_selfservice_resource_pack": {"create": True, "template_id": 9},
    "virtfusion_server": {"state": "absent"},
    "virtfusion_server_backup_access": {"access": "full"},
    "virtfusion_server_build": {"template_id": 5},
    "virtfusion_server_custom_xml": {"domain": "<a/>"},
    "virtfusion_server_firewall": {"enabled": True},
    "virtfusion_server_ipv4": {"count": 1},
    "virtfusion_server_package": {"package_id": 3},
    "virtfusion_server_power": {"state": "running"},
    "virtfusion_server_traffic_block": {"traffic": 100},
    "virtfusion_server_vnc": {"enabled": True},
    "virtfusion_server_whitelist": {"entries": ["192.0.2.1/32"]},
    "virtfusion_ssh_key": {"public_key": public_key(), "name": "laptop"},
}
#: A server that is not in the list, so that its owner is looked for.
MAKING = {"server_name": "new", "state": "present", "package_id": 3, "hypervisor_group_id": 2}


class LockedPanel:
    """A panel that shows the list of its servers, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def send(self, request: Request) -> Response:
        if request.url == f"{BASE}/servers":
            return answer(200, page(row(6, "web00"), row(7, "web01"), row(8, "web02")))
        self.asked.append(request)
        return answer(401, {"message": "Unauthenticated."})

    def close(self) -> None:
        pass


def having(option: str) -> list[str]:
    """The modules that have an option."""
    ours = [name for name in MODULES if name.startswith("virtfusion_")]
    found = [name for name in ours if option in spec_of(name).options]
    assert found, f"no module has {option}"
    return found


def spec_of(name: str) -> Any:
    return module(name).ARGUMENTS


def module(name: str) -> Any:
    return importlib.import_module(f"{PLACE}.{name}")


def asked_for(name: str, **named: Any) -> Request:
    """Return the first request of a module with this name option.

    :raises LookupError: the module sends none.
    """
    panel = LockedPanel()
    params = options(spec_of(name), **{**BESIDES.get(name, {}), **named})
    failure = failure_of(
        run, VIRTFUSION, module(name).MODULE.work, params, clock=FakeClock(), backend=panel
    )
    if failure.code.value != "auth":
        raise LookupError(f"{named}: {failure.msg}")
    return panel.asked[0]


def test_a_server_is_the_same_by_id_by_name_and_by_uuid():
    different = []
    for name in having("server_uuid"):
        try:
            by_id = asked_for(name, server_id=7)
            by_name = asked_for(name, server_name="web01")
            by_uuid = asked_for(name, server_uuid="00000000-0000-4000-8000-000000000007")
        except LookupError as error:
            different.append(f"{name}: {error}")
            continue
        if "/7" not in by_id.url or not by_name == by_uuid == by_id:
            different.append(f"{name}: {by_id.url} {by_name.url} {by_uuid.url}")
    refuse(
        different,
        "Find the same server by its ID, its name and its UUID, with find_server_id. If a module has"
        " further required options, add values to BESIDES in this file:",
    )


def test_a_user_by_number_equals_a_user_by_string_except_for_the_query():
    different = []
    for name in having("relation_string"):
        made = MAKING if name == "virtfusion_server" else {}
        try:
            by_number = asked_for(name, ext_relation_id=1042, **made)
            by_string = asked_for(name, relation_string="acme/eu west", **made)
        except LookupError as error:
            different.append(f"{name}: {error}")
            continue
        same = (
            "relStr" not in by_number.query
            and dict(by_string.query) == {**by_number.query, "relStr": "true"}
            and by_string.url == by_number.url.replace("1042", "acme%2Feu%20west")
            and by_string.url != by_number.url
        )
        if not same:
            different.append(f"{name}: {by_number.url} {by_string.url} {dict(by_string.query)}")
    refuse(
        different,
        "Ask for a user by string with relStr, and with the string quoted. If a module has further"
        " required options, add values to BESIDES in this file:",
    )
