# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module, from its arguments to its result."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    CONNECTION,
    KEY,
    PASS,
    for_module,
    plans,
    submit,
    user_plan,
)

NAME = "virtualizor_user_plan"
ARGS = {**CONNECTION, "plan_name": "Reseller M"}


def test_a_plan_is_changed(modules):
    done = submit("edituser_plans&uplid=5", {"done": True})
    steps = for_module(plans(user_plan()), done, plans(user_plan(ram="1")))
    result = modules.run(NAME, *steps, **ARGS, ram=1)
    assert result["changed"] is True
    assert result["user_plan"]["ram"] == 1
    assert set(result) >= {"changes", "refused", "diff", "api_calls"}
    assert modules.network["limits"].timeout_s == 60


def test_check_mode_only_reads(modules):
    steps = for_module(plans())
    result = modules.run(NAME, *steps, check_mode=True, **ARGS, priority=0)
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 0


def test_consequences_are_warnings(modules):
    modules.run(NAME, *for_module(plans(user_plan())), check_mode=True, **ARGS, priority=1, sgs=[])
    assert len(modules.warnings) == 2


def test_no_credential_is_in_a_failure(modules):
    message = {"error": [f"who is {KEY}?", f"/index.php?act=x&adminapipass={PASS}"]}
    (step,) = for_module(plans())
    result = modules.run(NAME, Step("GET", step.path, answer(200, message)), **ARGS)
    assert result["failure"]["code"] == "refused"
    assert KEY not in str(result)
    assert PASS not in str(result)


@pytest.mark.parametrize("name", ["API_URL", "API_KEY", "API_PASS", "API_AUTH", "TIMEOUT"])
def test_the_connection_can_come_from_the_environment(modules, monkeypatch, name):
    values = {"API_URL": CONNECTION["api_url"], "API_KEY": KEY, "API_PASS": PASS}
    monkeypatch.setenv(f"VIRTUALIZOR_{name}", {**values, "API_AUTH": "both", "TIMEOUT": "5"}[name])
    options = {key: value for key, value in CONNECTION.items() if key != name.lower()}
    steps = for_module(plans(user_plan()))
    result = modules.run(NAME, *steps, **options, plan_name="Reseller M", ram=16384)
    assert result["changed"] is False
    assert str(modules.params[name.lower()]) in (*values.values(), "both", "5")


@pytest.mark.parametrize("missing", ["api_url", "api_pass"])
def test_a_connection_needs_its_parts(modules, missing):
    options = {key: value for key, value in ARGS.items() if key != missing}
    assert f"missing required arguments: {missing}" in modules.run(NAME, **options)["msg"]


def test_a_pair_needs_its_key(modules):
    options = {key: value for key, value in ARGS.items() if key != "api_key"}
    result = modules.run(NAME, **options)
    assert result["failure"]["code"] == "validation"
    assert "VIRTUALIZOR_API_KEY" in result["msg"]
