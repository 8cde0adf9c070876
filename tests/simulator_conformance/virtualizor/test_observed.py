# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What clients of Virtualizor observed: error names, half-saved servers, odd columns, further acts."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin

SERVER, LOCKED, RESCUE, SUSPENDED, TWO_DISKS = 1, 8, 10, 7, 11
KVM_4G, KVM_8G = 3, 4
NEW_USER = {"adduser": 1, "priority": 2, "newemail": "jo@example.com", "newpass": "FAKE-new"}
PLAN = {
    "plan_name": "x",
    "cplan": "kvm",
    "disk_space": 1,
    "guaranteed_ram": 1,
    "swapram": 1,
    "bandwidth": 1,
    "cpu_units": 1,
    "cpu_cores": 1,
    "percent_cpu": 1,
}


def names(panel: Admin, act: str, form: Any = None, **query: Any) -> list[str]:
    """Return the names of the errors that a call is refused with."""
    panel.control.switches(virtualizor_error_shape="object")
    error = panel.errors(act, form, **query)
    return list(error) if isinstance(error, dict) else [f"unnamed: {text}" for text in error]


@pytest.mark.parametrize("act", ["editvs", "managevps"])
@pytest.mark.parametrize(
    ("number", "changes", "name"),
    [
        (LOCKED, {}, "err_vps_locked"),
        (RESCUE, {}, "rescue_edit_no_allowed"),
        (SERVER, {"busy_with": "enable_rescue"}, "vm_locked_enable_rescue"),
        (SERVER, {"busy_with": "disable_rescue"}, "vm_locked_disable_rescue"),
        (SERVER, {"busy_with": "install_script"}, "vm_locked_install_script"),
    ],
)
def test_names_of_what_bars_an_edit(
    panel: Admin, act: str, number: int, changes: dict[str, Any], name: str
) -> None:
    panel.control.patch("vs", number, changes)
    start = panel.control.digest()
    assert names(panel, act, {"editvps": 1, "ram": 512}, vpsid=number) == [name]
    assert panel.control.digest() == start


@pytest.mark.parametrize(
    "query", [{"action": "stop", "vpsid": LOCKED}, {"suspend": LOCKED}, {"bwreset": LOCKED}]
)
def test_a_locked_server_has_another_name_in_the_list(panel: Admin, query: dict[str, Any]) -> None:
    assert names(panel, "vs", **query) == ["err_locked_vps"]


def test_starting_a_suspended_server(panel: Admin) -> None:
    assert names(panel, "vs", action="start", vpsid=SUSPENDED) == ["start_failed"]


@pytest.mark.parametrize(
    ("act", "changes", "name"),
    [
        ("adduser", {"newemail": "ada.byron@example.com"}, "emailexist"),
        ("adduser", {"newemail": "nobody"}, "invalid_email"),
        ("adduser", {"newemail": ""}, "no_email"),
        ("adduser", {"newpass": ""}, "no_new"),
        ("adduser", {"priority": ""}, "nousertype"),
        ("adduser", {"uplid": 99}, "invalid_user_plan"),
        ("edituser", {"newemail": "ada.byron@example.com"}, "email_exist"),
        ("edituser", {"newemail": "nobody"}, "invalid_email"),
        ("edituser", {"priority": ""}, "no_type"),
    ],
)
def test_names_of_the_errors_about_a_user(
    panel: Admin, act: str, changes: dict[str, Any], name: str
) -> None:
    form = {**NEW_USER, act: 1, **changes}
    assert names(panel, act, form, uid=3) == [name]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"swapram": ""}, "no_swap_ram"),
        ({"cplan": "openvz", "burst_ram": ""}, "no_burst_ram"),
        ({"plan_name": "KVM 1G"}, "plannameexist"),
    ],
)
def test_names_of_the_errors_about_a_plan(panel: Admin, changes: dict[str, Any], name: str) -> None:
    assert names(panel, "addplan", {"addplan": 1, **PLAN, **changes}) == [name]


def test_a_slave_sends_the_text_under_its_heading(panel: Admin) -> None:
    panel.control.switches(virtualizor_role="slave")
    assert names(panel, "plans") == ["slave_cant_exp"]
    panel.control.switches(virtualizor_error_shape="fatal")
    answer = panel.json("plans")
    assert answer["fatal_error_heading"] != answer["fatal_error_text"]


def test_errors_without_a_known_name_are_numbered(panel: Admin) -> None:
    (error,) = names(panel, "editvs", {"editvps": 1}, vpsid=999)
    assert error.startswith("unnamed: ")


@pytest.mark.parametrize("act", ["editvs", "managevps"])
@pytest.mark.parametrize("shape", ["list", "object", "string", "fatal"])
@pytest.mark.parametrize("done", [True, False])
def test_a_slave_that_does_not_answer(panel: Admin, act: str, shape: str, done: bool) -> None:
    panel.control.switches(virtualizor_error_shape=shape)
    panel.control.fault("slave_silent", operation=f"act={act}&editvps", done=done)
    answer = panel.json(act, {"editvps": 1, "plid": KVM_8G, "ram": 8192}, vpsid=SERVER)
    assert bool(answer.get("done")) is done
    assert answer.get("error") or answer["fatal_error_text"]
    assert (panel.vps(SERVER)["plid"], panel.vps(SERVER)["ram"]) == ("4", "8192")
    assert panel.control.counters()["applied"] == 1


def test_inner_failures(panel: Admin) -> None:
    start = panel.control.digest()
    panel.control.fault("inner_failure", times=None)
    form = {"editvps": 1, "plid": KVM_8G, "apply_plan": 1}
    for act in ("editvs", "managevps"):
        assert panel.json(act, form, vpsid=SERVER)["done"] == {"done": False}
    for query in (
        {"action": "stop", "vpsid": SERVER},
        {"action": "lock", "vpsid": SERVER},
        {"suspend": SERVER},
        {"unsuspend": SUSPENDED},
        {"suspend_net": SERVER},
        {"bwreset": SERVER},
        {"delete": SERVER},
    ):
        assert not panel.json("vs", **query)["done"]
    assert panel.control.counters()["applied"] == 0
    assert panel.control.digest() == start


# --- columns ---------------------------------------------------------------------------------

COLUMNS = ("ram", "space", "plid", "uid", "serid", "osid", "hostname", "vps_name", "locked", "swap")


@pytest.mark.parametrize("value", ["", None, "2048.00", "40.5", "-3"])
@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_makes_an_answer_fail(panel: Admin, column: str, value: Any) -> None:
    panel.control.patch("vs", SERVER, {column: value})
    assert panel.json("vs", reslen=0)["vs"][str(SERVER)]["vpsid"] == str(SERVER)
    assert panel.json("servers")["servs"]
    for query in ({"vsgid": "2"}, {"vpsname": "v"}, {"vpshostname": "v"}, {"user": "a"}):
        assert panel.call("vs", search=1, **query).status_code == 200
    for act in ("editvs", "managevps"):
        assert panel.json(act, vpsid=SERVER)["vps"]
        assert panel.call(act, {"editvps": 1, "bandwidth": 7}, vpsid=SERVER).status_code == 200
    for query in ({"action": "stop", "vpsid": SERVER}, {"suspend": SERVER}, {"delete": SERVER}):
        assert panel.call("vs", **query).status_code == 200


@pytest.mark.parametrize("value", ["", None])
def test_omitted_values_are_empty(panel: Admin, value: Any) -> None:
    panel.control.patch("vs", SERVER, {"ram": value, "space": value})
    panel.done("managevps", {"editvps": 1, "bandwidth": 7}, vpsid=SERVER)
    row = panel.vps(SERVER)
    assert (row["bandwidth"], row["ram"], row["space"]) == ("7", value, value)
    panel.done("managevps", {"editvps": 1, "ram": 512}, vpsid=SERVER)
    assert panel.vps(SERVER)["ram"] == "512"


def test_an_empty_row_takes_no_room(panel: Admin) -> None:
    def free() -> int:
        return int(panel.json("servers")["servs"][panel.vps(SERVER)["serid"]]["ram"])

    before, ram = free(), int(panel.vps(SERVER)["ram"])
    panel.control.patch("vs", SERVER, {"ram": None})
    assert free() == before + ram


def test_a_node_without_figures(panel: Admin) -> None:
    panel.control.patch("virtualizor.servers", 1, {"total_ram": "", "total_space": None})
    assert panel.json("servers")["servs"][1]["server_name"] == "ams-1"


def test_addresses_have_keys_of_their_own(panel: Admin) -> None:
    rows = panel.json("vs", reslen=0)["vs"]
    assert list(rows["1"]["ips6"].values()) == ["2001:db8:60::1"]
    assert list(rows["3"]["ips6_subnet"].values()) == ["2001:db8:61:3::/64"]
    assert list(rows["2"]["ips_int"].values()) == ["172.16.0.3"]
    assert rows["4"]["ips6"] == rows["4"]["ips6_subnet"] == rows["4"]["ips_int"] == []
    assert all(len(row["ips"]) == 1 for row in rows.values())


# --- plans -----------------------------------------------------------------------------------


def test_editvs_moves_where_managevps_does_not(panel: Admin) -> None:
    panel.control.switches(virtualizor_apply_plan="ignored")
    panel.done("managevps", {"editvps": 1, "plid": KVM_8G, "apply_plan": 1}, vpsid=SERVER)
    assert (panel.vps(SERVER)["plid"], panel.vps(SERVER)["ram"]) == ("4", "1024")
    form = {"editvps": 1, "plid": KVM_8G, "ram": 8192, "cores": 8, "bandwidth": 8000}
    disk = next(iter(panel.vps(SERVER)["disks"]))
    panel.done("editvs", {**form, f"space[{disk}]": 160}, vpsid=SERVER)
    row = panel.vps(SERVER)
    assert (row["plid"], row["ram"], row["cores"], row["space"]) == ("4", "8192", "8", "160")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ({}, "1"),
        ({"sortcolumn": "plan_name"}, "1"),
        ({"sortcolumn": "plan_name", "sortby": "DESC"}, "7"),
        ({"sortcolumn": "ram", "sortby": "asc"}, "8"),
        ({"sortcolumn": "nothing"}, "1"),
    ],
)
def test_sorted_plans(panel: Admin, query: dict[str, str], first: str) -> None:
    plans = panel.json("plans", reslen=1, **query)["plans"]
    assert [row["plid"] for row in (plans if isinstance(plans, list) else plans.values())] == [
        first
    ]


# --- further acts ----------------------------------------------------------------------------


def test_lock_and_unlock(panel: Admin) -> None:
    assert panel.done("vs", {"reason": "audit"}, action="lock", vpsid=SERVER) is True
    assert (panel.vps(SERVER)["locked"], panel.vps(SERVER)["lock_reason"]) == ("1", "audit")
    assert panel.errors("vs", action="stop", vpsid=SERVER)
    assert panel.done("vs", action="unlock", vpsid=LOCKED) is True
    assert panel.done("managevps", {"editvps": 1, "ram": 512}, vpsid=LOCKED)
    assert panel.errors("vs", action="lock", vpsid=999)


def test_the_network_is_suspended_apart_from_the_server(panel: Admin) -> None:
    assert panel.done("vs", suspend_net="1,2") is True
    assert (panel.vps(1)["nw_suspended"], panel.vps(1)["suspended"]) == ("1", "0")
    assert panel.done("vs", unsuspend_net=1) is True
    assert (panel.vps(1)["nw_suspended"], panel.vps(2)["nw_suspended"]) == ("0", "1")


def test_the_traffic_counter_is_reset(panel: Admin) -> None:
    assert panel.done("vs", {}, bwreset=SERVER) == 1
    assert panel.vps(SERVER)["used_bandwidth"] == "0.00"


def test_ssh_keys(panel: Admin) -> None:
    keys = panel.json("users", {"uid": 2}, list_ssh_keys=1)["ssh_keys"]
    assert [key["name"] for key in keys.values()] == ["key-2"]
    assert panel.json("users", {"uid": 3}, list_ssh_keys=1)["ssh_keys"] == []
    assert panel.json("users", {"uid": 999}, list_ssh_keys=1)["ssh_keys"] == []
    assert "ssh_keys" not in panel.user(2)


def test_live_state_in_the_form(panel: Admin) -> None:
    panel.done("vs", action="stop", vpsid=SERVER)
    assert panel.json("editvs", vpsid=SERVER)["vps"]["stats"] == {"status": 0}
    assert panel.json("managevps", vpsid=SERVER)["vps_data"][str(SERVER)]["ram"] == "1024"
    assert panel.json("managevps", vpsid=999)["vps_data"] == []


def test_groups_templates_and_locations(panel: Admin) -> None:
    groups = panel.json("servergroups")["servergroups"]
    assert {str(row["sgid"]): row["sg_name"] for row in groups.values()} == {
        "0": "Default",
        "2": "amsterdam",
    }
    assert list(panel.json("servergroups", {"sg_name": "amst"})["servergroups"]) == ["2"]
    assert list(panel.json("mediagroups")["mgs"]) == ["1", "3"]
    assert list(panel.json("mediagroups", mgid=3)["mgs"]) == ["3"]
    templates = panel.json("ostemplates")
    assert (templates["title"], list(templates["ostemplates"])) == ("OS Templates", ["100", "270"])
    assert {row["location"] for row in panel.json("servers")["servs"]} == {
        "Frankfurt, DE",
        "Amsterdam, NL",
    }
