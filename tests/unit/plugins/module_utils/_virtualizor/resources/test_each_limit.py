# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test each limit of user plans and users: its name in the form and in the record."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.limits import (
    LIMITS,
)
from ansible_collections.vpsfleet.panels.tests.unit.support import user_plans, virtualizor_users
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    NEWER,
    plans,
    user,
    user_plan,
    users,
)

#: For each option: a value, its form field, and the value in the record (virtualizor 2.3).
EACH: list[tuple[str, Any, dict[str, Any], dict[str, Any]]] = [
    ("priority", 0, {"priority": 0}, {"type": "0"}),
    ("dnsplan_id", 3, {"dnsplan_id": 3}, {"dnsplid": "3"}),
    ("acl_id", 4, {"acl_id": 4}, {"aclid": "4"}),
    ("inhouse_billing", True, {"inhouse_billing": 1}, {"inhouse_billing": "1"}),
    ("band_suspend", True, {"band_suspend": 1}, {"band_suspend": "1"}),
    ("max_cost", 9.5, {"max_cost": 9.5}, {"max_cost": "9.50"}),
    ("cpu_percent", 80.5, {"cpu_percent": 80.5}, {"cpu_percent": "80.5"}),
    ("upload_speed", 0, {"upload_speed": 0}, {"upload_speed": "0"}),
    ("allowed_virts", ["xen"], {"allowed_virts[]": ["xen"]}, {"allowed_virts": "xen"}),
    ("sgs", [7, 1], {"sgs[]": [1, 7]}, {"sg": "1,7"}),
    ("mgs", [5], {"mgs[]": [5]}, {"mg": "5"}),
    *(
        (name, 31, {name: 31}, {name: "31"})
        for name in (
            *("num_vs", "num_users", "space", "space_per_vm", "ram", "burst", "bandwidth", "cpu"),
            *("cores", "num_cores", "num_ipv4", "num_ipv6", "num_ipv6_subnet", "num_ip_int"),
            *("network_speed", "total_iops_sec", "read_bytes_sec", "write_bytes_sec"),
            "service_period",
        )
    ),
]
each_limit = pytest.mark.parametrize(
    ("option", "value", "sent", "shown"), EACH, ids=[row[0] for row in EACH]
)


def test_each_limit_is_in_the_table():
    assert sorted(row[0] for row in EACH) == sorted(field.name for field in LIMITS)


@each_limit
def test_a_limit_of_a_user_plan(option, value, sent, shown):
    steps = (
        plans(user_plan()),
        user_plans.edited({**user_plans.WHOLE, **sent}),
        plans(user_plan(**shown)),
    )
    _check(user_plans.bring(*steps, **{option: value}), option, value)


@each_limit
def test_a_limit_of_a_user(option, value, sent, shown):
    newer = NEWER if option in NEWER else {}
    steps = (
        users(user(**newer)),
        virtualizor_users.edited({**virtualizor_users.WHOLE, **newer, **sent}),
        users(user(**{**newer, **shown})),
    )
    _check(virtualizor_users.bring(*steps, **{option: value}), option, value)


def _check(result: dict[str, Any], option: str, value: Any) -> None:
    """Check that only this limit changed."""
    seen = sorted(value) if isinstance(value, list) else value
    assert result["diff"]["after"] == {option: seen}
    changed = [row["field"] for row in result["changes"] if row["outcome"] == "changed"]
    assert changed == [option]
