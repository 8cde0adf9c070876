# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_table import (
    RETURN,
    fleet_table,
)


def change(field, before, after, unit=None, outcome="changed", message=None):
    return {
        "field": field,
        "before": before,
        "after": after,
        "unit": unit,
        "outcome": outcome,
        "message": message,
    }


def row(number, name, *changes, outcome="changed", msg=""):
    return {"id": number, "name": name, "outcome": outcome, "changes": list(changes), "msg": msg}


def test_no_rows_give_no_lines():
    assert fleet_table([]) == []


def test_the_table_shows_changes_refusals_and_failures():
    disk = change("primary_disk_size", 40, 80, "GB")
    too_big = change("primary_disk_size", 200, 200, "GB", "refused", "never smaller")
    rows = [
        row(7, "web01", change("memory", 2048, 4096, "MB"), disk),
        row(118, "db", change("cpu", 2, 4, "cores"), change("memory", 512, 4096, "MB"), too_big),
        row(9, "web03", outcome="failed", msg="Cannot read server 9: gone"),
        row(10, "web04", outcome="skipped", msg="not touched"),
        row(11, "web05", outcome="unchanged"),
        row(13, "web07", outcome="moved", msg="it is gone"),
        row(12, "web06", too_big, outcome="refused", msg="stays"),
    ]
    assert fleet_table(iter(rows)) == [
        "                                  primary_",
        "            cpu     memory        disk_size",
        " id  name   cores   MB            GB",
        "  7  web01          2048 -> 4096  40 -> 80",
        "118  db     2 -> 4  512 -> 4096   stays 200",
        "  9  web03  FAILED: Cannot read server 9: gone",
        " 10  web04  skipped",
        " 11  web05  unchanged",
        " 13  web07  moved: it is gone",
        " 12  web06                        stays 200",
        "refused: primary_disk_size: never smaller",
    ]


def test_a_missing_value_is_shown_as_none():
    lines = fleet_table([row(1, "a", change("iops", None, 500, "operations/s"))])
    assert lines == [
        "          iops",
        "id  name  operations/s",
        " 1  a     none -> 500",
    ]


def test_a_field_without_a_unit():
    assert fleet_table([row(1, "a", change("backup_plan", 2, None))]) == [
        "          backup_",
        "          plan",
        "id  name",
        " 1  a     2 -> none",
    ]


def test_failures_alone_add_no_columns():
    assert fleet_table([row(1, "a", outcome="failed", msg="no")]) == [
        "id  name",
        " 1  a     FAILED: no",
    ]


def test_each_reason_is_listed_once():
    rows = [
        row(n, "a", change("cpu", 1, 1, "cores", "refused", "why"), outcome="refused", msg="x")
        for n in (1, 2)
    ]
    assert fleet_table(rows)[-2:] == [" 2  a     stays 1", "refused: cpu: why"]


def test_wide_letters_take_two_columns_and_accents_none():
    names = ["日本", "Bu\u0308cher", "plain"]
    lines = fleet_table(
        row(n, name, outcome="failed", msg="no") for n, name in enumerate(names, start=1)
    )
    assert lines == [
        "id  name",
        " 1  日本    FAILED: no",
        " 2  Bu\u0308cher  FAILED: no",
        " 3  plain   FAILED: no",
    ]


def test_control_characters_are_replaced():
    lines = fleet_table(
        [row(1, "a\x1b[2Jb\nc\u202ed", outcome="failed", msg="one\r\ntwo"), row(2, None)]
    )
    assert lines == [
        "id  name",
        " 1  a [2Jb c d  FAILED: one  two",
        " 2",
    ]


def test_braces_in_messages_stay():
    assert fleet_table([row(1, "{x}", outcome="failed", msg="{name}")])[1].endswith(
        "FAILED: {name}"
    )


@pytest.mark.parametrize("rows", [[{"id": 1}], ["text"], {"id": 1}])
def test_only_a_list_of_rows_is_accepted(rows):
    with pytest.raises(AnsibleFilterError, match="list of rows"):
        fleet_table(rows)


def test_the_documented_sample_is_correct():
    sample = yaml.safe_load(RETURN)["_value"]["sample"]
    disk = ("primary_disk_size", 40, 80, "GB")
    why = "VirtFusion never makes a disk smaller"
    rows = [
        row(7, "web01", change("cpu", 2, 4, "cores"), change(*disk)),
        row(
            8,
            "web02",
            change("cpu", 2, 4, "cores"),
            change("primary_disk_size", 200, 200, "GB", "refused", why),
        ),
        row(9, "web03", outcome="failed", msg="Cannot read server 9: server not found"),
    ]
    assert fleet_table(rows) == sample
