# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet role and its playbooks: every option of the bulk actions can be set, by its own name."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.fleet_module import (
    FleetModule,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import PACE
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import COLLECTION, TOP

ROLE = TOP / "roles" / "vps_fleet"
SPECS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())[
    "argument_specs"
]
#: The bulk action of each panel.
ACTIONS = {
    "virtfusion": "virtfusion_server_packages",
    "virtualizor": "virtualizor_vps_plans",
    "huaweicloud": "huaweicloud_cph_server_flavors",
}
each_panel = pytest.mark.parametrize("panel", ACTIONS)


def _fleet(panel: str) -> FleetModule[Any]:
    place = f"ansible_collections.{COLLECTION}.plugins.action.{ACTIONS[panel]}"
    fleet: FleetModule[Any] = importlib.import_module(place).ActionModule.FLEET
    return fleet


@each_panel
def test_the_playbook_of_a_panel_passes_every_option_on_under_its_name(panel):
    fleet = _fleet(panel)
    (play,) = yaml.safe_load((TOP / "playbooks" / f"{fleet.playbook}.yml").read_text())
    variables = play["vars"]
    assert variables["vps_fleet_panel"] == panel
    passed: list[str] = []
    for dictionary, spec in (
        ("vps_fleet_target", fleet.target),
        ("vps_fleet_servers", fleet.selection),
        ("vps_fleet_options", fleet.manner),
    ):
        assert variables[dictionary] == {
            option: f"{{{{ vps_fleet_{option} | default('') }}}}" for option in spec.options
        }
        passed += [f"vps_fleet_{option}" for option in spec.options]
    assert sorted(variables["vps_fleet__playbook_variables"]) == sorted(passed)


@each_panel
def test_no_option_has_the_name_of_a_variable_of_the_role(panel):
    fleet = _fleet(panel)
    options = {*fleet.target.options, *fleet.selection.options, *fleet.manner.options}
    variables = {
        name.removeprefix("vps_fleet_") for spec in SPECS.values() for name in spec["options"]
    }
    assert options.isdisjoint(variables)


@each_panel
def test_each_step_of_a_panel_uses_its_bulk_action(panel):
    (task,) = yaml.safe_load((ROLE / "tasks" / f"{panel}.yml").read_text())
    action = f"{COLLECTION}.{ACTIONS[panel]}"
    assert action in task
    assert list(task["module_defaults"]) == [action]


def test_what_sets_the_pace_can_be_set_wherever_something_is_changed():
    for entry in ("main", "resume", "rollback"):
        assert {f"vps_fleet_{name}" for name in PACE} <= set(SPECS[entry]["options"])


def test_the_role_reads_no_message_back():
    for path in (ROLE / "tasks").glob("*.yml"):
        text = path.read_text() + (ROLE / "vars" / "main.yml").read_text()
        assert not re.search(r"\bis (search|match|regex)\b|regex_search|regex_findall", text)
