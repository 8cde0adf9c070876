# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that match no item, and selections of no item."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetItem
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.plan_file import PlannedItem
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import ItemOutcome
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.selection import (
    ON_UNMATCHED,
    Selection,
    chosen_way,
    numeric,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    ToySizes,
    fleet_failure,
    fleet_run,
    row,
)

ROWS = [
    {"id": 1, "name": "web01", "place": 6},
    {"id": 2, "name": "web02", "place": 6},
    {"id": 3, "name": "101", "place": None},
]


def _selection(on_unmatched: str = "fail") -> Selection:
    return Selection("things", on_unmatched)


def _refusal(selection: Selection, *ids: int) -> PanelError:
    with pytest.raises(PanelError) as caught:
        selection.conclude(ids, resumed=False)
    return caught.value


# --- values that match nothing ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "values", "field", "message"),
    [
        ("ids", [1, 8, 9], "id", "no things match ids 8, 9"),
        ("ids", [101], "id", "ids 101 (101 is the name of the one with the ID 3)"),
        ("names", ["web03"], "name", "names 'web03' (did you mean 'web02' or 'web01'?)"),
        ("names", ["WEB01"], "name", "did you mean 'web01'? Names are case-sensitive"),
        ("names", ["2"], "name", "names '2' (2 is the ID of 'web02')"),
        ("names", ["a\x1b[2J\nb"], "name", "names 'a\\x1b[2J\\nb'"),
        ("places", [7], "place", "no things match places 7"),
        ("ids", list(range(10, 30)), "id", "18, 19 and 10 more"),
    ],
)
def test_a_value_that_no_item_has_is_refused(option, values, field, message):
    selection = _selection()
    selection.match(option, values, ROWS, field)
    error = _refusal(selection, 1)
    assert error.code is Code.NOT_FOUND
    assert message in error.msg
    assert "set on_unmatched to warn" in error.msg


def test_all_options_are_named_at_once():
    selection = _selection()
    selection.match("ids", [8], ROWS, "id")
    selection.match("exclude_names", ["db01"], ROWS, "name")
    assert "no things match ids 8; exclude_names 'db01'" in _refusal(selection).msg


@pytest.mark.parametrize("on_unmatched", ON_UNMATCHED)
@pytest.mark.parametrize("values", [None, [], [1], [1, 2, 3]])
def test_a_value_that_an_item_has_is_accepted(on_unmatched, values):
    selection = _selection(on_unmatched)
    assert selection.match("ids", values, ROWS, "id") == []
    assert selection.conclude([1], resumed=False) == {}
    assert selection.warnings == []


@pytest.mark.parametrize(("on_unmatched", "warned"), [("warn", True), ("ignore", False)])
def test_an_accepted_unknown_name_has_its_own_result(on_unmatched, warned):
    selection = _selection(on_unmatched)
    missing = selection.match("names", ["web01", "web10"], ROWS, "name", names_items=True)
    selection.match("exclude_ids", [9], ROWS, "id")
    unknown = selection.conclude([1], resumed=False)
    assert missing == ["web10"]
    assert unknown == {
        "web10": "no things match this value of names (did you mean 'web02' or 'web01'?)"
    }
    assert bool(selection.warnings) is warned


def test_a_row_that_lacks_the_field_may_have_the_value():
    selection = _selection()
    assert selection.match("places", [7], [*ROWS, {"id": 4, "name": "short"}], "place") == []
    # Once it is read in full, it counts.
    full = {"id": 4, "name": "short", "place": 8}
    assert selection.match("places", [7], [*ROWS, {"id": 4}, full], "place") == [7]


# --- no item at all --------------------------------------------------------------------------


def test_a_selection_of_nothing_is_refused():
    assert "Cannot select the things: no things are selected" in _refusal(_selection()).msg


def test_an_empty_selection_is_accepted_if_the_options_allow_it():
    for on_unmatched, warnings in (("warn", ["no things are selected"]), ("ignore", [])):
        selection = _selection(on_unmatched)
        assert selection.conclude([], resumed=False) == {}
        assert selection.warnings == warnings


def test_a_resumed_run_may_select_no_item():
    selection = _selection()
    assert selection.conclude([], resumed=True) == {}
    assert selection.warnings == ["no things are selected"]


def test_a_change_that_empties_its_own_selection_may_find_nothing_left():
    selection = _selection()
    selection.may_be_empty("none is left on plan 2")
    assert selection.conclude([1], resumed=False) == {}
    assert selection.warnings == []
    assert selection.conclude([], resumed=False) == {}
    assert selection.warnings == ["none is left on plan 2"]


# --- in a run --------------------------------------------------------------------------------


def _change(toys: ToyPanel, names: list[str], on_unmatched: str) -> ToySizes:
    change = ToySizes(toys)
    change.selection = _selection(on_unmatched)
    rows = [{"id": item_id, "name": f"toy{item_id}"} for item_id in toys.sizes]
    change.selection.match("names", names, rows, "name", names_items=True)
    return change


@pytest.mark.parametrize("check_mode", [False, True])
def test_the_engine_refuses_before_anything_is_written(tmp_path, check_mode):
    toys = ToyPanel([1, 2])
    change = _change(toys, ["toy1", "toy9"], "fail")
    error = fleet_failure(toys, tmp_path, change=change, check_mode=check_mode)
    assert error.code is Code.NOT_FOUND
    empty = ToySizes(ToyPanel([]))
    empty.selection = _selection()
    assert fleet_failure(toys, tmp_path, change=empty, check_mode=check_mode).code is Code.NOT_FOUND
    assert toys.writes == {}


def test_the_others_are_changed_and_the_unknown_one_has_a_result(tmp_path):
    toys = ToyPanel([1, 2])
    result = fleet_run(toys, tmp_path, change=_change(toys, ["toy1", "toy9"], "warn"))
    assert outcomes(result) == {1: "changed", 2: "changed", "toy9": "moved"}
    assert result["warnings"] == ["no things match names 'toy9' (did you mean 'toy2' or 'toy1'?)"]
    assert result["summary"] == "2 changed, 1 left alone"


def test_an_unknown_name_stays_left_alone_when_the_plan_is_applied(tmp_path):
    toys = ToyPanel([1, 2])
    plan = str(tmp_path / "plan.json")
    change = _change(toys, ["toy1", "toy9"], "ignore")
    fleet_run(toys, tmp_path, change=change, check_mode=True, plan_file=plan)
    result = fleet_run(toys, tmp_path, plan_file=plan)
    assert outcomes(result) == {1: "changed", 2: "changed", "toy9": "moved"}


# --- which options select --------------------------------------------------------------------

WAYS = (("ids",), ("names",), ("places", "owners"), ("all",))


def _params(**given: Any) -> dict[str, Any]:
    return {"ids": None, "names": None, "places": None, "owners": None, "all": False, **given}


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({"ids": []}, "ids"),
        ({"names": ["a"]}, "names"),
        ({"owners": [1]}, "places"),
        ({"owners": [1], "places": [1]}, "places"),
        ({"all": True}, "all"),
    ],
)
def test_one_way_selects(given, way):
    assert chosen_way(_params(**given), WAYS, "things") == way


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "must select the things, and none is set (places and owners may be set together)"),
        ({"ids": [1], "all": True}, "and ids and all are both set"),
        ({"names": [], "owners": [1], "places": [1]}, "and names and places are both set"),
        ({"owners": [1], "all": True}, "and owners and all are both set"),
    ],
)
def test_two_ways_are_named(given, message):
    with pytest.raises(PanelError) as caught:
        chosen_way(_params(**given), WAYS, "things")
    assert caught.value.msg.startswith("exactly one of ids, names, places, owners and all must")
    assert message in caught.value.msg


# --- what a plan selected ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "moved"),
    [
        ({"suspended": False, "place": 6}, None),
        ({"suspended": False, "place": 7}, None),
        ({"suspended": True}, "its suspended was false when the plan was made, and is true"),
        ({}, "its suspended was false when the plan was made, and is null"),
    ],
)
def test_an_item_that_the_plan_would_no_longer_select_is_left_alone(facts, moved):
    item = FleetItem(1, "web01", (row(1, 2),), facts=facts)
    planned = PlannedItem(1, "web01", ItemOutcome.CHANGED, "", {"suspended": False})
    assert planned.still_selects(item).moved == moved
    # Nothing would be written to it anyway.
    same = FleetItem(1, "web01", (row(2, 2),), facts=facts)
    assert planned.still_selects(same).moved is None


def test_only_numbers_are_ids_of_a_panel_that_counts():
    assert numeric([1, "web01", 2]) == [1, 2]
