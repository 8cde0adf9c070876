# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The renewal of a lease."""

from __future__ import annotations

import itertools

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_renew import ActionModule
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import lost


@pytest.fixture
def renew(ci):
    def run(lease=3600, **options):
        given = {"pipeline": "4711", "lease": lease, **options}
        return ci.run(ActionModule.FLEET, "virtfusion_ci_renew", **given)

    return run


@pytest.fixture
def servers(ci):
    end = int(ci.panel.now()) + 600
    return [ci.panel.add(f"ci.{code}.1.{end}") for code in ("4711", "4712")]


def end_of(ci, server_id):
    return int(ci.panel.servers[server_id]["name"].split(".")[-1])


def test_the_end_moves_by_what_is_asked_for_at_least_and_only_for_this_pipeline(ci, renew, servers):
    mine, other = servers
    before = end_of(ci, other)
    result = renew()
    assert result.changed
    assert end_of(ci, mine) >= ci.panel.now() + 3600
    assert end_of(ci, other) == before


def test_a_later_end_stays(ci, renew, servers):
    before = end_of(ci, servers[0])
    assert not renew(lease=60).changed
    assert end_of(ci, servers[0]) == before


def test_check_mode_moves_nothing(ci, renew, servers):
    before = end_of(ci, servers[0])
    result = ci.run(
        ActionModule.FLEET, "virtfusion_ci_renew", check_mode=True, pipeline="4711", lease=3600
    )
    assert result.changed
    assert result.msg.startswith("1 server would have a lease until")
    assert end_of(ci, servers[0]) == before
    assert not (ci.folder / "state").exists()


def test_a_pipeline_without_a_server_is_a_failure(renew):
    result = renew()
    assert result.failure["code"] == "not_found"
    assert not result.failure["partial"]


@pytest.mark.parametrize("unlisted", [1, 2])
def test_a_server_that_the_list_does_not_show_yet_is_renewed(ci, renew, unlisted):
    """The list may be older than the latest create. The journal of the provision has the server."""
    made = [row["id"] for row in ci.server(count=2, lease=900).servers]
    rows = [{**ci.panel.servers[made[0]], "created": None}] if unlisted == 1 else []
    ci.panel.instead = lambda _method, path: (
        (200, {"data": rows}) if path == "/servers/user/7" else None
    )
    result = renew(lease=7200)
    assert [row["id"] for row in result.servers] == made
    assert all(end_of(ci, each) >= ci.panel.now() + 7200 for each in made)


def test_a_rename_without_a_response_is_looked_for(ci, renew, servers):
    writes = []

    def lose(method, _path):
        if method == "PUT" and not writes:
            writes.append(method)
            raise lost()

    ci.panel.after = lose
    assert renew().failure is None
    assert ci.panel.sent("PUT") == [f"/servers/{servers[0]}/modify/name"]


def test_a_server_that_the_janitor_deletes_meanwhile_is_no_success(ci, renew, servers):
    def delete(method, _path):
        if method == "PUT":
            ci.panel.servers.pop(servers[0])

    ci.panel.before = delete
    result = renew()
    assert result.failure["code"] == "not_found"
    assert "it does not exist any more" in result.msg


def test_a_lease_that_had_ended_is_looked_at_twice(ci, renew):
    ended = ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) - 10}")
    reads = []

    def delete_late(method, path):
        if (method, path) == ("GET", f"/servers/{ended}"):
            reads.append(path)
            if len(reads) == 3:
                ci.panel.servers.pop(ended)

    ci.panel.before = delete_late
    assert renew().failure["code"] == "not_found"


def test_a_lease_that_ends_during_the_rename_is_looked_at_twice(ci, renew):
    """The janitor may have read the server after the end of its lease, and before the rename."""
    ending = ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) + 30}")
    reads = []

    def delete_late(method, path):
        if method == "PUT":
            ci.clock.now += 60
        if (method, path) == ("GET", f"/servers/{ending}"):
            reads.append(path)
            if len(reads) == 3:
                ci.panel.servers.pop(ending)

    ci.panel.before = delete_late
    assert renew().failure["code"] == "not_found"


def test_a_failure_has_the_leases_that_are_renewed(ci, renew):
    end = int(ci.panel.now()) + 600
    both = [ci.panel.add(f"ci.4711.{number}.{end}") for number in (1, 2)]
    writes = itertools.count()
    ci.panel.instead = lambda method, _path: (
        (403, {"msg": "no"}) if method == "PUT" and next(writes) == 1 else None
    )
    result = renew()
    moved = [server_id for server_id in both if end_of(ci, server_id) > end]
    assert result.failure["code"] == "forbidden"
    assert result.failure["partial"]
    assert [(row["id"], row["renewed"]) for row in result.servers] == [(moved[0], True)]


def test_a_longer_renewal_just_before_the_rename_stays(ci, renew, servers):
    """Another controller, which shares no lock, has renewed it since the list was read."""
    later = int(ci.panel.now()) + 90_000

    def move(method, path):
        if path == f"/servers/{servers[0]}":
            ci.panel.servers[servers[0]]["name"] = f"ci.4711.1.{later}"

    ci.panel.before = move
    result = renew()
    assert not result.changed
    assert end_of(ci, servers[0]) == later
    assert result.servers[0]["name"].endswith(str(later))


@pytest.mark.parametrize("busy", [423, 429])
def test_a_longer_renewal_while_the_panel_is_busy_stays(ci, renew, servers, busy):
    later = int(ci.panel.now()) + 90_000

    def refuse_and_move(method, _path):
        if method != "PUT":
            return None
        ci.panel.servers[servers[0]]["name"] = f"ci.4711.1.{later}"
        return busy, {"msg": "pending tasks in queue"}

    ci.panel.instead = refuse_and_move
    result = renew(retries=5)
    assert result.failure is None
    assert len(ci.panel.sent("PUT")) == 1
    assert end_of(ci, servers[0]) == later
    assert result.servers[0]["name"].endswith(str(later))


def test_a_rename_that_is_refused_for_a_while_is_sent_again(ci, renew, servers):
    ci.panel.refuse(423, "PUT", "/modify/name", times=3)
    assert renew().failure is None
    assert end_of(ci, servers[0]) >= ci.panel.now() + 3590
    ci.panel.refuse(423, "PUT", "/modify/name", times=10**9)
    assert renew(lease=9000).failure["code"] == "locked"


def test_two_renewals_on_one_controller_take_turns(ci, renew, servers):
    """The second one begins while the first one holds the lock, and waits until it is told that it is locked."""
    inner = []

    def begin(method, _path):
        if method == "PUT" and not inner:
            inner.append(None)
            inner.append(renew(lease=90_000))

    ci.panel.before = begin
    assert renew().failure is None
    assert inner[1].failure["code"] == "locked"
    assert ci.panel.sent("PUT") == [f"/servers/{servers[0]}/modify/name"]
    assert list((ci.folder / "state").iterdir()) == []


def test_a_lease_end_that_the_panel_accepts_and_does_not_show_is_no_rename_by_another(
    ci, renew, servers
):
    path = f"/servers/{servers[0]}/modify/name"
    ci.panel.instead = lambda _method, place: (204, None) if place == path else None
    result = renew()
    assert result.failure["code"] == "refused"
    assert "the panel accepted it, and still shows the name ci.4711.1.1700000600" in result.msg
    assert "another client" not in result.msg


def test_a_renewal_without_a_response_that_no_read_shows_leaves_the_state_unknown(
    ci, renew, servers
):
    ended = []

    def end(method, _path):
        if method == "PUT" or ended:
            ended.append(method)
            raise lost()

    ci.panel.after = end
    result = renew()
    assert ended[1:] == ["GET"]
    assert result.failure["state"] == "unknown"
