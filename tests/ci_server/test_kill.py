# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pipeline killed by SIGKILL at each step: after its lease, nothing of it is left, and nothing else is touched."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.ci_server.pipelines import (
    ORDER,
    Pipelines,
    kill_alone,
    kill_everything,
)

PIPELINE = {"pipeline": "feature/Kill", "count": 2, "wait_for_ssh": False}

#: The steps of a provision, by the first request of each.
STEPS: dict[str, dict[str, Any]] = {
    "find the owner": {"method": "GET", "path": "/byExtRelation"},
    "list the servers": {"method": "GET", "path": "/servers$"},
    "look for room": {"method": "GET", "path": "/resources$"},
    "create": {"method": "POST", "path": "/servers$", "skip": 1},
    "name": {"method": "PUT", "path": "/modify/name$"},
    "add the key": {"method": "POST", "path": "/ssh_keys$"},
    "build": {"method": "POST", "path": "/build$"},
    "wait for the build": {"method": "GET", "path": r"/servers/\d+$", "skip": 4},
}
#: Requests of a provision of two servers, at the least.
REQUESTS = 20


def kill_at(pipelines: Pipelines, when: str, **match: Any) -> bool:
    """Provide two servers, and kill the pipeline at a request. Return whether it got there.

    The process has no Ansible, whose tasks before and after the action send no request.

    :param when: ``before`` the panel executes the request, or ``after``.
    """
    fault = pipelines.control.fault("hang", when=when, seconds=600, **match)
    process = pipelines.begin_bare("virtfusion_ci_server", **ORDER, **PIPELINE)

    def struck() -> bool:
        return any(each["id"] == fault and each["fired"] for each in pipelines.control.faults())

    pipelines.wait_until(struck, process)
    reached = struck()
    kill_everything(process)
    pipelines.control.clear_faults()
    return reached


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step(pipelines, step, when):
    assert kill_at(pipelines, when, **STEPS[step]), "the pipeline never came to this step"
    pipelines.sweep()
    pipelines.assert_nothing_left()


@pytest.mark.parametrize("moment", random.Random(13).sample(range(REQUESTS * 2), 20))
def test_killed_at_twenty_moments(pipelines, moment):
    """Half of them before a request has its effect, half of them after it. Every second one is retried."""
    when = "after" if moment % 2 else "before"
    assert kill_at(pipelines, when, skip=moment // 2)
    if moment % 4 < 2:
        pipelines.act("virtfusion_ci_server", **ORDER, **PIPELINE)
        assert len(pipelines.ours()["names"]) == 2
    pipelines.sweep()
    pipelines.assert_nothing_left()


def test_killed_while_it_waits_for_ssh(pipelines):
    pipelines.control.switches(machine_ssh="closed")
    process = pipelines.begin("ci_provision", pipeline="4711")

    def built() -> bool:
        return any(row["commissionStatus"] == 3 for row in pipelines.ours()["servers"])

    pipelines.wait_until(built, process)
    assert process.poll() is None
    kill_everything(process)
    pipelines.sweep()
    pipelines.assert_nothing_left()


def test_a_teardown_that_was_killed_is_finished_by_another_one(pipelines):
    pipelines.act("virtfusion_ci_server", **ORDER, pipeline="4711", count=2, wait_for_ssh=False)
    pipelines.control.fault("hang", method="DELETE", when="after", seconds=600, skip=1)
    process = pipelines.begin("ci_teardown", pipeline="4711")
    pipelines.wait_until(lambda: len(pipelines.ours()["names"]) == 0, process)
    kill_everything(process)
    pipelines.control.clear_faults()
    pipelines.run("ci_teardown", pipeline="4711")
    pipelines.assert_nothing_left()


def test_the_death_of_ansible_alone_ends_the_work(pipelines):
    """Its worker is an orphan then. It stops before the next request, and the janitor has the rest."""
    pipelines.control.switches(job_polls="1000000")
    process = pipelines.begin("ci_provision", pipeline="4711")
    pipelines.wait_until(lambda: bool(pipelines.ours()["names"]), process)
    kill_alone(process)
    pipelines.sweep()
    pipelines.assert_nothing_left()
