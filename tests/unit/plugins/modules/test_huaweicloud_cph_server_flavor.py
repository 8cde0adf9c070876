# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import importlib
import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    BSS,
    CHANGE,
    NEW,
    OLD,
    ORDERS,
    PROJECT,
    REGION,
    SERVER_ID,
    SHOW,
    TOKEN,
    flavors,
    get,
    open_orders,
    order,
    post,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import PLACE, module_arguments
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend, answer

NAME = "huaweicloud_cph_server_flavor"
WHERE = {"region": REGION, "project_id": PROJECT, "auth_token": TOKEN}
WISH = {"server_id": SERVER_ID, "server_model_name": NEW[0], "phone_model_name": NEW[1]}
BLIND = {"ignore_open_orders": True}
STEPS = (
    get(SHOW, server()),
    *flavors(),
    get(SHOW, server()),
    post(CHANGE, {"order_id": "CS1"}),
)


@pytest.fixture
def flavor(capsys, monkeypatch, modules):
    """Return what runs the module against a script and returns its result."""
    for option in CONNECTION.options.values():
        for variable in option.get("env", ()):
            monkeypatch.delenv(variable, raising=False)

    def run(*steps, check_mode=False, **options):
        backend = ScriptedBackend(*steps, base="")
        monkeypatch.setattr(runner, "RequestsBackend", lambda **_settings: backend)
        module = importlib.import_module(f"{PLACE}.{NAME}")
        with (
            module_arguments({**options, "_ansible_check_mode": check_mode}),
            pytest.raises(SystemExit) as ended,
        ):
            module.main()
        result = json.loads(capsys.readouterr().out)
        assert bool(ended.value.code) is bool(result.get("failed"))
        backend.assert_finished()
        assert TOKEN not in json.dumps({**result, "invocation": None})
        return result

    run.warnings = modules.warnings
    return run


def test_a_flavor_is_changed(flavor):
    result = flavor(*STEPS, get(SHOW, server(flavor=NEW)), **WHERE, **WISH, **BLIND)
    assert result["changed"] is True
    assert result["server"]["server_model_name"] == NEW[0]
    assert result["diff"]["before"]["server_model_name"] == OLD[0]
    assert set(result) >= {"order_id", "pending_payment", "phone_model", "changes", "api_calls"}


def test_check_mode_only_reads(flavor):
    result = flavor(*STEPS[:3], check_mode=True, **WHERE, **WISH, **BLIND)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_an_unpaid_order_is_a_warning(flavor):
    orders = {"bss_endpoint": BSS}
    read = get(f"{ORDERS}/details/CS1", {"order_info": order("CS1", 6)})
    steps = (*STEPS[:3], *open_orders(), *open_orders(), *STEPS[3:], get(SHOW, server()), read)
    result = flavor(*steps, **WHERE, **WISH, **orders)
    assert (result["ordered"], result["pending_payment"]) == (True, True)
    (warning,) = flavor.warnings
    assert "the flavor does not change before it is paid" in warning
    assert "warnings" not in result


def test_a_failure_is_one_sentence_and_a_code(flavor):
    gone = answer(404, {"error_code": "CPS.0015", "error_msg": "no server", "request_id": "r1"})
    result = flavor(get(SHOW, gone), **WHERE, **WISH)
    assert result["failure"]["code"] == "not_found"
    assert result["msg"] == (
        f"Cannot read cloud phone server {SERVER_ID}: no server [CPS.0015, request r1]"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"server_name": "farm-1"}, "mutually exclusive"),
        ({"server_id": None}, "one of the following is required"),
        ({"phone_model_name": None}, "missing required arguments: phone_model_name"),
        ({"region": None}, "missing required arguments: region"),
        ({"precheck": "maybe"}, "value of precheck must be one of"),
        ({"wait_timeout": "soon"}, "wait_timeout"),
    ],
)
def test_ansible_refuses_wrong_options(flavor, options, words):
    given = {name: v for name, v in {**WHERE, **WISH, **options}.items() if v is not None}
    result = flavor(**given)
    assert words in result["msg"]
    assert "api_calls" not in result
    assert result["failure"]["code"] == "validation"


def test_the_connection_comes_from_the_environment(flavor, monkeypatch):
    monkeypatch.setenv("HW_REGION_NAME", REGION)
    monkeypatch.setenv("OS_PROJECT_ID", PROJECT)
    monkeypatch.setenv("HW_AUTH_TOKEN", TOKEN)
    assert flavor(get(SHOW, server(flavor=NEW)), **WISH)["changed"] is False


def test_what_the_task_sets_goes_before_the_environment(flavor, monkeypatch):
    monkeypatch.setenv("HW_ACCESS_KEY", "AKENVIRONMENT")
    monkeypatch.setenv("HW_SECRET_KEY", "SKENVIRONMENT")
    assert flavor(get(SHOW, server(flavor=NEW)), **WHERE, **WISH)["changed"] is False
