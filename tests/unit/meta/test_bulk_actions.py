# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk actions: documented as they are, and the same change as in the single module."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.fleet_module import (
    FleetModule,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import ItemOutcome
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    ARGUMENTS as FLEET,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet_action import FleetAction
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    COLLECTION,
    PAGES,
    TOP,
    constant,
    documentation,
    module_file,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel, fleet_run

#: Each bulk action with the single module whose plural it is.
TWINS = {
    "huaweicloud_cph_server_flavors": "huaweicloud_cph_server_flavor",
    "virtfusion_server_packages": "virtfusion_server_package",
    "virtualizor_vps_plans": "virtualizor_vps_plan",
}
BULK = sorted(set(PAGES) - {"direct"})
RUNTIME = yaml.safe_load((TOP / "meta" / "runtime.yml").read_text(encoding="utf-8"))

each_action = pytest.mark.parametrize("name", BULK)


def _fleet(name: str) -> FleetModule[Any]:
    place = f"ansible_collections.{COLLECTION}.plugins.action.{name}"
    action = importlib.import_module(place).ActionModule
    assert issubclass(action, FleetAction)
    return action.FLEET


def _options(name: str) -> dict[str, Any]:
    return dict(_fleet(name).arguments.options)


def _spoken(option: dict[str, Any], key: str) -> Any:
    defaults = {"type": "str", "required": False, "choices": [], "aliases": []}
    value = option.get(key, defaults.get(key))
    return list(value) if isinstance(value, (list, tuple)) else value


def test_each_bulk_action_has_a_twin():
    assert sorted(TWINS) == BULK


@each_action
def test_an_action_is_in_its_group_and_goes_by_its_own_name(name):
    assert name in RUNTIME["action_groups"][name.split("_")[0]]
    assert name not in RUNTIME["plugin_routing"]["modules"]


@each_action
def test_the_documented_options_are_the_options(name):
    docs, options = documentation(name)["options"], _options(name)
    assert sorted(docs) == sorted(options)
    for key in ("type", "elements", "required", "default", "choices", "aliases"):
        message = {option: _spoken(docs[option], key) for option in options}
        assert message == {option: _spoken(options[option], key) for option in options}
    for option, about in docs.items():
        for sentence in about["description"]:
            assert sentence.rstrip().endswith("."), option


@each_action
def test_the_change_is_that_of_the_single_module(name):
    place = f"ansible_collections.{COLLECTION}.plugins.modules.{TWINS[name]}"
    single = importlib.import_module(place).ARGUMENTS.options
    bulk = _options(name)
    which = {"server_id", "server_uuid", "server_name"}  # VirtFusion
    which |= {"vps_id", "vps_uuid", "vps_name", "hostname"}  # Virtualizor
    which |= {"server_model_name", "phone_model_name"}  # Huawei Cloud: a rollback needs none
    assert {option: bulk[option] for option in set(single) - which} == {
        option: rule for option, rule in single.items() if option not in which
    }
    assert set(FLEET.options) <= set(bulk)


@each_action
def test_the_examples_are_tasks_that_would_run(name):
    options = set(_options(name))
    used = 0
    for task in yaml.safe_load(constant(module_file(name), "EXAMPLES")):
        given = task.get(f"{COLLECTION}.{name}")
        used += given is not None
        assert set(given or {}) <= options
    assert used


@each_action
def test_the_documented_results_are_the_results(name, tmp_path):
    docs = yaml.safe_load(constant(module_file(name), "RETURN"))
    result = fleet_run(ToyPanel([1]), tmp_path)
    assert sorted({*result, "failure"} - {"changed", "warnings"}) == sorted(docs)
    row = {**result["results"][0], **dict.fromkeys(_fleet(name).change.details)}
    assert sorted(docs["results"]["contains"]) == sorted(row)
    assert sorted(docs["totals"]["sample"]) == sorted(result["totals"])
    assert sorted(docs["failure"]["sample"]) == sorted(PanelError(Code.LOCKED, "x").failure())
    for outcome in ItemOutcome:
        assert f"V({outcome.value})" in " ".join(
            docs["results"]["contains"]["outcome"]["description"]
        )
    for reason in Reason:
        assert f"V({reason.value})" in " ".join(docs["stopped"]["description"])


@each_action
def test_an_action_has_a_unit_test_and_an_integration_target(name):
    tests = TOP / "tests"
    assert (tests / "unit" / "plugins" / "action" / f"test_{name}.py").is_file()
    assert (tests / "integration" / "targets" / name / "tasks" / "main.yml").is_file()
