# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import io
import json

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.vpsfleet.panels.plugins.filter.fleet_csv import fleet_csv
from ansible_collections.vpsfleet.panels.plugins.filter.fleet_report import fleet_report

from .fleet_files import change, results_file, row


def table(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_each_server_has_one_line(tmp_path):
    disk = "primary_disk_size"
    planned = results_file(
        tmp_path / "planned.json",
        row(
            7,
            "=1+1",
            "changed",
            change("cpu", 2, 4, "cores"),
            change("backup_plan", None, 3),
            change(
                disk,
                200,
                200,
                "GB",
                outcome="refused",
                desired=80,
                message="never smaller",
            ),
            restart_required=True,
        ),
        row(8, "db, old", "failed", msg="locked"),
    )
    text = fleet_report([{"target": "Cloud 4", "planned": planned}])
    assert table(fleet_csv(text)) == [
        ["id", "name", "target", "outcome", "changes", "refused", "restart_required", "verified", "message"],
        ["7", "'=1+1", "Cloud 4", "changed", "cpu 2 -> 4 cores; backup_plan none -> 3", disk, "true", "", ""],
        ["8", "db, old", "Cloud 4", "failed", "", "", "false", "", "locked"],
    ]  # fmt: skip
    assert fleet_csv(json.loads(text)) == fleet_csv(text)


@pytest.mark.parametrize(
    "report", ["", "[]", "{}", 3, {"servers": []}, {"totals": {}, "servers": [{}]}]
)
def test_only_a_report_is_accepted(report):
    with pytest.raises(AnsibleFilterError, match=r"^fleet_csv: "):
        fleet_csv(report)
