# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPS plans (virtualizor 3.1 to 3.3)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin

FORM = {
    "plan_name": "KVM 16G",
    "cplan": "kvm",
    "disk_space": "320",
    "guaranteed_ram": "16384",
    "swapram": "2048",
    "bandwidth": "9000",
    "cpu_units": "1000",
    "cpu_cores": "16",
    "percent_cpu": "80",
    "priority": "5",
    "network_speed": "250",
    "upload_speed": "-1",
}
NAMES = {
    "cplan": "virt",
    "disk_space": "space",
    "guaranteed_ram": "ram",
    "swapram": "swap",
    "cpu_units": "cpu",
    "cpu_cores": "cores",
    "percent_cpu": "cpu_percent",
    "priority": "io",
}


def plan(panel: Admin, number: int) -> dict[str, Any]:
    return dict(panel.json("plans", reslen=0)["plans"][str(number)])


def test_add_and_read_back(panel: Admin) -> None:
    number = panel.done("addplan", {"addplan": 1, **FORM})
    assert number == 9
    made = plan(panel, number)
    expected = {NAMES.get(name, name): value for name, value in FORM.items()}
    expected["cpu_percent"] = "80.00"
    assert {key: made[key] for key in expected} == expected
    assert made["dns_nameserver"] == "a:0:{}"
    assert all(isinstance(value, str) for value in made.values())


def test_edit_resets_omitted_values(panel: Admin) -> None:
    form = {"editplan": 1, **FORM}
    assert plan(panel, 5)["total_iops_sec"] == "5000"
    assert panel.done("editplan", form, plid=5) is True
    assert plan(panel, 5)["total_iops_sec"] == "0"
    panel.control.switches(virtualizor_omitted_on_edit="keep")
    before = plan(panel, 1)
    panel.done("editplan", {"editplan": 1, "bandwidth": 7}, plid=1)
    assert plan(panel, 1) == {**before, "bandwidth": "7"}


def test_an_edit_leaves_servers_alone(panel: Admin) -> None:
    before = panel.vps(12)
    panel.done("editplan", {"editplan": 1, **FORM}, plid=2)
    assert panel.vps(12) == before


def test_names_are_unique(panel: Admin) -> None:
    (text,) = panel.errors("addplan", {"addplan": 1, **FORM, "plan_name": "KVM 1G"})
    assert "already exists" in text
    assert panel.errors("editplan", {"editplan": 1, **FORM, "plan_name": "KVM 1G"}, plid=2)
    panel.done("editplan", {"editplan": 1, **FORM, "plan_name": "KVM 2G"}, plid=2)


@pytest.mark.parametrize(
    "name",
    [
        *("plan_name", "cplan", "disk_space", "guaranteed_ram", "swapram"),
        *("bandwidth", "cpu_units", "cpu_cores", "percent_cpu"),
    ],
)
def test_needed_fields(panel: Admin, name: str) -> None:
    form = {key: value for key, value in FORM.items() if key != name}
    assert len(panel.errors("addplan", {"addplan": 1, **form})) == 1


def test_openvz_needs_burst_in_place_of_swap(panel: Admin) -> None:
    form = {"addplan": 1, **FORM, "cplan": "openvz"}
    del form["swapram"]
    assert len(panel.errors("addplan", form)) == 1
    number = panel.done("addplan", {**form, "burst_ram": 512})
    assert (plan(panel, number)["burst"], plan(panel, number)["swap"]) == ("512", "0")


@pytest.mark.parametrize("how", ["query", "form"])
def test_delete(panel: Admin, how: str) -> None:
    unused = plan(panel, 8)
    assert panel.json("plans", {"delete": "1,8"})["error"]
    assert plan(panel, 8) == unused
    answer = panel.json("plans", {"delete": 8}) if how == "form" else panel.json("plans", delete=8)
    assert answer["done"] == {"8": unused}
    assert "8" not in answer["plans"]


def test_a_plan_that_does_not_exist(panel: Admin) -> None:
    assert panel.json("editplan", plid=99)["plan"] == []
    assert panel.errors("editplan", {"editplan": 1, **FORM}, plid=99)
