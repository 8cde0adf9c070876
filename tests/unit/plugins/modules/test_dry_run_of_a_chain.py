# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test a dry run of tasks that need objects which earlier tasks would create."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import NO_USER
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    Step,
    answer,
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import failure_of, play
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import options, page

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
USER = {"ext_relation_id": 1042}
SERVER = {"server_name": "web01"}
NOBODY = get("/users/1042/byExtRelation", NO_USER)
NO_SERVER = get("/servers", answer(200, page()))

#: The tasks after the one that creates the user, in their order, with their only request.
CHAIN: list[tuple[str, dict[str, Any], Step, str]] = [
    ("virtfusion_ssh_key", {**USER, "public_key": KEY, "name": "ops"}, NOBODY, "ssh_key"),
    (
        "virtfusion_server",
        {**SERVER, **USER, "package_id": 3, "hypervisor_group_id": 1},
        NOBODY,
        "server",
    ),
    ("virtfusion_server_build", {**SERVER, "template_id": 46}, NO_SERVER, "server"),
    ("virtfusion_server_firewall", {**SERVER, "enabled": True}, NO_SERVER, "firewall"),
    ("virtfusion_server_package", {**SERVER, "package_id": 3}, NO_SERVER, "server"),
    ("virtfusion_server_power", {**SERVER, "state": "running"}, NO_SERVER, "server"),
    ("virtfusion_server_ipv4", {**SERVER, "count": 2}, NO_SERVER, "ipv4"),
    (
        "virtfusion_server_whitelist",
        {**SERVER, "entries": ["192.0.2.0/24"]},
        NO_SERVER,
        "whitelist",
    ),
    ("virtfusion_server_traffic_block", {**SERVER, "traffic": 100}, NO_SERVER, "month"),
    ("virtfusion_server_password", {**SERVER}, NO_SERVER, "server"),
    ("virtfusion_server_vnc", {**SERVER, "enabled": True}, NO_SERVER, "vnc"),
    ("virtfusion_server_backup_access", {**SERVER, "access": "full"}, NO_SERVER, "backup_access"),
    ("virtfusion_selfservice_credit", {**USER, "tokens": 5.0}, NOBODY, "credit"),
    ("virtfusion_user_login", USER, NOBODY, "login"),
]


def _run(module: str, changes: dict[str, Any], *steps: Step, check_mode: bool) -> dict[str, Any]:
    loaded = import_module(f"ansible_collections.vpsfleet.panels.plugins.modules.{module}")
    params = options(loaded.ARGUMENTS, **changes)
    backend = ScriptedBackend(*steps)
    return play(VIRTFUSION, backend, loaded.MODULE.work, params, check_mode=check_mode)


def _steps(module: str, step: Step) -> list[Step]:
    return [NO_SERVER, step] if module == "virtfusion_server" else [step]


@pytest.mark.parametrize(("module", "changes", "step", "key"), CHAIN)
def test_the_chain_continues_with_a_warning(module, changes, step, key):
    result = _run(module, changes, *_steps(module, step), check_mode=True)
    assert (result["changed"], result["api_calls"]["write"]) == (True, 0)
    (warning,) = result["warnings"]
    assert "The prediction is that an earlier task creates it" in warning
    assert key in result
    for name in {"name", "public_key"} & set(result[key]) & set(changes):
        assert result[key][name] == changes[name]
    assert result[key].get("name", "web01") in ("web01", "ops")


@pytest.mark.parametrize(("module", "changes", "step", "key"), CHAIN)
def test_a_real_run_fails(module, changes, step, key):
    error = failure_of(_run, module, changes, *_steps(module, step), check_mode=False)
    assert error.code.value == "not_found"


@pytest.mark.parametrize(
    ("module", "changes", "step"),
    [
        (
            "virtfusion_server_firewall",
            {"server_id": 7, "enabled": True},
            get("/servers/7/firewall/primary", answer(404, {"msg": "server not found"})),
        ),
        (
            "virtfusion_server_firewall",
            {"server_uuid": "00000000-0000-4000-8000-000000000007", "enabled": True},
            NO_SERVER,
        ),
        ("virtfusion_server_firewall", {**SERVER, "enabled": True}, get("/servers", answer(404))),
        ("virtfusion_user_login", USER, get("/users/1042/byExtRelation", answer(404, "<html>"))),
        ("virtfusion_ssh_key", {**USER, "public_key": KEY, "state": "absent"}, NOBODY),
    ],
    ids=["by id", "by uuid", "wrong address", "page", "absent"],
)
def test_nothing_else_is_predicted(module, changes, step):
    error = failure_of(_run, module, changes, step, check_mode=True)
    assert error.code.value == "not_found"


def test_a_user_who_would_be_created_has_all_keys():
    new = {**USER, "name": "Ada", "email": "ada@example.com"}
    user = _run("virtfusion_user", new, NOBODY, check_mode=True)["user"]
    assert (user["state"], user["ext_relation_id"], user["name"]) == ("present", 1042, "Ada")
    assert user["id"] is None
    assert {"created", "self_service", "hourly_resource_pack"} <= set(user)
