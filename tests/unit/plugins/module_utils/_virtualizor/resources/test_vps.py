# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reads of VPSs and VPS plans for the info modules."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor import client
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources import (
    plan as plan_module,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.vps import (
    VPS,
    VpsFilter,
    VpsInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtualizor_plan_info,
    virtualizor_vps_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    fail_task,
    read,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    SECRETS,
    plan,
    plans,
    servers,
    states,
    vps,
)


def info(*steps, **options):
    """The VPSs that the info module returns."""
    return run_task(VpsInfo, virtualizor_vps_info.ARGUMENTS, *steps, **options)["vps"]


def fail_info(*steps, **options):
    """Return the error of the info module."""
    return fail_task(VpsInfo, virtualizor_vps_info.ARGUMENTS, *steps, **options)


def plan_info(*steps, **options):
    """The plans that the info module returns."""
    result = run_task(plan_module.PlanInfo, virtualizor_plan_info.ARGUMENTS, *steps, **options)
    return [row["id"] for row in result["plans"]]


def ids(rows):
    """The ids of some rows."""
    return [row["id"] for row in rows]


def test_a_vps_has_typed_values_and_no_secret():
    (view,) = info(servers(vps()))
    assert view == {
        "id": 17,
        "vps_name": "v1017",
        "uuid": "00000000-0000-4000-8000-000000000017",
        "hostname": "web17.example.com",
        "plan_id": 2,
        "user_id": 12,
        "email": "ada@example.com",
        "server_id": 1,
        "server_name": "ams-1",
        "virt": "kvm",
        "os_id": 270,
        "os_name": "ubuntu-24.04-x86_64",
        "state": "on",
        "suspended": False,
        "suspend_reason": "",
        "locked": False,
        "space": 40,
        "ram": 2048,
        "burst": 0,
        "swap": 1024,
        "cpu": 1000,
        "cores": 2,
        "cpu_percent": 100.0,
        "io": 3,
        "bandwidth": 2000,
        "network_speed": 12800,
        "upload_speed": -1,
        "used_bandwidth": 12.5,
        "ipv4_addresses": ["192.0.2.17"],
        "ipv6_addresses": ["2001:db8::17"],
    }
    assert not any(secret in str(view) for secret in SECRETS)


@pytest.mark.parametrize(
    ("record", "field", "value"),
    [
        ({"ips": ["192.0.2.1", "192.0.2.2"]}, "ipv4_addresses", ["192.0.2.1", "192.0.2.2"]),
        ({"ips": []}, "ipv4_addresses", []),
        ({"ips6": {"7": "2001:db8::7"}}, "ipv6_addresses", ["2001:db8::17", "2001:db8::7"]),
        ({"ips6": ["2001:db8::17"]}, "ipv6_addresses", ["2001:db8::17"]),
        ({"ips": {}, "ips6": [{"ip": "2001:db8::7"}]}, "ipv6_addresses", ["2001:db8::7"]),
        ({"ips6_subnet": {"8": "2001:db8:8::/64"}}, "ipv6_subnets", ["2001:db8:8::/64"]),
        ({"ips_int": {"9": {"ip": "10.0.0.9"}}}, "internal_addresses", ["10.0.0.9"]),
        ({"ips_int": []}, "internal_addresses", []),
        ({"ips_int": "0", "ips6": 1, "ips6_subnet": None}, "internal_addresses", []),
        ({"ips_int": [{"address": "10.0.0.9"}, None, 5]}, "internal_addresses", []),
        ({"ips": {"5": {"ip": "192.0.2.5", "primary": "1"}}}, "ipv4_addresses", ["192.0.2.5"]),
        ({"suspended": "1"}, "suspended", True),
        ({"locked": "1738411200"}, "locked", True),
        ({"locked": ""}, "locked", False),
        ({"machine_status": "0"}, "state", "off"),
        ({"machine_status": 2}, "state", "suspended"),
        ({"machine_status": ""}, "state", None),
        ({"machine_status": "9"}, "state", None),
        ({"machine_status": "1.50"}, "state", None),
        ({"serid": "0"}, "server_id", 0),
        ({"plid": "0"}, "plan_id", 0),
        ({"cpu_percent": "0.00"}, "cpu_percent", 0.0),
    ],
)
def test_values_have_several_shapes(record, field, value):
    assert VPS.project(vps(**record))[field] == value


def test_the_panel_may_send_a_list_for_the_map():
    step = read("vs", {"vs": [vps(1), vps(2)]})
    assert ids(info(step)) == [1, 2]


def test_filters_of_the_search_are_sent_and_applied_again():
    query = {"search": 1, "plid": 2, "vserid": 1, "vstype": "kvm", "vsstatus": "u", "reslen": 200}
    rows = [
        vps(1),
        vps(2, plid="3"),
        vps(3, serid="2"),
        vps(4, virt="lxc"),
        vps(5, suspended="1"),
        vps(6, uid="13"),
    ]
    options = {"plan_ids": [2], "server_ids": [1], "virts": ["kvm"], "user_ids": [12]}
    found = info(servers(*rows, query=query), suspended=False, **options)
    assert ids(found) == [1]


def test_other_filters_are_applied_locally():
    rows = [vps(1, serid=0), vps(2, serid=2, plid="5"), vps(3, serid=0, plid="9")]
    found = info(
        servers(*rows, query={"reslen": 300}), plan_ids=[2, 5], server_ids=[0], page_size=300
    )
    assert ids(found) == [1]


def test_a_filter_on_a_hidden_field_is_an_error():
    record = {key: value for key, value in vps().items() if key != "uid"}
    error = fail_info(servers(record), user_ids=[12])
    assert error.code is Code.PROTOCOL
    assert error.message == "the panel does not show the user_id of VPS 17"


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({"vps_ids": [17]}, {"search": 1, "vpsid": 17, "reslen": 200}),
        ({"vps_names": ["v1017"]}, {"search": 1, "vpsname": "v1017", "reslen": 200}),
        ({"vps_uuids": ["00000000-0000-4000-8000-000000000017"]}, {"reslen": 200}),
    ],
)
def test_one_vps_is_searched_for(options, query):
    assert ids(info(servers(vps(170), vps(), query=query), **options)) == [17]


def test_several_vpss_are_returned_in_the_requested_order():
    rows = servers(vps(1), vps(2), vps(3), query={"reslen": 200})
    assert ids(info(rows, vps_ids=[3, 1])) == [3, 1]


def test_an_empty_list_of_names_gives_no_vps():
    assert info(vps_ids=[]) == []


def test_a_missing_vps_fails_the_task():
    error = fail_info(servers(), servers(vps()), vps_ids=[18])
    assert error.code is Code.NOT_FOUND
    error = fail_info(servers(vps(), vps(18)), hostnames=["web17.example.com", "web19.example.com"])
    assert error.code is Code.NOT_FOUND
    assert "set vps_ids" not in error.msg


def test_live_states_are_read():
    found = info(servers(vps(1), vps(2), vps(3)), states(v1=0, v2=2, v3=1), live_state=True)
    assert [row["state"] for row in found] == ["off", "suspended", "on"]


@pytest.mark.parametrize(
    "status", [[], {"9": {"status": 1}}, {"1": {"status": None}}, {"1": {"status": "1.50"}}]
)
def test_an_unknown_state_is_null(status):
    step = read("vs&vs_status=1", {"status": status})
    (row,) = info(servers(vps(1)), step, live_state=True)
    assert row["state"] is None


def test_states_are_read_in_portions(monkeypatch):
    monkeypatch.setattr(client, "_STATES", 2)
    steps = servers(vps(1), vps(2), vps(3)), states(v1=1, v2=0), states(v3=2)
    found = info(*steps, live_state=True)
    assert [row["state"] for row in found] == ["on", "off", "suspended"]


def test_a_vps_is_compared_with_the_plan_of_its_label():
    rows = [
        vps(1, plid="3"),
        vps(2, plid="3", ram="1024", space="80"),
        vps(3, plid="0"),
        vps(4, plid="9"),
    ]
    found = info(servers(*rows), plans(plan()), compare_with_plan=True)
    assert [(row["plan_name"], row["off_plan"]) for row in found] == [
        ("KVM 4G", []),
        ("KVM 4G", ["space", "ram"]),
        (None, []),
        (None, []),
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vps_ids": [0]}, "vps_ids must be a positive number, not 0"),
        ({"plan_ids": [-1]}, "plan_ids contains -1, which is not an ID"),
        ({"user_ids": [0]}, "user_ids contains 0, which is not an ID"),
        ({"server_ids": [-2]}, "server_ids contains -2, which is not an ID"),
        ({"page_size": 49}, "page_size must be from 50 to 1000, not 49"),
        ({"page_size": 1001}, "page_size must be from 50 to 1000, not 1001"),
    ],
)
def test_an_invalid_option_sends_nothing(options, message):
    assert fail_info(**options).message == message


# -- plans -------------------------------------------------------------------------------------


def test_plans_are_filtered_by_the_panel_and_locally():
    rows = plan(3), plan(4, "LXC", virt="lxc"), plan(5, "old", is_enabled="0")
    assert plan_info(plans(*rows)) == [3, 4, 5]
    assert plan_info(plans(*rows, query={"ptype": "kvm", "reslen": 200}), virt="kvm") == [3, 5]
    assert plan_info(plans(*rows), enabled=False) == [5]
    assert plan_info(plans(*rows), plan_id=4) == [4]


def test_a_plan_of_an_old_panel_is_enabled():
    record = {key: value for key, value in plan().items() if key != "is_enabled"}
    assert plan_info(plans(record), enabled=True) == [3]


def test_plans_with_the_same_name_require_an_id():
    rows = plans(plan(), plan(4))
    error = fail_task(
        plan_module.PlanInfo, virtualizor_plan_info.ARGUMENTS, rows, plan_name="KVM 4G"
    )
    assert error.code is Code.AMBIGUOUS
    assert "with the IDs 3, 4 (set plan_id)" in error.msg


def test_a_filter_on_a_missing_field_is_an_error():
    with pytest.raises(PanelError, match="does not show the virt"):
        VpsFilter(virts=["kvm"]).accepts({"id": 1})
