# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.user_plan_export import (
    user_plan_export,
)

STARTER = {
    "id": 3,
    "date_created": 1700000000,
    "mgs": [],
    "sgs": [0, 2],
    "allowed_virts": ["kvm", "lxc"],
    "cpu_percent": 80.0,
    "max_cost": 49.5,
    "band_suspend": True,
    "upload_speed": -1,
    "priority": 2,
    "plan_name": "Starter",
}


def loaded(text):
    return yaml.safe_load(text)["virtualizor_user_plans_plans"]


def test_values_are_kept_in_the_order_of_the_form():
    assert user_plan_export([STARTER]) == (
        "virtualizor_user_plans_plans:\n"
        '  - plan_name: "Starter"\n'
        "    priority: 2\n"
        "    max_cost: 49.5\n"
        "    cpu_percent: 80\n"
        "    upload_speed: -1\n"
        "    band_suspend: true\n"
        '    allowed_virts: ["kvm", "lxc"]\n'
        "    sgs: [0, 2]\n"
        "    mgs: []\n"
    )


def test_ids_are_exported_on_request():
    assert loaded(user_plan_export([STARTER], with_ids=True))[0]["user_plan_id"] == 3
    assert "user_plan_id" not in loaded(user_plan_export([STARTER]))[0]


@pytest.mark.parametrize("with_ids", [True, False])
def test_plans_with_the_same_name_get_their_id(with_ids):
    twins = [{"id": 4, "plan_name": "Twin", "ram": 1}, {"id": 5, "plan_name": "Twin", "ram": 2}]
    text = user_plan_export(twins, with_ids)
    assert loaded(text) == [{"user_plan_id": 4, "ram": 1}, {"user_plan_id": 5, "ram": 2}]
    assert text.count('# "Twin", a name that several user plans share') == 2


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "12",
        "a: b # c",
        '"quoted"',
        "back\\slash",
        "line\nbreak\x85\x7f\u2028end",
        "Größe 😀",
    ],
)
def test_any_name_is_kept(name):
    assert loaded(user_plan_export([{"id": 1, "plan_name": name}])) == [{"plan_name": name}]


@pytest.mark.parametrize("with_ids", [True, False])
@pytest.mark.parametrize("name", [" Starter", "Starter\t", " ", "", None])
def test_a_name_that_no_entry_can_have_becomes_a_comment_beside_the_id(name, with_ids):
    text = user_plan_export([{"id": 4, "plan_name": name, "ram": 1}], with_ids)
    assert loaded(text) == [{"user_plan_id": 4, "ram": 1}]
    assert ", a name that is empty, or begins or ends with a space\n" in text


def test_a_name_with_a_space_at_its_beginning_is_shown():
    assert '    # " Starter", a name that' in user_plan_export([{"id": 4, "plan_name": " Starter"}])


@pytest.mark.parametrize(
    "values",
    [
        {"bandwidth": 93.13},
        {"num_vs": -1},
        {"upload_speed": -2},
        {"service_period": 32},
        {"priority": 3},
        {"allowed_virts": ["kvm", "other"]},
        {"mgs": [0]},
    ],
)
def test_a_value_that_no_entry_can_have_becomes_a_comment(values):
    text = user_plan_export([{"id": 4, "plan_name": "Starter", "ram": 1, **values}])
    assert loaded(text) == [{"plan_name": "Starter", "ram": 1}]
    ((name, value),) = values.items()
    assert f"    # {name}: {json.dumps(value)}, a value that no entry can have\n" in text


def test_a_duplicate_name_cannot_escape_its_comment():
    twins = [{"id": number, "plan_name": "a\n  - plan_name: b"} for number in (1, 2)]
    assert loaded(user_plan_export(twins)) == [{"user_plan_id": 1}, {"user_plan_id": 2}]


@pytest.mark.parametrize("name", ["{{ 1 + 1 }}", "{% raw %}", "{# gone #}"])
def test_a_name_that_looks_like_an_expression_is_marked(name):
    assert f'plan_name: !unsafe "{name}"' in user_plan_export([{"id": 1, "plan_name": name}])


def test_no_plans_give_an_empty_list():
    assert loaded(user_plan_export([])) == []


@pytest.mark.parametrize("plans", [["text"], [{"id": 1}], [{"plan_name": "x"}]])
def test_other_input_is_refused(plans):
    with pytest.raises(AnsibleFilterError, match="takes what virtualizor_user_plan_info returns"):
        user_plan_export(plans)
