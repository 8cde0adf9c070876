# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test options: templates, vaults, the environment, and refusals before anything is sent."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import HOST
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, server

URL = f"https://{HOST}"
GOOD = f"{{name: a, api_url: '{URL}', api_token: {TOKEN}}}"


@pytest.mark.parametrize(
    ("path", "desired"),
    [
        ("virtfusion.yml", True),
        ("ams.virtfusion.yaml", True),
        ("virtfusion.json", False),
        ("hosts.yml", False),
        ("missing/virtfusion.yml", False),
    ],
)
def test_a_file_is_taken_by_its_name(sources, tmp_path, path, desired):
    if not path.startswith("missing"):
        (tmp_path / path).write_text("plugin: x", encoding="utf-8")
    plugin, _warnings = sources.plugin()
    assert plugin.verify_file(str(tmp_path / path)) is desired


# -- where values come from ------------------------------------------------------------------------


def test_templates_are_evaluated_everywhere(sources, network, monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", TOKEN)
    sources.parse(
        "api_url: https://{{ 'panel' }}.example.com\n"
        "api_token: \"{{ lookup('env', 'SOME_TOKEN') }}\"\n"
        'validate_certs: "{{ 1 == 1 }}"\n'
        'timeout: "{{ 3 + 4 }}"\n'
        "hypervisor_ids: \"{{ '6' }}\"\n"
        "names: [\"{{ 'web' }}*\"]\n"
        "group_by: \"{{ ['state'] }}\"\n"
        'suspended: "{{ wish }}"\n',
        connection=False,
        extra={"wish": False},
    )
    assert network.panel.tokens == {TOKEN}
    (settings,) = network.settings
    assert (settings["verify"], settings["limits"].timeout_s) == (True, 7)


def test_a_template_that_fails_is_refused_by_the_name_of_its_option(sources):
    message = sources.refused('timeout: "{{ gone }}"')
    assert message.startswith("timeout: ")
    assert "gone" in message


def test_expressions_of_hosts_are_not_evaluated_beforehand(sources):
    parsed = sources.parse("compose: {x: virtfusion_name}\ngroups: {y: virtfusion_cpu == 2}")
    assert parsed.hosts["web01"]["x"] == "web01"
    assert parsed.groups == {"y": ["web01"]}


def test_the_connection_comes_from_the_environment(sources, network, monkeypatch):
    for name, value in {
        "API_URL": URL,
        "API_TOKEN": TOKEN,
        "VALIDATE_CERTS": "no",
        "TIMEOUT": "9",
        "RATE_LIMIT": "2.5",
    }.items():
        monkeypatch.setenv(f"VIRTFUSION_{name}", value)
    sources.parse("timeout: 8", connection=False)
    (settings,) = network.settings
    assert (settings["verify"], settings["limits"].timeout_s) == (False, 8)


def test_a_blank_variable_and_a_null_option_set_nothing(sources, network, monkeypatch):
    for name in ("TIMEOUT", "RATE_LIMIT", "VALIDATE_CERTS", "CA_PATH"):
        monkeypatch.setenv(f"VIRTFUSION_{name}", " ")
    monkeypatch.setenv("VIRTFUSION_RETRIES", "0")
    sources.parse("retries: null")
    (settings,) = network.settings
    assert (settings["verify"], settings["limits"].timeout_s) == (True, 30)
    assert settings["ca_path"] is None


def test_the_environment_is_not_a_template(sources, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_API_TOKEN", "{{ 7 }}")
    assert "api_token" in sources.refused(f"api_url: {URL}", connection=False)


def test_an_empty_path_of_authorities_counts_as_not_set(sources, network, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_CA_PATH", "/other/ca.pem")
    sources.parse('ca_path: ""')
    assert network.settings[0]["ca_path"] is None


def test_authorities_are_a_file(sources, network, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    sources.parse("ca_path: ~/ca.pem")
    assert network.settings[0]["ca_path"] == "/home/me/ca.pem"


# -- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hypervisor_id: [1]", ["there is no option hypervisor_id (did you mean hypervisor_ids?)"]),
        ("zzz: 1", ["there is no option zzz"]),
        ("timeout: soon", ["timeout"]),
        ("timeout: 0", ["timeout must be at least 1"]),
        ("retries: -1", ["retries must be at least 0"]),
        ("rate_limit: much", ["rate_limit"]),
        ("workers: 0", ["workers must be from 1 to 50, not 0"]),
        ("workers: 51", ["workers must be from 1 to 50, not 51"]),
        ("validate_certs: maybe", ["validate_certs"]),
        ("validate_certs: \"{{ 'maybe' }}\"", ["validate_certs"]),
        ("suspended: perhaps", ["suspended"]),
        ("full: 7", ["full"]),
        ("hypervisor_ids: [one]", ["hypervisor_ids"]),
        ("hypervisor_ids: [0]", ["hypervisor_ids must be a positive number"]),
        ("owner_ids: {a: 1}", ["owner_ids"]),
        ("hostnames: [nickname]", ["hostnames", "nickname"]),
        ("group_by: [status]", ["group_by", "status"]),
        ("connect_with: fax", ["connect_with", "fax"]),
        ("cache_timeout: soon", ["cache_timeout"]),
        ("panels: [one]", ["panels"]),
    ],
)
def test_a_wrong_option_is_refused_by_name(sources, text, words):
    message = sources.refused(text)
    assert all(word in message for word in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "api_url is not set"),
        (f"api_url: {URL}", "api_token is not set"),
        (f"api_token: {TOKEN}", "api_url is not set"),
        (f"api_url: ftp://panel\napi_token: {TOKEN}", "api_url is not the address of a panel"),
        (f"api_url: https://{TOKEN}@panel\napi_token: {TOKEN}", "must not contain credentials"),
        (f"api_url: {URL}\napi_token: a b", "api_token contains characters"),
        (f"api_url: {URL}\npanels: []", "api_url must be in panels"),
        (f"api_token: {TOKEN}\npanels: []", "api_token must be in panels"),
        ("panels: []", "panels is empty; name at least one panel"),
        (
            f"panels: [{{name: a, api_url: '{URL}', api_token: ''}}]",
            "Panel a: api_token is empty (set it in panels)",
        ),
        (f"panels: [{{name: a, api_url: '{URL}'}}]", "api_token"),
        (f"panels: [{{name: a, api_token: {TOKEN}}}]", "api_url"),
        (f"panels: [{{api_url: '{URL}', api_token: {TOKEN}}}]", "name"),
        (f"panels: [{{name: a b, api_url: '{URL}', api_token: {TOKEN}}}]", "'a b'"),
        (
            f"panels: [{{name: a, api_url: '{URL}', api_token: {TOKEN}, token: 1}}]",
            "there is no option panels.token (did you mean api_token?)",
        ),
        (
            f"panels:\n- &one {{name: a, api_url: '{URL}', api_token: {TOKEN}}}\n- *one",
            "'a' in panels",
        ),
        (
            f"panels:\n- &one {{name: a-b, api_url: '{URL}', api_token: {TOKEN}}}\n- {{<<: *one, name: a.b}}",
            "'a-b' in panels",
        ),
        (
            f"panels: [{GOOD}, {{name: b, api_url: '{URL}/api/v1/', api_token: {TOKEN}, timeout: 5}}]",
            "'a' and 'b' in panels are the same panel",
        ),
        (
            f"panels: [{GOOD}, {{name: b, api_url: nowhere, api_token: {TOKEN}}}]",
            "Panel b: api_url is not the address",
        ),
        (
            f"panels: [{{name: a, api_url: '{URL}', api_token: {TOKEN}, validate_certs: maybe}}]",
            "validate_certs",
        ),
    ],
)
def test_a_wrong_connection_is_refused_by_name(sources, text, words):
    assert words in sources.refused(text, connection=False)


def test_an_environment_variable_that_is_not_a_boolean_is_refused(sources, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_VALIDATE_CERTS", "maybe")
    assert "validate_certs" in sources.refused()


def test_a_refused_token_is_reported(sources, network):
    network.panel.fault = answer(401, "Unauthorized")
    message = sources.fail()
    assert message.startswith("Cannot list")
    assert "Unauthorized (check that the token" in message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("owner_ids: [yes]", "entry 1 of owner_ids is the boolean true, not a number"),
        ("exclude_names: [1.10]", "entry 1 of exclude_names is the number 1.1, not a string"),
        ("exclude_names: [no]", "entry 1 of exclude_names is the boolean false, not a string"),
        ("names: 0100", "names is the number 64, not a string"),
        ("timeout: true", "timeout is the boolean true, not a number"),
        ('owner_ids: "{{ [true] }}"', "entry 1 of owner_ids is the boolean true, not a number"),
    ],
)
def test_a_value_that_yaml_reads_as_another_type_is_refused(sources, network, text, message):
    assert sources.refused(text).startswith(message)
    assert network.panel.requests == []


def test_a_token_that_yaml_reads_as_a_number_is_not_shown(sources):
    message = sources.refused(f"api_url: '{URL}'\napi_token: 1234567890", connection=False)
    assert message.startswith("api_token is the number, not a string")


# -- filters ---------------------------------------------------------------------------------------


@pytest.fixture
def fleet(network):
    network.panel.servers = [
        server(id=1, name="web01"),
        server(id=2, name="web02", suspended=True),
        server(id=3, name="db01", state="failed", hypervisorId=7, ownerId=5),
        server(id=4, name="", hypervisor={"id": 6, "groupId": 3}),
    ]
    return network.panel


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [1, 2, 3, 4]),
        ("hypervisor_ids: [7, 99]", [3]),
        ("hypervisor_ids: []", []),
        ("hypervisor_group_ids: 2", [1, 2, 3]),
        ("owner_ids: [5]", [3]),
        ("states: [failed, queued]", [3]),
        ("suspended: true", [2]),
        ("suspended: no", [1, 3, 4]),
        ("names: ['web*', db01]", [1, 2, 3]),
        ("names: []", []),
        ("exclude_names: ['*0[12]']", [4]),
        ("names: ['web*']\nexclude_names: [web01]", [2]),
        ("states: [complete]\nsuspended: false\nhypervisor_group_ids: [2]", [1]),
        ("names: ['WEB*']", []),
    ],
)
def test_filters_leave_out_the_others(sources, fleet, text, ids):
    found = sources.parse(text).hosts.values()
    assert [host["virtfusion_id"] for host in found] == ids
