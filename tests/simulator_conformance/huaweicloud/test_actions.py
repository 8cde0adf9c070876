# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rename, restart with its jobs, tags (huaweicloud_cph 3.1)."""

from __future__ import annotations

import pytest

from .cloud import Cloud

RESTART = "/servers/batch-restart"


def test_rename(cloud: Cloud) -> None:
    server_id = cloud.id_of(1)
    before = cloud.get(f"/servers/{server_id}")
    response = cloud.cph("PUT", f"/servers/{server_id}", {"server_name": "new"})
    assert (response.status_code, set(response.json())) == (200, {"request_id"})
    after = cloud.get(f"/servers/{server_id}")
    assert after["server_name"] == "new"
    assert after["update_time"] > before["update_time"]
    assert cloud.control.counters()["writes_by_server"] == {server_id: 1}


@pytest.mark.parametrize("name", ["", "x" * 61, 7, None])
def test_a_bad_name(cloud: Cloud, name: object) -> None:
    path = f"/servers/{cloud.id_of(1)}"
    assert cloud.refused("PUT", path, {"server_name": name}) == (400, "CPS.0002")


def test_a_restart_of_several_servers_fails_one_by_one(cloud: Cloud) -> None:
    normal, frozen, stopped = cloud.id_of(1), cloud.id_of(6), cloud.id_of(5)
    wanted = [normal, frozen, "0" * 32, stopped]
    response = cloud.cph("POST", RESTART, {"server_ids": wanted})
    assert response.status_code == 200
    rows = response.json()["jobs"]
    assert [row["server_id"] for row in rows] == wanted
    assert [row["error_code"] for row in rows] == [None, "CPS.1028", "CPS.0097", "CPS.0099"]
    assert ["job_id" in row for row in rows] == [True, False, False, False]
    assert cloud.cph("POST", RESTART, {"server_ids": [frozen, stopped]}).status_code == 200
    assert cloud.control.counters()["applied"] == 1


def test_a_job_runs_and_ends(cloud: Cloud) -> None:
    answer = cloud.cph("POST", RESTART, {"server_ids": [cloud.id_of(1)]}).json()
    job_id, request_id = answer["jobs"][0]["job_id"], answer["request_id"]
    running = cloud.get(f"/jobs/{job_id}")
    assert (running["status"], running["end_time"]) == (1, None)
    assert running["error_code"] is None
    (done,) = cloud.get("/jobs", request_id=request_id)["jobs"]
    assert done["status"] == 2
    assert done["end_time"] >= done["begin_time"]


def test_a_job_ends_with_the_clock_too(cloud: Cloud) -> None:
    answer = cloud.cph("POST", RESTART, {"server_ids": [cloud.id_of(1)]}).json()
    cloud.control.advance(30)
    assert cloud.get(f"/jobs/{answer['jobs'][0]['job_id']}")["status"] == 2


def test_jobs_of_several_requests(cloud: Cloud) -> None:
    requests = [
        cloud.cph("POST", RESTART, {"server_ids": [cloud.id_of(n)]}).json()["request_id"]
        for n in (1, 2)
    ]
    answer = cloud.get("/jobs", request_ids=",".join(requests), request_id="ignored")
    assert len(answer["jobs"]) == 2
    assert len(cloud.get("/jobs", request_ids=",".join(requests), limit=1)["jobs"]) == 1


def test_jobs_want_a_request_id(cloud: Cloud) -> None:
    assert cloud.refused("GET", "/jobs") == (400, "CPS.0002")
    assert cloud.refused("GET", "/jobs", request_ids=",".join("a" * 21)) == (400, "CPS.0002")
    assert cloud.refused("GET", "/jobs", request_id="0" * 32) == (400, "CPS.0050")
    assert cloud.refused("GET", "/jobs/nothing") == (400, "CPS.0050")


def test_jobs_that_fail_or_take_long(cloud: Cloud) -> None:
    body = {"server_ids": [cloud.id_of(1)]}
    cloud.control.fault("fail_job", path="batch-restart")
    failing = cloud.cph("POST", RESTART, body).json()["jobs"][0]["job_id"]
    cloud.control.fault("slow_job", path="batch-restart", polls=3)
    slow = cloud.cph("POST", RESTART, body).json()["jobs"][0]["job_id"]
    assert [cloud.get(f"/jobs/{failing}")["status"] for dummy in range(2)] == [1, -1]
    assert cloud.get(f"/jobs/{failing}")["error_code"] == "CPS.0099"
    assert [cloud.get(f"/jobs/{slow}")["status"] for dummy in range(4)] == [1, 1, 1, 2]


@pytest.mark.parametrize("ids", [[], ["a"] * 101, "a", None])
def test_a_restart_wants_1_to_100_servers(cloud: Cloud, ids: object) -> None:
    assert cloud.refused("POST", RESTART, {"server_ids": ids}) == (400, "CPS.0002")


def test_tags(cloud: Cloud) -> None:
    base = f"/v1/{cloud.account.project_id}/cph-server"
    path = f"{base}/{cloud.id_of(1)}/tags"
    tags = [{"key": "stage", "value": "test"}]
    response = cloud.call("POST", f"{path}/action", {"action": "create", "tags": tags})
    assert (response.status_code, response.content) == (204, b"")
    shown = cloud.call("GET", path).json()["tags"]
    assert shown == [{"key": "team", "value": "play"}, *tags]
    project = cloud.call("GET", f"{base}/tags").json()
    assert project["tags"][0] == {"key": "stage", "values": ["test"]}
    cloud.call("POST", f"{path}/action", {"action": "delete", "tags": [{"key": "team"}]})
    assert cloud.call("GET", path).json()["tags"] == tags
    for body in ({}, {"action": "create", "tags": []}, {"action": "create", "tags": [{}]}):
        assert cloud.call("POST", f"{path}/action", body).json()["error_code"] == "CPS.0002"
