# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operator's command between two batches."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.clock import SystemClock
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.health_check import (
    HealthCheck,
    environment_without,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import WATCHDOG_S, FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    ToyPanel,
    fleet_run,
)


class Jump(FakeClock):
    """A clock that is a minute ahead at each look."""

    def monotonic(self) -> float:
        self.now += 60
        return self.now


def check(
    script: str, *, timeout_s: float = WATCHDOG_S, clock: FakeClock | None = None
) -> HealthCheck:
    """A check by a shell script, which the words themselves start."""
    words = ["sh", "-c", script]
    return HealthCheck(
        words,
        timeout_s,
        dict(os.environ),
        lambda text: text.replace("s3cret", "***"),
        clock or SystemClock(),
    )


def run(script: str, **settings) -> str | None:
    """What is wrong."""
    return check(script, **settings).run({"batch": 1}, lambda: False)


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        ("exit 0", None),
        ("cat", None),
        ("exit 7", "ended with status 7"),
        ("echo out; exit 1", "ended with status 1: out"),
        ("echo out; echo first >&2; echo last >&2; echo >&2; exit 1", "ended with status 1: last"),
        ("printf 'a\\033[31mb' >&2; exit 1", "ended with status 1: a [31mb"),
        ("printf '\\377' >&2; exit 1", "ended with status 1: \ufffd"),
        ("echo s3cret; exit 1", "ended with status 1: ***"),
        ("kill -9 $$", "was ended by SIGKILL"),
        ("yes | head -c 300000; exit 1", "ended with status 1: y"),
    ],
)
def test_an_error_is_one_line(script, wrong):
    assert run(script) == wrong


def test_a_long_line_is_cut():
    wrong = run("head -c 100000 /dev/zero | tr '\\0' x; exit 1")
    assert wrong is not None
    assert len(wrong) < 250
    assert wrong.endswith("…")


def test_it_reads_one_line_of_json(tmp_path):
    seen = tmp_path / "seen"
    reported = {"batch": 1, "servers": [{"name": "Zürich"}]}
    assert check(f"cat > {seen}").run(reported, lambda: False) is None
    (line,) = seen.read_text().splitlines()
    assert json.loads(line) == reported


def test_words_are_words_and_no_script(tmp_path):
    words = [
        sys.executable,
        "-c",
        "import sys; sys.exit(sys.argv[1] != '$HOME; exit 0')",
        "$HOME; exit 0",
    ]
    health = HealthCheck(words, 60, dict(os.environ), str, SystemClock())
    assert health.run({}, lambda: False) is None


def _ended(path: Path) -> bool:
    """Whether the process that left its number there is gone, or about to be."""
    for dummy in range(WATCHDOG_S * 100):
        try:
            state = (
                Path(f"/proc/{int(path.read_text())}/stat")
                .read_text()
                .rpartition(")")[2]
                .split()[0]
            )
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


#: Starts a process of its own that would outlive it, and waits.
LINGERS = "sleep 300 & echo $! > {pid}; wait"


def test_what_takes_too_long_is_killed_with_all_that_it_started(tmp_path):
    pid = tmp_path / "pid"

    class Patient(FakeClock):
        """After the first look, time passes once the process is there."""

        looked = False

        def monotonic(self) -> float:
            late = self.looked and pid.exists() and bool(pid.read_text())
            self.looked = True
            return self.now + (60 if late else 0)

    wrong = run(LINGERS.format(pid=pid), timeout_s=60, clock=Patient())
    assert wrong == "did not end within 60 seconds"
    assert _ended(pid)


def test_a_stop_ends_it(tmp_path):
    pid = tmp_path / "pid"

    def stopped() -> bool:
        return pid.exists() and bool(pid.read_text())

    assert check(LINGERS.format(pid=pid)).run({}, stopped) == "was ended with the run"
    assert _ended(pid)


def test_an_exception_while_it_runs_ends_it(tmp_path):
    pid = tmp_path / "pid"

    def watch() -> None:
        if pid.exists() and pid.read_text():
            raise KeyError

    with pytest.raises(KeyError):
        check(LINGERS.format(pid=pid)).run({}, lambda: False, watch)
    assert _ended(pid)


@pytest.mark.parametrize("words", [[], [""], ["no-such-command"], ["/nonexistent/check"]])
def test_a_command_that_is_not_there_is_refused(words):
    with pytest.raises(PanelError, match="health_check"):
        HealthCheck(words, 60, dict(os.environ), str, SystemClock())


def test_a_command_that_cannot_be_started_is_a_failed_check(tmp_path):
    file = tmp_path / "check"
    file.write_text("no program")
    file.chmod(0o755)
    health = HealthCheck([str(file)], 60, dict(os.environ), str, SystemClock())
    file.write_text("#!/nonexistent/interpreter\n")
    wrong = health.run({}, lambda: False)
    assert wrong == "could not be run: No such file or directory"


def test_the_environment_is_without_secrets(monkeypatch):
    monkeypatch.setenv("TOKEN", "1")
    monkeypatch.setenv("HEADER", "Bearer s3cret")
    monkeypatch.setenv("OTHER", "2")
    left = environment_without(["TOKEN", "NOT_SET"], ["s3cret"])
    assert not {"TOKEN", "HEADER"} & set(left)
    assert (left["OTHER"], left["PATH"]) == ("2", os.environ["PATH"])


# --- in a run --------------------------------------------------------------------------------


def test_between_batches_it_is_asked_after_the_pause(tmp_path):
    toys, clock, lines = ToyPanel([1, 2, 3]), FakeClock(), []
    seen = tmp_path / "seen"
    health = check(f"cat >> {seen}", clock=clock)
    options = {"batches": ["1", "2", "100%"], "pause": 30}
    result = fleet_run(toys, tmp_path, health=health, clock=clock, lines=lines, **options)
    reported = [json.loads(line) for line in seen.read_text().splitlines()]
    assert [(each["batch"], each["batches"]) for each in reported] == [(1, 3), (2, 3)]
    assert [row["id"] for each in reported for row in each["servers"]] == [1, 2]
    assert reported[0]["servers"] == result["results"][:1]
    assert sum("checking the health" in line for line in lines) == 2


def test_what_fails_begins_no_further_batch(tmp_path):
    toys = ToyPanel([1, 2, 3])
    with pytest.raises(PanelError) as caught:
        fleet_run(toys, tmp_path, health=check("echo no >&2; exit 1"), batches=["1", "100%"])
    message = "the health check after batch 1 of 2 ended with status 1: no"
    assert caught.value.message == message
    assert caught.value.result["stopped"] == {"reason": "health", "msg": message}
    assert outcomes(caught.value.result) == {1: "changed", 2: "skipped", 3: "skipped"}


def test_a_run_with_one_batch_runs_no_health_check(tmp_path):
    assert fleet_run(ToyPanel([1, 2]), tmp_path, health=check("exit 1"))["changed"]


def test_a_stopped_run_runs_no_health_check(tmp_path):
    toys, stop, seen = ToyPanel([1, 2]), Stop(), tmp_path / "seen"
    toys.after = lambda item_id: stop.ask(Reason.INTERRUPTED, "SIGTERM was received")
    with pytest.raises(PanelError):
        fleet_run(toys, tmp_path, stop=stop, health=check(f"touch {seen}"), batches=["1", "100%"])
    assert not seen.exists()


def test_a_stop_while_it_runs_is_the_reason(tmp_path):
    toys, stop, pid = ToyPanel([1, 2]), Stop(), tmp_path / "pid"
    health = check(LINGERS.format(pid=pid))
    toys.after = lambda item_id: None

    class Watchful(Stop):
        """Asked for once the command runs."""

        @property
        def asked(self) -> bool:
            if pid.exists() and pid.read_text():
                self.ask(Reason.INTERRUPTED, "SIGTERM was received")
            return super().asked

    stop = Watchful()
    with pytest.raises(PanelError) as caught:
        fleet_run(toys, tmp_path, stop=stop, health=health, batches=["1", "100%"])
    assert caught.value.result["stopped"]["reason"] == "interrupted"
    assert _ended(pid)


def test_the_deadline_counts_while_it_runs(tmp_path):
    toys, clock = ToyPanel([1, 2]), Jump()
    health = check("sleep 300", clock=FakeClock())
    result = fleet_run(
        toys,
        tmp_path,
        health=health,
        clock=clock,
        batches=["1", "100%"],
        deadline=3600,
        lock_ttl=100_000,  # the clock leaps, so nothing renews the lock in between
    )
    assert (result["stopped"]["reason"], outcomes(result)) == (
        "deadline",
        {1: "changed", 2: "skipped"},
    )
