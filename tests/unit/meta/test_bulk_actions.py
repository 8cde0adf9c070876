# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bulk actions: the same change as in the single module, and the results of a real run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import (
    ItemOutcome,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    ARGUMENTS as FLEET,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet_action import FleetAction
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import ENGINE, MODULES
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import (
    Documented,
    bulk_actions,
    documented,
    strings,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel, fleet_run

BULK = [action for action in bulk_actions() if action.name in ENGINE]
#: Options of a single module that select its object. A bulk action selects by others, and
#: its rollback needs no flavor.
WHICH = {"server_id", "server_uuid", "server_name"}
WHICH |= {"vps_id", "vps_uuid", "vps_name", "hostname"}
WHICH |= {"server_model_name", "phone_model_name"}


def twin(action: Documented) -> Documented:
    """Return the single module of a bulk action, whose name is the plural."""
    return documented(action.name.removesuffix("s"))


def test_a_bulk_action_is_the_plural_of_a_module():
    found = (
        f"{action.name}: there is no module {twin(action).name}"
        for action in BULK
        if action.name.removesuffix("s") not in MODULES
    )
    refuse(found, "Name a bulk action for its single module:")
    assert BULK


def test_a_bulk_action_is_a_fleet_action():
    found = (
        action.name for action in BULK if not issubclass(action.plugin.ActionModule, FleetAction)
    )
    refuse(found, "Derive ActionModule from FleetAction:")


def test_the_bulk_action_changes_what_the_single_module_changes():
    def different(action: Documented) -> Iterator[str]:
        bulk = action.options
        for option, rule in twin(action).options.items():
            if option not in WHICH and bulk.get(option) != rule:
                yield f"{action.name}: {option} differs from that of {twin(action).name}"
        yield from (
            f"{action.name}: {option} is missing" for option in set(FLEET.options) - set(bulk)
        )

    refuse(
        (line for action in BULK for line in different(action)),
        "Declare the options of the change once and use them in both:",
    )


def test_the_approval_of_a_rollback_covers_what_that_of_the_change_does():
    fleets = {action.name: action.plugin.ActionModule.FLEET for action in BULK}
    found = (
        f"{name}: {fleet.rollback.approved_fields} instead of {fleet.change.approved_fields}"
        for name, fleet in fleets.items()
        if not fleet.change.approved_fields
        or fleet.rollback.approved_fields != fleet.change.approved_fields
    )
    refuse(found, "Declare approved_fields once and use them in both:")


def test_a_rollback_names_items_and_places_as_the_change_does():
    found = (
        f"{action.name}: {name} is {getattr(fleet.rollback, name)!r}"
        for action in BULK
        for fleet in [action.plugin.ActionModule.FLEET]
        for name in ("panel", "name", "noun", "place_noun", "units")
        if getattr(fleet.rollback, name) != getattr(fleet.change, name)
    )
    refuse(found, "Take these from the change:")


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The result of a small run."""
    return fleet_run(ToyPanel([1]), tmp_path_factory.mktemp("run"))


def test_the_documented_results_are_the_results(result):
    def different(action: Documented) -> Iterator[str]:
        docs = action.returned
        yield from differences(docs, {*result, "failure"} - {"changed", "warnings"}, "RETURN")
        row = {
            **result["results"][0],
            **dict.fromkeys(action.plugin.ActionModule.FLEET.change.details),
        }
        yield from differences(docs["results"]["contains"], row, "results")
        yield from differences(docs["totals"]["contains"], result["totals"], "totals")
        yield from differences(docs["totals"]["sample"], result["totals"], "the sample of totals")
        failure = PanelError(Code.LOCKED, "x").failure()
        yield from differences(
            docs["results"]["contains"]["failure"]["contains"], failure, "failure"
        )
        data = {
            name.replace(result_prefix(result), action.name): None
            for name in result["ansible_stats"]["data"]
        }
        yield from differences(
            docs["ansible_stats"]["contains"]["data"]["contains"], data, "ansible_stats.data"
        )

    found = (f"{action.name}: {line}" for action in BULK for line in different(action))
    refuse(found, "Correct RETURN:")


def result_prefix(result: dict) -> str:
    """Return how the names of the statistics begin."""
    (name,) = (name for name in result["ansible_stats"]["data"] if name.endswith("_run_id"))
    return name.removesuffix("_run_id")


def test_each_outcome_and_each_reason_is_documented():
    def silent(action: Documented) -> Iterator[str]:
        docs = action.returned
        outcome = " ".join(strings(docs["results"]["contains"]["outcome"]["description"]))
        yield from (
            f"outcome {one.value}" for one in ItemOutcome if f"V({one.value})" not in outcome
        )
        stopped = " ".join(strings(docs["stopped"]["description"]))
        yield from (f"reason {one.value}" for one in Reason if f"V({one.value})" not in stopped)

    found = (f"{action.name}: {line}" for action in BULK for line in silent(action))
    refuse(found, "Describe these values in RETURN:")
