# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The effect of every value of every switch of the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.simulator.virtualizor.switches import SWITCHES

from .api import Admin, salted

Expectation = Callable[[Admin], Any]
Outcomes = dict[str, Any]

PREFIX = "virtualizor_"
NEW = {"adduser_plans": 1, "plan_name": "Shared Name", "priority": 0}
FULL, NEWER = 3, 7


def kind_of(panel: Admin, **query: Any) -> tuple[int, str]:
    """Return the status of a list and the beginning of its answer."""
    response = panel.call("user_plans", **query)
    return response.status_code, response.headers.get("location") or response.text[:9]


def bad_credentials(panel: Admin) -> tuple[int, str]:
    panel.credentials = {"adminapikey": "other"}
    return kind_of(panel)


def hash_only(panel: Admin) -> int:
    panel.credentials = {"apikey": salted(panel.simulator.virtualizor_pass)}
    return kind_of(panel)[0]


def address_listed(panel: Admin) -> str:
    panel.control.switches(virtualizor_bad_credentials="json")
    return str(panel.json("user_plans").get("error", [""])[0])


def permission(panel: Admin) -> tuple[str, bool, bool]:
    assert panel.json("user_plans")["plans"]
    answer = panel.json("user_plans", {"delete": 5})
    return answer["title"], "done" in answer, "fatal_error_text" in answer


def role(panel: Admin) -> tuple[bool, bool, bool]:
    plans, form, users = (panel.json(act) for act in ("plans", "edituser_plans", "user_plans"))
    return "error" in plans, "error" in form, "error" in users


def without_api(panel: Admin) -> str:
    return panel.call("user_plans", api="").text[:5]


def content_type(panel: Admin) -> str:
    response = panel.call("user_plans")
    assert response.json()["plans"]
    return response.headers["content-type"].partition(";")[0]


def php_notice(panel: Admin) -> tuple[bool, bool]:
    text = panel.call("user_plans").text
    return text.startswith("{"), '{"title":"Plans"' in text


def error_shape(panel: Admin) -> Any:
    answer = panel.json("adduser_plans", {"adduser_plans": 1, "plan_name": "x"})
    assert "done" not in answer
    return answer.get("error") or (answer["fatal_error_text"], answer["title"])


def omitted_on_edit(panel: Admin) -> tuple[str, str]:
    panel.edit_user_plan(FULL)
    plan = panel.user_plan(FULL)
    return plan["ram"], plan["sg"]


def empty_array_clears(panel: Admin) -> tuple[str, str]:
    panel.control.switches(virtualizor_omitted_on_edit="keep")
    panel.edit_user_plan(FULL, {"sgs[]": ""})
    return panel.user_plan(FULL)["sg"], panel.user_plan(FULL)["mg"]


def edit_echo(panel: Admin) -> tuple[str, str]:
    shown = panel.edit_user_plan(FULL, ram=7)["user_plans"]
    return shown["ram"], panel.user_plan(FULL)["ram"]


def duplicate_user_plan(panel: Admin) -> bool:
    return "done" in panel.json("adduser_plans", NEW)


def user_plan_in_use(panel: Admin) -> bool:
    assert panel.done("user_plans", {"delete": 5})
    return "done" in panel.json("user_plans", {"delete": 1})


def unknown_uplid(panel: Admin) -> tuple[bool, Any]:
    form = {"edituser_plans": 1, "plan_name": "x", "priority": 0}
    answer = panel.json("edituser_plans", form, uplid=99)
    assert "error" not in answer
    return "done" in answer, answer["user_plans"]


def newer_fields(panel: Admin) -> tuple[bool, str]:
    shown = "total_iops_sec" in panel.user_plan(NEWER)
    panel.edit_user_plan(NEWER, total_iops_sec=5)
    return shown, panel.control.record("user_plans", NEWER)["total_iops_sec"]


def page_ignored(panel: Admin) -> list[str]:
    return list(panel.json("vs", page=2, reslen=2)["vs"])


def page_base(panel: Admin) -> list[str]:
    return list(panel.json("vs", page=1, reslen=2)["vs"])


def reslen_zero(panel: Admin) -> int:
    for dummy in range(60):
        panel.json("adduser_plans", {**NEW, "plan_name": "More"})
    return len(panel.json("user_plans", reslen=0)["plans"])


def planname_filter(panel: Admin) -> list[int]:
    names = ("shared", "Shared Name")
    return [len(panel.json("user_plans", planname=name)["plans"]) for name in names]


def user_plan_ptype(panel: Admin) -> list[int]:
    kinds = ("1", "lxc")
    return [len(panel.json("user_plans", {"ptype": kind})["plans"]) for kind in kinds]


def uplid_change(panel: Admin) -> tuple[str, str, str]:
    user = panel.user(2)
    form = {"edituser": 1, "priority": user["type"], "newemail": user["email"], "uplid": 3}
    panel.done("edituser", {**form, "num_vs": 2}, uid=2)
    user = panel.user(2)
    return user["uplid"], user["num_vs"], user["sg"]


def moved(panel: Admin, act: str) -> tuple[str, str]:
    panel.done(act, {"editvps": 1, "plid": 4}, vpsid=1)
    return panel.vps(1)["plid"], panel.vps(1)["ram"]


def editvs_plan(panel: Admin) -> tuple[str, str]:
    return moved(panel, "editvs")


def managevps_plan(panel: Admin) -> tuple[str, str]:
    return moved(panel, "managevps")


def apply_plan(panel: Admin) -> tuple[str, str]:
    panel.done("managevps", {"editvps": 1, "plid": 4, "apply_plan": 1}, vpsid=1)
    return panel.vps(1)["plid"], panel.vps(1)["ram"]


def delete_user_with_vps(panel: Admin) -> tuple[bool, bool]:
    owned = panel.vps(1)["uid"]
    done = "done" in panel.json("users", {"delete": owned})
    return done, "1" in panel.json("vs", reslen=0)["vs"]


def machine_status(panel: Admin) -> tuple[str, int]:
    panel.done("vs", action="stop", vpsid=1)
    return panel.vps(1)["machine_status"], panel.json("vs", vs_status=1)["status"]["1"]["status"]


TYPE_TEXT = "The user type was not specified"

EXPECTED: list[tuple[Expectation, Outcomes]] = [
    (
        bad_credentials,
        {
            "redirect": (302, "/index.php?act=login"),
            "redirect_elsewhere": (302, "http://192.0.2.12:4084/index.php?act=login"),
            "html": (200, "<!DOCTYPE"),
            "json": (200, '{"title":'),
        },
    ),
    (hash_only, {"accept": 200, "refuse": 302}),
    (
        address_listed,
        {"true": "", "false": "Unauthorized IP detected, api call stopped"},
    ),
    (permission, {"all": ("Plans", True, False), "read": ("Fatal Error", False, True)}),
    (role, {"master": (False, False, False), "slave": (True, True, False)}),
    (without_api, {"xml": "<?xml", "html": "<!DOC"}),
    (content_type, {"html": "text/html", "json": "application/json"}),
    (php_notice, {"false": (True, True), "true": (False, True)}),
    (
        error_shape,
        {
            "list": [TYPE_TEXT],
            "object": {"nousertype": TYPE_TEXT},
            "string": TYPE_TEXT,
            "fatal": (TYPE_TEXT, "Fatal Error"),
        },
    ),
    (omitted_on_edit, {"reset": ("0", ""), "keep": ("65536", "0,2")}),
    (empty_array_clears, {"true": ("", "1,3"), "false": ("0,2", "1,3")}),
    (edit_echo, {"after": ("7", "7"), "before": ("65536", "7")}),
    (duplicate_user_plan, {"accept": True, "refuse": False}),
    (user_plan_in_use, {"delete": True, "refuse": False}),
    (unknown_uplid, {"silent": (False, []), "done": (True, [])}),
    (newer_fields, {"shown": (True, "5"), "hidden": (False, "5"), "absent": (False, "2000")}),
    (page_ignored, {"false": ["3", "4"], "true": ["1", "2"]}),
    (page_base, {"1": ["1", "2"], "0": ["3", "4"]}),
    (reslen_zero, {"all": 67, "default": 50}),
    (planname_filter, {"like": [2, 2], "exact": [0, 2], "ignored": [7, 7]}),
    (user_plan_ptype, {"user_type": [1, 0], "virt": [0, 2], "ignored": [7, 7]}),
    (uplid_change, {"label": ("3", "2", ""), "copy": ("3", "25", "0,2")}),
    (editvs_plan, {"label": ("4", "1024"), "values": ("4", "8192")}),
    (managevps_plan, {"label": ("4", "1024"), "values": ("4", "8192")}),
    (apply_plan, {"obeyed": ("4", "8192"), "ignored": ("4", "1024")}),
    (delete_user_with_vps, {"destroy": (True, False), "refuse": (False, True)}),
    (machine_status, {"live": ("0", 0), "stale": ("1", 0)}),
]
"""The result of each switch's check by value. The first value is the default."""

ROWS = [(check, value, seen) for check, outcomes in EXPECTED for value, seen in outcomes.items()]


@pytest.mark.parametrize(
    ("check", "value", "seen"),
    ROWS,
    ids=[f"{check.__name__}={value}" for check, value, dummy in ROWS],
)
def test_switch(panel: Admin, check: Expectation, value: str, seen: Any) -> None:
    panel.control.switches(**{PREFIX + check.__name__: value})
    found = check(panel)
    assert (found, found.__class__) == (seen, seen.__class__)


def test_the_default_is_the_first_value() -> None:
    defaults = {switch.name: switch.default for switch in SWITCHES}
    assert defaults == {PREFIX + c.__name__: next(iter(outcomes)) for c, outcomes in EXPECTED}


def test_every_value_of_every_switch_is_tested_and_matters() -> None:
    tested = {PREFIX + check.__name__: outcomes for check, outcomes in EXPECTED}
    assert {switch.name: set(switch.choices) for switch in SWITCHES} == {
        name: set(outcomes) for name, outcomes in tested.items()
    }
    for name, outcomes in tested.items():
        seen = list(outcomes.values())
        assert all(seen.count(one) == 1 for one in seen), name
