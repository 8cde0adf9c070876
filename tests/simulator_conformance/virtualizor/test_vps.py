# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPSs: power, suspension, and the move to another plan (virtualizor 3.4, 3.5)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin

LABELLED, SUSPENDED, LOCKED, RESCUE, TWO_DISKS, OFF = 12, 7, 8, 10, 11, 14
KVM_4G, KVM_8G, KVM_1G = 3, 4, 1
VALUES = ("ram", "cores", "bandwidth", "space", "swap", "cpu_percent", "network_speed")


def plan(panel: Admin, number: int) -> dict[str, Any]:
    return dict(panel.json("plans")["plans"][str(number)])


def test_special_servers(panel: Admin) -> None:
    two = plan(panel, 2)
    labelled = panel.vps(LABELLED)
    assert labelled["plid"] == "2"
    assert (labelled["ram"], two["ram"]) == ("3072", "2048")
    assert (panel.vps(SUSPENDED)["suspended"], panel.vps(LOCKED)["locked"]) == ("1", "1")
    assert len(panel.vps(TWO_DISKS)["disks"]) == 2
    kinds = {row["virt"] for row in panel.json("vs", reslen=0)["vs"].values()}
    assert kinds == {"kvm", "lxc", "openvz"}


@pytest.mark.parametrize("act", ["editvs", "managevps"])
def test_without_apply_plan_only_the_label_changes(panel: Admin, act: str) -> None:
    before = panel.vps(1)
    done = panel.done(act, {"editvps": 1, "plid": KVM_8G}, vpsid=1)
    assert done == (True if act == "editvs" else {"done": True})
    assert panel.vps(1) == {**before, "plid": str(KVM_8G)}


def test_apply_plan_takes_its_values_over(panel: Admin) -> None:
    form = {"editvps": 1, "theme_edit": 1, "plid": KVM_8G, "apply_plan": 1}
    assert panel.done("managevps", form, vpsid=1) == {"done": True}
    wanted, found = plan(panel, KVM_8G), panel.vps(1)
    assert {key: found[key] for key in VALUES} == {key: wanted[key] for key in VALUES}
    assert [disk["size"] for disk in found["disks"].values()] == ["160"]


def test_applying_the_plan_that_it_has_heals_a_server(panel: Admin) -> None:
    panel.done("managevps", {"editvps": 1, "plid": 2, "apply_plan": 1}, vpsid=LABELLED)
    assert (panel.vps(LABELLED)["ram"], panel.vps(LABELLED)["cores"]) == ("2048", "2")


def test_omitted_values_are_kept(panel: Admin) -> None:
    before = panel.vps(1)
    panel.done("managevps", {"editvps": 1, "ram": 512}, vpsid=1)
    assert panel.vps(1) == {**before, "ram": "512"}
    panel.done("editvs", {"editvps": 1, "bandwidth": 0, "cpu_percent": 50}, vpsid=1)
    assert panel.vps(1) == {**before, "ram": "512", "bandwidth": "0", "cpu_percent": "50.00"}


@pytest.mark.parametrize(
    ("vps", "form"),
    [
        (LOCKED, {"plid": KVM_8G}),
        (RESCUE, {"plid": KVM_8G}),
        (1, {"plid": 99}),
        (99, {"plid": KVM_8G}),
        (1, {"ram": 99999999}),
        (1, {"space": 99999999}),
        (1, {"space": 1}),
        (1, {"space[]": 1}),
    ],
)
@pytest.mark.parametrize("act", ["editvs", "managevps"])
def test_refusals(panel: Admin, act: str, vps: int, form: dict[str, Any]) -> None:
    start = panel.control.digest()
    assert len(panel.errors(act, {"editvps": 1, **form}, vpsid=vps)) == 1
    assert panel.control.digest() == start


def test_a_smaller_disk_is_refused_whole(panel: Admin) -> None:
    panel.done("managevps", {"editvps": 1, "plid": KVM_8G, "apply_plan": 1}, vpsid=1)
    before = panel.vps(1)
    assert panel.errors("managevps", {"editvps": 1, "plid": KVM_1G, "apply_plan": 1}, vpsid=1)
    assert panel.vps(1) == before


def test_a_disk_that_the_array_does_not_name_is_deleted(panel: Admin) -> None:
    first, second = panel.vps(TWO_DISKS)["disks"].values()
    sizes = [int(first["size"]) + 5, second["size"]]
    panel.done("managevps", {"editvps": 1, "space[]": sizes}, vpsid=TWO_DISKS)
    assert panel.vps(TWO_DISKS)["space"] == str(sizes[0] + int(second["size"]))
    panel.done("managevps", {"editvps": 1, f"space[{first['did']}]": sizes[0]}, vpsid=TWO_DISKS)
    after = panel.vps(TWO_DISKS)
    assert list(after["disks"]) == [first["did"]]
    assert after["space"] == str(sizes[0])


def test_addresses_are_replaced(panel: Admin) -> None:
    (first,) = panel.vps(1)["ips"].values()
    panel.done("managevps", {"editvps": 1, "num_ips": 3}, vpsid=1)
    more = list(panel.vps(1)["ips"].values())
    assert (len(more), more[0]) == (3, first)
    panel.done("editvs", {"editvps": 1, "ips[]": [more[2]]}, vpsid=1)
    assert list(panel.vps(1)["ips"].values()) == [more[2]]


@pytest.mark.parametrize(
    ("action", "status"), [("start", 1), ("restart", 1), ("stop", 0), ("poweroff", 0)]
)
def test_power(panel: Admin, action: str, status: int) -> None:
    assert panel.done("vs", action=action, vpsid=1) is True
    assert panel.json("vs", vs_status="1,99")["status"] == {
        "1": {"status": status, "used_cpu": "0.00", "used_ram": 0, "used_disk": 0}
    }
    assert panel.vps(1)["machine_status"] == str(status)


def test_live_status(panel: Admin) -> None:
    live = panel.json("vs", vs_status=f"1,{SUSPENDED},{OFF}")["status"]
    assert [row["status"] for row in live.values()] == [1, 2, 0]
    assert panel.errors("vs", action="start", vpsid=SUSPENDED)
    assert panel.errors("vs", action="stop", vpsid=LOCKED)
    assert "done" not in panel.json("vs", action="dance", vpsid=1)


def test_suspension(panel: Admin) -> None:
    assert panel.done("vs", suspend=1, suspend_reason="late") is True
    assert (panel.vps(1)["suspended"], panel.vps(1)["suspend_reason"]) == ("1", "late")
    assert panel.done("vs", {}, unsuspend=1) is True
    assert (panel.vps(1)["suspended"], panel.vps(1)["suspend_reason"]) == ("0", "")
    assert panel.errors("vs", suspend=99)


def test_delete(panel: Admin) -> None:
    assert panel.done("vs", delete="1,2") is True
    assert panel.json("vs", search=1, vpsid=1)["vs"] == []
    assert panel.errors("vs", delete=1)


def test_room_on_a_node_follows_what_is_done(panel: Admin) -> None:
    def free() -> tuple[int, int]:
        node = panel.json("servers")["servs"][panel.vps(2)["serid"]]
        return int(node["ram"]), int(node["space"])

    ram, space = free()
    before, after = panel.vps(2), plan(panel, KVM_8G)
    panel.done("managevps", {"editvps": 1, "plid": KVM_8G, "apply_plan": 1}, vpsid=2)
    assert free() == (
        ram - int(after["ram"]) + int(before["ram"]),
        space - int(after["space"]) + int(before["space"]),
    )
    panel.control.patch("virtualizor.vs", 2, {"ram": before["ram"]})
    assert free()[0] == ram


def test_the_forms_of_a_server(panel: Admin) -> None:
    edit, manage = panel.json("editvs", vpsid=1), panel.json("managevps", vpsid=1)
    assert manage["vps"] == panel.vps(1)
    assert edit["vps"] == {**panel.vps(1), "stats": {"status": 1}}
    assert manage["vps_data"] == {"1": {**panel.vps(1), "used_ram": "0"}}
    assert set(edit) > {"vps", "plans", "servers", "stats"}
    assert manage["disks"] == edit["vps"]["disks"]


def test_tasks(panel: Admin) -> None:
    panel.done("managevps", {"editvps": 1, "plid": KVM_8G, "apply_plan": 1}, vpsid=1)
    panel.done("vs", action="stop", vpsid=1)
    (newest, resize, *dummy) = panel.json("tasks")["tasks"].values()
    assert (newest["action"], resize["action"]) == ("stop", "resizevps")
    assert (newest["status"], newest["status_txt"]) == ("1", "Task Completed")
    oldest = panel.json("tasks", order="ASC", reslen=1)["tasks"]
    assert list(oldest) == ["1"]
    # The numbers of the filter and the record differ: 2 finds records with 1.
    assert {row["status"] for row in panel.json("tasks", status=2)["tasks"].values()} == {"1"}
    assert [row["action"] for row in panel.json("tasks", status=1)["tasks"].values()] == [
        "rebuildvs"
    ]
    assert [row["action"] for row in panel.json("tasks", status=-1)["tasks"].values()] == [
        "resizevps"
    ]
    assert {r["vpsid"] for r in panel.json("tasks", vpsid=1)["tasks"].values()} == {"1"}
    assert "Completed" in panel.json("tasks", {"show_logs": 1})["logs"]
