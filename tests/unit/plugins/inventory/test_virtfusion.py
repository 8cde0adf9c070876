# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts, names, variables and groups."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.inventory.data import InventoryData

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._addresses import UNREACHABLE
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import (
    FakePanel,
    marked_unsafe,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, server

NASTY = "{{ lookup('ansible.builtin.pipe', 'echo harm') }}"


def at(server_id, name, **changes):
    """A server of that id and name."""
    return server(id=server_id, name=name, uuid=f"uuid-{server_id}", **changes)


# -- hosts and variables ---------------------------------------------------------------------------


def test_a_server_becomes_a_host(sources):
    assert sources.parse().hosts == {
        "web01": {
            "ansible_host": "192.0.2.7",
            "virtfusion_cpu": 2,
            "virtfusion_hostname": "web01.example.com",
            "virtfusion_hypervisor_group_id": 2,
            "virtfusion_hypervisor_id": 6,
            "virtfusion_id": 7,
            "virtfusion_ipv4_addresses": ["192.0.2.7"],
            "virtfusion_memory": 2048,
            "virtfusion_name": "web01",
            "virtfusion_owner_id": 4,
            "virtfusion_packages": ["Cloud 4"],
            "virtfusion_primary_disk_size": 40,
            "virtfusion_primary_network_traffic": 1000,
            "virtfusion_state": "complete",
            "virtfusion_suspended": False,
            "virtfusion_uuid": "00000000-0000-4000-8000-000000000007",
        }
    }


def test_a_host_has_all_variables_on_request(sources, network):
    small = sources.parse().hosts["web01"]
    full = sources.parse("full: true").hosts["web01"]
    assert small.items() <= full.items()
    assert full["virtfusion_primary_disk_read_iops"] is None
    assert full["virtfusion_package_ids"] == [package()["id"]]
    assert full["virtfusion_created"] == "2024-12-06T21:25:58+00:00"


def test_the_secrets_of_a_server_are_not_variables(sources, network):
    network.panel.servers[0]["settings"]["encryptedPassword"] = "pw-secret"
    network.panel.servers[0]["vnc"] = {"password": "vnc-secret"}
    assert "secret" not in str(sources.parse("full: true").hosts)


def test_an_empty_panel_is_an_empty_inventory(sources, network):
    network.panel.servers = []
    assert sources.parse("group_by: [state, package]").hosts == {}


def test_hosts_come_by_their_ids(sources, network):
    network.panel.servers = [at(9, "b"), at(10, "a"), at(2, "c")]
    assert list(sources.parse().hosts) == ["c", "b", "a"]


def test_the_prefix_can_be_another(sources):
    assert sources.parse("hostvars_prefix: vf_").hosts["web01"]["vf_id"] == 7
    assert sources.parse('hostvars_prefix: ""').hosts["web01"]["id"] == 7


@pytest.mark.parametrize("prefix", ["a-", "1", "{{ 'x y' }}", "ü"])
def test_a_prefix_that_no_variable_has_is_refused(sources, prefix):
    assert "hostvars_prefix" in sources.refused(f'hostvars_prefix: "{prefix}"')


@pytest.mark.parametrize(
    ("wish", "address"),
    [("ipv4_addresses", "192.0.2.7"), ("hostname", "web01.example.com"), ("none", UNREACHABLE)],
)
def test_the_address_follows_the_options(sources, wish, address):
    assert sources.parse(f"connect_with: {wish}").hosts["web01"]["ansible_host"] == address


@pytest.mark.parametrize(
    "hostname",
    [None, "", "-oProxyCommand=id", "a b", NASTY, "root@a", "0", "127.1", "localhost", "::1"],
)
def test_a_host_name_without_an_address_is_not_used_for_connections(sources, network, hostname):
    network.panel.servers[0]["hostname"] = hostname
    assert sources.parse("connect_with: hostname").hosts["web01"]["ansible_host"] == UNREACHABLE


@pytest.mark.parametrize(
    "address", ["attacker.example.net", "127.0.0.1", "0.0.0.0", "1", "x\x1b[31m"]
)
def test_an_invalid_address_from_the_panel_is_not_used(sources, network, address):
    network.panel.servers[0]["network"]["interfaces"][0]["ipv4"][0]["address"] = address
    assert sources.parse().hosts["web01"]["ansible_host"] == UNREACHABLE


@pytest.mark.parametrize("name", ["attacker.example.net", "root@attacker", "0", "127.1", "::1"])
def test_a_server_without_an_address_is_not_connected_to_by_its_name(sources, network, name):
    network.panel.servers = [at(7, name)]
    network.panel.servers[0]["network"]["interfaces"] = []
    (host,) = sources.parse().hosts.values()
    assert host["ansible_host"] == UNREACHABLE
    assert sources.parse("no_address: skip").hosts == {}


def test_a_server_without_an_address_is_connected_to_by_name_on_request(sources, network):
    network.panel.servers = [at(7, "web01"), at(8, "127.1"), at(9, "db")]
    for each in network.panel.servers[:2]:
        each["network"] = {"interfaces": []}
    hosts = sources.parse("no_address: use_name").hosts
    assert [host["ansible_host"] for host in hosts.values()] == [
        "web01",
        UNREACHABLE,
        "192.0.2.7",
    ]


def test_an_address_may_be_composed(sources, network):
    network.panel.servers[0]["network"]["interfaces"] = []
    host = sources.parse("compose: {ansible_host: virtfusion_hostname}").hosts["web01"]
    assert host["ansible_host"] == "web01.example.com"


def test_all_text_of_the_panel_is_unsafe(sources, network):
    network.panel.servers = [at(1, NASTY, hostname=NASTY, state=NASTY)]
    network.panel.packages = [package(name=NASTY)]
    parsed = sources.parse(
        "full: true\n"
        "compose: {label: virtfusion_name ~ '!', first: virtfusion_packages | first,\n"
        "  title: virtfusion_name | title, all: '[virtfusion_name]'}\n"
        "group_by: [state, package]\n"
        "keyed_groups: [{key: virtfusion_name}]\n"
    )
    (host,) = parsed.hosts.values()
    assert host["virtfusion_name"] == NASTY
    assert host["label"] == f"{NASTY}!"
    assert host["first"] == NASTY
    assert marked_unsafe(host)
    assert all("{" not in name for name in [*parsed.hosts, *parsed.groups])


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("[name]", "web01"),
        ("[hostname, name]", "web01.example.com"),
        ("uuid", "00000000-0000-4000-8000-000000000007"),
        ("[id]", "7"),
        ("[ipv4_addresses]", "192.0.2.7"),
    ],
)
def test_a_host_name_follows_the_options(sources, wish, name):
    assert list(sources.parse(f"hostnames: {wish}").hosts) == [name]


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_missing_value_is_not_used_as_a_name(sources, network, nothing):
    network.panel.servers = [at(7, "web01", hostname=nothing), at(8, nothing, hostname=nothing)]
    assert list(sources.parse("hostnames: [hostname, name]").hosts) == ["web01", "8"]


def test_servers_with_the_same_name_get_distinct_names_and_a_warning(sources, network):
    network.panel.servers = [at(4, "Twin"), at(5, "db"), at(9, "Twin")]
    parsed = sources.parse()
    assert list(parsed.hosts) == ["Twin_4", "db", "Twin_9"]
    (warning,) = parsed.warnings
    assert "'Twin' is 'Twin_4', 'Twin' is 'Twin_9'" in warning


def test_names_that_clash_are_shown_before_those_that_are_only_cleaned(sources, network):
    network.panel.servers = [at(1, "a b"), at(2, "c d"), at(3, "Twin"), at(4, "Twin")]
    (warning,) = sources.parse().warnings
    assert warning.endswith(
        "'Twin' is 'Twin_3', 'Twin' is 'Twin_4', 'a b' is 'a_b', 'c d' is 'c_d'"
    )


def test_a_thousand_names_make_one_warning(sources, network):
    network.panel.servers = [at(number, "Twin") for number in range(1, 1001)]
    (warning,) = sources.parse().warnings
    assert warning.endswith("'Twin' is 'Twin_5' and 995 more")


@pytest.mark.parametrize(
    "name",
    [*constants.LOCALHOST, "all", "ungrouped", "virtfusion_state_complete", "big_ones", "before"],
)
def test_no_server_passes_for_something_else(sources, network, name):
    network.panel.servers = [at(6, "other"), at(7, name)]
    inventory = InventoryData()
    inventory.add_group("before")
    parsed = sources.parse(
        "group_by: [state]\ngroups: {big-ones: true}\ncompose: {made: virtfusion_id}",
        inventory=inventory,
    )
    assert name not in parsed.hosts
    assert [variables["made"] for variables in parsed.hosts.values()] == [6, 7]
    assert all(not group.vars for group in inventory.groups.values())
    assert inventory.localhost is None


KEYED = "keyed_groups: [{key: virtfusion_state, prefix: st}]\ngroup_by: [owner]\n"


@pytest.mark.parametrize("order", [1, -1])
def test_no_server_passes_for_a_group_that_is_made_of_a_key(sources, network, order):
    servers = [at(3, "other"), at(4, "st_complete"), at(5, "more")]
    for place, each in enumerate(servers[::order], 1):
        each["id"] = place
    network.panel.servers = servers[::order]
    parsed = sources.parse(
        f"{KEYED}compose: {{made: virtfusion_name}}\ngroups: {{odd: virtfusion_id == 2}}\n"
    )
    assert sorted(parsed.hosts) == ["more", "other", "st_complete_2"]
    assert parsed.hosts["st_complete_2"]["made"] == "st_complete"
    assert sorted(parsed.groups["st_complete"]) == sorted(parsed.hosts)
    assert sorted(parsed.groups["virtfusion_owner_4"]) == sorted(parsed.hosts)
    assert parsed.groups["odd"] == ["st_complete_2"]
    assert not parsed.inventory.groups["odd"].child_groups
    assert not parsed.inventory.groups["st_complete"].vars
    (warning,) = parsed.warnings
    assert warning.endswith("'st_complete' is 'st_complete_2'")


def test_a_name_may_be_given_up_more_than_once(sources, network):
    network.panel.servers = [at(1, "name_2"), at(2, "name", state="name"), at(3, "x")]
    parsed = sources.parse(
        "keyed_groups:\n"
        "  - {key: virtfusion_state, prefix: '', separator: ''}\n"
        "  - {key: inventory_hostname, prefix: '', separator: '', parent_group: names}\n"
        "leading_separator: false\n"
    )
    assert len(parsed.hosts) == 3
    assert {host["virtfusion_id"] for host in parsed.hosts.values()} == {1, 2, 3}
    assert all(not group.vars for group in parsed.inventory.groups.values())


@pytest.fixture
def static():
    """An inventory of another source, with a host whose address is found by its name."""
    inventory = InventoryData()
    inventory.add_group("front")
    inventory.add_host("web01", "front")
    inventory.set_variable("web01", "role", "front")
    return inventory


def test_a_server_does_not_take_over_a_host_of_an_earlier_source(sources, network, static):
    network.panel.servers = [at(7, "web01"), at(8, "web02")]
    parsed = sources.parse("keyed_groups: [{key: role}]", inventory=static)
    assert parsed.hosts["web01"] == {"role": "front"}
    assert parsed.hosts["web01_7"]["virtfusion_id"] == 7
    assert parsed.groups["front"] == ["web01"]
    (warning,) = parsed.warnings
    assert warning.endswith("renamed: 'web01' is 'web01_7'")


def test_a_server_is_merged_with_a_host_of_another_source_on_request(sources, network, static):
    network.panel.servers = [at(7, "web01"), at(8, "web02")]
    parsed = sources.parse("on_name_conflict: merge\nkeyed_groups: [{key: role}]", inventory=static)
    assert parsed.hosts["web01"]["role"] == "front"
    assert parsed.hosts["web01"]["virtfusion_id"] == 7
    assert parsed.groups["_front"] == ["web01"]
    assert parsed.warnings == []


def test_a_host_of_another_source_is_not_removed_with_its_name(sources, network):
    network.panel.servers = [at(7, "st_complete"), at(8, "web02")]
    inventory = InventoryData()
    inventory.add_host("st_complete")
    inventory.set_variable("st_complete", "role", "front")
    parsed = sources.parse(f"on_name_conflict: merge\n{KEYED}", inventory=inventory)
    assert parsed.hosts["st_complete"]["role"] == "front"
    assert parsed.hosts["st_complete_7"]["virtfusion_id"] == 7


# -- groups ----------------------------------------------------------------------------------------


def test_there_are_ready_made_groups(sources, network):
    network.panel.servers = [
        at(1, "a", hypervisor={"id": 6, "name": "hv-1", "groupId": 2, "group": {"name": "Main"}}),
        at(2, "b", state="failed", suspended=True, ownerId=5),
        at(3, "c", memory=512, ownerId=0),
    ]
    network.panel.packages = [package(name="Cloud 4"), package(name="Other", memory=512)]
    groups = sources.parse(
        "group_by: [state, hypervisor, hypervisor_group, owner, package, suspended, panel]"
    ).groups
    assert groups == {
        "virtfusion_hypervisor_6": ["b", "c"],
        "virtfusion_hypervisor_group_2": ["b", "c"],
        "virtfusion_hypervisor_group_Main": ["a"],
        "virtfusion_hypervisor_hv_1": ["a"],
        "virtfusion_owner_4": ["a"],
        "virtfusion_owner_5": ["b"],
        "virtfusion_package_Cloud_4": ["a", "b"],
        "virtfusion_package_Other": ["c"],
        "virtfusion_state_complete": ["a", "c"],
        "virtfusion_state_failed": ["b"],
        "virtfusion_suspended": ["b"],
    }


def test_groups_of_different_things_get_distinct_names_and_one_warning(sources, network):
    def on(number, name):
        return {"id": number, "name": name, "groupId": 2, "group": {"name": "Main"}}

    network.panel.servers = [
        at(1, "a", hypervisor=on(6, "node"), hypervisorId=6),
        at(2, "b", hypervisor=on(7, "node"), hypervisorId=7, memory=512),
        at(3, "c", hypervisor=on(7, "node"), hypervisorId=7),
    ]
    network.panel.packages = [
        package(id=4, name="EU-1"),
        package(id=5, name="EU 1"),
        package(id=6, name="EU 2", memory=512),
    ]
    parsed = sources.parse(
        "group_by: [hypervisor, package]\nkeyed_groups: [{key: virtfusion_packages}]"
    )
    assert parsed.groups == {
        "virtfusion_hypervisor_node_6": ["a"],
        "virtfusion_hypervisor_node_7": ["b", "c"],
        "virtfusion_package_EU_1_4": ["a", "c"],
        "virtfusion_package_EU_1_5": ["a", "c"],
        "virtfusion_package_EU_2": ["b"],
        "_EU_1": ["a", "c"],
        "_EU_2": ["b"],
    }
    (warning,) = parsed.warnings
    assert "'package_EU-1' is 'virtfusion_package_EU_1_4'" in warning


def test_a_ready_made_group_does_not_get_the_name_of_a_host(sources):
    inventory = InventoryData()
    inventory.add_host("virtfusion_owner_4")
    parsed = sources.parse("group_by: [owner]", inventory=inventory)
    assert parsed.groups == {"virtfusion_owner_4_4": ["web01"]}
    assert len(parsed.warnings) == 1


def test_only_the_groups_that_are_wanted_are_made(sources):
    assert sources.parse().groups == {}
    found = sources.parse("group_by: [state]\ngroup_prefix: vf-").groups
    assert found == {"vf_state_complete": ["web01"]}


def test_constructed_groups_and_variables_are_made(sources):
    parsed = sources.parse(
        "compose:\n  site: virtfusion_hostname | regex_replace('[.].*')\n"
        "groups:\n"
        "  example: site == 'web01'\n"
        "  not-so: virtfusion_cpu > 2\n"
        "  named: inventory_hostname is match('web')\n"
        "keyed_groups:\n"
        "  - {key: virtfusion_packages, prefix: p, parent_group: packages}\n"
        "  - {key: virtfusion_cpu | string, prefix: cpu, separator: ''}\n"
        "group_by: [state]\n"
    )
    assert parsed.hosts["web01"]["site"] == "web01"
    assert parsed.groups == {
        "example": ["web01"],
        "named": ["web01"],
        "p_Cloud_4": ["web01"],
        "packages": [],
        "cpu2": ["web01"],
        "virtfusion_state_complete": ["web01"],
    }


@pytest.mark.parametrize(
    "text",
    [
        "compose: {x: gone}",
        "groups: {x: gone}",
        "keyed_groups: [{key: gone}]",
    ],
)
def test_a_failing_expression_fails_in_strict_mode(sources, text):
    assert sources.parse(text).groups == {}
    assert "gone" in sources.fail(f"{text}\nstrict: true")


def test_a_number_is_not_a_group_name(sources):
    assert "Invalid group name format" in sources.fail("keyed_groups: [{key: virtfusion_cpu}]")


def test_extra_variables_may_be_used(sources):
    text = "groups: {x: virtfusion_state == 'complete'}\ncompose: {y: virtfusion_state}\n"
    parsed = sources.parse(f"{text}use_extra_vars: true", extra={"virtfusion_state": "extra"})
    assert parsed.hosts["web01"]["y"] == "extra"
    parsed = sources.parse(text, extra={"virtfusion_state": "extra"})
    assert parsed.hosts["web01"]["y"] == "complete"


# -- several panels --------------------------------------------------------------------------------

PANELS = """
panels:
  - {name: ams, api_url: https://ams.example.com, api_token: token-ams}
  - {name: fra, api_url: "https://{{ 'fra' }}.example.com/api/v1", api_token: token-fra, timeout: 5}
group_by: [owner, state, panel]
"""


@pytest.fixture
def panels(network):
    network.panels = {
        "ams.example.com": FakePanel(at(7, "web01"), at(8, "db")),
        "fra.example.com": FakePanel(at(7, "web01", ownerId=9), at(9, "mail")),
    }
    return network


def test_several_panels_are_one_inventory(sources, panels):
    parsed = sources.parse(PANELS, connection=False)
    assert list(parsed.hosts) == ["web01_7_ams", "db", "web01_7_fra", "mail"]
    assert parsed.hosts["db"]["virtfusion_panel"] == "ams"
    assert parsed.groups == {
        "virtfusion_owner_ams_4": ["web01_7_ams", "db"],
        "virtfusion_owner_fra_4": ["mail"],
        "virtfusion_owner_fra_9": ["web01_7_fra"],
        "virtfusion_panel_ams": ["web01_7_ams", "db"],
        "virtfusion_panel_fra": ["web01_7_fra", "mail"],
        "virtfusion_state_complete": ["web01_7_ams", "db", "web01_7_fra", "mail"],
    }


def test_each_panel_gets_its_own_token_and_options(sources, panels):
    sources.parse(f"{PANELS}timeout: 20", connection=False)
    assert panels.panels["ams.example.com"].tokens == {"token-ams"}
    assert panels.panels["fra.example.com"].tokens == {"token-fra"}
    assert [settings["limits"].timeout_s for settings in panels.settings] == [20, 5]


def test_a_token_of_the_environment_is_not_for_panels(sources, panels, monkeypatch):
    monkeypatch.setenv("VIRTFUSION_API_TOKEN", "token-other")
    text = "panels: [{name: ams, api_url: https://ams.example.com}]"
    assert "api_token" in sources.refused(text, connection=False)


def test_one_panel_that_fails_fails_all_by_name(sources, panels):
    panels.panels["fra.example.com"].fault = answer(401, "Unauthorized token-fra")
    message = sources.fail(PANELS, connection=False)
    assert message.startswith("Panel fra: Cannot list")
    assert "Unauthorized ********" in message
