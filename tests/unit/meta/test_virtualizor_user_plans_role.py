# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role that hands a list of entries to a module takes all that the module takes."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.vpsfleet.panels.plugins.filter.user_plan_export import VALUES
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.modules.virtualizor_user_plan import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

ROLE = TOP / "roles/virtualizor_user_plans"
OPTIONS = {
    name: option for name, option in ARGUMENTS.options.items() if name not in CONNECTION.options
}


@pytest.fixture(scope="module")
def entry():
    specs = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
    return specs["main"]["options"]["virtualizor_user_plans_plans"]["options"]


def test_an_entry_has_the_options_of_the_module(entry):
    assert set(entry) == set(OPTIONS)


def test_an_option_of_an_entry_equals_the_option_of_the_module(entry):
    found = (
        f"{name} has {key}: {entry[name].get(key)!r}, the module has {option.get(key)!r}"
        for name, option in OPTIONS.items()
        for key in ("type", "elements", "choices")
        if entry[name].get(key) != option.get(key)
    )
    refuse(found, "Correct meta/argument_specs.yml of the role:")


def test_each_option_is_handed_on():
    (task,) = yaml.safe_load((ROLE / "tasks/user_plans.yml").read_text())
    given = task["vpsfleet.panels.virtualizor_user_plan"]
    assert set(given) == set(OPTIONS)
    assert all(f"__entry.{name} " in value for name, value in given.items())


def test_an_export_has_each_value_that_can_be_set():
    assert set(VALUES) == set(OPTIONS) - {"user_plan_id", "plan_name", "state", "force"}
