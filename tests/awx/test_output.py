# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a job writes: it does not grow with the number of servers, and stays within the limits of AWX."""

from __future__ import annotations

import json
from collections import Counter

from tests.awx.jobs import Job

#: AWX replaces a result that is larger, in bytes.
LARGEST_EVENT = 700_000
#: AWX shows no more than this of an output in the browser, in bytes.
LARGEST_OUTPUT = 1024 * 1024


def _run(node, panel, servers: int) -> Job:
    """Plan and apply in one job on a panel with this number of servers."""
    panel.control.reset(servers=servers)
    job = node.run(
        "virtfusion_fleet_package",
        {
            "vps_fleet_package_id": 3,
            "vps_fleet_on_refused": "ignore",
            "vps_fleet_all": True,
            "vps_fleet_run_dir": str(node.runs / f"run-{servers}"),
            "vps_fleet_approval": "none",
            "vps_fleet_table_rows": 20,
        },
    )
    assert job.ok, job.stdout
    assert job.artifacts["vpsfleet_virtfusion"]["state"] == "finished"
    return job


def _kinds(job: Job) -> Counter[str]:
    """Return the number of events of each kind. Lines of progress, of which slow runs have more, are left out."""
    return Counter(event["event"] for event in job.events if event["event"] != "verbose")


def _largest(job: Job) -> int:
    return max(len(json.dumps(event)) for event in job.events)


def test_a_larger_fleet_does_not_write_more(node, panel):
    few, many = _run(node, panel, 60), _run(node, panel, 300)
    assert _kinds(many) == _kinds(few)
    # Both show the same number of rows.
    assert _largest(many) < 1.2 * _largest(few)
    assert _largest(many) < LARGEST_EVENT
    assert len(many.stdout.encode()) < LARGEST_OUTPUT
    assert len(json.dumps(many.artifacts)) < 1000
