# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers for pipelines: provision, retry, kill, quota, teardown."""

from __future__ import annotations

import itertools
import json
from types import SimpleNamespace

import pytest

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_janitor import (
    ActionModule as JanitorAction,
)
from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_server import (
    ActionModule as ServerAction,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server import key_pair
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import (
    ORDER,
    STRANGER,
    CiActions,
    KeygenOnce,
    Killed,
    lost,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import with_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION


@pytest.fixture
def ci(tmp_path):
    actions = CiActions(tmp_path)
    actions.panel.add("web01", STRANGER)
    return actions


@pytest.fixture
def server(ci, tmp_path):
    def run(pipeline="4711", *, check_mode=False, **options):
        if options.get("state") != "absent":
            options = {**ORDER, **options}
        folder = "out" if pipeline == "4711" else f"out-{pipeline}"
        options.setdefault("output_dir", str(tmp_path / folder))
        if options.get("file"):
            pipeline = None
        given = {**options, **({"pipeline": pipeline} if pipeline else {})}
        return ci.run(ServerAction.FLEET, "virtfusion_ci_server", check_mode=check_mode, **given)

    return run


@pytest.fixture
def janitor(ci):
    def run(**options):
        given = {"dry_run": False, "min_age": 0, "max_deletes": 100, **options}
        return ci.run(JanitorAction.FLEET, "virtfusion_ci_janitor", **given)

    return run


def ids(result):
    return [row["id"] for row in result.servers]


# --- provision -------------------------------------------------------------------------------


def test_a_pipeline_gets_its_servers_and_a_retry_the_same_ones(ci, server, tmp_path):
    first = server(count=3)
    assert first.changed
    assert [row["number"] for row in first.servers] == [1, 2, 3]
    assert all(row["created_now"] and row["address"] for row in first.servers)
    assert (tmp_path / "out" / "id_ed25519").stat().st_mode & 0o777 == 0o600
    again = server(count=3)
    assert ids(again) == ids(first)
    assert not any(row["created_now"] for row in again.servers)
    assert len(ci.panel.sent("POST")) == 3 + 3 + 3 - 2 + 1  # dry run, creates, key, builds
    assert ci.panel.names(STRANGER) == ["web01"]


def test_a_lease_is_never_shorter_than_asked_for_and_a_retry_renews_it(ci, server):
    asked = ci.panel.now()
    server(lease=1000)
    (name,) = ci.panel.names()
    assert int(name.split(".")[-1]) >= asked + 1000
    ci.clock.now += 500
    asked = ci.panel.now()
    assert server(lease=1000).changed
    assert int(ci.panel.names()[0].split(".")[-1]) >= asked + 1000


def test_the_controllers_clock_does_not_matter(ci, server, janitor):
    ci.panel.skew_s = -3600
    server(lease=1000)
    ends = int(ci.panel.names()[0].split(".")[-1])
    assert 0 <= ends - 1000 - ci.panel.now() <= 60
    assert janitor().totals["kept"] == 1
    ci.clock.now += 1100
    assert janitor().totals["deleted"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"prefix": "x"}, "prefix must be"),
        ({"prefix": "ci.x"}, "prefix must be"),
        ({"prefix": "c" * 17}, "prefix must be"),
        ({"lease": 899}, "lease=899 is shorter than deadline=900"),
        ({"count": 0}, "count must be"),
        ({"count": 3, "max_servers": 2}, "count=3 is more than max_servers=2 allows"),
        ({"keep": True}, "keep can only be set if state is absent"),
        ({"ssh_user": "-oProxyCommand=x"}, "ssh_user must be the name of a user"),
        ({"ssh_user": "root\n  ProxyCommand x"}, "ssh_user must be the name of a user"),
        ({"ssh_user": "root x"}, "ssh_user must be the name of a user"),
        ({"output_dir": "/dev/null/x"}, "output_dir: /dev/null is a file, and must be a folder"),
        ({"template_name": "Debian 13"}, "Cannot find the template"),
        ({"template_name": None, "template_id": 99}, "Cannot find template 99"),
        ({"package_name": "Cloud 9"}, "Cannot find the package"),
        ({"private_key_file": "/no/such/key"}, "Cannot use the private key /no/such/key"),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_is_created(ci, server, options, message):
    given = {name: value for name, value in {**ORDER, **options}.items() if value is not None}
    removed = {name: None for name in ORDER if name not in given}
    result = server(**{**given, **removed})
    assert message in result.msg
    assert result.failure["code"] in ("validation", "not_found")
    assert "\n" not in result.msg
    assert ci.panel.sent("PUT") == ci.panel.sent("POST") == []


def test_no_ssh_client_is_a_mistake(ci, server, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "there is no command ssh" in server().msg
    assert ci.panel.log == []


@pytest.mark.parametrize(
    ("name", "owner", "message"),
    [
        ("mail", None, "user 7 owns mail (102), which no pipeline"),
        ("other.4711.1.1700000000", None, "user 7 owns other.4711.1.1700000000"),
        ("ci.example.com", STRANGER, "servers of other users have names like it: ci.example.com"),
        ("ci.4711.1.1700000000", STRANGER, "servers of other users have names like it"),
    ],
)
def test_foreign_servers_are_refused(ci, server, janitor, name, owner, message):
    ci.panel.add(name, owner or 7, age_s=100_000)
    for result in (server(), janitor()):
        assert message in result.msg
        assert result.failure["code"] == "refused"
    assert ci.panel.sent("POST") == ci.panel.sent("DELETE") == []


def test_an_administrator_owns_no_ci_servers(ci, server):
    ci.panel.admin = True
    assert "it is an administrator" in server().msg


def test_an_owner_who_does_not_exist_must_be_made(server, janitor):
    for result in (server(relation_string="nobody"), janitor(relation_string="nobody")):
        assert result.msg.startswith("Cannot read user nobody: ext_relation_id not found (")
        assert "make a user of the panel that owns CI servers only" in result.msg


def test_a_panel_without_a_date_cannot_lease(ci, server):
    ci.panel.dated = False
    assert "have no Date header" in server().msg
    assert ci.panel.names() == []


def test_a_failed_build_ends_the_wait_of_all(ci, server):
    ci.panel.build_fails = True
    result = server(count=3)
    assert result.failure["code"] == "job_failed"
    assert "the panel reports that the build failed" in result.msg
    assert "ci_teardown" in result.msg
    assert len(result.servers) == 3
    ci.panel.build_fails = False
    assert ids(server(count=3)) == ids(result)


def test_a_build_that_hangs_ends_at_the_deadline(ci, server):
    ci.panel.polls = 10**9
    result = server(deadline=60)
    assert result.failure["code"] == "wait_timeout"
    assert "still being built at the end of the deadline" in result.msg


def test_another_key_than_that_of_the_first_try_is_refused(ci, server, tmp_path):
    server()
    result = server(output_dir=str(tmp_path / "elsewhere"))
    assert "its private key is not there" in result.msg
    assert len(ci.panel.names()) == 1


def test_the_operators_own_key_is_used_and_never_removed(ci, server, tmp_path):
    server("first", output_dir=str(tmp_path / "keys"))
    own = tmp_path / "keys" / "id_ed25519"
    result = server(private_key_file=str(own), outputs=["known_hosts"])
    assert result.failure is None
    assert result.key_file == str(own)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ci_server.json",
        "inventory.yml",
        "known_hosts",
        "ssh_config",
    ]
    assert server(state="absent").failure is None
    assert own.exists()


def test_check_mode_writes_nothing(ci, server, tmp_path):
    result = server(count=2, check_mode=True)
    assert result.changed
    assert result.msg == "2 servers would be created, 0 exist already"
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "state").exists()
    assert ci.panel.names() == []


def test_the_action_of_ansible_runs_it():
    action = with_task(
        ServerAction,
        "vpsfleet.panels.virtfusion_ci_server",
        {**CONNECTION, **ORDER, "relation_string": "ci", "pipeline": "4711", "prefix": "x"},
        "ssh",
    )
    action._display = SimpleNamespace(display=print, verbosity=0)
    result = action.run(None, {})
    assert result["failed"]
    assert result["failure"]["code"] == "validation"
    assert "prefix must be" in result["msg"]


# --- room ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["max_servers", "panel", "group"])
def test_without_room_the_task_fails_or_waits(ci, server, limit):
    server("first", count=2)
    options = {"max_servers": 2} if limit == "max_servers" else {}
    ci.panel.most = 2 if limit == "panel" else None
    ci.panel.free = 0 if limit == "group" else 100
    result = server("second", **options)
    assert result.failure["code"] == "refused"
    assert result.failure["retryable"]
    assert len(ci.panel.names()) == 2
    begun = ci.clock.now

    def make_room(_method, _path):
        if ci.clock.now > begun + 20 and ci.panel.free == 0:
            ci.panel.free = 100
        if ci.clock.now > begun + 20 and limit != "group":
            for key, row in list(ci.panel.servers.items()):
                if row["name"].startswith("ci.first."):
                    del ci.panel.servers[key]

    ci.panel.before = make_room
    result = server("second", wait_for_room=60, **options)
    assert result.failure is None
    assert any("waiting for room" in line for line in ci.lines)


def test_room_that_is_lost_during_the_creation_is_waited_for_with_nothing_held(ci, server):
    creates = itertools.count()

    def take_it(method, path):
        if (method, path) == ("POST", "/servers") and next(creates) == 2:
            ci.panel.most = 0

    ci.panel.before = take_it
    result = server(count=3)
    assert "server limit reached" in result.msg
    assert ci.panel.names() == []


def test_a_dry_run_without_success_means_that_there_is_no_room(ci, server):
    ci.panel.dry_run = "failed"
    result = server()
    assert result.failure["code"] == "refused"
    assert "the dry run ends with 'failed'" in result.msg
    assert ci.panel.names() == []


def test_a_server_that_a_dry_run_created_is_named(ci, server):
    ci.panel.dry_run = ""
    result = server()
    assert (result.failure["code"], result.failure["partial"]) == ("protocol", True)
    (created,) = (row["id"] for row in ci.panel.servers.values() if row["name"] == "")
    assert f"ignored dryRun and created server {created}" in result.msg
    assert "the janitor deletes it" in result.msg


# --- kill ------------------------------------------------------------------------------------


def requests_of(tmp_path, count):
    """Return the number of requests of a whole provision."""
    ci = CiActions(tmp_path / "count")
    ci.run(
        ServerAction.FLEET,
        "virtfusion_ci_server",
        **{**ORDER, "pipeline": "4711", "count": count, "output_dir": str(tmp_path / "count")},
    )
    return len(ci.panel.log)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_provision_killed_at_any_request_leaves_nothing_for_ever(tmp_path, monkeypatch, when):
    """A retry goes on with what is there, and without one the janitor deletes it."""
    monkeypatch.setattr(key_pair, "run_program", KeygenOnce())
    for moment in range(requests_of(tmp_path, 2)):
        for retry in (True, False):
            folder = tmp_path / f"{moment}-{retry}"
            ci = CiActions(folder)
            ci.panel.add("web01", STRANGER)
            options = {**ORDER, "pipeline": "4711", "count": 2, "output_dir": str(folder / "out")}
            steps = itertools.count()

            def kill(_method, _path, steps=steps, moment=moment):
                if next(steps) == moment:
                    raise Killed

            setattr(ci.panel, when, kill)
            with pytest.raises(Killed):
                ci.run(ServerAction.FLEET, "virtfusion_ci_server", **options)
            setattr(ci.panel, when, lambda _method, _path: None)
            if retry:
                result = ci.run(ServerAction.FLEET, "virtfusion_ci_server", **options)
                assert result.failure is None, (moment, result.msg)
                assert len(result.servers) == 2
                assert len(ci.panel.names()) == 2, (moment, "a server was created twice")
            ci.clock.now += 4000
            swept = ci.run(JanitorAction.FLEET, "virtfusion_ci_janitor", dry_run=False)
            assert swept.failure is None
            assert ci.panel.names() == [], (moment, retry)
            assert ci.panel.keys == {}, (moment, retry)
            assert ci.panel.names(STRANGER) == ["web01"]


def test_a_create_without_a_response_is_looked_for_and_not_repeated(ci, server):
    creates = itertools.count()

    def lose(method, path):
        if (method, path) == ("POST", "/servers") and next(creates) == 1:  # 0 is the dry run
            raise lost()

    ci.panel.after = lose
    result = server()
    assert result.failure is None
    assert len(ci.panel.names()) == 1


def test_a_nameless_server_that_may_be_of_another_pipeline_is_left_to_the_janitor(ci, server):
    def kill(method, path):
        if method == "PUT":
            raise Killed

    ci.panel.before = kill
    with pytest.raises(Killed):
        server("first")
    ci.panel.before = lambda _method, _path: None
    other = ci.panel.add("")
    result = server("second")
    assert result.failure is None
    assert other not in ids(result)
    assert ci.panel.servers[other]["name"] == ""


def test_a_stop_ends_a_provision_between_two_requests(ci, server):
    def stop(method, path):
        if path.endswith("/build"):
            ci.stop.ask(Reason.INTERRUPTED, "SIGTERM was received")

    ci.panel.after = stop
    result = server()
    assert result.failure["code"] == "stopped"
    assert "SIGTERM was received" in result.msg


@pytest.mark.parametrize("when", ["/servers/user/7", "/build"])
def test_two_controllers_with_one_pipeline_do_not_double(ci, server, when):
    """The other one names its older server before, or after, the list is compared."""
    other = ci.panel.add("")

    def name_it(_method, path):
        if path.endswith(when) and len(ci.panel.names()) > 1:
            ci.panel.servers[other]["name"] = f"ci.4711.1.{int(ci.panel.now()) + 3600}"

    ci.panel.before = name_it
    result = server()
    assert result.failure is None or result.failure["code"] == "conflict"
    assert [row["id"] for row in ci.panel.servers.values() if row["ownerId"] == 7] == [other]
    assert ids(server()) == [other]


# --- teardown --------------------------------------------------------------------------------


def test_a_teardown_deletes_everything_and_can_be_repeated(ci, server, tmp_path):
    server(count=2)
    server("other", output_dir=str(tmp_path / "other"))
    result = server(state="absent")
    assert result.changed
    assert len(result.servers) == 2
    assert [name.split(".")[1] for name in ci.panel.names()] == ["other"]
    assert [key["name"] for key in ci.panel.keys.values()] == ["ci.other"]
    assert not (tmp_path / "out" / "id_ed25519").exists()
    assert (tmp_path / "other" / "id_ed25519").exists()
    assert not server(state="absent").changed


def test_a_teardown_removes_no_key_of_another_pipeline(server, tmp_path):
    server("first")
    result = server("second", state="absent", output_dir=str(tmp_path / "out-first"))
    assert not result.changed
    assert (tmp_path / "out-first" / "id_ed25519").exists()


def test_a_kept_pipeline_shows_the_command(ci, server):
    server()
    result = server(state="absent", keep=True)
    assert not result.changed
    assert result.teardown_command in " ".join(ci.lines)
    assert len(ci.panel.names()) == 1


def test_a_delete_that_cannot_be_proved_names_the_server(ci, server):
    (row,) = server().servers

    def down(method, path):
        if method == "DELETE" and path.startswith("/servers"):
            raise lost()

    ci.panel.before = down
    result = server(state="absent", deadline=30)
    assert result.failure["code"] == "job_failed"
    assert f"(ID {row['id']})" in result.msg
    ci.panel.before = lambda _method, _path: None
    assert server(state="absent").failure is None
    assert ci.panel.names() == []


def test_a_protected_server_stays_and_is_named(ci, server):
    (row,) = server().servers
    ci.panel.servers[row["id"]]["protected"] = True
    result = server(state="absent")
    assert "it is protected" in result.msg
    assert len(ci.panel.names()) == 1


def test_a_server_that_was_renamed_or_given_away_meanwhile_stays(ci, server):
    first, second = server(count=2).servers

    def take(method, path):
        if path == f"/servers/{first['id']}":
            ci.panel.servers[first["id"]]["name"] = "production"
            ci.panel.servers[second["id"]]["ownerId"] = STRANGER

    ci.panel.before = take
    result = server(state="absent")
    assert "its name is now production" in result.msg
    assert "user 2 owns it now" in result.msg
    assert len(ci.panel.servers) == 3


def test_a_teardown_removes_a_key_whose_mode_a_ci_system_has_lost(server, tmp_path):
    server()
    key = tmp_path / "out" / "id_ed25519"
    key.chmod(0o666)
    assert server(state="absent").changed
    assert not key.exists()


def test_a_teardown_by_file_finds_the_pipeline_in_it(ci, server, tmp_path):
    result = server()
    path = tmp_path / "ci_server.json"
    content = {
        "pipeline": "4711",
        "prefix": "ci",
        "panel": "https://panel.example.com/api/v1",
        "servers": [{"id": result.servers[0]["id"]}],
        "private_key": result.key_file,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(0o600)
    assert server(state="absent", file=str(path), output_dir=str(tmp_path / "other")).changed
    assert ci.panel.names() == []
    assert not (tmp_path / "out" / "id_ed25519").exists()
    assert not server(state="absent", file=str(path)).changed
    path.write_text(json.dumps({**content, "panel": "https://other"}), encoding="utf-8")
    assert "are on https://other" in server(state="absent", file=str(path)).msg
    path.write_text("{}", encoding="utf-8")
    assert "is not the JSON output" in server(state="absent", file=str(path)).msg
