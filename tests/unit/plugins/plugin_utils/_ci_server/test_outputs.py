# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outputs of a provision, each read by the program that it is for, or by that program's published rules."""

from __future__ import annotations

import itertools
import json
import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from ansible import release
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.manager import VariableManager

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.known_hosts import HostKey
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.output_formats import (
    CiFacts,
    github_commands,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.outputs import (
    FILES,
    OUTPUTS,
    check_host_names,
    check_path,
    check_user,
    chosen_outputs,
    write_outputs,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.server import CiServer

from .test_known_hosts import blob

ED25519 = HostKey("ssh-ed25519", blob("ssh-ed25519"))
RSA = HostKey("ssh-rsa", blob("ssh-rsa"))
ONE = CiServer(11, "web-1", "192.0.2.11", 2222, "root")
TWO = CiServer(12, "web-2", "2001:db8::12", 22, "admin")
ODD_FOLDERS = ["plain", "with space", "100%", "it's", "Bücher", "a;b&c", "{{ 1 }}"]


@pytest.fixture(params=ODD_FOLDERS)
def facts(request, tmp_path):
    """Return facts with a folder of this name."""
    folder = tmp_path / request.param
    folder.mkdir()
    (folder / "id_ed25519").write_text("a secret")
    return CiFacts(
        panel="https://panel.example.com/api/v1",
        prefix="ci",
        pipeline="feature/odd $(touch gone) 'name'",
        lease_end="2026-11-29T04:00:00Z",
        teardown_command="ansible-playbook ...",
        private_key=folder / "id_ed25519",
        folder=folder,
        servers={ONE: frozenset({ED25519, RSA}), TWO: frozenset({ED25519})},
        names={11: "ci.odd.1.1795924800", 12: "ci.odd.2.1795924800"},
    )


def written(facts, output, environment=None):
    """Write one output and return its path."""
    return Path(write_outputs(facts, [output], environment or {})[output])


def test_files_are_private_and_hold_no_secret(facts):
    paths = write_outputs(facts, list(FILES), {})
    assert set(paths) == set(FILES)
    for path in map(Path, paths.values()):
        assert path.stat().st_mode & 0o777 == 0o600, path
        assert "a secret" not in path.read_text(encoding="utf-8")
        assert path.parent == facts.folder


# --- ssh ---------------------------------------------------------------------------------------


def asked_of_ssh(config, name):
    """Return what ssh understands of a host, with expanded paths."""
    done = subprocess.run(
        ["ssh", "-G", "-F", str(config), name], capture_output=True, text=True, check=True
    )
    pairs = [line.partition(" ")[::2] for line in done.stdout.splitlines()]
    return {key: [v for k, v in pairs if k == key] for key, dummy in pairs}


def test_ssh_reads_its_configuration(facts):
    write_outputs(facts, list(FILES), {})
    config = facts.folder / "ssh_config"
    one, two = (asked_of_ssh(config, name) for name in ("web-1", "web-2"))
    assert (one["hostname"], one["port"], one["user"]) == (["192.0.2.11"], ["2222"], ["root"])
    assert (two["hostname"], two["port"], two["user"]) == (["2001:db8::12"], ["22"], ["admin"])
    assert one["stricthostkeychecking"] == ["true"]
    assert one["identitiesonly"] == ["yes"]
    assert [p.replace("%%", "%").strip('"') for p in one["identityfile"]] == [
        str(facts.private_key)
    ]
    assert [p.replace("%%", "%").strip('"') for p in one["userknownhostsfile"]] == [
        str(facts.folder / "known_hosts")
    ]
    assert one["globalknownhostsfile"] == ["/dev/null"]


def test_ssh_keygen_finds_the_host_keys(facts):
    path = written(facts, "known_hosts")
    for name in ("[192.0.2.11]:2222", "2001:db8::12"):
        done = subprocess.run(
            ["ssh-keygen", "-F", name, "-f", str(path)], capture_output=True, text=True, check=True
        )
        assert str(ED25519) in done.stdout


def test_without_pinned_keys_the_first_one_is_accepted(facts):
    bare = replace(facts, servers={ONE: frozenset()})
    assert asked_of_ssh(written(bare, "ssh_config"), "web-1")["stricthostkeychecking"] == [
        "accept-new"
    ]


# --- Ansible -----------------------------------------------------------------------------------


def read_by_ansible(path):
    """Return the connection of each host, from the classes that a play reads its inventory with."""
    loader = DataLoader()
    inventory = InventoryManager(loader=loader, sources=[str(path)])
    manager = VariableManager(loader=loader, inventory=inventory)
    found = {}
    for host in inventory.get_hosts("ci"):
        variables = manager.get_vars(host=host)
        templar = Templar(loader=loader, variables=variables)
        names = {
            "key": "ansible_ssh_private_key_file",
            "args": "ansible_ssh_common_args",
            "host": "ansible_host",
            "port": "ansible_port",
            "user": "ansible_user",
        }
        found[host.name] = {key: templar.template(variables[name]) for key, name in names.items()}
    return found


def test_ansible_reads_the_inventory(facts):
    if "{{" in str(facts.folder) and release.__version__.startswith(("2.17.", "2.18.")):
        pytest.skip("ansible-core before 2.19 reads the result of a template as a template again")
    path = written(facts, "inventory")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["all"]["children"]["ci"]["hosts"]
    found = read_by_ansible(path)
    assert sorted(found) == ["web-1", "web-2"]
    one, two = found["web-1"], found["web-2"]
    assert (one["host"], one["port"], one["user"]) == ("192.0.2.11", 2222, "root")
    assert (two["host"], two["port"], two["user"]) == ("2001:db8::12", 22, "admin")
    assert one["key"] == str(facts.private_key).replace("%", "%%")
    words = shlex.split(one["args"])
    assert words[:2] == ["-F", "/dev/null"]
    options = [value for name, value in itertools.pairwise(words) if name == "-o"]
    known = str(facts.folder / "known_hosts").replace("%", "%%")
    assert f'UserKnownHostsFile="{known}"' in options
    assert "StrictHostKeyChecking=yes" in options
    # ssh itself reads the word back as the one file.
    done = subprocess.run(
        ["ssh", "-G", *words, "x"], capture_output=True, text=True, check=True
    ).stdout
    assert "stricthostkeychecking true" in done


def test_a_key_elsewhere_is_named_by_its_whole_path(facts):
    other = replace(facts, private_key=Path("/keys/{{ mine }}"))
    hosts = yaml.safe_load(written(other, "inventory").read_text(encoding="utf-8"))["all"]
    key = hosts["children"]["ci"]["vars"]["ansible_ssh_private_key_file"]
    assert key == "{% raw %}/keys/{{ mine }}{% endraw %}"


def test_an_inventory_without_servers_is_valid(facts):
    hosts = yaml.safe_load(written(replace(facts, servers={}), "inventory").read_text())
    assert hosts["all"]["children"]["ci"]["hosts"] == {}


# --- Molecule, JSON ----------------------------------------------------------------------------


def test_molecule_gets_its_instances(facts, tmp_path):
    named = tmp_path / "named.yml"
    path = written(facts, "molecule", {"MOLECULE_INSTANCE_CONFIG": str(named)})
    assert path == named
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == [
        {
            "instance": server.name,
            "address": server.address,
            "user": server.user,
            "port": server.port,
            "identity_file": str(facts.private_key),
        }
        for server in (ONE, TWO)
    ]


def test_json_has_what_a_teardown_needs(facts):
    content = json.loads(written(facts, "json").read_text(encoding="utf-8"))
    assert (content["version"], content["panel"]) == (1, facts.panel)
    assert (content["prefix"], content["pipeline"]) == (facts.prefix, facts.pipeline)
    assert [server["id"] for server in content["servers"]] == [11, 12]
    assert content["servers"][0]["panel_name"] == "ci.odd.1.1795924800"
    assert content["servers"][1]["host_keys"] == [str(ED25519)]


# --- shells and GitLab ---------------------------------------------------------------------------


def test_a_shell_reads_its_script(facts, tmp_path):
    path = written(facts, "shell")
    script = '. "$1" && env'
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    seen = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    assert seen["VPS_ADDRESSES"] == "192.0.2.11,2001:db8::12"
    assert seen["VPS_PRIVATE_KEY"] == str(facts.private_key)
    assert (seen["VPS_COUNT"], seen["VPS_NAMES"]) == ("2", "web-1,web-2")


def read_by_gitlab(text):
    """Read a dotenv report by GitLab's rules: each line is KEY=VALUE, both are stripped, `$` is expanded later."""
    assert len(text.encode()) < 5120
    found = {}
    for line in text.splitlines():
        match = re.fullmatch(r"(.*?)=(.*)", line)
        assert match, line
        key, value = (part.strip() for part in match.groups())
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key), key
        assert value
        assert "$" not in value
        found[key] = value
    assert len(found) <= 20
    return found


def test_gitlab_reads_its_report(facts):
    found = read_by_gitlab(written(facts, "dotenv").read_text(encoding="utf-8"))
    assert found["VPS_ADDRESSES"] == "192.0.2.11,2001:db8::12"
    assert found["VPS_SSH_CONFIG"] == str(facts.folder / "ssh_config")
    assert not any(name.startswith(("CI_", "GITLAB_")) for name in found)


def test_a_report_for_a_hundred_servers_is_small_enough_for_gitlab(facts):
    many = {
        CiServer(n, f"{'x' * 40}-{n}", f"2001:db8:1111:2222:3333:4444:5555:{n:x}"): frozenset()
        for n in range(100)
    }
    found = read_by_gitlab(written(replace(facts, servers=many), "dotenv").read_text())
    assert found["VPS_COUNT"] == "100"
    assert "VPS_NAMES" not in found
    assert "VPS_IDS" in found


# --- GitHub --------------------------------------------------------------------------------------


def read_by_github(text):
    """Read a file of GITHUB_OUTPUT or GITHUB_ENV: NAME=VALUE, or NAME<<WORD up to a line that is WORD."""
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if heredoc > 0 and (equals < 0 or heredoc < equals):
            name, word = line[:heredoc], line[heredoc + 2 :]
            assert word
            block = list(itertools.takewhile(lambda row, word=word: row != word, lines))
            found[name] = "\n".join(block)
        else:
            assert equals > 0, line
            found[line[:equals]] = line[equals + 1 :]
    return found


def test_github_reads_outputs_and_environment(facts, tmp_path):
    environment = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_ENV")}
    for path in environment.values():
        Path(path).write_text("earlier=value\n")
    write_outputs(facts, ["github"], environment)
    outputs, env = (
        read_by_github(Path(path).read_text(encoding="utf-8")) for path in environment.values()
    )
    assert outputs["earlier"] == env["earlier"] == "value"
    assert outputs["addresses"] == env["VPS_ADDRESSES"] == "192.0.2.11,2001:db8::12"
    assert outputs["known_hosts_lines"].splitlines() == [
        f"[192.0.2.11]:2222 {ED25519}",
        f"[192.0.2.11]:2222 {RSA}",
        f"2001:db8::12 {ED25519}",
    ]
    assert [server["name"] for server in json.loads(outputs["servers"])] == ["web-1", "web-2"]
    assert env["VPS_INVENTORY"] == str(facts.folder / "inventory.yml")


def test_no_value_can_end_its_block_or_begin_another():
    values = {"a": "x\nb<<EOF\ny\nEOF\nc=1", "b": ""}
    assert read_by_github(github_commands(values, "random")) == values


@pytest.mark.parametrize("kind", ["missing", "link"])
def test_a_file_of_github_that_cannot_be_used_is_named(facts, tmp_path, kind):
    path = tmp_path / "file"
    if kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PanelError) as caught:
        write_outputs(facts, ["github"], {"GITHUB_OUTPUT": str(path)})
    assert str(path) in caught.value.msg


# --- options -------------------------------------------------------------------------------------


def test_all_outputs_or_those_asked_for():
    files = list(FILES)
    assert chosen_outputs(None, {}) == files
    assert chosen_outputs(None, {"GITHUB_OUTPUT": "x"}) == [*files, "github"]
    assert chosen_outputs(["github", "dotenv"], {"GITHUB_OUTPUT": "x"}) == [
        "known_hosts",
        "ssh_config",
        "inventory",
        "json",
        "dotenv",
        "github",
    ]
    assert (*files, "github") == OUTPUTS


def test_github_outside_of_github_is_refused():
    with pytest.raises(PanelError) as caught:
        chosen_outputs(["github"], {"GITHUB_OUTPUT": ""})
    assert caught.value.code is Code.VALIDATION


@pytest.mark.parametrize(
    "path", ['/a"b', "/a\\b", "/a\nb", "/$HOME", "/a\x00", "/a\x85b", "/a\u2028b", "/a\udc80"]
)
def test_paths_that_no_output_could_name_are_refused(path):
    with pytest.raises(PanelError, match="output_dir"):
        check_path(Path(path), "output_dir")


@pytest.mark.parametrize(
    "user", ["", " ", "-x", "a b", "a\nb", "a\\b", "a\u2028b", 'a"', "ü", "a" * 129]
)
def test_users_that_no_output_can_name_are_refused(user):
    with pytest.raises(PanelError, match="ssh_user"):
        check_user(user)


@pytest.mark.parametrize("user", ["root", "_apt", "first.last", "a-b_c", "me@example.com", "x+y"])
def test_users_that_all_outputs_can_name(user):
    check_user(user)


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_unusual_paths_are_accepted(name):
    check_path(Path("/tmp") / name, "output_dir")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a"], "1 name for 2 servers"),
        (["a", "a"], "twice"),
        (["a", "-b"], "no host name"),
        (["a", "b c"], "no host name"),
        (["a", "x" * 64], "no host name"),
        (["a", "all"], "all has another meaning"),
        (["ci", "a"], "ci has another meaning"),
    ],
)
def test_host_names_that_cannot_be_used(names, text):
    with pytest.raises(PanelError, match=text):
        check_host_names(names, 2)
    check_host_names(["web.example.com", "db_1"], 2)
