# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test reads of the servers of a region for the inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Query
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.client import HuaweiCloud
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server_info import (
    FleetQuery,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._huaweicloud.inventory import (
    read_fleet,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    PROJECT,
    REGION,
    SERVERS,
    fail_task,
    get,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud_phones import listed, named
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step, answer

ROWS = [
    named("web-2", 3, create_time="2026-01-03T00:00:00Z", addresses=[]),
    named("web-1", 2, create_time="2026-01-01T00:00:00Z"),
    named("old", 1, create_time="2026-01-01T00:00:00Z", status=6),
    named("db", 4),
]


def _fleet(*, details: bool = False, workers: int = 4, **filters: Any) -> type[Query]:
    """Return a query that reads the servers as the inventory does."""

    class Fleet(Query):
        def __init__(self, client: HuaweiCloud, params: Mapping[str, Any]) -> None:
            self._client = client

        def read(self) -> dict[str, Any]:
            query = FleetQuery(**filters)
            return {"fleet": read_fleet(self._client, query, details=details, workers=workers)}

    return Fleet


def _read(*steps: Step, **options: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = run_task(_fleet(**options), CONNECTION, *steps)["fleet"]
    return rows


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["db", "web-1", "web-2"]),
        ({"names": ["web*"]}, ["web-1", "web-2"]),
        ({"names": ["WEB*"]}, []),
        ({"names": ["d?", "*-2"]}, ["db", "web-2"]),
        ({"names": []}, []),
        ({"exclude_names": ["web*"]}, ["db"]),
        ({"exclude_names": []}, ["db", "web-1", "web-2"]),
        ({"names": ["web*"], "exclude_names": ["*2"]}, ["web-1"]),
        ({"names": ["old"], "states": ["gone", "normal"]}, ["old"]),
    ],
    ids=str,
)
def test_servers_are_selected_by_name_and_sorted_by_age(filters, names):
    assert [row["name"] for row in _read(listed(SERVERS, *ROWS), **filters)] == names


def test_details_have_the_values_that_the_list_lacks():
    full = named("web-2", 3, addresses=[{"server_ip": "192.0.2.3", "public_ip": ""}])
    steps = [listed(SERVERS, ROWS[0]), get(f"{SERVERS}/{full['server_id']}", full)]
    (row,) = _read(*steps, details=True)
    assert (row["server_ips"], row["public_ips"]) == (["192.0.2.3"], [])


def test_a_server_has_its_region_and_project():
    (row,) = _read(listed(SERVERS, named("a")))
    assert (row["region"], row["project_id"]) == (REGION, PROJECT)
    assert (row["server_ips"], row["public_ips"]) == (["192.0.2.7"], ["198.51.100.7"])


def test_a_server_without_addresses_has_empty_lists():
    raw = named("a")
    del raw["addresses"]
    (row,) = _read(listed(SERVERS, raw))
    assert (row["server_ips"], row["public_ips"]) == ([], [])


@pytest.mark.parametrize("status", [6, 10])
def test_a_server_that_leaves_the_selection_before_it_is_read_is_omitted(status):
    full = named("web-2", 3, status=status)
    steps = [
        listed(SERVERS, ROWS[0], status=5),
        get(f"{SERVERS}/{full['server_id']}", full),
    ]
    assert _read(*steps, details=True, states=["normal"]) == []


def test_a_list_that_changes_during_each_read_is_an_error():
    page = {"servers": [named("a", number) for number in range(100)], "count": 101}
    rest = {"servers": [named("a", 99)], "count": 101}  # the last of the first page again
    steps = [get(SERVERS, page), get(SERVERS, rest)] * 3
    error = fail_task(_fleet(workers=1), CONNECTION, *steps)
    assert error.code.value == "protocol"
    assert "the list of servers changed while it was being read" in error.msg


def test_a_refused_read_is_an_error():
    denied = answer(403, {"error_code": "CPS.0001", "error_msg": "no permission"})
    steps = [listed(SERVERS, ROWS[0]), get(f"{SERVERS}/{ROWS[0]['server_id']}", denied)]
    assert fail_task(_fleet(details=True), CONNECTION, *steps).code.value == "forbidden"
