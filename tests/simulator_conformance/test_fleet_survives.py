# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bulk action under all kinds of failures. The simulator counts the writes.

Random failures depend on a seed, which VPSFLEET_SEED sets.
"""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.process import WATCHDOG_S, ControlClient, Simulator

from .fleet_process import Hurry, Nursery, Trouble, lines_of, run
from .fleet_relay import Relay

SEED = os.environ.get("VPSFLEET_SEED", "5")
SERVERS = 80
MANY = 500
#: A package from which nearly every server differs.
PACKAGE = 3
CHANGE = "PUT /servers/{serverId}/package/{packageId}"
#: For how long a panel is down, in seconds, and how much faster the test's time runs.
DOWN_S, RATE = 30, 30


class Fleet:
    """A panel after a reset, and the options of a run over all its servers.

    :param nursery: starts runs in processes of their own.
    :param chance: random generator for the times of failures.
    """

    def __init__(
        self, simulator: Simulator, nursery: Nursery, folder: Path, chance: random.Random
    ) -> None:
        self.nursery = nursery
        self.control: ControlClient = simulator.control
        self.folder = folder
        self.chance = chance
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
        self.make(SERVERS)

    def make(self, servers: int) -> None:
        """Reset the panel with some number of servers."""
        self.control.reset(servers=servers)
        plan, dummy = run(self.options, check_mode=True)
        self.differ = {str(row["id"]) for row in plan["results"] if row["outcome"] == "changed"}
        assert len(self.differ) > servers / 2
        self.control.clear_log()

    def run(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Run the action in this process."""
        return run({**self.options, **options})

    def some(self, number: int) -> list[int]:
        """Return some random positions among the changes of a run."""
        return self.chance.sample(range(len(self.differ) - 1), number)

    def each_changed_once(self) -> None:
        """Fail unless each server that differs was changed exactly once, and no other."""
        assert self.control.counters()["writes_by_server"] == dict.fromkeys(self.differ, 1)

    def sizes(self) -> dict[str, dict[str, Any]]:
        """Return the resources of each server without its disk, which never shrinks."""
        servers = self.control.state()["panels"]["virtfusion"]["servers"].values()
        return {
            str(server["id"]): {
                **server["resources"],
                "storage": None,
                "package": server["packageId"],
            }
            for server in servers
        }

    def kill_once(self, most_lines: int, **options: Any) -> bool:
        """Start a run that is killed once it has written some lines to its journal.

        :param most_lines: maximum number of lines.
        :returns: whether it was killed.
        """
        given = {**self.options, **options}
        enough = lines_of(Path(given["journal"])) + self.chance.randint(1, most_lines)
        failed_attempt = Trouble(lines=enough, delay_s=self.chance.uniform(0.0, 0.02))
        running = self.nursery.start(given, failed_attempt)
        running.wait()
        while self.control.counters()[
            "in_flight"
        ]:  # a request that was sent may arrive after its sender was killed
            time.sleep(0.01)
        assert running.status is not None
        return running.status < 0


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture
def fleet(
    simulator: Simulator, nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Fleet]:
    print(f"VPSFLEET_SEED={SEED}")  # shown where a test fails
    yield Fleet(simulator, nursery, tmp_path, random.Random(f"{SEED} {request.node.name}"))
    simulator.control.clear_faults()
    simulator.control.latency(0)
    simulator.control.reset(servers=50)


# --- killed controllers ----------------------------------------------------------------------


def test_killed_twenty_times_each_of_many_servers_is_changed_once(fleet: Fleet) -> None:
    fleet.make(MANY)
    fleet.control.latency(10)
    killed = sum(fleet.kill_once(60) for dummy in range(20))
    assert killed == 20
    before = fleet.control.counters()["applied"]
    assert 0 < before < len(fleet.differ)
    result, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)
    assert result["totals"]["earlier"] == before


def test_a_killed_apply_is_resumed(fleet: Fleet) -> None:
    plan = {"plan_file": str(fleet.folder / "plan.json")}
    made, dummy = run({**fleet.options, **plan}, check_mode=True)
    plan["plan_sha256"] = made["plan_sha256"]
    fleet.control.latency(20)
    assert all(fleet.kill_once(30, **plan) for dummy in range(3))
    result, failed = fleet.run(**plan)
    assert not failed
    fleet.each_changed_once()
    assert (result["totals"]["changed"], result["totals"]["moved"]) == (len(fleet.differ), 0)


def test_a_journal_that_was_cut_off_in_its_last_line_repeats_nothing(fleet: Fleet) -> None:
    path = Path(fleet.options["journal"])
    fleet.control.latency(20)
    for dummy in range(3):
        assert fleet.kill_once(30)
        content = path.read_bytes()
        last = content.rstrip(b"\n").rfind(b"\n") + 1
        path.write_bytes(content[: fleet.chance.randint(last, len(content) - 1)])
    dummy, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()


# --- failing panels --------------------------------------------------------------------------


def test_a_storm_of_429(fleet: Fleet) -> None:
    for skip in fleet.some(10):
        fleet.control.fault(
            "status",
            operation=CHANGE,
            status=429,
            skip=skip,
            times=15,
            headers={"Retry-After": "0"},
        )
    result, failed = fleet.run(retries=150)
    assert not failed
    fleet.each_changed_once()
    assert result["api_calls"]["retried"] >= 100


@pytest.mark.parametrize("when", ["before", "after"])
def test_answers_that_are_lost_before_or_after_the_effect(fleet: Fleet, when: str) -> None:
    fleet.make(200)
    lost = len(fleet.differ) // 20
    for skip in fleet.some(lost):
        fleet.control.fault("status", operation=CHANGE, status=502, when=when, skip=skip)
    result, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)
    assert result["api_calls"]["write"] == len(fleet.differ) + (lost if when == "before" else 0)


def _after_some_writes(fleet: Fleet, do: Callable[[], None]) -> threading.Thread:
    """Call a function once some servers were changed."""
    enough = fleet.chance.randint(5, len(fleet.differ) // 2)

    def wait() -> None:
        while fleet.control.counters()["applied"] < enough:
            time.sleep(0.002)
        do()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("retries", [12, 1])
def test_a_panel_that_is_down_for_half_a_minute(
    fleet: Fleet, simulator: Simulator, retries: int
) -> None:
    fleet.control.latency(20)
    clock = Hurry(RATE)
    with Relay(simulator.url) as relay:

        def outage() -> None:
            relay.down()
            if retries > 1:
                clock.sleep(DOWN_S)
                relay.up()

        options = {**fleet.options, "api_url": relay.url, "retries": retries, "retry_budget": 900}
        down = _after_some_writes(fleet, outage)
        result, failed = run(options, clock=clock)
        down.join()
        if (
            retries == 1
        ):  # too few: the run stops before the panel is back, and another one continues
            relay.up()
            assert failed
            assert result["stopped"]["reason"] == "failures"
            assert result["totals"]["skipped"]
            result, failed = run(options, clock=clock)
    assert not failed
    assert result["totals"]["changed"] == len(fleet.differ)
    fleet.each_changed_once()


@pytest.mark.parametrize("operation", [CHANGE, None])
def test_a_token_that_is_revoked_half_way(fleet: Fleet, operation: str | None) -> None:
    # The reads before the first change do not count.
    moment = fleet.chance.randint(10, len(fleet.differ) - 10)
    fleet.control.fault("status", operation=operation, status=401, skip=moment, times=None)
    result, failed = fleet.run(max_failures="100%")
    assert failed
    assert result["failure"]["code"] == "auth"
    assert 0 < result["totals"]["failed"] <= fleet.options["workers"]
    assert fleet.control.counters()["refused"] <= fleet.options["workers"]
    fleet.control.clear_faults()
    dummy, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()


def test_a_server_that_hangs_keeps_nobody_else(fleet: Fleet) -> None:
    (moment,) = fleet.some(1)
    fleet.control.fault("hang", operation=CHANGE, seconds=2 * WATCHDOG_S, skip=moment)
    begun = time.monotonic()
    result, failed = fleet.run(timeout=5)
    assert not failed
    assert time.monotonic() - begun < WATCHDOG_S  # it did not wait for the end of the hang
    fleet.each_changed_once()
    assert result["totals"]["changed"] == len(fleet.differ)


# --- failing controllers ---------------------------------------------------------------------


def test_a_full_disk_stops_before_the_next_write(fleet: Fleet) -> None:
    size = fleet.chance.randint(8_000, 30_000)
    running = fleet.nursery.start(fleet.options, Trouble(file_size=size))
    result, failed = json.loads(running.wait())
    assert failed
    assert result["stopped"]["reason"] == "journal"
    assert "File too large" in result["msg"]
    journal = Path(fleet.options["journal"]).read_text().splitlines()
    begun = [event["id"] for event in map(json.loads, journal) if event["event"] == "intent"]
    # The journal has an entry for every write.
    assert set(fleet.control.counters()["writes_by_server"]) <= set(map(str, begun))
    dummy, failed = fleet.run()
    assert not failed
    fleet.each_changed_once()


class Jumping(Hurry):
    """A clock whose date jumps by years in both directions, while its monotonic time is right."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(1)
        self._chance = chance

    def time(self) -> float:
        return time.time() + self._chance.uniform(-1e8, 1e8)


def test_a_date_that_leaps_changes_nothing(fleet: Fleet) -> None:
    options = {
        **fleet.options,
        "rate_limit": 2000,
        "deadline": 600,
        "batches": ["1", "50%", "100%"],
    }
    result, failed = run({**options, "pause": 1}, clock=Jumping(fleet.chance))
    assert not failed
    assert result["totals"]["changed"] == len(fleet.differ)
    assert 1 < result["duration_s"] < WATCHDOG_S
    fleet.each_changed_once()


def test_two_runs_at_once(fleet: Fleet) -> None:
    fleet.control.latency(30)
    path = fleet.folder / "first.jsonl"
    first = fleet.nursery.start({**fleet.options, "journal": str(path)})
    while not lines_of(path):
        time.sleep(0.005)
    first.send_signal(signal.SIGSTOP)  # it cannot end before the second has begun
    second, failed = fleet.run()
    first.send_signal(signal.SIGCONT)
    assert failed
    assert second["failure"]["code"] == "locked"
    result, dummy = json.loads(first.wait())
    assert result["totals"]["changed"] == len(fleet.differ)
    fleet.each_changed_once()


# --- rollback --------------------------------------------------------------------------------


def _back(fleet: Fleet, **options: Any) -> dict[str, Any]:
    """Return the options of a rollback of the fleet's journal."""
    back = {**fleet.options, "package_id": None, "all": False, **options}
    return {
        **back,
        "rollback": fleet.options["journal"],
        "journal": str(fleet.folder / "back.jsonl"),
    }


def test_a_rollback_restores_what_check_mode_predicted(fleet: Fleet) -> None:
    before = fleet.sizes()
    fleet.run()
    assert fleet.sizes() != before
    predicted, dummy = run(_back(fleet), check_mode=True)
    result, failed = run(_back(fleet))
    assert not failed
    assert [_outcome(row) for row in result["results"]] == [
        _outcome(row) for row in predicted["results"]
    ]
    after = fleet.sizes()
    stayed = {
        str(row["id"]): {change["field"] for change in row["changes"] if _refused(change)}
        for row in result["results"]
    }
    assert set(stayed) == fleet.differ
    for server, had in before.items():
        assert after[server] == had or stayed[server] - {"primary_disk_size"}
    assert sum(after[server] == before[server] for server in before) > SERVERS * 0.9


def _outcome(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["id"], row["outcome"], row["changes"]


def _refused(change: dict[str, Any]) -> bool:
    return bool(change["outcome"] == "refused")


def test_a_killed_rollback_is_resumed_and_repeats_nothing(fleet: Fleet) -> None:
    before = fleet.sizes()
    fleet.run()
    fleet.control.clear_log()
    fleet.control.latency(20)
    back = _back(fleet)
    assert all(fleet.kill_once(30, **back) for dummy in range(4))
    result, failed = run(back)
    assert not failed
    assert 0 < result["totals"]["earlier"] < result["totals"]["changed"]
    sent = Counter(
        (entry["method"], entry["path"])
        for entry in fleet.control.requests(writes_only=True)
        if entry["effect_applied"]
    )
    assert set(sent.values()) == {1}
    after = fleet.sizes()
    assert sum(after[server] == before[server] for server in before) > SERVERS * 0.9


def test_a_rollback_of_a_killed_run_restores_its_changes(fleet: Fleet) -> None:
    before = fleet.sizes()
    fleet.control.latency(20)
    assert all(fleet.kill_once(30) for dummy in range(3))
    moved = [server for server, size in fleet.sizes().items() if size != before[server]]
    result, failed = run(_back(fleet))
    assert not failed
    assert result["totals"]["changed"] == len(moved)
    after = fleet.sizes()
    assert sum(after[server] == before[server] for server in before) > SERVERS * 0.9


def test_a_rollback_is_rolled_back(fleet: Fleet) -> None:
    fleet.run()
    changed = fleet.sizes()
    run(_back(fleet))
    again = _back(fleet)
    again["rollback"], again["journal"] = again["journal"], str(fleet.folder / "again.jsonl")
    dummy, failed = run(again)
    assert not failed
    assert fleet.sizes() == changed


# --- number of requests ----------------------------------------------------------------------


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
