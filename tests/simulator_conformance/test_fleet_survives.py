# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action through everything that goes wrong; writes are counted where they take place."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.process import ControlClient, Simulator

from .fleet_process import run, start

SERVERS = 80
#: A package that nearly every server differs from.
PACKAGE = 3
CHANGE = "PUT /servers/{serverId}/package/{packageId}"


class Fleet:
    """A freshly reset panel, and the options of a run over all of it."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.control: ControlClient = simulator.control
        self.control.reset(servers=SERVERS)
        self.options: dict[str, Any] = {
            "api_url": simulator.url,
            "api_token": simulator.token,
            "package_id": PACKAGE,
            "all": True,
            "workers": 8,
            "on_refused": "ignore",
            "state_dir": str(folder / "state"),
            "journal": str(folder / "journal.jsonl"),
        }
        plan, dummy = run(self.options, check_mode=True)
        self.differ = {str(row["id"]) for row in plan["results"] if row["outcome"] == "changed"}
        assert len(self.differ) > SERVERS / 2
        self.control.clear_log()

    def run(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Carry it out here."""
        return run({**self.options, **options})

    def each_changed_once(self) -> None:
        """Fail unless exactly the servers that differ were changed, each exactly once."""
        assert self.control.counters()["writes_by_server"] == dict.fromkeys(self.differ, 1)


@pytest.fixture
def fleet(simulator: Simulator, tmp_path: Path) -> Iterator[Fleet]:
    yield Fleet(simulator, tmp_path)
    simulator.control.latency(0)
    simulator.control.reset(servers=50)


def test_killed_at_random_moments_each_server_is_changed_once(fleet: Fleet) -> None:
    fleet.control.latency(50)
    fleet.options["workers"] = 3
    moments = random.Random(5)
    for dummy in range(5):
        running = start(fleet.options)
        _wait_for_the_journal(fleet, running)
        time.sleep(moments.uniform(0.0, 0.25))
        running.kill()
        running.communicate(timeout=30)
    while fleet.control.counters()["in_flight"]:  # what was sent arrives after the sender's death
        time.sleep(0.01)
    before = fleet.control.counters()["applied"]
    assert 0 < before < len(fleet.differ), "the kills came too early, or too late"
    result, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)
    assert result["totals"]["earlier"] == before


def _wait_for_the_journal(fleet: Fleet, running: subprocess.Popen[str]) -> None:
    """Wait until a run that was just started writes to its journal."""
    path = Path(fleet.options["journal"])
    before = path.stat().st_size if path.exists() else 0
    while not (path.exists() and path.stat().st_size > before) and running.poll() is None:
        time.sleep(0.005)


def test_a_storm_of_429(fleet: Fleet) -> None:
    fleet.control.fault(
        "status", operation=CHANGE, status=429, times=150, headers={"Retry-After": "0"}
    )
    result, failed = fleet.run(retries=60)
    assert not failed
    fleet.each_changed_once()
    assert result["api_calls"]["retried"] >= 100


def test_answers_that_are_lost_after_the_effect(fleet: Fleet) -> None:
    for number in range(4):
        fleet.control.fault("status", operation=CHANGE, status=502, when="after", skip=20 * number)
    result, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)


def test_a_token_that_is_revoked_half_way(fleet: Fleet) -> None:
    fleet.control.fault("status", operation=CHANGE, status=401, skip=20, times=None)
    result, failed = fleet.run(max_failures="100%")
    assert failed
    assert result["failure"]["code"] == "auth"
    assert 0 < result["totals"]["failed"] <= fleet.options["workers"]
    fleet.control.clear_faults()
    dummy, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()


def test_a_server_that_hangs_keeps_nobody_else(fleet: Fleet) -> None:
    fleet.control.fault("hang", operation=CHANGE, seconds=20, skip=3)
    begun = time.monotonic()
    result, failed = fleet.run(timeout=2)
    assert not failed
    assert time.monotonic() - begun < 15
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)


def test_a_panel_that_goes_away_and_comes_back(fleet: Fleet) -> None:
    fleet.control.fault("reset", method="PUT", skip=10, times=30)
    result, dummy = fleet.run(retries=0, max_failures="0")
    assert result["stopped"]["reason"] == "failures"
    fleet.control.clear_faults()
    dummy, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()


def test_two_runs_at_once(fleet: Fleet) -> None:
    fleet.control.latency(30)
    first = start({**fleet.options, "journal": f"{fleet.options['journal']}.1"})
    path = Path(f"{fleet.options['journal']}.1")
    while not (path.exists() and path.stat().st_size):
        time.sleep(0.005)
    second, failed = fleet.run()
    assert failed
    assert second["failure"]["code"] == "locked"
    result, dummy = json.loads(first.communicate(timeout=60)[0])
    assert result["totals"]["changed"] == len(fleet.differ)
    fleet.each_changed_once()


def test_a_change_costs_its_write_and_its_read_back(fleet: Fleet) -> None:
    result, failed = fleet.run(check_capacity=False)
    assert not failed
    counters = fleet.control.counters()
    pages = -(-SERVERS // 200)
    assert counters["writes"] == len(fleet.differ)
    # The package, the pages of the list, and one read-back for each change.
    assert counters["reads"] == 1 + pages + len(fleet.differ)
    assert counters["peak_in_flight"] <= fleet.options["workers"]
    assert result["api_calls"]["read"] == counters["reads"]


def test_nothing_is_written_in_check_mode(fleet: Fleet) -> None:
    fleet.control.read_only()
    run(fleet.options, check_mode=True)
    assert fleet.control.counters()["violations"] == 0
    fleet.control.read_only(False)
