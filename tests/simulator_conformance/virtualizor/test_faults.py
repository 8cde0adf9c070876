# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults, the log and the control path with this panel."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.simulator.process import Simulator

from .api import Admin

ADD = "act=adduser_plans&adduser_plans"
EDIT = "act=edituser_plans&edituser_plans"
FORM = {"adduser_plans": 1, "plan_name": "Fresh", "priority": 0}

CALLS: list[tuple[str, Any, dict[str, Any], bool, str]] = [
    ("user_plans", None, {}, False, "act=user_plans"),
    ("user_plans", {"planname": "x"}, {}, False, "act=user_plans"),
    ("user_plans", {"delete": 99}, {}, True, "act=user_plans&delete"),
    ("user_plans", None, {"delete": 99}, True, "act=user_plans&delete"),
    ("adduser_plans", {"plan_name": "x"}, {}, False, "act=adduser_plans"),
    ("adduser_plans", {"adduser_plans": 1}, {}, True, ADD),
    ("edituser_plans", None, {"uplid": 1}, False, "act=edituser_plans"),
    ("edituser_plans", {"edituser_plans": ""}, {"uplid": 1}, True, EDIT),
    ("edituser_plans", None, {"uplid": 1, "edituser_plans": 1}, False, "act=edituser_plans"),
    ("plans", None, {"delete": 8}, True, "act=plans&delete"),
    ("addplan", {"addplan": 1}, {}, True, "act=addplan&addplan"),
    ("editplan", {"editplan": 1}, {"plid": 1}, True, "act=editplan&editplan"),
    ("vs", None, {}, False, "act=vs"),
    ("vs", None, {"vs_status": "1"}, False, "act=vs&vs_status"),
    ("vs", None, {"vpsid": 1, "action": "stop"}, True, "act=vs&action=stop"),
    ("vs", None, {"suspend": 1}, True, "act=vs&suspend"),
    ("vs", None, {"unsuspend": 1}, True, "act=vs&unsuspend"),
    ("vs", None, {"delete": 99}, True, "act=vs&delete"),
    ("vs", {"reason": "x"}, {"vpsid": 1, "action": "lock"}, True, "act=vs&action=lock"),
    ("vs", None, {"vpsid": 1, "action": "unlock"}, True, "act=vs&action=unlock"),
    ("vs", None, {"suspend_net": 1}, True, "act=vs&suspend_net"),
    ("vs", None, {"unsuspend_net": 1}, True, "act=vs&unsuspend_net"),
    ("vs", None, {"bwreset": 1}, True, "act=vs&bwreset"),
    ("users", {"uid": 2}, {"list_ssh_keys": 1}, False, "act=users&list_ssh_keys"),
    ("servergroups", None, {}, False, "act=servergroups"),
    ("mediagroups", None, {}, False, "act=mediagroups"),
    ("ostemplates", None, {}, False, "act=ostemplates"),
    ("editvs", None, {"vpsid": 1}, False, "act=editvs"),
    ("editvs", {"editvps": 1}, {"vpsid": 1}, True, "act=editvs&editvps"),
    ("managevps", {"editvps": 1}, {"vpsid": 1}, True, "act=managevps&editvps"),
    ("managevps", {"plid": 1}, {"vpsid": 1}, False, "act=managevps"),
    ("users", {"delete": 99}, {}, True, "act=users&delete"),
    ("adduser", {"adduser": 1}, {}, True, "act=adduser&adduser"),
    ("edituser", {"edituser": 1}, {"uid": 2}, True, "act=edituser&edituser"),
    ("tasks", {"show_logs": 1}, {}, False, "act=tasks&show_logs"),
    ("servers", None, {}, False, "act=servers"),
    ("nowhere", {"delete": 1}, {}, False, "act=unknown"),
]


@pytest.mark.parametrize(
    ("act", "form", "query", "write", "name"), CALLS, ids=[str(n) for n in range(len(CALLS))]
)
def test_names_of_operations(
    panel: Admin, act: str, form: Any, query: dict[str, Any], write: bool, name: str
) -> None:
    start = panel.control.digest()
    panel.control.read_only()
    response = panel.call(act, form, **query)
    (entry,) = panel.control.requests()
    assert (entry["operation"], entry["write"]) == (name, write)
    assert (response.status_code == 599) is write
    assert panel.control.digest() == start


def test_an_operation_that_does_not_exist_cannot_fail(panel: Admin) -> None:
    with pytest.raises(RuntimeError, match="no panel has"):
        panel.control.fault("status", operation="act=user_plans&add")


@pytest.mark.parametrize("kind", ["reset", "html", "status"])
def test_an_answer_that_is_lost_after_the_effect(panel: Admin, kind: str) -> None:
    panel.control.fault(kind, operation=ADD, when="after")
    if kind == "reset":
        with pytest.raises(requests.ConnectionError):
            panel.call("adduser_plans", FORM)
    else:
        assert panel.call("adduser_plans", FORM).text[:1] != "{"
    (entry,) = panel.control.requests(writes_only=True)
    assert entry["effect_applied"] is True
    assert panel.control.counters()["applied"] == 1
    assert len(panel.json("user_plans", planname="Fresh")["plans"]) == 1


def test_a_request_that_never_arrives(panel: Admin) -> None:
    start = panel.control.digest()
    panel.control.fault("reset", operation=EDIT)
    with pytest.raises(requests.ConnectionError):
        panel.edit_user_plan(2, ram=5)
    assert panel.control.counters()["applied"] == 0
    assert panel.control.digest() == start


def test_fields_that_a_panel_ignores_in_silence(panel: Admin) -> None:
    panel.control.fault("silent_refusal", operation=EDIT, aspects=["ram"])
    answer = panel.edit_user_plan(2, ram=5, cores=6)
    assert answer["done"] is True
    assert (panel.user_plan(2)["ram"], panel.user_plan(2)["cores"]) == ("0", "6")


def test_a_wrong_type_in_the_answer(panel: Admin) -> None:
    panel.control.fault("wrong_type", operation="act=user_plans", at="plans", value="oops")
    assert panel.json("user_plans")["plans"] == "oops"


def test_a_body_that_stops_half_way(panel: Admin) -> None:
    panel.control.fault("cut_body", operation="act=user_plans")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        panel.call("user_plans")


def test_faults_for_one_record(panel: Admin) -> None:
    panel.control.fault("status", path=r"act=edituser_plans.*uplid=3\b", status=500, times=None)
    form = {"edituser_plans": 1, "plan_name": "x", "priority": 0}
    statuses = [panel.call("edituser_plans", form, uplid=n).status_code for n in (2, 3, 30)]
    assert statuses == [200, 500, 200]


def test_credentials_are_not_a_part_of_the_path(panel: Admin) -> None:
    panel.control.fault("status", path="sim-virtualizor", status=500)
    assert panel.call("user_plans").status_code == 200


def test_records_behind_the_panels_back(panel: Admin) -> None:
    panel.control.patch("user_plans", 3, {"ram": "4096"})
    assert panel.user_plan(3)["ram"] == "4096"
    panel.control.patch("virtualizor.users", 2, {"uplid": "3"})
    assert panel.user(2)["uplid"] == "3"
    assert panel.control.record("users", 2)["name"] == "Ada Byron"
    with pytest.raises(RuntimeError, match="no such record"):
        panel.control.record("virtfusion.user_plans", 3)


def test_writes_by_server(panel: Admin) -> None:
    panel.done("managevps", {"editvps": 1, "ram": 512}, vpsid=3)
    panel.done("vs", suspend=4)
    assert panel.control.counters()["writes_by_server"] == {"3": 1, "4": 1}


def test_the_seed(panel: Admin) -> None:
    start = panel.control.digest()
    panel.control.advance(1000)
    assert panel.control.digest() == start
    with Simulator() as other:
        assert other.control.digest() == start
        other.control.reset(seed=2)
        assert other.control.digest() != start


def test_more_servers_leave_the_first_ones_alone(panel: Admin) -> None:
    def rows() -> dict[str, Any]:
        records = panel.json("vs", reslen=20)["vs"]
        return {
            n: {k: v for k, v in r.items() if k not in ("uid", "email")} for n, r in records.items()
        }

    few = rows()
    panel.control.reset(servers=500)
    assert rows() == few
    assert len(panel.json("vs", reslen=0)["vs"]) == 500


@pytest.mark.parametrize("servers", [0, 1, 3])
def test_small_panels(panel: Admin, servers: int) -> None:
    panel.control.reset(servers=servers)
    assert len(panel.json("vs")["vs"]) == servers
    assert len(panel.json("user_plans")["plans"]) == 7
