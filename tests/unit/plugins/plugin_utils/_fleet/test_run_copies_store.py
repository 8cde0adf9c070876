# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copies of runs in a store that fails, and in a job."""

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.identity import Job
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_folder import RunState
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.run_store import (
    store_of,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Stop
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import ToyPanel
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_folder import (
    ToyFolder,
    folder_store,
)


@pytest.fixture
def toys():
    return ToyPanel([1] * 8)


# --- a store that fails --------------------------------------------------------------------------------


@pytest.fixture
def http(server, toys, tmp_path):
    """Return the folder of a run whose store is a server."""
    folder = ToyFolder(toys, tmp_path)
    params = {"run_store": f"{server.url}/fleet?sig=s3cret", "run_store_token": "t0ken-of-ann"}
    folder.store = store_of(params, FakeClock())
    return folder


def test_a_plan_that_cannot_be_stored_is_a_failure(http, server):
    server.status = lambda method, path: 403 if method == "PUT" else None
    error = http.refusal("plan", size=10)
    assert error.code is Code.AUTH
    assert f"store the file run/plan.json in {server.url}" in error.msg
    assert "status 403" in error.msg
    assert "s3cret" not in error.msg
    assert "t0ken" not in error.msg


def refusing_journals(server, first: int) -> None:
    """Let the server refuse the journal from one of its copies on."""
    copies = iter(range(1, 1000))

    def status(method: str, path: str) -> int | None:
        refused = method == "PUT" and path.endswith("/journal") and next(copies) >= first
        return 403 if refused else None

    server.status = status


def test_a_run_does_not_begin_if_its_journal_cannot_be_stored(http, server, toys):
    approved = http.planned()
    refusing_journals(server, 1)
    error = http.refusal("apply", plan_sha256=approved)
    assert "store the file run/journal" in error.msg
    assert not toys.writes
    assert http.state is RunState.PLANNED
    server.status = lambda method, path: None
    assert http.step("apply", plan_sha256=approved)["run_state"] == "finished"


def test_a_run_changes_nothing_if_its_begin_cannot_be_stored(http, server, toys):
    approved = http.planned()
    refusing_journals(server, 2)
    error = http.refusal("apply", plan_sha256=approved)
    assert "the journal cannot be copied: the store responded with status 403" in error.msg
    assert error.result["totals"]["skipped"] == 8
    assert not toys.writes
    assert http.state is RunState.STOPPED
    server.status, http.stop = lambda method, path: None, Stop()
    assert http.step("resume")["run_state"] == "finished"


def test_a_run_goes_on_if_a_later_copy_fails(http, server, toys):
    approved = http.planned(batches=["1", "3", "100%"])
    toys.before = lambda dummy: setattr(server, "status", lambda *dummy: 503)
    result = http.step("apply", plan_sha256=approved)
    assert result["run_state"] == "finished"
    assert sum("status 503" in warning for warning in result["warnings"]) == 3
    assert "s3cret" not in json.dumps(result)


def test_the_credentials_go_with_each_request_and_nowhere_else(http, server):
    http.applied()
    assert {method for method, dummy, dummy in server.requests} == {"GET", "PUT"}
    assert all(path.endswith("?sig=s3cret") for dummy, path, dummy in server.requests)
    headers = [headers["Authorization"] for dummy, dummy, headers in server.requests]
    assert set(headers) == {"Bearer t0ken-of-ann"}
    texts = b"".join(server.files.values()) + "".join(http.lines).encode()
    assert b"s3cret" not in texts
    assert b"t0ken" not in texts


def test_a_passing_failure_is_retried(http, server):
    failing = iter([500, 429])
    server.status = lambda method, path: next(failing, None) if method == "PUT" else None
    http.planned()
    assert "/fleet/run/plan.json" in server.files


def test_a_store_that_does_not_respond_is_named_without_its_query(toys, tmp_path, server):
    params = {"run_store": f"{server.url}/x?sig=s3cret", "run_store_token": None}
    folder = ToyFolder(toys, tmp_path)
    folder.store = store_of(params, FakeClock())
    server.__exit__(None, None, None)
    error = folder.refusal("plan", size=10)
    assert error.code is Code.TRANSPORT
    assert "s3cret" not in error.msg


def cut(store, name: str) -> bytes:
    """Cut a copy in half. Return the complete one."""
    content = store.get(name) or b""
    store.put(name, content[: len(content) // 2].rstrip(b"\n"))
    return content


@pytest.mark.parametrize("name", ["run/plan.json", "run/journal"])
def test_a_copy_that_is_cut_is_neither_used_nor_stored_again(toys, tmp_path, name):
    there, here = (ToyFolder(toys, tmp_path / node) for node in ("there", "here"))
    there.store = here.store = folder_store(tmp_path / "store")
    there.applied()
    whole = cut(here.store, name)
    shortened = here.store.get(name)
    error = here.refusal("resume")
    assert f"{name} in {here.store.location}" in error.msg
    assert "nothing was fetched" in error.msg
    assert here.store.get(name) == shortened
    assert {each.name for each in here.path.glob("*")} <= {"lock"}
    here.store.put(name, whole)
    here.fetched()
    assert here.state is RunState.FINISHED


def test_the_beginning_of_a_record_is_not_copied(toys, tmp_path):
    there, here = (ToyFolder(toys, tmp_path / node) for node in ("there", "here"))
    there.store = here.store = folder_store(tmp_path / "store")
    there.applied()
    with (there.path / "journal").open("a") as journal:
        journal.write('{"event":"int')
    there.rollback()
    assert (there.store.get("run/journal") or b"").endswith(b"\n")
    here.fetched()
    assert here.state is RunState.FINISHED


# --- in a job -------------------------------------------------------------------------------------------


def test_with_a_server_as_its_store_a_run_may_be_in_the_folder_of_the_job(http, tmp_path):
    http.job = Job(tmp_path)
    result = http.applied()
    assert result["run_state"] == "finished"
    assert not any(f"the folder {http.path} " in warning for warning in result["warnings"])


def test_a_folder_that_is_lost_with_the_job_is_no_store(toys, tmp_path):
    folder = ToyFolder(toys, tmp_path)
    folder.job, folder.store = Job(tmp_path), folder_store(tmp_path / "store")
    approved = folder.planned()
    assert "would be lost" in folder.refusal("apply", plan_sha256=approved).msg
    assert not toys.writes
