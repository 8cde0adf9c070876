# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers for pipelines: what proves the effect of a write, and what leaves it unknown."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import lost

# --- one response is no proof -------------------------------------------------------------------


def once(ci, method, path, answer):
    """Answer the first request with ``answer`` instead of executing it."""
    seen = []

    def instead(each, place):
        if (each, place) == (method, path) and not seen:
            seen.append(place)
            return answer
        return None

    ci.panel.instead = instead
    return seen


def test_a_delete_that_finds_no_server_is_proved_by_a_read(ci, server):
    (made,) = server().servers
    seen = once(ci, "DELETE", f"/servers/{made['id']}", (404, {"msg": "server not found"}))
    result = server(state="absent")
    assert seen
    assert result.failure is None
    assert [row["id"] for row in result.servers] == [made["id"]]
    assert ci.panel.servers == {}


@pytest.mark.parametrize("action", ["teardown", "janitor"])
def test_a_server_that_the_panel_shows_again_is_not_deleted(ci, server, action):
    """The panel has stated once that it does not exist."""
    (made,) = server().servers
    ci.clock.now += 5000
    seen = once(ci, "GET", f"/servers/{made['id']}", (404, {"msg": "server not found"}))
    result = server(state="absent") if action == "teardown" else ci.sweep()
    assert seen
    assert result.failure["code"] == "job_failed"
    assert "and shows it again" in result.msg
    assert not [row for row in result.servers if row.get("outcome", "deleted") == "deleted"]
    assert len(ci.panel.servers) == 1
    again = server(state="absent") if action == "teardown" else ci.sweep()
    assert again.failure is None
    assert ci.panel.servers == {}


def test_a_rename_that_finds_no_server_is_proved_by_a_read(ci, server):
    path = "/servers/102/modify/name"
    seen = once(ci, "PUT", path, (404, {"msg": "server not found"}))
    result = server()
    assert seen == [path]
    assert result.failure is None
    assert [row["id"] for row in result.servers] == [102]
    assert len(ci.panel.names()) == 1


# --- the effect of a write stays unknown --------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "method", "path"),
    [
        ("absent", "DELETE", "/servers/"),
        ("present", "PUT", "/modify/name"),
        ("present", "POST", "/servers"),
        ("present", "POST", "/build"),
        ("present", "POST", "/ssh_keys"),
        ("absent", "DELETE", "/ssh_keys/"),
    ],
)
def test_a_write_whose_effect_no_read_shows_leaves_the_state_unknown(
    ci, server, state, method, path
):
    """The connection ends with the response of the write. The first request for a server is a dry run."""
    if state == "absent":
        server()
    left = [path] * (2 if path == "/servers" else 1)

    def end(each, place):
        if left and each == method and path in place:
            left.pop()
        if not left:
            raise lost()

    ci.panel.after = end
    assert server(state=state).failure["state"] == "unknown"
    ci.panel.after = lambda _method, _path: None
    assert server(state=state).failure is None
    assert len(ci.panel.names()) == (state == "present")


def test_a_failure_before_any_write_leaves_the_state_known(ci, server):
    def end(_method, _place):
        raise lost()

    ci.panel.after = end
    assert server().failure["state"] == "known"


# --- reads that are late ------------------------------------------------------------------------


def late(ci, kind):
    """Let each read show names, or keys, as they were a second before."""
    execute = ci.panel._execute
    shown = {}

    def old(key, value):
        """Return the value that a second ago was the latest one."""
        history = shown.setdefault(key, [(ci.clock.now - 9, "")])
        if history[-1][1] != value:
            history.append((ci.clock.now, value))
        return [each for at, each in history if at <= ci.clock.now - 1][-1]

    def answer(request, path):
        status, body = execute(request, path)
        rows = (body or {}).get("data")
        if request.method != "GET" or not rows:
            return status, body
        if kind == "name" and path.startswith("/servers"):
            each = rows if isinstance(rows, list) else [rows]
            named = [{**row, "name": old(row["id"], row["name"])} for row in each]
            return status, {**body, "data": named if isinstance(rows, list) else named[0]}
        if kind == "key" and path.startswith("/ssh_keys"):
            return status, {"data": [row for row in rows if old(row["id"], "there")]}
        return status, body

    ci.panel._execute = answer


@pytest.mark.parametrize("kind", ["name", "key"])
def test_a_provision_waits_until_the_panel_shows_what_it_has_accepted(ci, server, kind):
    late(ci, kind)
    result = server(count=2)
    assert result.failure is None
    assert len(ci.panel.servers) == 2
    assert len(ci.panel.keys) == 1
    assert sorted(row["name"] for row in result.servers) == ci.panel.names()


def test_a_name_that_the_panel_never_shows_is_no_work_of_another_client(ci, server):
    """A retry creates no second server."""
    ci.panel.instead = lambda method, _path: (204, None) if method == "PUT" else None
    for _try in range(2):
        result = server()
        assert result.failure["code"] == "refused"
        assert "the panel accepted it, and still shows the name none" in result.msg
        assert "another client" not in result.msg
        assert len(ci.panel.servers) == 1
    ci.panel.recover()
    assert server().failure is None
    assert len(ci.panel.names()) == len(ci.panel.servers) == 1


@pytest.mark.parametrize("answer", [(204, None), (404, {"msg": "ssh key not found"})])
@pytest.mark.parametrize("action", ["teardown", "janitor"])
def test_a_key_that_the_panel_still_shows_is_not_removed(ci, server, action, answer):
    server()
    ci.clock.now += 5000
    path = f"/ssh_keys/{next(iter(ci.panel.keys))}"
    ci.panel.instead = lambda _method, place: answer if place == path else None
    result = server(state="absent") if action == "teardown" else ci.sweep()
    assert "the panel still shows it after the request" in result.msg
    assert len(ci.panel.keys) == 1
    ci.panel.recover()
    again = server(state="absent") if action == "teardown" else ci.sweep(grace_time=60)
    assert again.failure is None
    assert ci.panel.keys == {}
