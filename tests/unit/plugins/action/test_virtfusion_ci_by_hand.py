# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers for pipelines that a person has changed between two tasks, and lists that are late."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import provision
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.known_hosts import HostKey
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.ready import ReadyResult
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import (
    OWNER,
    STRANGER,
    Killed,
)

KEY = HostKey("ssh-ed25519", "AAAAC3NzaC1lZDI1NTE5eHg=")


@pytest.fixture
def ssh(monkeypatch):
    """Let each server answer on SSH with one key. Return the keys that it had to show, wait by wait."""
    known_keys = []

    def wait(servers, *dummy, known, on_pinned, stopped):
        known_keys.append({key for each in servers for key in known[each.id]})
        for each in servers:
            on_pinned(each, frozenset({KEY}))
        return [ReadyResult(each, frozenset({KEY}), 0.1) for each in servers]

    monkeypatch.setattr(provision, "wait_until_ready", wait)
    return known_keys


def killed_at(ci, method, path, when="before", **options):
    """Provide a server, and end the process before or after a request."""

    def kill(each, place):
        if (each, place.endswith(path)) == (method, True):
            raise Killed

    setattr(ci.panel, when, kill)
    with pytest.raises(Killed):
        ci.server(**options)
    setattr(ci.panel, when, lambda _method, _path: None)


def late_lists(ci):
    """Let the lists of servers be older than all creates."""
    execute = ci.panel._execute

    def late(request, path):
        status, body = execute(request, path)
        if request.method == "GET" and (path == "/servers" or path.startswith("/servers/user/")):
            return status, {"data": [], "last_page": 1, "total": 0}
        return status, body

    ci.panel._execute = late


# --- a teardown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": "debug"}, "its name is now debug"),
        ({"ownerId": STRANGER}, "user 2 owns it now"),
        ({"name": "", "ownerId": STRANGER}, "user 2 owns it now"),
    ],
)
def test_a_teardown_claims_nothing_of_a_server_that_was_taken_before_it(ci, server, changed, why):
    taken, other = (row["id"] for row in server(count=2).servers)
    ci.panel.servers[taken].update(changed)
    message = f"server {taken} of pipeline 4711 stays: {why}"
    kept = server(state="absent", keep=True)
    assert kept.msg.startswith("1 server is kept;")
    assert message in kept.warnings
    for check_mode in (True, False):
        result = server(state="absent", check_mode=check_mode)
        assert result.failure["code"] == "job_failed"
        assert message in result.msg
    assert [row["id"] for row in result.servers] == [other]
    assert list(ci.panel.servers) == [taken]
    assert server(state="absent", keep=True).msg.endswith("has no server with its name")
    del ci.panel.servers[taken]
    assert server(state="absent").msg == "0 servers deleted; pipeline 4711 has none left"


# --- a provision -------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), [("PUT", "/modify/name"), ("POST", "/build")])
def test_a_retry_builds_no_server_of_another_size(ci, server, method, path):
    """A killed try has left it without a name, or without a system."""
    killed_at(ci, method, path)
    for check_mode in (True, False):
        result = server(package_name="Cloud 2", check_mode=check_mode)
        assert result.failure["code"] == "refused"
        assert "its number of cores is 1, and the task requires 2" in result.msg
    assert [row["commissionStatus"] for row in ci.panel.servers.values()] == [0]
    assert server().failure is None


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "production"},
        {"ownerId": STRANGER},
        {"commissionStatus": 1, "state": "queued", "polls": 3},
    ],
)
def test_a_server_that_changes_while_its_template_is_looked_up_is_not_built(ci, server, changed):
    """A busy panel may let this request wait for minutes."""

    def take(_method, path):
        if path.endswith("/templates") and path.startswith("/servers/"):
            ci.panel.servers[int(path.split("/")[2])].update(changed)

    ci.panel.before = take
    server()
    assert not any(path.endswith("/build") for path in ci.panel.sent("POST"))


def test_a_lease_that_moves_while_the_template_is_looked_up_stays(ci, server):
    later = f"ci.4711.1.{int(ci.panel.now()) + 90_000}"

    def renew(_method, path):
        if path.endswith("/templates") and path.startswith("/servers/"):
            ci.panel.servers[int(path.split("/")[2])]["name"] = later

    ci.panel.before = renew
    assert server().failure is None
    assert ci.panel.names() == [later]


def test_a_server_that_another_client_has_taken_is_not_given_back(ci, server):
    """The older server of another controller appears, and a person takes the newer one while the panel is busy."""
    other = ci.panel.add("")

    def name_it(_method, path):
        if path == f"/servers/user/{OWNER}" and ci.panel.sent("PUT"):
            ci.panel.servers[other]["name"] = f"ci.4711.1.{int(ci.panel.now()) + 3600}"

    def take_it(method, path):
        newer = max(ci.panel.servers)
        if (method, path) == ("DELETE", f"/servers/{newer}") and not ci.panel.names(STRANGER):
            ci.panel.servers[newer].update(name="production", ownerId=STRANGER)
            return 423, {"msg": "busy"}
        return None

    ci.panel.before = name_it
    ci.panel.instead = take_it
    server()
    assert ci.panel.names(STRANGER) == ["production"]


# --- host keys ---------------------------------------------------------------------------------


def test_the_host_keys_before_a_build_are_forgotten_also_if_it_was_killed(ci, server, ssh):
    (row,) = server(wait_for_ssh=True).servers
    assert server(wait_for_ssh=True).msg.startswith("1 server is ready until")
    assert ssh == [set(), {KEY}]
    ci.panel.servers[row["id"]].update(commissionStatus=2, state="failed", built=None)
    killed_at(ci, "POST", "/build", when="after", wait_for_ssh=True)
    assert server(wait_for_ssh=True).failure is None
    assert ssh[2:] == [set()]


def test_pinned_host_keys_stay_in_the_outputs_without_a_wait(server, ssh):
    pinned = server(wait_for_ssh=True).known_hosts
    assert server(wait_for_ssh=False).known_hosts == pinned != []


# --- a list that is late -----------------------------------------------------------------------


def test_a_late_list_neither_doubles_a_server_nor_hides_it(ci, server):
    late_lists(ci)
    made = server()
    assert made.failure is None
    assert [row["id"] for row in server().servers] == [row["id"] for row in made.servers]
    assert len(ci.panel.names()) == 1
    assert server(state="absent", keep=True).msg.startswith("1 server is kept")
    assert server(state="absent").msg == "1 server deleted; pipeline 4711 has none left"
    assert ci.panel.servers == {}


@pytest.mark.parametrize("odd", ["twice", "without an owner"])
def test_an_odd_list_neither_counts_a_server_twice_nor_hides_it(ci, server, odd):
    execute = ci.panel._execute

    def answer(request, path):
        status, body = execute(request, path)
        if path.startswith("/servers/user/"):
            rows = body["data"] * 2 if odd == "twice" else [{**row} for row in body["data"]]
            for row in rows:
                if odd != "twice":
                    del row["ownerId"]
            body = {"data": rows}
        return status, body

    ci.panel._execute = answer
    made = server(max_servers=1, count=1)
    assert made.failure is None
    assert server(max_servers=1, count=1).servers[0]["id"] == made.servers[0]["id"]
    (ci.folder / "state").rename(ci.folder / "elsewhere")
    assert server(state="absent").msg == "1 server deleted; pipeline 4711 has none left"


def test_a_late_list_does_not_hide_a_server_without_a_name(ci, server):
    killed_at(ci, "PUT", "/modify/name")
    late_lists(ci)
    predicted = server(state="absent", check_mode=True)
    assert predicted.msg == "1 server of pipeline 4711 would be deleted"
    assert server(state="absent").msg == "1 server deleted; pipeline 4711 has none left"
    assert ci.panel.servers == {}
