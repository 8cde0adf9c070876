# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that only the panel's message proves that an object is absent (virtfusion 1.3)."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.panel import VIRTUALIZOR
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    ScriptedBackend,
    Step,
    answer,
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import failure_of, play
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import options
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    options as virtualizor_options,
)

#: Responses of a wrong path, a proxy or another service.
FOREIGN: list[Reply] = [
    answer(404),
    answer(404, "<html><h1>404 Not Found</h1></html>"),
    answer(404, "404 page not found"),
    answer(404, "[]"),
    answer(404, "null"),
    answer(404, "{}"),
    answer(404, {"message": "The route api/v2/servers/7 could not be found."}),
    answer(404, {"message": ""}),
    answer(404, {"msg": ""}),
    answer(404, {"msg": "route not found"}),
    answer(404, {"errors": []}),
    answer(404, {"errors": ["no upstream"]}),
    answer(404, {"error": "not found"}),
    answer(404, {"code": 404, "msg": "not found"}),
    answer(404, {"detail": "Not Found"}),
]
#: How the panel reports a missing object.
OWN: list[Reply] = [
    answer(404, {"msg": "server not found"}),
    answer(404, {"msg": "ext_relation_id not found"}),
    answer(404, {"msg": "Resource pack not found."}),
    answer(404, {"errors": ["the user does not exist"]}),
    answer(404, {"message": "No query results for model [App\\Models\\Server] 7"}),
]

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

#: Modules that can conclude absence from a read, with their options and their first request.
ABSENT: list[tuple[str, dict[str, Any], str]] = [
    ("virtfusion_server", {"server_id": 7, "state": "absent"}, "/servers/7"),
    ("virtfusion_server", {"server_name": "web01", "state": "absent"}, "/servers"),
    (
        "virtfusion_user",
        {"ext_relation_id": 7, "state": "absent", "force": True},
        "/users/7/byExtRelation",
    ),
    (
        "virtfusion_ssh_key",
        {
            "user_id": 4,
            "state": "absent",
            "public_key": KEY,
        },
        "/ssh_keys/user/4",
    ),
    (
        "virtfusion_selfservice_resource_pack",
        {"pack_id": 5, "state": "absent"},
        "/selfService/resourcePack/5",
    ),
    (
        "virtfusion_selfservice_resource_pack_servers",
        {"pack_id": 5, "state": "absent"},
        "/selfService/resourcePack/5",
    ),
    (
        "virtfusion_server_traffic_block",
        {"server_id": 7, "block_id": 3, "state": "absent"},
        "/servers/7/traffic/blocks",
    ),
    (
        "virtfusion_server_whitelist",
        {"server_id": 7, "entries": ["192.0.2.0/24"], "state": "absent"},
        "/servers/7",
    ),
    (
        "virtfusion_server_ipv4",
        {"server_id": 7, "addresses": ["192.0.2.7"], "state": "absent"},
        "/servers/7",
    ),
]


def _run(module: str, changes: dict[str, Any], *steps: Any) -> dict[str, Any]:
    loaded = import_module(f"ansible_collections.vpsfleet.panels.plugins.modules.{module}")
    params = options(loaded.ARGUMENTS, **changes)
    return play(VIRTFUSION, ScriptedBackend(*steps), loaded.MODULE.work, params)


@pytest.mark.parametrize("reply", FOREIGN, ids=lambda reply: str(reply.content))
@pytest.mark.parametrize(("module", "changes", "path"), ABSENT)
def test_a_foreign_404_never_means_absent(module, changes, path, reply):
    error = failure_of(_run, module, changes, get(path, reply))
    assert (error.code.value, error.http_status, error.absent) == ("not_found", 404, False)
    assert "check api_url" in error.msg


@pytest.mark.parametrize("reply", OWN, ids=lambda reply: str(reply.content))
@pytest.mark.parametrize(
    ("module", "changes", "path"),
    [
        row
        for row in ABSENT
        if row[0]
        in ("virtfusion_server", "virtfusion_user", "virtfusion_selfservice_resource_pack")
        and row[2] != "/servers"
    ],
)
def test_the_panels_message_means_absent(module, changes, path, reply):
    assert _run(module, changes, get(path, reply))["changed"] is False


@pytest.mark.parametrize("reply", [*FOREIGN, *OWN], ids=lambda reply: str(reply.content))
@pytest.mark.parametrize(
    ("module", "changes", "path"),
    [
        ("virtfusion_connection_info", {}, "/connect"),
        ("virtfusion_package_info", {}, "/packages"),
        ("virtfusion_server_info", {}, "/servers"),
        ("virtfusion_server", {"server_name": "web01", "state": "absent"}, "/servers"),
    ],
)
def test_a_404_of_a_list_means_a_wrong_address(module, changes, path, reply):
    error = failure_of(_run, module, changes, get(path, reply))
    assert not error.absent
    assert "check api_url" in error.msg


@pytest.mark.parametrize("reply", FOREIGN, ids=lambda reply: str(reply.content))
def test_credit_counts_as_cancelled_only_if_the_panel_confirms_it(reply):
    step = Step("DELETE", "/selfService/credit/9", reply)
    error = failure_of(
        _run, "virtfusion_selfservice_credit", {"state": "cancelled", "credit_id": 9}, step
    )
    assert "check api_url" in error.msg


@pytest.mark.parametrize("reply", [*FOREIGN, *OWN], ids=lambda reply: str(reply.content))
def test_virtualizor_never_reports_absence_by_404(reply):
    loaded = import_module(
        "ansible_collections.vpsfleet.panels.plugins.modules.virtualizor_user_plan"
    )
    params = virtualizor_options(loaded.ARGUMENTS, state="absent", user_plan_id=3)

    class Everywhere:
        def send(self, request: Any) -> Any:
            return reply

        def close(self) -> None:
            pass

        def assert_finished(self) -> None:
            pass

    error = failure_of(play, VIRTUALIZOR, Everywhere(), loaded.MODULE.work, params)
    assert not error.absent
    assert "check api_url" in error.msg


def test_only_the_listed_files_compare_the_code_not_found():
    compared = re.compile(r"code (?:is|is not|==|!=) Code\.NOT_FOUND")
    files = [
        str(path.relative_to(TOP))
        for path in (TOP / "plugins").rglob("*.py")
        if compared.search(path.read_text(encoding="utf-8"))
    ]
    assert files == [
        "plugins/module_utils/_core/errors.py",
        "plugins/module_utils/_core/session.py",
    ]
