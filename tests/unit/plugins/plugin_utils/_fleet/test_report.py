# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports: the same facts for programs, spreadsheets and people."""

from __future__ import annotations

import csv
import io
import re

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report import (
    CHANGE,
    PLAN,
    build_report,
    report_csv,
    report_html,
    report_json,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.results import (
    TOTALS,
    summary_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import row as change_row


def server(number: int, outcome: str = "changed", *changes, **more):
    return {
        "id": number,
        "name": f"web{number}",
        "outcome": outcome,
        "changed": outcome == "changed",
        "changes": list(changes),
        "restart_required": False,
        "earlier": False,
        "msg": None,
        "failure": None,
        "verified": None,
        **more,
    }


PARTLY = server(1, "changed", change_row(1, 2), change_row(9, 2, refused=True), msg="stays")
WHOLE = server(2, "changed", change_row(1, 2), restart_required=True)
LEFT = server(3, "refused", change_row(9, 2, refused=True), msg="stays")
UNPAID = server(4, "ordered", change_row(1, 2))


def cells(report):
    rows = list(csv.DictReader(io.StringIO(report_csv(report), newline="")))
    return {row["name"]: row["outcome"] for row in rows}


def test_totals_count_what_changed_only_in_part():
    report = build_report(CHANGE, "Cloud 4", [PARTLY, WHOLE, LEFT, UNPAID], {})
    assert list(report["totals"]) == list(TOTALS)
    assert {name: number for name, number in report["totals"].items() if number} == {
        "selected": 4,
        "changed": 2,
        "ordered": 1,
        "refused": 1,
        "partly_refused": 1,
        "restart_required": 1,
        "unverified": 2,
    }
    assert summary_of(report["totals"]) == (
        "2 changed (1 of them only in part), 1 ordered and not changed yet, 1 refused;"
        " 2 of the changed are not verified"
    )


def test_predictions_are_not_counted_as_unverified():
    assert build_report(PLAN, "Cloud 4", [PARTLY, WHOLE], {})["totals"]["unverified"] == 0


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (CHANGE, ["changed in part", "changed", "refused", "ordered"]),
        (PLAN, ["would change in part", "would change", "refused", "ordered"]),
    ],
)
def test_a_dry_run_says_would_change_everywhere(kind, expected):
    report = build_report(kind, "Cloud 4", [PARTLY, WHOLE, LEFT, UNPAID], {})
    assert list(cells(report).values()) == expected
    page = report_html(report)
    assert sorted(
        re.findall(r'<tr><td[^<]*</td>.*?class="outcome [a-z]+">([^<]*)<', page)[-4:]
    ) == sorted(expected)
    assert ("<title>Plan for a fleet, dry run: Cloud 4</title>" in page) is (kind == PLAN)


def test_lone_surrogates_are_written():
    report = build_report(CHANGE, "x", [server(1, name="a\ud800b", msg="\udfff")], {})
    for text in (report_json(report), report_csv(report), report_html(report)):
        assert text.encode("utf-8")


def test_an_ordered_change_is_in_the_spreadsheet():
    ordered = {**change_row(1, 2), "after": 1, "outcome": "unchanged", "message": "not paid"}
    report = build_report(CHANGE, "Cloud 4", [server(1, "ordered", ordered)], {})
    (row,) = csv.DictReader(io.StringIO(report_csv(report), newline=""))
    assert row["changes"] == "size 1 -> 2 cm"
    assert report["groups"][0]["changes"] == ["size 1 -> 2 cm"]
