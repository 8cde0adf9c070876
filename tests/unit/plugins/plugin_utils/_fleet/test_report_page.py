# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the page of a report as text. tests/page tests it in a browser."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report import (
    CHANGE,
    DRIFT,
    PLAN,
    build_report,
    report_html,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report_page.markup import (
    duration_text,
    time_text,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report_page.outcomes import (
    shares,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import row as change_row

WHOLE = {
    "id": 2,
    "name": "web2",
    "outcome": "changed",
    "changed": True,
    "changes": [change_row(1, 2)],
    "restart_required": True,
    "earlier": False,
    "msg": None,
    "failure": None,
    "verified": None,
}


def page(*rows: dict[str, Any], kind: str = CHANGE, target: str = "Cloud 4", **about: Any) -> str:
    return report_html(build_report(kind, target, [{**WHOLE, **row} for row in rows], about))


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


def words(text: str) -> str:
    """Return what a reader sees, without the script and its data."""
    visible = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<wbr></wbr>|<[^>]*>", " ", visible)).split())


def test_a_name_with_markup_stays_text():
    evil = "</script><!--<script>alert(1)</script>\x1b]52;c;x\x07\u202e\u2028&amp;"
    text = page({"name": evil, "owner": evil, "place": evil}, target=evil, msg=evil, ticket=evil)
    assert "<script>alert" not in text
    assert text.count("<script") == text.count("</script>") == 2
    assert not set("\x1b\x07\u202e\u2028") & set(text)
    (row,) = data_of(text)["rows"]
    assert "</script><!--<script>alert(1)</script>" in row[2]
    assert words(text).count("</script><!--<script>alert(1)</script>") >= 5


def test_the_page_runs_nothing_but_its_own_script():
    text = page({})
    policy = re.search(r'content="(default-src[^"]*)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].count("sha256-") == 2
    assert not re.search(r"https?://|\bsrc=|\bstyle=|\bon[a-z]+=", text.partition("<style>")[0])
    assert not re.search(r"https?://", text)


def test_each_window_of_the_run_is_on_the_page():
    times = {"begun": "2026-11-28T22:00:05Z", "ended": None}
    batch = {"number": 1, "size": 4, **times, "failed": 2, "in_doubt": 1}
    windows = [
        {
            "run_id": "r1",
            "started_by": "jane",
            "begun": "2026-11-28T22:00:04+00:00",
            "ended": None,
            "last": "2026-11-28T22:01:04+00:00",
            "stopped": None,
            "complete": False,
            "batches": [batch],
        },
        {"begun": "T3", "ended": "T4", "last": "T4", "stopped": "deadline"},
    ]
    text = words(page({}, windows=windows))
    assert "Execution 1 , 1 min 2026-11-28 22:00:04 UTC" in text
    assert "did not record its end; the last record is of 22:01:04 run r1 started by jane" in text
    assert "Took Failed In doubt" in text
    assert "1 4 22:00:05 not ended 2 1" in text
    assert "Execution 2 T3 stopped at T4: deadline" in text


def test_windows_that_overlap_are_within_their_bar():
    windows = [
        {"begun": "2026-11-28T22:00:00Z", "ended": "2026-11-28T23:00:00Z"},
        {"begun": "2026-11-28T22:10:00Z", "ended": "2026-11-28T22:20:00Z"},
    ]
    text = page({}, windows=windows)
    assert "2 executions from 2026-11-28 22:00:00 UTC to 2026-11-28 23:00:00 UTC" in text


def test_a_row_of_a_merged_report_says_where_it_comes_from():
    address = "https://toys.example.com"
    one = {"panel": "toys", "address": address, "shard": "1/2"}
    text = words(page(one, {**one, "id": 3, "shard": "2/2"}))
    assert "size 1 → 2 cm restart required from shard 1/2" in text
    assert "from shard 2/2" in text
    assert address not in text


def test_many_batches_are_folded():
    batches = [
        {"number": number, "size": 1, "begun": None, "ended": None, "failed": 0, "in_doubt": 0}
        for number in range(1, 41)
    ]
    text = page(
        {},
        windows=[{"begun": "T1", "ended": "T2", "last": "T2", "stopped": None, "batches": batches}],
    )
    assert "<summary>40 batches</summary>" in text


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"free": 10, "fits": True}, "50 % of 10 GB free 5 → 10 GB, 2 servers"),
        ({"free": 4, "fits": False}, "does not fit: 4 GB free"),
        ({"free": 0, "fits": False}, "does not fit: 0 GB free"),
        ({"free": None, "fits": None}, "room not known"),
        ({}, "room not known"),
    ],
)
def test_growth_stands_beside_its_room(row, expected):
    known = {"place": 6, "name": "hv6", "field": "disk", "unit": "GB"}
    sums = {"count": 2, "before": 5, "after": 10, "growth": 5}
    text = words(page({}, place_noun="hypervisor", growth=[{**known, **sums, **row}]))
    assert "hv6 (6) +5 GB" in text
    assert expected in text
    lacks = "1 of 1 hypervisor has too little room."
    assert (lacks in text) is (row.get("fits") is False)


def test_facts_and_links_are_on_the_page():
    facts = {
        "panel": "toys",
        "address": "https://toys.example.com",
        "started": "2026-11-28T22:00:04Z",
        "finished": "2026-11-28T22:04:09Z",
        "started_by": "jane",
        "approved_by": "sam",
        "approved_at": "2026-11-28T20:00:00Z",
        "ticket": "CHG-1",
        "job": {"name": "fleet", "id": 4711, "url": None},
        "plan_sha256": "ab" * 32,
        "run_id": "run-1",
        "run_dir": "/var/lib/fleet/x",
        "msg": "it is done",
        "warnings": ["careful"],
        "stopped": {"reason": "max_failures", "msg": "too many failed"},
        "failure": {"code": "stopped", "http_status": 503, "state": "unknown", "partial": True},
        "links": [
            {"kind": "plan", "href": "plan.html", "name": "plan"},
            {"kind": "drift", "href": "javascript:alert(1)", "name": "evil"},
            {"kind": "drift", "href": "//example.com", "name": "evil"},
        ],
    }
    text = page({}, **facts)
    seen = words(text)
    for expected in (
        "Panel toys",
        "Started 2026-11-28 22:00:04 UTC",
        "Duration 4 min 5 s",
        "Started by jane",
        "Approved by sam",
        "Approved 2026-11-28 20:00:00 UTC",
        "Ticket CHG-1",
        "Job name fleet, id 4711",
        "Run run-1",
        "it is done",
        "careful",
        "Stopped: too many failed (reason: max failures)",
        "Failure: stopped, HTTP 503, changed in part, state unknown",
    ):
        assert expected in seen
    assert re.findall(r'<li><a href="([^"]*)">([^<]*)<', text) == [("plan.html", "Plan")]


def test_the_name_of_a_link_is_shown_if_it_tells_more():
    links = [
        {"kind": "rollback", "href": "rollback-2/report.html", "name": "rollback-2"},
        {"kind": "change", "href": "../report.html", "name": "run"},
    ]
    assert "Rollback: rollback-2 Report of the change" in words(page({}, links=links))


def test_a_job_with_an_address_is_a_link_and_any_other_scheme_is_not():
    assert '<a href="https://ci.example.com/1" rel="noreferrer">' in page(
        {}, job="https://ci.example.com/1"
    )
    assert "<a href" not in page({}, job="javascript://ci.example.com/%0aalert(1)")


def test_every_key_of_a_row_is_on_the_page():
    failure = {"code": "busy", "http_status": 423, "message": "locked", "retryable": True}
    row = {
        "outcome": "failed",
        "msg": "Cannot change web2: locked",
        "failure": failure,
        "uuid": "u-1",
        "owner": "Ada",
        "place": "hv1",
        "begun": "2026-11-28T22:00:00Z",
        "ended": "2026-11-28T22:00:03Z",
        "earlier": True,
        "verified": False,
        "order_id": "o-7",
        "pay_until": None,
    }
    text = words(page(row, {"id": 3}))
    assert "failed differs again by an earlier execution" in text
    assert "Cannot change web2: locked failure busy, HTTP 423, can be retried order id o-7" in text
    assert "web2 hv1 · Ada · 22:00:03 · 2026-11-28, 3 s" in text
    assert "u-1" in json.dumps(data_of(page(row)))


def test_rows_that_need_attention_come_first():
    refused = change_row(9, 2, refused=True)
    rows = [
        {"id": 1, "outcome": "unchanged", "changes": []},
        {"id": 2},
        {"id": 3, "changes": [change_row(1, 2), refused]},
        {"id": 4, "verified": False},
        {"id": 5, "outcome": "refused", "changes": [refused]},
        {"id": 6, "outcome": "in_doubt", "msg": "lost"},
        {"id": 7, "outcome": "failed", "msg": "no"},
    ]
    assert [row[1] for row in data_of(page(*rows))["rows"]] == [7, 6, 4, 5, 3, 2, 1]


def test_paper_has_what_needs_a_look_and_says_where_the_rest_is():
    rows = [{"id": number} for number in range(1, 500)]
    odd = [{"id": number, "outcome": "failed", "msg": "no"} for number in range(500, 700)]
    text = page(*rows, *odd)
    paper = text.partition('class="paper"')[2]
    assert paper.count("<tr>") == 101
    assert "599 more servers: see the CSV file beside this page." in paper


def test_only_drift_between_several_targets_shows_the_targets():
    one = page({}, {"id": 3}, kind=DRIFT)
    two = page({"target": "Cloud 4"}, {"id": 3, "target": "Cloud 8"}, kind=DRIFT)
    assert 'data-column="target"' not in one
    assert 'data-column="target"' in two


def test_a_server_that_never_existed_is_not_said_to_be_gone():
    never = {
        "id": "nosuch",
        "outcome": "moved",
        "msg": "no servers match this value of server_names",
    }
    text = words(page(never, kind=DRIFT))
    assert "left alone: changed since the plan, or not on the panel" in text
    assert "gone" not in text


def test_a_report_without_servers_has_a_page():
    text = words(page(kind=PLAN))
    assert "0 servers" in text
    assert "None" not in text
    assert "No server is selected." in text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (59.7, "1 min"),
        (250, "4 min 10 s"),
        (90000, "1 d 1 h"),
    ],
)
def test_durations(seconds, expected):
    assert duration_text(seconds) == expected


def test_times_are_shown_in_utc():
    assert time_text("2026-11-28T23:00:00+01:00") == "2026-11-28 22:00:00 UTC"
    assert time_text("2026-11-28T22:00:00") == "2026-11-28 22:00:00 UTC"
    assert time_text("yesterday") == "yesterday"


@pytest.mark.parametrize("counts", [[], [5], [1, 9999], [1] * 9, [0, 3]])
def test_the_parts_of_a_bar_fill_it(counts):
    assert sum(shares(counts)) == pytest.approx(100 if counts else 0)
