# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stores of runs: what an operator can name, and the names of files in them."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    FolderStore,
    HttpStore,
    name_in_store,
    store_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("http://files.example.com/fleet", "must begin with https://"),
        ("ftp://files.example.com/fleet", "must begin with https://"),
        ("https://ann:s3cret@files.example.com/fleet", "contains credentials"),
        ("https://files.example.com/fleet#s3cret", "contains a fragment"),
        ("https:///fleet", "it has no host"),
        ("https://[s3cret/fleet", "is not a valid address"),
        ("fleet", "the absolute path of a folder"),
        ("~no-such-user/runs", "run_store is ~no-such-user/runs, and there is no such home folder"),
    ],
)
def test_a_store_that_makes_no_sense_is_refused(place, message):
    with pytest.raises(PanelError) as caught:
        store_of({"run_store": place, "run_store_token": None}, FakeClock())
    assert message in caught.value.msg
    assert "s3cret" not in caught.value.msg


def test_an_address_is_a_server_and_a_path_a_folder(tmp_path):
    params = {"run_store_token": None}
    https = store_of({**params, "run_store": "https://files.example.com"}, FakeClock())
    assert isinstance(https, HttpStore)
    https.close()
    assert isinstance(store_of({**params, "run_store": str(tmp_path)}, FakeClock()), FolderStore)


def test_a_folder_that_does_not_exist_is_refused_and_never_created(tmp_path):
    disk = tmp_path / "disk"
    params = {"run_store": str(disk), "run_store_token": None}
    for place in (disk, disk / "fleet"):
        with pytest.raises(PanelError, match="run_store: there is no folder"):
            store_of({**params, "run_store": str(place)}, FakeClock())
    disk.write_text("a file")
    with pytest.raises(PanelError, match="run_store: there is no folder"):
        store_of(params, FakeClock())
    disk.unlink()
    disk.mkdir()
    store = store_of(params, FakeClock())
    store.put("run/journal", b"one")
    disk.rename(tmp_path / "away")
    for use in (lambda: store.put("run/journal", b"two"), lambda: store.get("run/journal")):
        with pytest.raises(PanelError, match="mount its disk"):
            use()
    assert not disk.exists()


def test_a_disk_that_does_not_respond_is_an_error_of_the_store(tmp_path, monkeypatch):
    def is_dir(path: Path) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    store = folder_store(tmp_path)
    monkeypatch.setattr(Path, "is_dir", is_dir)
    with pytest.raises(PanelError, match="Input/output error"):
        store.check()


def test_a_run_whose_store_goes_away_ends_with_a_warning(tmp_path):
    toys, store = ToyPanel([1, 1, 1]), folder_store(tmp_path / "store")
    run = ToyFolder(toys, tmp_path)
    run.store = store
    approved = run.planned(batches=["1", "100%"])
    toys.after = lambda thing: (
        Path(store.location).rename(tmp_path / "away") if thing == 1 else None
    )
    result = run.step("apply", plan_sha256=approved)
    assert (result["run_state"], set(toys.sizes.values())) == ("finished", {10})
    assert any("there is no folder" in warning for warning in result["warnings"])
    assert not Path(store.location).exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("/srv/berlin-812/journal", "berlin-812/journal"),
        ("/srv/berlin-812/rollback/plan.json", "berlin-812/rollback/plan.json"),
        ("/srv/berlin-812/rollback-2/report.json", "berlin-812/rollback-2/report.json"),
        ("/srv/berlin-812/rollback/rollback/journal", "berlin-812/rollback/rollback/journal"),
        (
            "/srv/a/rollback-2/rollback/rollback-3/journal",
            "a/rollback-2/rollback/rollback-3/journal",
        ),
        ("/srv/rollbacks/journal", "rollbacks/journal"),
    ],
)
def test_a_rollback_is_below_its_run(file, name):
    assert name_in_store(Path(file)) == name


def test_rollbacks_of_rollbacks_of_two_runs_have_copies_of_their_own(tmp_path):
    plans, fleets = {}, {}
    store = folder_store(tmp_path / "store")
    for name in ("a", "b"):
        toys = fleets[name] = ToyPanel([1, 2])
        (tmp_path / name).mkdir()
        run = ToyFolder(toys, tmp_path / name, name)
        run.store = store
        run.applied()
        back = run.rollback()
        back.step("apply", plan_sha256=back.folder.plan()["sha256"])
        plans[name] = back.rollback().folder.plan()["sha256"]
    assert plans["a"] != plans["b"]
    for name, toys in fleets.items():
        (tmp_path / "other" / name).mkdir(parents=True)
        other = ToyFolder(toys, tmp_path / "other" / name, name)
        other.store = store
        back = other.inside("rollback")
        back.fetched()
        assert (other.state, back.state) == (RunState.ROLLED_BACK, RunState.FINISHED)
        again = back.inside("rollback")
        assert (again.state, again.folder.plan()["sha256"]) == (RunState.PLANNED, plans[name])
        again.step("apply", plan_sha256=plans[name])
        assert toys.sizes == {1: 10, 2: 10}
        assert b'"rolled_back"' in (store.get(f"{name}/rollback/journal") or b"")
