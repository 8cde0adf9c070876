# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several processes at the same time: one quota, one pipeline twice, renewal against janitor, ten servers."""

from __future__ import annotations

import re
from typing import Any

from tests.ci_server.pipelines import ORDER, ended

SERVER = "virtfusion_ci_server"
JANITOR = "virtfusion_ci_janitor"


def provide(pipelines, **options: Any) -> None:
    """Provide servers in this process, where the test is not about their provision."""
    pipelines.act(SERVER, **{**ORDER, "wait_for_ssh": False, **options})


def tear_down(pipelines, pipeline: str) -> None:
    """Delete the servers in this process, where the test is not about their deletion."""
    pipelines.act(SERVER, state="absent", pipeline=pipeline)


def test_two_pipelines_share_one_quota(pipelines):
    """Both want two of three servers: one gets them, the other waits until they are deleted."""
    both = [
        pipelines.begin("ci_provision", pipeline=name, count=2, max_servers=3, wait_for_room=600)
        for name in ("first", "second")
    ]
    done = []
    for dummy in both:
        process = _first_ended(pipelines, [each for each in both if each not in done])
        done.append(process)
        output = ended(process)
        assert process.returncode == 0, output
        names = pipelines.ours()["names"]
        assert len(names) == 2
        tear_down(pipelines, names[0].split(".")[1])
    assert pipelines.ours()["names"] == []


def test_the_quota_of_the_panel_is_waited_for(pipelines):
    pipelines.control.patch("users", pipelines.owner_id, {"serverLimit": 2})
    provide(pipelines, pipeline="first", count=2)
    process = pipelines.begin("ci_provision", pipeline="second", wait_for_room=600)

    def waits() -> bool:
        return any(
            each["status"] == 422 and each["query"].get("dryRun") for each in pipelines.requests()
        )

    pipelines.wait_until(waits, process)
    tear_down(pipelines, "first")
    output = ended(process)
    assert process.returncode == 0, output
    assert "waiting for room" in output
    assert [name.split(".")[1] for name in pipelines.ours()["names"]] == ["second"]


def test_a_retry_while_the_first_try_runs_gets_the_same_servers(pipelines):
    tries = [pipelines.begin("ci_provision", pipeline="4711", count=2) for dummy in range(2)]
    for each in tries:
        output = ended(each)
        assert each.returncode == 0, output
    assert [name.split(".")[2] for name in pipelines.ours()["names"]] == ["1", "2"]
    creates = [
        each
        for each in pipelines.requests()
        if (each["method"], each["path"].rpartition("/")[2]) == ("POST", "servers")
        and "dryRun" not in each["query"]
    ]
    assert len(creates) == 2


def test_a_retry_on_another_controller_does_not_double(pipelines):
    """Nothing is shared but the panel. Of two servers with one number, the later one is given back."""
    key = pipelines.folder / "key"
    provide(pipelines, pipeline="other", output_dir=str(key))
    common = {"pipeline": "4711", "count": 2, "private_key_file": str(key / "id_ed25519")}
    tries = [
        pipelines.begin("ci_provision", state_dir=str(pipelines.folder / name), **common)
        for name in ("one", "two")
    ]
    outputs = [ended(each) for each in tries]
    assert 0 in [each.returncode for each in tries], "\n".join(outputs)
    numbers = [name.split(".")[2] for name in pipelines.ours()["names"] if ".4711." in name]
    assert numbers == ["1", "2"]


def test_renewal_and_janitor_at_the_same_moment(pipelines):
    """The lease has ended. Whoever is first: the server is there if, and only if, the renewal succeeds."""
    for dummy in range(3):
        pipelines.begin_afresh()
        provide(pipelines, pipeline="4711")
        pipelines.control.skew(7200)
        renewal = pipelines.begin("ci_renew", pipeline="4711", lease=3600)
        janitor = pipelines.begin("ci_janitor", dry_run=False, min_age=0)
        outputs = [ended(renewal), ended(janitor)]
        assert janitor.returncode == 0, outputs[1]
        assert (renewal.returncode == 0) is bool(pipelines.ours()["names"]), outputs


def test_the_panel_is_down_during_the_teardown(pipelines):
    provide(pipelines, pipeline="4711", count=2)
    pipelines.control.fault("status", method="DELETE", status=503, times=None)
    process = pipelines.begin("ci_teardown", pipeline="4711", deadline=1)
    output = ended(process)
    assert process.returncode != 0
    for name in pipelines.ours()["names"]:
        assert name in output
    pipelines.control.clear_faults()
    tear_down(pipelines, "4711")
    pipelines.assert_nothing_left()


def test_a_clock_that_is_off_by_an_hour_changes_no_lease(pipelines):
    """The panel's clock is an hour behind the controller's, then an hour ahead of it."""
    for skew_s in (-3600, 3600):
        pipelines.begin_afresh()
        pipelines.control.skew(skew_s)
        pipelines.control.follow_wall()
        provide(pipelines, pipeline="4711", lease=1800)
        result = pipelines.act(JANITOR, dry_run=False, min_age=0)
        assert "1 server is kept" in result["msg"]
        pipelines.control.skew(skew_s + 2000)
        result = pipelines.act(JANITOR, dry_run=False, min_age=0)
        assert "1 server and 1 key deleted" in result["msg"]
        pipelines.assert_nothing_left()


def test_the_requests_of_ten_servers_overlap(pipelines):
    pipelines.control.latency(20)
    output = pipelines.run("ci_provision", pipeline="4711", count=10)
    pipelines.control.latency(0)
    assert re.search("10 servers are ready", output)
    assert pipelines.control.counters()["peak_in_flight"] >= 5
    tear_down(pipelines, "4711")
    pipelines.assert_nothing_left()


def _first_ended(pipelines, processes):
    """Wait until one of the processes has ended, and return it."""
    pipelines.wait_until(lambda: any(each.poll() is not None for each in processes), processes[0])
    return next(each for each in processes if each.poll() is not None)
