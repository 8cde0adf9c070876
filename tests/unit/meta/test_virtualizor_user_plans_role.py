# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and the action for a list of user plans take what the module for one user plan takes."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ansible_collections.vpsfleet.panels.plugins.filter.user_plan_export import VALUES
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.limits import (
    LIMIT_OPTIONS,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtualizor_user_plan import ARGUMENTS
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtualizor import user_plans
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import documented
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

ROLE = TOP / "roles/virtualizor_user_plans"
OPTIONS = {
    name: option for name, option in ARGUMENTS.options.items() if name not in CONNECTION.options
}


#: The option with the list, and the variable of the role that is handed to it.
LIST, VARIABLE = "user_plans", "virtualizor_user_plans_plans"


def _variables() -> dict[str, Any]:
    specs = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]
    found: dict[str, Any] = specs["main"]["options"]
    return found


def _entries() -> dict[str, dict[str, Any]]:
    """Return the options of an entry in each place that writes them out."""
    return {
        "meta/argument_specs.yml of the role": _variables()[VARIABLE]["options"],
        "the documentation of the action": documented("virtualizor_user_plans").docs["options"][
            LIST
        ]["suboptions"],
        "the arguments of the action": user_plans.ARGUMENTS.options[LIST]["options"],
    }


def test_an_entry_has_the_options_of_the_module():
    for place, entry in _entries().items():
        assert set(entry) == set(OPTIONS), place


def test_an_option_of_an_entry_equals_the_option_of_the_module():
    found = (
        f"{place}: {name} has {key}: {entry[name].get(key)!r}, the module has {option.get(key)!r}"
        for place, entry in _entries().items()
        for name, option in OPTIONS.items()
        for key in ("type", "elements", "choices")
        if entry[name].get(key) != option.get(key)
    )
    refuse(found, "Correct these options:")


def test_a_limit_has_the_text_that_it_has_in_the_module():
    model = documented("virtualizor_user_plan").docs["options"]
    found = (
        f"{place}: {name}"
        for place, entry in _entries().items()
        for name in LIMIT_OPTIONS.options
        if place.startswith(("meta", "the documentation"))
        and re.sub(r"\bO\(\w+\[\]\.", "O(", " ".join(entry[name]["description"]))
        != " ".join(model[name]["description"])
    )
    refuse(found, "Copy the texts of the fragment vpsfleet.panels.virtualizor.limits:")


def test_the_role_hands_each_option_on():
    options = {*user_plans.ARGUMENTS.options} - {LIST}
    variables = {name.removeprefix("virtualizor_user_plans_") for name in _variables()}
    assert options & variables == variables - {"plans", "dry_run", "approval"}
    texts = "".join(
        path.read_text() for path in [*ROLE.glob("tasks/*.yml"), *ROLE.glob("vars/*.yml")]
    )
    refuse((name for name in options & variables if name not in texts), "Pass these on:")


def test_an_export_has_each_value_that_can_be_set():
    assert set(VALUES) == set(OPTIONS) - {"user_plan_id", "plan_name", "state", "force"}
