# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode returns all documented keys, also for objects that do not exist yet."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.converge import (
    blank,
    predicted,
    results,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.existence import Existing
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Query
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.one_call import OneCall
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.traffic_block import (
    MonthTraffic,
    RemovedTrafficBlock,
    traffic_blocks,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import MODULES
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import documented
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse

#: What every result has, or has of the comparison alone.
COMMON = {"api_calls", "changed", "changes", "diff", "failure", "msg", "refused"}
#: Keys of a failed job, which check mode never has.
FAILED = {"job"}


def _works(module: str) -> list[type]:
    loaded: Any = import_module(f"ansible_collections.vpsfleet.panels.plugins.modules.{module}")
    work = loaded.MODULE.work if hasattr(loaded, "MODULE") else OneCall
    return [MonthTraffic, RemovedTrafficBlock] if work is traffic_blocks else [work]


#: No task creates a cloud phone server, so a change of its flavor always reads an existing one.
WITHOUT_PREDICTION = {"huaweicloud_cph_server_flavor"}

#: Each task that writes, with its module.
WRITING = [
    (name, work)
    for name in MODULES
    if name not in WITHOUT_PREDICTION
    for work in _works(name)
    if not issubclass(work, (Query, OneCall))
]


def _documented(module: str, work: type) -> dict[str, Any]:
    absent = "state=absent" if work is not RemovedTrafficBlock else "state=present"
    return {
        key: row.get("contains") if row["type"] == "dict" else None
        for key, row in documented(module).returned.items()
        if key not in COMMON | FAILED and absent not in row["returned"]
    }


@pytest.mark.parametrize(("module", "work"), WRITING)
def test_each_documented_key_is_in_the_result_of_check_mode(module, work):
    shown = blank(work.shown)
    expected = _documented(module, work)
    found = [*differences(expected, shown, "RETURN")]
    for key in set(shown) & set(expected):
        found += differences(expected[key] or (), shown[key] or (), f"{key} of RETURN")
    refuse(found, f"Make RETURN of {module} and `shown` of {work.__name__} alike:")


@pytest.mark.parametrize(("module", "work"), WRITING)
def test_a_prediction_has_them_too_with_what_the_operator_gave(module, work):
    params = {"name": "web01", "user_id": 4, "state": "present", "interface": "primary"}
    state = "present" if issubclass(work, Existing) else None
    result = predicted(work.shown, params, state, "Cannot find it")
    assert {"changed", "changes", "refused", "diff", "warnings", *work.shown} == set(result)
    assert result["changed"] is True
    assert len(result["warnings"]) == 1
    for key, names in work.shown.items():
        for name in names or ():
            if name in params and name != "state":
                assert result[key][name] == params[name]
            elif name == "state" and state:
                assert result[key][name] == state


def test_an_unknown_value_is_null():
    shown = results(thing=("id", "name"), password=None)
    assert blank(shown, {"name": "a", "other": 1}) == {
        "thing": {"id": None, "name": "a"},
        "password": None,
    }
