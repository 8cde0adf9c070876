# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action on a Virtualizor panel, if only some values decide whether a plan is applied."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_bulk import (
    BIG,
    BIGGER,
    DOES,
    PLAN,
    SMALL,
    VpsBulkRunner,
    change,
    form,
    moved,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor_vps import (
    servers,
    states,
    vps,
)


@pytest.fixture
def bulk(tmp_path, monkeypatch) -> VpsBulkRunner:
    return VpsBulkRunner(tmp_path, monkeypatch)


def test_all_values_that_the_panel_sets_are_in_plan_journal_and_result(bulk):
    files = {name: str(bulk.folder / name) for name in ("plan_file", "journal")}
    found = (PLAN, servers(SMALL, BIG), form(SMALL), form(SMALL), states(v17=1))
    planned = bulk.run(*found, check_mode=True, all=True, compare=["ram"], **files)
    result = bulk.run(PLAN, form(SMALL), states(v17=1), *DOES, compare=["ram"], **files)
    assert planned["results"][0]["changes"] == result["results"][0]["changes"]
    fields = {"plan_id", "ram", "cores"}
    assert {row["field"] for row in result["results"][0]["changes"]} == fields
    (item,) = json.loads(Path(files["plan_file"]).read_text())["items"]
    assert {row["field"] for row in item["changes"]} == fields
    (intent,) = [
        event
        for line in Path(files["journal"]).read_text().splitlines()
        if (event := json.loads(line))["event"] == "intent"
    ]
    assert intent["desired"] == {"plan_id": 3, "ram": 4096, "cores": 4}


def test_a_value_that_is_not_compared_belongs_to_the_approval(bulk):
    file = str(bulk.folder / "plan.json")
    found = (PLAN, servers(SMALL, BIG), form(SMALL), form(SMALL), states(v17=1))
    bulk.run(*found, check_mode=True, all=True, compare=["ram"], plan_file=file)
    now = (form(vps(17, cores="1")), states(v17=1))
    result = bulk.run(PLAN, *now, compare=["ram"], plan_file=file)
    assert (outcomes(result), result["api_calls"]["write"]) == ({17: "moved"}, 0)


def test_a_value_that_is_not_compared_and_not_applied_puts_no_vps_in_doubt(bulk):
    found = (PLAN, servers(SMALL, BIG), form(SMALL), form(SMALL), states(v17=1))
    result = bulk.run(*found, change(), moved(cores="2"), all=True, compare=["ram"])
    assert outcomes(result) == {17: "changed", 18: "unchanged"}
    row = result["results"][0]
    assert {each["field"] for each in row["changes"]} == {"plan_id", "ram"}


def test_all_values_are_read_where_the_plan_is_applied(bulk):
    lists = [vps(17), vps(18, **BIGGER)]
    for record in lists:
        del record["io"]
    small = form(vps(17, io="5"))
    # One form shows what the list lacks. Only the VPS to change is read again.
    steps = (PLAN, servers(*lists), small, small, small, states(v17=1))
    result = bulk.run(*steps, check_mode=True, all=True, compare=["ram"])
    fields = {row["field"] for row in result["results"][0]["changes"]}
    assert fields == {"plan_id", "ram", "cores", "io"}


def test_an_interrupted_run_reports_values_that_are_not_compared(bulk):
    journal = bulk.folder / "journal"
    options = {"all": True, "compare": ["ram"], "journal": str(journal)}
    found = (PLAN, servers(SMALL, BIG), form(SMALL), form(SMALL), states(v17=1))
    bulk.run(*found, *DOES, **options)
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join(lines[:2]))  # the response was lost
    steps = (PLAN, servers(vps(17, **BIGGER), BIG), moved(), moved(), states(v17=1))
    (row, _other) = bulk.run(*steps, **options)["results"]
    assert (row["outcome"], row["earlier"]) == ("changed", True)
    assert {change["field"] for change in row["changes"]} == {"plan_id", "ram", "cores"}
