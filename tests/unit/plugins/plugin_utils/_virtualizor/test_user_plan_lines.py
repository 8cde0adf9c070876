# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtualizor.user_plan_lines import (
    user_plan_lines,
)


def change(field, before, desired, unit=None):
    return {"field": field, "unit": unit, "before": before, "desired": desired, "after": desired}


def row(outcome, number, name, *changes, msg=""):
    return {"id": number, "name": name, "outcome": outcome, "changes": list(changes), "msg": msg}


MADE = change("state", "absent", "present")
GONE = change("state", "present", "absent")


def test_each_plan_has_one_line():
    assert user_plan_lines(
        [
            row(
                "changed",
                1,
                "Starter",
                change("ram", 1024, 2048, "MB"),
                change("sgs", [0], [0, 2]),
                change("plan_name", "Starter", "Begin"),
            ),
            row(
                "changed",
                2,
                "More",
                change("space_per_vm", None, 5, "GB"),
                change("band_suspend", False, True),
                change("max_cost", 0.0, 49.5),
            ),
            row(
                "created",
                None,
                "New 计划",
                MADE,
                change("plan_name", None, "New 计划"),
                change("cpu_percent", None, 80.0, "%"),
                change("num_vs", None, 0),
                change("mgs", None, []),
                change("allowed_virts", None, ["kvm", "lxc"]),
            ),
            row("deleted", 12, "Old", GONE),
            row("skipped", None, "Later", MADE, change("ram", None, 1, "MB")),
            row("unchanged", 3, "Same"),
            row("failed", 4, "In use", msg="Cannot delete\nit"),
        ]
    ) == [
        "changed    Starter (1)     ram 1024 -> 2048 MB, sgs [0] -> [0, 2], plan_name Starter -> Begin",
        "changed    More (2)        space_per_vm none -> 5 GB, band_suspend false -> true, max_cost 0 -> 49.5",
        "created    New 计划 (new)  cpu_percent 80 %, allowed_virts [kvm, lxc]",
        "deleted    Old (12)",
        "skipped    Later (new)     ram 1 MB",
        "unchanged  Same (3)",
        "FAILED     In use (4)      Cannot delete it",
    ]


def test_control_characters_are_replaced():
    assert user_plan_lines([row("deleted", 1, "a\x1b[2Jb\u202e", GONE)]) == [
        "deleted    a [2Jb  (1)"
    ]


def test_a_failed_entry_without_an_id_need_not_be_new():
    assert user_plan_lines([row("failed", None, "Twin", msg="2 have that name")]) == [
        "FAILED     Twin  2 have that name"
    ]


def test_a_plan_without_a_name():
    assert user_plan_lines([row("unchanged", 1, "")]) == ["unchanged  (1)"]


def test_no_rows_give_no_lines():
    assert user_plan_lines([]) == []
