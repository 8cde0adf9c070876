# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.retry import (
    Backoff,
    RateLimiter,
    RetryPolicy,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import Session
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.client import VirtFusion
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.dialect import (
    VirtFusionDialect,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PACKAGE_ASPECTS,
    SERVER_ASPECTS,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtfusion.inventory import (
    FleetQuery,
    fits,
    read_fleet,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    BASE,
    ScriptedBackend,
    Step,
    answer,
    get,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    ALL_ASPECTS,
    TOKEN,
    package,
    page,
    row,
    server,
)

PACKAGES = get("/packages", ok([package()]))


def session(backend: Any, clock: Any, per_second: float = 0) -> Session:
    return Session(
        VirtFusionDialect(TOKEN),
        {"": BASE},
        backend,
        Backoff(RetryPolicy(retries=0), clock),
        RateLimiter(per_second, clock),
        check_mode=True,
    )


def read(clock: Any, *steps: Step, workers: int = 1, **query: Any) -> list[dict[str, Any]]:
    """Read a fleet. Every expected request must be sent."""
    backend = ScriptedBackend(*steps)
    found = read_fleet(VirtFusion(session(backend, clock)), FleetQuery(**query), workers)
    backend.assert_finished()
    return found


def listed(*rows: Any, **query: Any) -> Step:
    asked = {"type": "full", "results": 200, "page": 1, **query}
    return get("/servers", answer(200, page(*rows)), asked)


def ids(found: list[dict[str, Any]]) -> list[int]:
    return [view["id"] for view in found]


# -- requests --------------------------------------------------------------------------------------


def test_whole_rows_cost_one_request(clock):
    found = read(clock, listed(server(id=9), server(id=3)), PACKAGES)
    assert ids(found) == [3, 9]
    assert found[0]["memory"] == 2048
    assert found[0]["packages"] == ["Cloud 4"]


def test_the_panel_filters_by_hypervisor(clock):
    steps = listed(server(), **{"hypervisorId[]": [6, 7]}), PACKAGES
    assert ids(read(clock, *steps, hypervisor_ids=[6, 7])) == [7]


def test_a_panel_that_does_not_filter_is_filtered_here(clock):
    rows = server(id=1), server(id=2, hypervisorId=7)
    steps = listed(*rows, **{"hypervisorId[]": [7]}), PACKAGES
    assert ids(read(clock, *steps, hypervisor_ids=[7])) == [2]


def test_short_rows_cost_a_request_for_each_selected_server(clock):
    rows = (
        row(1, "web01"),
        row(2, "db01"),
        row(3, "web03", suspended=True),
        row(4, "web04", owner=9),
    )
    found = read(
        clock,
        listed(*rows),
        get("/servers/1", ok(server(id=1))),
        PACKAGES,
        names=["web*"],
        suspended=False,
        owner_ids=[4],
    )
    assert ids(found) == [1]
    assert found[0]["ipv4_addresses"] == ["192.0.2.7"]


def test_filters_on_fields_missing_in_a_short_row_use_the_details(clock):
    found = read(
        clock,
        listed(row(1, "a"), row(2, "b"), row(3, "c")),
        get("/servers/1", ok(server(id=1))),
        get("/servers/2", ok(server(id=2, state="failed"))),
        get("/servers/3", ok(server(id=3, hypervisor=[]))),
        PACKAGES,
        states=["complete"],
        hypervisor_group_ids=[2],
    )
    assert ids(found) == [1]


def test_whole_and_short_rows_may_come_together(clock):
    steps = listed(server(id=9), row(3, "a")), get("/servers/3", ok(server(id=3))), PACKAGES
    assert ids(read(clock, *steps)) == [3, 9]


def test_a_server_that_was_deleted_meanwhile_is_left_out(clock):
    found = read(
        clock,
        listed(row(1, "a"), row(2, "b")),
        get("/servers/1", answer(404, {"msg": "server not found"})),
        get("/servers/2", ok(server(id=2))),
        PACKAGES,
    )
    assert ids(found) == [2]


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_server_that_cannot_be_read_fails_all(clock, status):
    with pytest.raises(PanelError, match="server 1"):
        read(clock, listed(row(1, "a")), get("/servers/1", answer(status)))


def test_unreadable_packages_are_an_error(clock):
    with pytest.raises(PanelError, match="packages") as caught:
        read(clock, listed(server()), get("/packages", answer(403, {"msg": "no"})))
    assert "permission" in caught.value.msg


def test_an_empty_panel_has_no_servers(clock):
    assert read(clock, listed(), PACKAGES) == []


class Counting:
    """A backend that returns details and counts concurrent requests."""

    def __init__(self, servers: int, together: int) -> None:
        self.rows = [row(number, f"s{number}") for number in range(1, servers + 1)]
        self.barrier = threading.Barrier(together, timeout=WATCHDOG_S)
        self.peak = self.now = 0
        self.lock = threading.Lock()

    def send(self, request: Any) -> Any:
        path = request.url.removeprefix(BASE)
        if path == "/servers":
            return answer(200, page(*self.rows))
        if path == "/packages":
            return ok([])
        with self.lock:
            self.now += 1
            self.peak = max(self.peak, self.now)
        self.barrier.wait()
        with self.lock:
            self.now -= 1
        return ok(server(id=int(path.rpartition("/")[2])))

    def close(self) -> None:
        pass


def test_details_are_read_with_limited_concurrency(clock):
    backend = Counting(servers=12, together=4)
    found = read_fleet(VirtFusion(session(backend, clock)), FleetQuery(), 4)
    assert ids(found) == list(range(1, 13))
    assert backend.peak == 4


def test_details_are_read_within_the_rate_limit(clock):
    backend = Counting(servers=9, together=1)
    read_fleet(VirtFusion(session(backend, clock, per_second=10)), FleetQuery(), 1)
    assert sum(clock.sleeps) == pytest.approx(1.0)  # 11 requests, 10 pauses


# -- packages --------------------------------------------------------------------------------------


def _fits(server_changes: dict[str, Any], package_changes: dict[str, Any]) -> bool:
    return fits(
        SERVER_ASPECTS.project(server(**server_changes)),
        PACKAGE_ASPECTS.project(package(**package_changes)),
    )


def test_a_server_fits_the_package_whose_resources_it_has():
    assert _fits({}, {})


@pytest.mark.parametrize("aspect", ALL_ASPECTS)
def test_every_aspect_counts(aspect):
    assert not _fits({}, {aspect: 77777})


def test_a_bigger_disk_fits():
    assert _fits({"primary_disk_size": 41}, {})
    assert not _fits({"primary_disk_size": 39}, {})


@pytest.mark.parametrize("none", [None, 0])
def test_all_notations_of_no_limit_are_equal(none):
    assert _fits({"primary_disk_read_iops": None}, {"primary_disk_read_iops": none})


@pytest.mark.parametrize("aspect", ["memory", "cpu", "primary_disk_size"])
def test_a_missing_value_fits_only_a_missing_value(aspect):
    reported = SERVER_ASPECTS.project(server())
    given = PACKAGE_ASPECTS.project(package())
    assert not fits({**reported, aspect: None}, given)
    assert not fits(reported, {**given, aspect: None})
    del reported[aspect]
    assert not fits(reported, given)


# -- filters ---------------------------------------------------------------------------------------

VIEW = {"id": 7, "name": "web01", "state": "complete", "suspended": False, "owner_id": 4}


@pytest.mark.parametrize(
    ("query", "desired"),
    [
        ({}, True),
        ({"names": ["web??"]}, True),
        ({"names": ["WEB*"]}, False),
        ({"names": []}, False),
        ({"exclude_names": ["*01"]}, False),
        ({"exclude_names": []}, True),
        ({"owner_ids": [3, 4]}, True),
        ({"owner_ids": []}, False),
        ({"suspended": True}, False),
        ({"suspended": False}, True),
        ({"states": ["failed"]}, False),
    ],
)
def test_filters_accept_or_drop_a_server(query, desired):
    assert FleetQuery(**query).accepts(VIEW, whole=True) is desired
    assert FleetQuery(**query).accepts(VIEW, whole=False) is desired


def test_a_row_without_the_field_passes_until_the_details_are_read():
    query = FleetQuery(hypervisor_group_ids=[2])
    assert query.accepts(VIEW, whole=False)
    assert not query.accepts(VIEW, whole=True)


def test_a_server_without_a_name_has_an_empty_name():
    nameless = {**VIEW, "name": None}
    assert FleetQuery(names=["*"]).accepts(nameless, whole=True)
    assert not FleetQuery(names=["?*"]).accepts(nameless, whole=True)
