# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a journal keeps, and which ones are refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet import durable_file
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import Identity
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal import (
    Journal,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason, Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.journals import journal_state
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import outcomes
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import (
    PANEL,
    ToyPanel,
    ToySizes,
    fleet_run,
)

IDENTITY = Identity("toys", PANEL, "toy_sizes", {"size": 10})


def _written(folder: Path, toys: ToyPanel | None = None) -> Path:
    """The journal of a whole run over three things."""
    path = folder / "journal.jsonl"
    fleet_run(toys or ToyPanel([1, 2, 3]), folder, journal=str(path))
    return path


def _open(path: Path, identity: Identity = IDENTITY) -> Journal:
    return Journal(str(path), identity, lambda: "now")


def test_each_line_is_an_event(tmp_path):
    events = [json.loads(line) for line in _written(tmp_path).read_text().splitlines()]
    names = [(event["event"], event.get("id")) for event in events]
    assert names == [
        ("begin", None),
        *((event, number) for number in (1, 2, 3) for event in ("intent", "outcome")),
        ("end", None),
    ]
    assert (events[1]["before"], events[1]["desired"]) == ({"size": 1}, {"size": 10})
    assert events[-1]["complete"] is True


def test_an_intent_is_on_the_disk_before_the_write_and_the_outcome_after(tmp_path):
    toys = ToyPanel([1, 2])
    path = tmp_path / "journal.jsonl"
    seen = []
    toys.before = lambda item_id: seen.append(path.read_text().count("\n"))
    toys.after = lambda item_id: seen.append(path.read_text().count("\n"))
    _written(tmp_path, toys)
    assert seen == [2, 2, 4, 4]


def test_an_intent_waits_for_the_disk(tmp_path, monkeypatch):
    toys = ToyPanel([1])
    synced = []
    real = os.fsync
    monkeypatch.setattr(durable_file.os, "fsync", lambda d: (synced.append(1), real(d))[1])
    at_write = []
    toys.before = lambda item_id: at_write.append(len(synced))
    _written(tmp_path, toys)
    assert at_write[0] >= 2  # begin, intent
    assert len(synced) >= at_write[0] + 2  # outcome, end


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (
            Identity("toys", "https://other.example.com/api", "toy_sizes", {"size": 10}),
            "for the panel",
        ),
        (Identity("toys", PANEL, "toy_colours", {"size": 10}), "about toy_sizes"),
        (Identity("toys", PANEL, "toy_sizes", {"size": 11}), "size 10, which is now 11"),
    ],
)
def test_the_journal_of_another_change_is_refused(tmp_path, other, message):
    with pytest.raises(PanelError, match=message):
        _open(_written(tmp_path), other)


@pytest.mark.parametrize(
    "content",
    [
        "no journal\n",
        '{"event": "outcome"}\n',
        "[]\n",
        '"begin"\n',
        "\n",
        '{"event": "end", "complete": true}\n',
        '{"event": "begin", "schema": 99}\n',
        "\x00\xff\n",
    ],
)
def test_a_file_that_is_not_a_journal_is_refused_and_unchanged(tmp_path, content):
    path = tmp_path / "journal.jsonl"
    path.write_text(content)
    toys = ToyPanel([1])
    with pytest.raises(PanelError, match="journal"):
        fleet_run(toys, tmp_path, journal=str(path))
    assert path.read_text() == content
    assert not toys.writes


def test_damage_in_the_middle_is_refused(tmp_path):
    path = _written(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    lines[2] = lines[2][:20] + "\n"
    path.write_text("".join(lines))
    with pytest.raises(PanelError, match="line 3 is not a journal record"):
        _open(path)


def test_a_journal_in_use_is_refused(tmp_path):
    path = tmp_path / "journal.jsonl"
    first = _open(path)
    with pytest.raises(PanelError, match="another run is using it"):
        _open(path)
    first.close()


def test_after_a_complete_run_the_next_starts_from_the_beginning(tmp_path):
    toys = ToyPanel([1, 2])
    path = _written(tmp_path, toys)
    toys.sizes[1] = 3
    result = fleet_run(toys, tmp_path, journal=str(path))
    assert outcomes(result) == {1: "changed", 2: "unchanged"}
    assert toys.writes == {1: 2, 2: 1}


def test_a_folder_that_is_not_there_is_refused_before_anything_is_read(tmp_path):
    toys = ToyPanel([1])
    with pytest.raises(PanelError, match="journal: there is no folder"):
        fleet_run(toys, tmp_path, journal=str(tmp_path / "missing" / "journal"))
    assert toys.reads == 0


def test_a_journal_holds_what_the_change_is_and_nothing_else_of_the_options(tmp_path):
    begin = json.loads(_written(tmp_path).read_text().splitlines()[0])
    assert sorted(begin) == [
        "action", "address", "at", "by", "event", "panel", "plan_sha256", "run", "schema", "target",
    ]  # fmt: skip
    assert begin["target"] == ToySizes(ToyPanel([])).prepare()


# --- the state of a journal as data ----------------------------------------------------------


def test_a_journal_without_a_run_has_no_state(tmp_path):
    missing = journal_state(str(tmp_path / "journal.jsonl"))
    assert missing["begun"] is missing["ended"] is missing["finished"] is False
    assert (missing["panel"], missing["action"], missing["run_id"]) == (None, None, None)
    assert (missing["run_ids"], missing["done"], missing["in_doubt"]) == ([], 0, [])
    (tmp_path / "empty").touch()
    assert journal_state(str(tmp_path / "empty")) == missing


def test_a_finished_journal_has_its_state_and_identity(tmp_path):
    state = journal_state(str(_written(tmp_path)))
    assert state["begun"] is state["ended"] is state["finished"] is True
    assert (state["panel"], state["address"], state["action"]) == ("toys", PANEL, "toy_sizes")
    assert state["target"] == {"size": 10}
    assert (state["stopped"], state["plan_sha256"], state["in_doubt"]) == (None, None, [])
    assert state["run_ids"] == [state["run_id"]]


def test_a_stopped_run_has_ended_and_is_not_finished(tmp_path):
    toys, path, stop = ToyPanel([1, 2, 3]), tmp_path / "journal.jsonl", Stop()
    toys.after = lambda item_id: stop.ask(Reason.DEADLINE, "late")
    fleet_run(toys, tmp_path, journal=str(path), stop=stop)
    state = journal_state(str(path))
    assert (state["ended"], state["finished"], state["stopped"]) == (True, False, "deadline")
    assert (state["done"], state["in_doubt"]) == (1, [])
    toys.after = lambda item_id: None
    last = fleet_run(toys, tmp_path, journal=str(path))["run_id"]
    state = journal_state(str(path))
    assert (state["finished"], state["stopped"], state["run_id"]) == (True, None, last)
    assert len(state["run_ids"]) == 2


@pytest.mark.parametrize("cut", ["", '{"event": "outco'])
def test_a_run_that_died_has_not_ended_and_leaves_its_item_in_doubt(tmp_path, cut):
    path = _written(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:4]) + cut)  # begin, intent, outcome, intent
    state = journal_state(str(path))
    assert (state["begun"], state["ended"], state["finished"]) == (True, False, False)
    assert (state["done"], state["in_doubt"]) == (1, [2])


def test_the_state_can_be_read_while_a_run_writes(tmp_path):
    toys, path = ToyPanel([1, 2]), tmp_path / "journal.jsonl"
    seen = []
    toys.before = lambda item_id: seen.append(journal_state(str(path)))
    _written(tmp_path, toys)
    assert [(state["ended"], state["done"], state["in_doubt"]) for state in seen] == [
        (False, 0, [1]),
        (False, 1, [2]),
    ]


def test_a_plan_is_named_by_the_state(tmp_path):
    toys, plan, path = ToyPanel([1]), str(tmp_path / "plan.json"), tmp_path / "journal.jsonl"
    sha256 = fleet_run(toys, tmp_path, check_mode=True, plan_file=plan)["plan_sha256"]
    fleet_run(toys, tmp_path, plan_file=plan, journal=str(path))
    assert journal_state(str(path))["plan_sha256"] == sha256


@pytest.mark.parametrize("content", ["no journal\n", '{"event": "end", "complete": true}\n'])
def test_the_state_of_a_file_that_is_not_a_journal_is_refused(tmp_path, content):
    path = tmp_path / "journal.jsonl"
    path.write_text(content)
    with pytest.raises(PanelError, match="line 1 is not a journal record"):
        journal_state(str(path))
    with pytest.raises(PanelError, match="read the journal"):
        journal_state(str(tmp_path))
