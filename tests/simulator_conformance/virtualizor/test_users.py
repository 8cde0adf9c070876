# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users of the panel (virtualizor 3.6)."""

from __future__ import annotations

from typing import Any

import pytest

from .api import Admin

NEW = {
    "adduser": 1,
    "priority": 2,
    "newemail": "jo@example.com",
    "newpass": "FAKE-new",
    "fname": "Jo",
}
ADA, GRACE = 2, 3


def edited(panel: Admin, number: int, **fields: Any) -> Any:
    """Edit a user with the required fields and return the answer."""
    user = panel.user(number)
    base = {"edituser": 1, "priority": user["type"], "newemail": user["email"]}
    return panel.json("edituser", {**base, **fields}, uid=number)


def test_add(panel: Admin) -> None:
    number = panel.done("adduser", {**NEW, "uplid": 3, "num_vs": 4, "sgs[]": [0, 2]})
    user = panel.user(number)
    expected = {"email": "jo@example.com", "type": "2", "uplid": "3", "num_vs": "4", "sg": "0,2"}
    assert {key: user[key] for key in expected} == expected
    assert '"fname";s:2:"Jo"' in user["preferences"]
    assert all(isinstance(value, str) for value in user.values())


@pytest.mark.parametrize(
    ("changes", "texts"),
    [
        ({"newemail": "ADA.byron@example.com"}, 1),
        ({"newemail": "nobody"}, 1),
        ({"newemail": ""}, 1),
        ({"newpass": ""}, 1),
        ({"priority": ""}, 1),
        ({"uplid": 99}, 1),
        ({"dnsplan_id": 99}, 1),
        ({"newemail": "", "newpass": "", "uplid": 99}, 3),
    ],
)
def test_refused_additions(panel: Admin, changes: dict[str, Any], texts: int) -> None:
    start = panel.control.digest()
    assert len(panel.errors("adduser", {**NEW, **changes})) == texts
    assert panel.control.digest() == start


def test_the_answer_of_an_edit(panel: Admin) -> None:
    answer = edited(panel, GRACE, uplid=1, newemail="grace@example.com", fname="Grace")
    assert (answer["title"], answer["done"]) == ("Edit User", "1")
    record = answer["users"]
    assert (record["uplid"], record["allowed_virts"]) == ("1", [""])
    assert record["preferences"]["fname"] == "Grace"
    assert {"mgs", "servergroups", "user_plans"} <= set(answer)
    assert panel.user(GRACE)["email"] == "grace@example.com"


def test_no_user_plans_show_as_a_list(panel: Admin) -> None:
    panel.done("user_plans", {"delete": "1,2,3,4,5,6,7"})
    assert panel.json("edituser", uid=ADA)["user_plans"] == []


def test_a_blank_password_keeps_the_old_one(panel: Admin) -> None:
    before = panel.user(ADA)["password"]
    edited(panel, ADA, newpass="")
    assert panel.user(ADA)["password"] == before
    edited(panel, ADA, newpass="FAKE-other")
    assert panel.user(ADA)["password"] != before


def test_reset_and_keep(panel: Admin) -> None:
    panel.control.patch("virtualizor.users", ADA, {"num_vs": "9", "sg": "2"})
    panel.control.switches(virtualizor_omitted_on_edit="keep")
    edited(panel, ADA, ram=1)
    user = panel.user(ADA)
    assert (user["num_vs"], user["sg"], user["ram"], user["uplid"]) == ("9", "2", "1", "1")
    assert '"fname";s:3:"Ada"' in user["preferences"]
    panel.control.switches(virtualizor_omitted_on_edit="reset")
    edited(panel, ADA)
    user = panel.user(ADA)
    assert (user["num_vs"], user["sg"], user["ram"], user["uplid"]) == ("0", "", "0", "0")
    assert '"fname";s:0:""' in user["preferences"]


def test_an_edit_is_refused(panel: Admin) -> None:
    assert len(edited(panel, ADA, uplid=99)["error"]) == 1
    assert edited(panel, ADA, newemail=panel.user(GRACE)["email"])["error"]
    assert "done" not in panel.json("edituser", {"edituser": 1}, uid=999)


def test_delete_and_suspend(panel: Admin) -> None:
    number = panel.done("adduser", NEW)
    assert panel.done("users", {"suspend": number}) is True
    assert panel.user(number)["suspended"] == "1"
    assert panel.done("users", unsuspend=number) is True
    assert set(panel.done("users", {"delete": number})) == {str(number)}


def test_deleting_a_user_keeps_the_servers_only_on_request(panel: Admin) -> None:
    owner = panel.vps(1)["uid"]
    assert panel.done("users", {"delete": owner, "dont_destroy_vps": 1})
    assert (panel.vps(1)["uid"], panel.vps(1)["email"]) == (owner, "")
    other = next(row["uid"] for row in panel.json("vs")["vs"].values() if row["email"])
    assert panel.done("users", {"delete": other})
    assert other not in {row["uid"] for row in panel.json("vs", reslen=0)["vs"].values()}
