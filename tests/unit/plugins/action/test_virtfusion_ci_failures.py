# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers for pipelines: what a failure tells, and what check mode predicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _ci_server
from ansible_collections.vpsfleet.panels.tests.unit.support.ci_backend import (
    Killed,
    new_key,
)

NAME = "virtfusion_ci_server"


# --- what was written is in the result ---------------------------------------------------------


def test_every_write_goes_through_the_run_that_counts_it():
    folder = Path(_ci_server.__file__).parent
    writes = ("create(", "build(", "delete(", "rename(", "add_key(", "remove_key(")
    direct = [
        f"{path.name}: {line.strip()}"
        for path in folder.glob("*.py")
        if path.name not in ("run.py", "ci_panel.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(f"panel.{write}" in line for write in writes)
    ]
    assert direct == []


@pytest.mark.parametrize(
    ("status", "method", "path", "at", "count"),
    [
        (500, "POST", "/servers", 2, 3),  # 0 is the dry run
        (403, "PUT", "/modify/name", 1, 2),
        (403, "PUT", "/modify/name", 0, 1),
        (403, "POST", "/build", 0, 2),
    ],
)
def test_a_failed_provision_lists_its_servers_and_how_to_delete_them(
    ci, server, status, method, path, at, count
):
    ci.panel.refuse(status, method, path, at=at)
    result = server(count=count)
    there = {row["id"]: row["name"] for row in ci.panel.servers.values()}
    assert there
    assert {row["id"]: row["name"] for row in result.servers} == there
    assert result.all["changed"]
    assert result.failure["partial"]
    assert result.teardown_command in result.msg
    ci.panel.recover()
    assert server(count=count).failure is None
    assert len(ci.panel.names()) == count


def test_a_key_that_cannot_be_added_fails_before_anything_is_created(ci, server):
    ci.panel.refuse(403, "POST", "/ssh_keys")
    result = server(count=2)
    assert result.failure["code"] == "forbidden"
    assert not result.failure["partial"]
    assert not result.all["changed"]
    assert result.servers == []
    assert "ci_teardown" not in result.msg
    assert ci.panel.servers == {}


def test_a_failure_after_a_retry_that_changed_nothing_is_not_partial(ci, server):
    server(lease=9000)
    ci.panel.refuse(403, "GET", "/ssh_keys/user/7", at=1)
    result = server(lease=900)
    assert result.failure["code"] == "forbidden"
    assert (result.failure["partial"], result.all["changed"]) == (False, False)
    assert len(result.servers) == 1


def test_a_failed_teardown_has_what_it_has_deleted(ci, server):
    made = server(count=2)
    ci.panel.refuse(403, "DELETE", f"/ssh_keys/{next(iter(ci.panel.keys))}")
    result = server(state="absent")
    assert result.failure["code"] == "forbidden"
    assert result.failure["partial"]
    assert [row["id"] for row in result.servers] == [row["id"] for row in made.servers]
    ci.panel.recover()
    assert server(state="absent").changed
    assert ci.panel.keys == {}


def test_a_failed_janitor_has_what_it_has_deleted(ci):
    ended = ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) - 900}", age_s=5000)
    ci.panel._keys("POST", "", {"publicKey": "ssh-ed25519 AAAA", "name": "ci.4711"})
    ci.panel.refuse(403, "DELETE", f"/ssh_keys/{next(iter(ci.panel.keys))}")
    result = ci.sweep()
    assert result.failure["partial"]
    assert [(row["id"], row["outcome"]) for row in result.servers] == [(ended, "deleted")]


def test_a_defect_after_a_write_hides_no_server(ci, server, monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.building.Building._wait",
        lambda *dummy: 1 / 0,
    )
    result = server()
    assert result.failure["code"] == "internal"
    assert result.failure["partial"]
    assert len(result.servers) == 1
    assert "ci_teardown" in result.msg


# --- a server that vanishes --------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_that_vanishes_after_its_create_is_no_success(ci, server, count, when):
    """Before it has its name, and after it."""

    def vanish(method, path):
        if method == "PUT":
            ci.panel.servers.pop(int(path.split("/")[2]), None)
            setattr(ci.panel, when, lambda _method, _path: None)

    setattr(ci.panel, when, vanish)
    result = server(count=count)
    assert result.failure["code"] == "not_found"
    assert result.failure["retryable"]
    assert f"1 of {count} server" in result.msg
    assert len(result.servers) == count - 1
    again = server(count=count)
    assert again.failure is None
    assert len(ci.panel.names()) == len(again.servers) == count


def test_one_server_is_and_two_are_built(ci, server):
    assert server().msg.startswith("1 server is built, and leased until")
    assert server(count=2).msg.startswith("2 servers are built, and leased until")
    assert server(count=2, state="absent").msg.startswith("2 servers deleted")


# --- check mode --------------------------------------------------------------------------------


def test_check_mode_predicts_a_build_and_a_renewal(ci, server):
    ci.panel.build_fails = True
    server()
    ci.panel.build_fails = False
    result = server(lease=9000, check_mode=True)
    assert result.changed
    assert "1 of them would be built, 1 would get a later lease end" in result.msg
    assert server(lease=9000).changed
    assert not server(lease=900, check_mode=True).changed
    assert not server(lease=900).changed


def test_check_mode_refuses_the_keys_that_the_real_run_refuses(ci, server, tmp_path):
    server()
    new_key(tmp_path / "mine" / "id_ed25519")
    elsewhere = str(tmp_path / "elsewhere")
    for options in (
        {"output_dir": elsewhere},
        {"output_dir": str(tmp_path / "mine")},
        {"private_key_file": "/no/such/key"},
        {"private_key_file": str(tmp_path / "mine" / "id_ed25519")},
        {"output_dir": "/dev/null/x"},
    ):
        predicted = server(check_mode=True, **options)
        assert predicted.failure is not None
        assert predicted.msg == server(**options).msg
    assert not Path(elsewhere).exists()


def test_check_mode_of_a_teardown_says_would(ci, server):
    made = server(count=2)
    result = server(state="absent", check_mode=True)
    assert result.changed
    assert result.msg == "2 servers of pipeline 4711 would be deleted"
    assert [row["id"] for row in result.servers] == [row["id"] for row in made.servers]
    ci.panel.servers[made.servers[0]["id"]]["protected"] = True
    predicted = server(state="absent", check_mode=True)
    assert "it is protected" in predicted.msg
    assert len(ci.panel.names()) == 2


def test_check_mode_of_a_teardown_counts_the_server_without_a_name(ci, server):
    def kill(method, _path):
        if method == "PUT":
            raise Killed

    ci.panel.before = kill
    with pytest.raises(Killed):
        server()
    ci.panel.before = lambda _method, _path: None
    assert server(state="absent", check_mode=True).msg.startswith("1 server of pipeline 4711")
    assert ci.panel.names() == [""]


def test_check_mode_of_the_janitor_predicts_a_change(ci):
    ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) - 900}", age_s=5000)
    assert ci.sweep(check_mode=True).changed
    assert not ci.sweep(check_mode=True, dry_run=True).changed
    assert ci.sweep().changed
    assert not ci.sweep(check_mode=True).changed


def test_a_teardown_after_a_kill_finds_the_server_without_a_name(ci, server):
    def kill(method, _path):
        if method == "PUT":
            raise Killed

    ci.panel.before = kill
    with pytest.raises(Killed):
        server()
    ci.panel.before = lambda _method, _path: None
    assert ci.panel.names() == [""]
    assert server(state="absent").changed
    assert ci.panel.names() == []


# --- a retry that asks for something else ------------------------------------------------------


@pytest.mark.parametrize(
    ("server_shows", "asked", "message"),
    [
        (
            {},
            {"template_name": "Ubuntu 24"},
            "built with template 5, and the task requires template",
        ),
        ({}, {"template_name": None, "template_id": 6}, "requires template 6"),
        ({"cpu": {"cores": 2}}, {}, "its number of cores is 2, and the task requires 1"),
        ({"hypervisor": {"groupId": 1}}, {"hypervisor_group_id": 3}, "its hypervisor group is 1"),
    ],
)
def test_a_server_that_is_not_what_a_retry_asks_for_is_refused(
    ci, server, server_shows, asked, message
):
    more = {"id": 6, "name": "Ubuntu", "version": "24", "variant": None, "arch": 1}
    ci.panel.templates.append(more)
    (row,) = server().servers
    ci.panel.servers[row["id"]].update(server_shows)
    writes = len(ci.panel.sent("POST")) + len(ci.panel.sent("PUT"))
    for check_mode in (True, False):
        result = server(check_mode=check_mode, **asked)
        assert result.failure["code"] == "refused"
        assert message in result.msg
        assert "tear the pipeline down first" in result.msg
        assert result.teardown_command in result.msg
        assert [each["id"] for each in result.servers] == [row["id"]]
    assert len(ci.panel.sent("POST")) + len(ci.panel.sent("PUT")) == writes
    ci.panel.servers[row["id"]]["cpu"] = {"cores": 1}
    assert server().failure is None


def test_a_server_that_another_client_builds_from_another_template_is_refused(ci, server):
    """It is not known before the build has ended."""

    def build(method, path):
        if (method, path) == ("GET", "/servers/102"):  # 101 is the key
            row = ci.panel.servers[102]
            row.update(commissionStatus=3, state="complete", built=ci.panel.stamp())
            row["settings"] = {"osTemplateInstallId": 6}

    ci.panel.before = build
    result = server()
    assert result.failure["code"] == "refused"
    assert "built with template 6, and the task requires template Debian 12" in result.msg


# --- a lease that ends while the servers are made ready ----------------------------------------


def pass_time(ci, method, path):
    """Let a rename take 150 s, and each look at a server 100 s. Locks are renewed at least every 300 s."""
    if method == "PUT":
        ci.clock.now += 150
    elif (method, path) == ("GET", "/servers/102"):  # 101 is the key
        ci.clock.now += 100


def test_a_lease_that_has_ended_during_the_build_is_renewed(ci, server):
    ci.panel.polls = 6
    begun = ci.panel.now()
    ci.panel.after = lambda method, path: pass_time(ci, method, path)
    result = server(lease=900, deadline=900)
    assert result.failure is None
    assert len(ci.panel.sent("PUT")) == 2
    (name,) = ci.panel.names()
    assert int(name.split(".")[-1]) > begun + 1800
    assert result.servers[0]["name"] == name
    assert result.lease_end == result.servers[0]["lease_end"]
    assert result.msg == f"1 server is built, and leased until {result.lease_end}"
    assert name in Path(result.outputs["json"]).read_text(encoding="utf-8")


def test_a_server_that_the_janitor_has_deleted_after_its_lease_is_not_ready(ci, server):
    ci.panel.polls = 6

    def pass_time_and_delete(method, path):
        pass_time(ci, method, path)
        if any(row["built"] for row in ci.panel.servers.values()):
            ci.panel.servers.clear()

    ci.panel.after = pass_time_and_delete
    result = server(lease=900, deadline=900)
    assert result.failure["code"] == "not_found"
    assert "its lease had ended" in result.msg


# --- what a teardown claims --------------------------------------------------------------------


def kill_after_the_create(ci, server):
    """Let a pipeline create a server, and end before it has recorded or named it."""

    def kill(method, path):
        if (method, path) == ("POST", "/servers") and ci.panel.names():
            raise Killed

    ci.panel.after = kill
    with pytest.raises(Killed):
        server()
    ci.panel.after = lambda _method, _path: None
    assert ci.panel.names() == [""]


def test_a_teardown_without_the_journal_tells_of_the_server_without_a_name(ci, server, tmp_path):
    kill_after_the_create(ci, server)
    options = {"state": "absent", "state_dir": str(tmp_path / "new")}
    told = "1 server without a name may be of pipeline 4711"
    predicted = server(check_mode=True, **options)
    assert told in predicted.warnings[0]
    result = server(**options)
    assert result.msg == f"0 servers deleted; {told}"
    assert told in result.warnings[0]
    assert server(state="absent").msg == "1 server deleted; pipeline 4711 has none left"


def test_a_teardown_tells_of_servers_that_may_be_of_one_of_two_killed_pipelines(ci, server):
    kill_after_the_create(ci, server)
    # Another controller, and at the same time: either may have made either server.
    ci.panel.add("")
    result = server(state="absent")
    assert result.msg == "0 servers deleted; 2 servers without a name may be of pipeline 4711"
    assert ci.panel.names() == ["", ""]


def test_a_teardown_fails_if_another_client_provides_the_pipeline_meanwhile(ci, server):
    server()

    def provide(method, path):
        if method == "DELETE" and path.startswith("/servers/"):
            ci.panel.add(f"ci.4711.1.{int(ci.panel.now()) + 3600}")

    ci.panel.after = provide
    result = server(state="absent")
    assert result.failure["code"] == "conflict"
    assert "another client provides it" in result.msg
    ci.panel.after = lambda _method, _path: None
    assert server(state="absent").msg == "1 server deleted; pipeline 4711 has none left"


def test_what_is_kept_is_read(ci, server):
    made = server(count=2)
    result = server(state="absent", keep=True)
    assert result.msg == f"2 servers are kept; the first lease end is {made.lease_end}"
    assert any(result.msg in line for line in ci.lines)
    result = server("other", state="absent", keep=True)
    assert result.msg == "nothing was deleted; pipeline other has no server"
    ci.panel.add("")
    result = server("other", state="absent", keep=True)
    assert "1 server without a name may be of pipeline other" in result.msg
    assert ci.panel.sent("DELETE") == []


def test_a_failed_read_does_not_hide_the_command_of_kept_servers(ci, server):
    command = server().teardown_command
    ci.panel.refuse(403, "GET", "/servers/user/7")
    result = server(state="absent", keep=True)
    assert result.failure["code"] == "forbidden"
    assert command in result.msg


def test_check_mode_of_a_teardown_counts_the_private_key(ci, server):
    server()
    ci.panel.servers.clear()
    ci.panel.keys.clear()
    assert server(state="absent", check_mode=True).changed
    assert server(state="absent").changed
    assert not server(state="absent", check_mode=True).changed


# --- what the panel shows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("network", "addresses"),
    [
        ("ipv4", ["192.0.2.1"]),
        ("ipv6", ["2001:db8::1", "2001:db8:1::1", "2001:db8:2::5"]),
        ("both", ["192.0.2.1", "2001:db8::1", "2001:db8:1::1", "2001:db8:2::5"]),
    ],
)
def test_addresses_are_written_as_ssh_writes_them_and_other_texts_dropped(
    ci, server, network, addresses
):
    ci.panel.interface = {
        "ipv4": [{"address": "192.0.2.1"}, {"address": "x\n  ProxyCommand y"}],
        "ipv6": [
            {"subnet": "2001:DB8::", "addresses": ["2001:0DB8:0:0::0001", "x y"]},
            {"subnet": "2001:0DB8:1::/64", "addresses": []},
            {"subnet": "2001:db8:2::5", "cidr": 128},
            {"subnet": None},
            "2001:db8:3::",
        ],
    }
    (row,) = server(network=network).servers
    assert row["addresses"] == addresses
