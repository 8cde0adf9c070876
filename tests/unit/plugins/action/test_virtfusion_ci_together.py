# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers for pipelines: whose keys are removed, what two controllers do at once, and what is left at the end."""

from __future__ import annotations

import itertools
import json
import os
import shlex

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_renew import (
    ActionModule as RenewAction,
)
from ansible_collections.vpsfleet.panels.plugins.action.virtfusion_ci_server import (
    ActionModule as ServerAction,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.stop import Reason
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import (
    ORDER,
    Killed,
    new_key,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.templates import trust_as_template

NAME = "virtfusion_ci_server"


def digits(text):
    return text.split(".")[-1]


def state_files(ci):
    folder = ci.folder / "state"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def age_state_files(ci):
    for path in (ci.folder / "state").iterdir():
        os.utime(path, (ci.clock.now - 9000, ci.clock.now - 9000))


# --- whose private key it is -------------------------------------------------------------------


@pytest.mark.parametrize("passphrase", ["", "a passphrase"])
def test_a_key_that_the_pipeline_has_not_made_is_neither_used_nor_removed(
    ci, server, tmp_path, passphrase
):
    own = tmp_path / "out" / "id_ed25519"
    content = new_key(own, passphrase)
    result = server()
    assert result.failure["code"] == "validation"
    assert "it is there, and pipeline 4711 has not made it" in result.msg
    assert ci.panel.sent("POST") == []
    assert not server(state="absent").changed
    assert own.read_bytes() == content


def test_a_key_file_of_the_operator_in_the_output_folder_stays(ci, server, tmp_path):
    own = tmp_path / "out" / "id_ed25519"
    content = new_key(own)
    assert server(private_key_file=str(own)).failure is None
    assert server(state="absent").changed
    assert own.read_bytes() == content
    assert ci.panel.keys == {}


def test_a_damaged_key_file_does_not_keep_the_key_on_the_panel(ci, server, tmp_path, monkeypatch):
    server()
    own = tmp_path / "out" / "id_ed25519"
    own.write_text("damaged")
    monkeypatch.setenv("PATH", str(tmp_path))  # without ssh-keygen
    assert server(state="absent").failure is None
    assert ci.panel.keys == {}
    assert own.read_text() == "damaged"
    assert state_files(ci) == []


def test_the_teardown_finds_the_key_by_the_journal_alone(server, tmp_path):
    server()
    assert server(state="absent", output_dir=str(tmp_path / "nowhere")).changed
    assert not (tmp_path / "out" / "id_ed25519").exists()


def test_a_key_that_a_killed_try_has_made_is_used_again(ci, server, tmp_path):
    def kill(method, _path):
        if method == "POST":
            raise Killed

    ci.panel.before = kill
    with pytest.raises(Killed):
        server()
    ci.panel.before = lambda _method, _path: None
    content = (tmp_path / "out" / "id_ed25519").read_bytes()
    assert server().failure is None
    assert (tmp_path / "out" / "id_ed25519").read_bytes() == content


def test_the_command_that_deletes_finds_the_key_and_the_journal(ci, server, tmp_path):
    command = server().teardown_command
    words = shlex.split(command)
    given = {
        name.removeprefix("virtfusion_ci_server_"): value
        for name, value in json.loads(words[3]).items()
    }
    assert words[:3] == ["ansible-playbook", "vpsfleet.panels.ci_teardown", "-e"]
    assert given["output_dir"] == str(tmp_path / "out")
    assert ci.run(ServerAction.FLEET, NAME, state="absent", **given).changed
    assert not (tmp_path / "out" / "id_ed25519").exists()
    assert state_files(ci) == []
    assert server(state="absent", keep=True).teardown_command == command


@pytest.mark.parametrize("pipeline", ["{{ 6 * 7 }}", "{% x %} \x85\u2028\U0001f600'\"", "{#"])
def test_the_command_that_deletes_holds_no_template(server, pipeline):
    command = server(pipeline, state="absent", keep=True).teardown_command
    variables = DataLoader().load(trust_as_template(shlex.split(command)[3]))
    name = "{{ virtfusion_ci_server_pipeline }}"
    templar = Templar(loader=DataLoader(), variables=variables)
    assert templar.template(trust_as_template(name)) == pipeline


# --- two controllers ---------------------------------------------------------------------------


def other_controller(ci, tmp_path, **options):
    """Provide the same pipeline from a controller that shares nothing but the panel."""
    given = {
        **ORDER,
        "pipeline": "4711",
        "state_dir": str(tmp_path / "other-state"),
        "output_dir": str(tmp_path / "other-out"),
        **options,
    }
    return ci.run(ServerAction.FLEET, NAME, **given)


@pytest.mark.parametrize("moment", range(4))
def test_of_two_controllers_with_different_keys_one_gives_way_before_it_creates(
    ci, server, tmp_path, moment
):
    """The other one runs before each of the first requests about keys: look, look again, add, look."""
    looks = itertools.count()
    inner = []

    def begin(method, path):
        if "/ssh_keys" in path and not inner and next(looks) == moment:
            inner.append(None)
            inner.append(other_controller(ci, tmp_path))

    ci.panel.before = begin
    outer = server()
    results = [outer, inner[1]]
    good = [result for result in results if result.failure is None]
    bad = [result for result in results if result.failure]
    assert len(good) == len(bad) == 1
    assert bad[0].failure["code"] in ("conflict", "refused")
    assert [row["name"] for row in ci.panel.servers.values()] == [
        row["name"] for row in good[0].servers
    ]
    assert [key["name"] for key in ci.panel.keys.values()] == ["ci.4711"]
    assert len(ci.panel.sent("POST")) - ci.panel.sent("POST").count("/ssh_keys") <= 4
    builds = [path for path in ci.panel.sent("POST") if path.endswith("/build")]
    assert len(builds) == 1


@pytest.mark.parametrize("busy", [423, 429])
def test_a_refused_build_is_sent_again_only_if_the_server_still_needs_it(ci, server, busy):
    """Meanwhile another controller has built it, and a second build would wipe it."""
    builds = []

    def refuse(method, path):
        if method == "POST" and path.endswith("/build"):
            builds.append(path)
            row = ci.panel.servers[int(path.split("/")[2])]
            row.update(commissionStatus=3, state="complete", built=ci.panel.stamp())
            return busy, {"msg": "pending tasks in queue"}
        return None

    ci.panel.instead = refuse
    result = server(retries=5)
    assert result.failure is None
    assert len(builds) == 1


def test_a_build_that_is_refused_for_a_while_is_sent_again(ci, server):
    ci.panel.refuse(423, "POST", "/build", times=3)
    result = server()
    assert result.failure is None
    assert len([path for path in ci.panel.sent("POST") if path.endswith("/build")]) == 4


def test_a_build_that_is_refused_for_ever_ends_with_the_reason(ci, server):
    ci.panel.refuse(423, "POST", "/build", times=10**9)
    result = server(deadline=60)
    assert result.failure["code"] == "wait_timeout"
    assert (
        "still not built at the end of the deadline, since the panel refuses the build"
        in result.msg
    )


def test_a_renewal_during_the_build_is_not_undone(ci, server):
    """The request of a build repeats the name. It must be the one that the server has now."""
    renewed = []

    def renew(method, path):
        if method == "GET" and path.startswith("/servers/1") and not renewed:
            renewed.append(None)
            (row,) = ci.panel.servers.values()
            if row["name"]:
                later = int(ci.panel.now()) + 90_000
                row["name"] = f"ci.4711.1.{later}"
                renewed.append(str(later))

    ci.panel.before = renew
    result = server()
    assert len(renewed) == 2
    assert digits(ci.panel.names()[0]) == renewed[1]
    assert digits(result.servers[0]["name"]) == renewed[1]


def test_a_new_server_that_another_client_names_while_the_panel_is_busy_is_not_taken(ci, server):
    def refuse_and_name(method, path):
        if method != "PUT":
            return None
        ci.panel.servers[int(path.split("/")[2])]["name"] = "ci.4712.1.1900000000"
        return 423, {"msg": "pending tasks in queue"}

    ci.panel.instead = refuse_and_name
    result = server()
    assert result.failure["code"] == "conflict"
    assert ci.panel.names() == ["ci.4712.1.1900000000"]


def test_a_server_that_is_renamed_during_the_build_is_not_used(ci, server):
    def rename(method, path):
        if method == "POST" and path.endswith("/build"):
            ci.panel.servers[int(path.split("/")[2])]["name"] = "production"

    ci.panel.after = rename
    result = server()
    assert result.failure["code"] == "conflict"
    assert "its name is now production" in result.msg


@pytest.mark.parametrize(
    ("taken", "message"),
    [
        ({"name": "ci.4712.1.1900000000"}, "its name is now ci.4712"),
        ({"ownerId": 2}, "user 2 owns"),
    ],
)
def test_no_build_is_sent_to_a_server_that_another_client_has_taken(ci, server, taken, message):
    reads = []

    def take(method, path):
        if (method, path) == ("GET", "/servers/102"):  # 101 is the key
            reads.append(path)
            if len(reads) == 2:  # the first one shows the name
                ci.panel.servers[102].update(taken)

    ci.panel.before = take
    result = server()
    assert result.failure["code"] == "conflict"
    assert message in result.msg
    assert not any(path.endswith("/build") for path in ci.panel.sent("POST"))


@pytest.mark.parametrize("refuses", [False, True])
def test_pipelines_share_a_private_key(ci, server, tmp_path, refuses):
    """Whether or not the panel lets the owner have one key twice."""
    ci.panel.refuses_duplicates = refuses
    own = tmp_path / "mine" / "key"
    new_key(own)
    for pipeline in ("first", "second"):
        result = server(pipeline, private_key_file=str(own))
        assert result.failure is None
    assert len(ci.panel.keys) == (1 if refuses else 2)
    assert server("first", state="absent").failure is None
    assert server("second", private_key_file=str(own), lease=9000).failure is None


def test_a_key_that_the_panel_refuses_for_another_reason_is_an_error(ci, server):
    ci.panel.refuse(422, "POST", "/ssh_keys")
    assert server().failure["code"] == "validation"
    assert ci.panel.servers == {}


# --- what ended pipelines leave ----------------------------------------------------------------


def test_a_pipeline_that_is_torn_down_leaves_no_file(ci, server):
    server(count=2)
    assert [name.rpartition(".")[2] for name in state_files(ci)] == ["journal"]
    server(state="absent")
    assert state_files(ci) == []


def test_the_janitor_removes_the_files_of_pipelines_without_a_server(ci, server, tmp_path):
    server()
    server("alive", lease=90_000, output_dir=str(tmp_path / "alive"))
    stale = ci.folder / "state" / state_files(ci)[0].replace("ci.4711.journal", "ci.killed.lock")
    stale.touch()
    for path in (ci.folder / "state").iterdir():
        os.utime(path, (ci.clock.now, ci.clock.now))
    ci.clock.now += 4000
    assert ci.sweep(dry_run=True).forgotten == ["4711", "killed"]
    report = ci.sweep(check_mode=True)
    assert report.forgotten == ["4711", "killed"]
    report = ci.sweep()
    assert report.totals["deleted"] == 1
    assert report.forgotten == ["4711", "killed"]
    assert [name.rpartition("-")[2] for name in state_files(ci)] == ["ci.alive.journal"]
    assert not (tmp_path / "out" / "id_ed25519").exists()
    assert (tmp_path / "alive" / "id_ed25519").exists()
    assert not ci.sweep().changed


def test_the_janitor_leaves_young_files_and_those_in_use(ci, server):
    """A pipeline that has no server yet holds its lock."""

    def act(method, path):
        if (method, path) == ("POST", "/servers") and not seen:
            seen.append(None)
            age_state_files(ci)
            predicted = ci.sweep(check_mode=True)
            assert (predicted.failure, predicted.forgotten, predicted.warnings) == (None, [], [])
            seen.append(ci.sweep())

    seen = []
    server()
    ci.panel.servers.clear()
    age_state_files(ci)
    assert ci.sweep(grace_time=10_000).forgotten == []
    ci.panel.before = act
    assert server().failure is None
    assert (seen[1].failure, seen[1].forgotten, seen[1].warnings) == (None, [], [])
    assert [name.rpartition(".")[2] for name in state_files(ci)] == ["journal"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_janitor_leaves_the_files_of_a_server_that_the_list_lacks(ci, server, check_mode):
    """Its private key is still needed. The journal has its ID."""
    server(lease=90_000)
    age_state_files(ci)
    ci.panel.instead = lambda _method, path: (
        (200, {"data": [], "last_page": 1, "total": 0})
        if path in ("/servers", "/servers/user/7")
        else None
    )
    assert ci.sweep(check_mode=check_mode).forgotten == []
    assert [name.rpartition(".")[2] for name in state_files(ci)] == ["journal"]
    assert (ci.folder / "out" / "id_ed25519").exists()
    ci.panel.recover()
    ci.panel.servers.clear()
    age_state_files(ci)
    assert ci.sweep(check_mode=check_mode).forgotten == ["4711"]


def test_the_janitor_leaves_the_journal_of_a_server_without_a_name(ci, server):
    """It tells whose the server is. Check mode says the same, and writes nothing."""

    def kill(method, _path):
        if method == "PUT":
            raise Killed

    ci.panel.before = kill
    with pytest.raises(Killed):
        server()
    ci.panel.before = lambda _method, _path: None
    age_state_files(ci)
    before = state_files(ci)
    assert ci.sweep(check_mode=True, grace_time=60).forgotten == []
    assert state_files(ci) == before
    assert ci.sweep(grace_time=60).forgotten == []
    ci.clock.now += 100
    age_state_files(ci)
    assert ci.sweep(check_mode=True, grace_time=60).forgotten == ["4711"]
    assert ci.sweep(grace_time=60).forgotten == ["4711"]


def test_the_janitor_makes_no_folder(ci):
    ci.sweep()
    assert state_files(ci) == []
    assert not (ci.folder / "state").exists()


# --- the janitor -------------------------------------------------------------------------------


def test_a_stopped_janitor_says_so(ci):
    first, second = (
        ci.panel.add(f"ci.{name}.1.{int(ci.panel.now()) - left}", age_s=5000)
        for name, left in (("a", 900), ("b", 800))
    )

    def stop(method, _path):
        if method == "DELETE":
            ci.stop.ask(Reason.INTERRUPTED, "SIGTERM was received")

    ci.panel.after = stop
    result = ci.sweep()
    assert {row["id"]: row["outcome"] for row in result.servers}[second] == "postponed"
    assert first not in ci.panel.servers
    assert (
        "1 more server is due: the task was stopped, since SIGTERM was received" in result.warnings
    )
    assert not any("max_deletes" in warning for warning in result.warnings)


def test_a_server_that_stays_after_all_is_not_overdue(ci, tmp_path):
    ended = ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) - 900}", age_s=5000)

    def renew(method, path):
        if (method, path) == ("GET", f"/servers/{ended}"):
            ci.panel.servers[ended]["name"] = f"ci.4711.1.{int(ci.panel.now()) + 3600}"

    ci.panel.before = renew
    path = tmp_path / "ci.prom"
    (row,) = ci.sweep(metrics_file=str(path)).servers
    assert (row["outcome"], row["due_s"]) == ("kept", None)
    assert 'vpsfleet_ci_servers_overdue{prefix="ci"} 0\n' in path.read_text()


def test_metrics_that_nothing_would_read_are_refused(ci, tmp_path):
    result = ci.sweep(metrics_file=str(tmp_path / "metrics.txt"))
    assert "metrics_file must end with .prom" in result.msg
    assert ci.panel.log == []


def test_a_renewal_leaves_no_lock(ci, server):
    server()
    result = ci.run(RenewAction.FLEET, "virtfusion_ci_renew", pipeline="4711", lease=9000)
    assert result.changed
    assert [name.rpartition(".")[2] for name in state_files(ci)] == ["journal"]
