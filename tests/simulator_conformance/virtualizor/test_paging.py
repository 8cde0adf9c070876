# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages without a total, and filters (virtualizor 3.1, 4.5)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin


def ids(panel: Admin, act: str = "vs", form: Any = None, **query: Any) -> list[int]:
    """Return the IDs of the records on a page."""
    key = {"vs": "vs", "users": "users"}.get(act, "plans")
    return [int(number) for number in panel.json(act, form, **query)[key]]


def walk(panel: Admin, length: int) -> tuple[list[int], int]:
    """Read all pages up to an empty or short one, or one without new records, and return all IDs."""
    seen: list[int] = []
    for page in range(1, 100):
        found = ids(panel, page=page, reslen=length)
        new = [number for number in found if number not in seen]
        seen += new
        if len(found) < length or not new:
            return seen, page
    raise AssertionError("the walk did not end")


def test_pages(panel: Admin) -> None:
    assert ids(panel, page=1, reslen=20) == list(range(1, 21))
    assert ids(panel, page=3, reslen=20) == list(range(41, 51))
    assert ids(panel, page=4, reslen=20) == []
    assert walk(panel, 20) == (list(range(1, 51)), 3)


def test_the_default_length_is_50(panel: Admin) -> None:
    panel.control.reset(servers=60)
    assert len(ids(panel)) == 50
    assert len(ids(panel, page=2)) == 10
    assert len(ids(panel, reslen=0)) == 60
    assert len(ids(panel, reslen="x")) == 50
    assert len(ids(panel, reslen=9999)) == 60


def test_page_and_length_may_come_in_the_form(panel: Admin) -> None:
    assert ids(panel, "plans", {"page": 2, "reslen": 3}) == [4, 5, 6]


def test_page_0_is_the_first_one(panel: Admin) -> None:
    assert ids(panel, page=0, reslen=5) == ids(panel, page=1, reslen=5) == [1, 2, 3, 4, 5]


def test_pages_that_start_at_0(panel: Admin) -> None:
    panel.control.switches(virtualizor_page_base=0)
    assert ids(panel, reslen=5) == ids(panel, page=0, reslen=5) == [1, 2, 3, 4, 5]
    assert ids(panel, page=1, reslen=5) == [6, 7, 8, 9, 10]


def test_a_panel_that_repeats_its_first_page(panel: Admin) -> None:
    panel.control.switches(virtualizor_page_ignored=True)
    assert walk(panel, 20) == (list(range(1, 21)), 2)


@pytest.mark.parametrize(
    ("name", "found"),
    [("cloud", [1, 3, 7]), ("Shared Name", [4, 5]), ("NAME", [4, 5]), ("zzz", []), ("", 7)],
)
@pytest.mark.parametrize("where", ["query", "form"])
def test_planname_is_not_compared_exactly(panel: Admin, name: str, found: Any, where: str) -> None:
    filters = {"planname": name}
    got = (
        ids(panel, "user_plans", filters)
        if where == "form"
        else ids(panel, "user_plans", **filters)
    )
    assert (len(got) if isinstance(found, int) else got) == found


def test_planname_filters_vps_plans_too(panel: Admin) -> None:
    assert ids(panel, "plans", planname="KVM 1G") == [1]
    assert ids(panel, "plans", planname="1g") == [1, 6]
    assert ids(panel, "plans", {"ptype": "lxc"}) == [6]


def test_search_of_vps(panel: Admin) -> None:
    assert ids(panel, search=1, vpshostname="vps4.example.com") == [4, 9]
    assert ids(panel, search=1, vsstatus="s") == [7]
    assert ids(panel, search=1, vpsip="10.60.0.10") == [1]
    assert ids(panel, search=1, vpsname="v1005") == [5]
    assert ids(panel, "vs", {"vpsid": 3}) == [3]
    mine = ids(panel, search=1, user="ada.byron@")
    assert mine
    assert {panel.vps(number)["uid"] for number in mine} == {"2"}
    by_plan = ids(panel, search=1, plid=2)
    assert {12, 13} <= set(by_plan)
    assert {panel.vps(number)["plid"] for number in by_plan} == {"2"}
    assert {panel.vps(number)["serid"] for number in ids(panel, search=1, serid=1)} == {1}


def test_filters_need_search(panel: Admin) -> None:
    assert len(ids(panel, vpshostname="vps4.example.com")) == 50


def test_users_by_query_and_by_form(panel: Admin) -> None:
    address = "edsger@example.com"
    assert ids(panel, "users", email=address) == ids(panel, "users", {"email": address}) == [4, 5]
    assert ids(panel, "users", email="*byron*") == [2]
    assert ids(panel, "users", uid=2) == [2]
    assert ids(panel, "users", type=1) == ids(panel, "users", {"user_type": 1}) == [1]


def test_an_empty_page_by_fault(panel: Admin) -> None:
    panel.control.fault("empty_page", operation="act=user_plans")
    assert [ids(panel, "user_plans"), ids(panel, "user_plans", reslen=1)] == [[], [1]]


def test_rows_that_move_between_pages(panel: Admin) -> None:
    panel.control.fault("page_shift", operation="act=vs", change="remove", rows=2)
    assert ids(panel, reslen=10, page=1)[-1] == 10
    assert ids(panel, reslen=10, page=2)[0] == 13
    panel.control.fault("page_shift", operation="act=vs", change="insert", rows=2)
    assert ids(panel, reslen=10, page=2)[0] == 9
