# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The janitor: what it deletes, what it never deletes, and what it tells."""

from __future__ import annotations

import json
from functools import partial

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_janitor import (
    ActionModule as JanitorAction,
)
from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_renew import (
    ActionModule as RenewAction,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import (
    STRANGER,
    CiActions,
    lost,
)


@pytest.fixture
def janitor(ci):
    def run(**options):
        return ci.run(JanitorAction.FLEET, "virtfusion_ci_janitor", **{"dry_run": False, **options})

    return run


def leased(ci, pipeline="4711", number=1, left_s=-1000, age_s=5000, **more):
    end = int(ci.panel.now() + left_s)
    return ci.panel.add(f"ci.{pipeline}.{number}.{end}", age_s=age_s, **more)


def outcomes(report):
    return {row["id"]: row["outcome"] for row in report.servers}


def test_owner_prefix_lease_and_age_decide(ci, janitor):
    ended = leased(ci)
    running = leased(ci, "4712", left_s=60)
    young = leased(ci, "4713", age_s=100)
    orphan = ci.panel.add("", age_s=2000)
    just_created = ci.panel.add("", age_s=100)
    others = [
        ci.panel.add("web01", STRANGER, age_s=9000),
        ci.panel.add("", STRANGER, age_s=9000),
        ci.panel.add("cix.4711.1.1600000000", STRANGER, age_s=9000),
    ]
    report = janitor()
    assert outcomes(report) == {
        ended: "deleted",
        running: "kept",
        young: "kept",
        orphan: "deleted",
        just_created: "kept",
    }
    assert set(others) <= set(ci.panel.servers)
    assert report.totals["deleted"] == 2
    assert report.changed


def test_by_default_nothing_is_deleted(ci):
    ended = leased(ci)
    report = ci.run(JanitorAction.FLEET, "virtfusion_ci_janitor")
    assert outcomes(report) == {ended: "would_delete"}
    assert not report.changed
    assert not ci.panel.sent("DELETE")


def test_check_mode_deletes_nothing(ci, tmp_path):
    leased(ci)
    path = tmp_path / "report.json"
    report = ci.run(
        JanitorAction.FLEET,
        "virtfusion_ci_janitor",
        check_mode=True,
        dry_run=False,
        report_json=str(path),
    )
    assert report.totals["would_delete"] == 1
    assert not path.exists()
    assert not ci.panel.sent("DELETE")


def test_at_most_max_deletes_go_and_the_longest_overdue_first(ci, janitor):
    late, later, latest = (leased(ci, str(n), left_s=-n) for n in (100, 200, 300))
    report = janitor(max_deletes=2)
    assert outcomes(report) == {late: "postponed", later: "deleted", latest: "deleted"}
    assert "1 more server is due: max_deletes=2 is reached" in report.warnings[0]
    assert janitor(max_deletes=0).totals["postponed"] == 1


def test_a_lease_that_is_renewed_just_before_the_delete_counts(ci, janitor):
    ended = leased(ci)

    def renew(method, path):
        if (method, path) == ("GET", f"/servers/{ended}"):
            ci.panel.servers[ended]["name"] = f"ci.4711.1.{int(ci.panel.now()) + 3600}"

    ci.panel.before = renew
    report = janitor()
    assert outcomes(report) == {ended: "kept"}
    assert ended in ci.panel.servers


@pytest.mark.parametrize("busy", [423, 429])
def test_a_lease_that_is_renewed_while_the_panel_is_busy_counts(ci, janitor, busy):
    ended = leased(ci)

    def refuse_and_renew(method, path):
        if (method, path) != ("DELETE", f"/servers/{ended}"):
            return None
        ci.panel.servers[ended]["name"] = f"ci.4711.1.{int(ci.panel.now()) + 3600}"
        return busy, {"msg": "pending tasks in queue"}

    ci.panel.instead = refuse_and_renew
    report = janitor(retries=5)
    assert outcomes(report) == {ended: "kept"}
    assert ci.panel.sent("DELETE") == [f"/servers/{ended}"]


def test_a_delete_that_is_refused_for_a_while_is_sent_again(ci, janitor):
    ended = leased(ci)
    ci.panel.refuse(423, "DELETE", f"/servers/{ended}", times=3)
    assert outcomes(janitor()) == {ended: "deleted"}
    assert len(ci.panel.sent("DELETE")) == 4


def test_a_delete_that_is_refused_for_ever_ends_with_the_reason(ci, janitor):
    ended = leased(ci)
    ci.panel.refuse(423, "DELETE", f"/servers/{ended}", times=10**9)
    report = janitor(wait_timeout=60)
    assert outcomes(report) == {ended: "failed"}
    assert f"delete server ci.4711.1.{ci.panel.servers[ended]['name'].split('.')[-1]}" in report.msg


def _renew_at(moment, ci, seen, method, _path):
    """Renew the lease before the request with this number, and count the requests."""
    if seen["renewal"] is None and seen["requests"] == moment:
        seen.update(renewal="running", method=method)
        seen["renewal"] = ci.run(
            RenewAction.FLEET, "virtfusion_ci_renew", pipeline="4711", lease=3600
        )
    seen["requests"] += 1


def test_renew_and_janitor_at_the_same_moment_never_both_succeed(tmp_path):
    """At each request of the janitor, the renewal runs in between."""
    moment, janitors_requests = 0, 1
    while moment < janitors_requests:
        ci = CiActions(tmp_path / str(moment))
        ended = leased(ci)
        seen = {"requests": 0, "renewal": None, "method": None}

        ci.panel.before = partial(_renew_at, moment, ci, seen)
        report = ci.run(JanitorAction.FLEET, "virtfusion_ci_janitor", dry_run=False)
        janitors_requests = max(janitors_requests, seen["requests"])
        deleted = outcomes(report).get(ended) == "deleted"
        assert (ended in ci.panel.servers) is not deleted
        if deleted:
            # Only a renewal between the last read and the delete is not seen: no request compares and deletes.
            assert seen["renewal"] is None or seen["renewal"].failure or seen["method"] == "DELETE"
        moment += 1
    assert janitors_requests > 5


@pytest.mark.parametrize("path", ["/servers", "/ssh_keys/user/7", "/users/ci/byExtRelation"])
def test_a_failed_read_deletes_nothing(ci, janitor, path):
    leased(ci)

    def fail(_method, each):
        if each == path:
            raise lost()

    ci.panel.before = fail
    report = janitor()
    assert report.failure["code"] == "transport"
    assert not ci.panel.sent("DELETE")


def test_a_server_that_cannot_be_read_stays_and_the_others_go(ci, janitor):
    first, second = leased(ci, left_s=-2000), leased(ci, "4712")

    def fail(method, path):
        if path == f"/servers/{first}":
            raise lost()

    ci.panel.before = fail
    report = janitor()
    assert report.failure["code"] == "job_failed"
    assert outcomes(report) == {first: "failed", second: "deleted"}
    assert first in ci.panel.servers


def test_keys_go_with_their_servers_and_orphaned_keys_after_the_grace_time(ci, janitor):
    leased(ci)
    leased(ci, "4712", left_s=100)
    for name in ("ci.4711", "ci.4712", "ci.4713", "laptop", "other.4711"):
        ci.panel._keys("POST", "", {"publicKey": "ssh-ed25519 AAAA", "name": name})
    report = janitor()
    assert {key["name"]: key["outcome"] for key in report.ssh_keys} == {
        "ci.4711": "deleted",
        "ci.4712": "kept",
        "ci.4713": "kept",
    }
    ci.clock.now += 90
    assert janitor(grace_time=60).totals["ssh_keys"] == 1
    assert sorted(key["name"] for key in ci.panel.keys.values()) == [
        "ci.4712",
        "laptop",
        "other.4711",
    ]


def test_reports_and_metrics_are_written(ci, janitor, tmp_path):
    leased(ci)
    kept = leased(ci, "4712", left_s=100)
    files = {
        "report_json": tmp_path / "r.json",
        "report_text": tmp_path / "r.txt",
        "metrics_file": tmp_path / "ci.prom",
    }
    janitor(**{name: str(path) for name, path in files.items()})
    report = json.loads(files["report_json"].read_text())
    assert report["totals"]["deleted"] == 1
    text = files["report_text"].read_text()
    assert f"kept              {kept}  ci.4712.1." in text
    metrics = files["metrics_file"].read_text()
    assert 'vpsfleet_ci_servers_alive{prefix="ci"} 1\n' in metrics
    assert 'vpsfleet_ci_servers_deleted{prefix="ci"} 1\n' in metrics
    assert files["metrics_file"].stat().st_mode & 0o004
    assert metrics.count("# HELP") == metrics.count("# TYPE") == len(metrics.splitlines()) // 3


def test_a_report_that_cannot_be_written_is_a_mistake_before_anything_is_deleted(ci, janitor):
    leased(ci)
    assert "there is no folder /no/such" in janitor(report_json="/no/such/report.json").msg
    assert ci.panel.log == []


def test_a_server_without_a_time_of_creation_stays(ci, janitor):
    ended = leased(ci)
    ci.panel.servers[ended]["created"] = "2025-01-01 00:00:00"
    assert outcomes(janitor()) == {ended: "kept"}
