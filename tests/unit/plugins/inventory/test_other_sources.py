# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers whose names other inventory sources use, read by Ansible's own plugins after this one."""

from __future__ import annotations

import pytest
from ansible.inventory.data import InventoryData
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader

from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server


@pytest.fixture
def source(tmp_path):
    """Return what reads a source file by one of Ansible's plugins."""

    def read(plugin, text, name="hosts"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")

        def parse(inventory):
            inventory_loader.get(plugin).parse(inventory, DataLoader(), str(path))

        return parse

    return read


def at(server_id, name, **changes):
    return server(id=server_id, name=name, uuid=f"uuid-{server_id}", **changes)


def chosen(inventory: InventoryData, pattern: str) -> list[str]:
    """Return the hosts that Ansible takes a pattern for."""
    manager = InventoryManager(DataLoader(), parse=False)
    manager._inventory = inventory
    return [host.name for host in manager.get_hosts(pattern)]


def test_a_server_does_not_take_the_pattern_of_a_group_of_a_later_source(sources, network, source):
    network.panel.servers = [at(7, "prod"), at(8, "web02")]
    later = source("ini", "[prod]\ndb1\n[prod:vars]\ntier=gold\n[all_sites:children]\nprod\n")
    parsed = sources.parse("group_by: [state]", later=later)
    assert chosen(parsed.inventory, "prod") == ["db1"]
    assert chosen(parsed.inventory, "all_sites") == ["db1"]
    assert chosen(parsed.inventory, "prod_7") == ["prod_7"]
    assert parsed.groups["virtfusion_state_complete"] == ["prod_7", "web02"]
    assert parsed.inventory.groups["prod"].vars == {"tier": "gold"}
    assert "tier" not in parsed.hosts["prod_7"]
    assert parsed.hosts["prod_7"]["virtfusion_id"] == 7
    assert chosen(parsed.inventory, "all") == ["prod_7", "web02", "db1"]
    (warning,) = parsed.warnings
    assert warning.endswith("renamed: 'prod' is 'prod_7'")


def test_a_host_of_a_later_source_does_not_get_the_address_of_a_server(sources, network, source):
    network.panel.servers = [at(7, "bastion"), at(8, "web02")]
    text = (
        "all: {hosts: {bastion: {ansible_password: secret}}, children: {ops: {hosts: {bastion: }}}}"
    )
    parsed = sources.parse("group_by: [state]", later=source("yaml", text, "hosts.yml"))
    assert parsed.hosts["bastion"] == {"ansible_password": "secret"}
    assert parsed.groups["ops"] == ["bastion"]
    assert "ansible_password" not in parsed.hosts["bastion_7"]
    assert parsed.hosts["bastion_7"]["ansible_host"] == "192.0.2.7"
    assert parsed.groups["virtfusion_state_complete"] == ["bastion_7", "web02"]
    assert chosen(parsed.inventory, "bastion") == ["bastion"]
    (warning,) = parsed.warnings
    assert warning.endswith("renamed: 'bastion' is 'bastion_7'")


def test_a_thousand_hosts_of_a_later_source_make_one_warning(sources, network, source):
    names = [f"host{number}" for number in range(1000)]
    network.panel.servers = [at(number + 1, name) for number, name in enumerate(names)]
    parsed = sources.parse(later=source("ini", "\n".join(names)))
    assert len(parsed.hosts) == 2000
    (warning,) = parsed.warnings
    assert warning.endswith("and 995 more")


def test_hosts_of_a_later_source_are_merged_on_request(sources, network, source):
    network.panel.servers = [at(7, "web01"), at(8, "front")]
    parsed = sources.parse(
        "on_name_conflict: merge", later=source("ini", "[front]\nweb01 role=front\n")
    )
    assert parsed.hosts["web01"]["role"] == "front"
    assert parsed.hosts["web01"]["virtfusion_id"] == 7
    assert chosen(parsed.inventory, "front") == ["web01"]
    assert chosen(parsed.inventory, "front_8") == ["front_8"]


CONSTRUCTED = """plugin: constructed
strict: true
compose: {seen: virtfusion_name}
groups: {prod: true}
keyed_groups:
  - {key: virtfusion_name, prefix: '', separator: ''}
  - {key: virtfusion_state, prefix: st, parent_group: states}
leading_separator: false
"""


def test_a_later_source_that_groups_all_hosts_does_not_mistake_one_for_a_group(
    sources, network, source
):
    network.panel.servers = [at(7, "prod"), at(8, "web02"), at(9, "states"), at(10, "st_complete")]
    parsed = sources.parse(later=source("constructed", CONSTRUCTED, "constructed.yml"))
    names = {"prod_7", "web02", "states_9", "st_complete_10"}
    assert set(parsed.hosts) == names
    assert {host["seen"] for host in parsed.hosts.values()} == {
        "prod", "web02", "states", "st_complete",
    }  # fmt: skip
    groups = parsed.inventory.groups
    assert not any(group.vars for group in groups.values())
    for group in ("prod", "st_complete", "states"):
        assert set(chosen(parsed.inventory, group)) == names
    assert [group.name for group in groups["states"].child_groups] == ["st_complete"]
    assert not groups["prod"].child_groups
    for name in names:
        assert chosen(parsed.inventory, name) == [name]


def test_names_of_one_letter_are_no_exception(sources, network, source):
    network.panel.servers = [at(7, "a"), at(8, "b"), at(9, "c")]
    static = source("ini", "[a]\nb\nx\n[sites:children]\na\n")
    constructed = source("constructed", CONSTRUCTED, "constructed.yml")

    def later(inventory):
        static(inventory)
        constructed_of(inventory)

    def constructed_of(inventory):
        inventory.set_variable("b", "virtfusion_name", "static")
        inventory.set_variable("b", "virtfusion_state", "static")
        inventory.set_variable("x", "virtfusion_name", "x")
        inventory.set_variable("x", "virtfusion_state", "static")
        constructed(inventory)

    parsed = sources.parse(later=later)
    assert set(parsed.hosts) == {"a_7", "b_8", "b", "c", "x"}
    assert set(chosen(parsed.inventory, "a")) == {"a_7", "b", "x"}
    assert set(chosen(parsed.inventory, "sites")) == {"a_7", "b", "x"}
    assert {type(name) for name in parsed.hosts} == {str}


def test_two_sources_of_panels_give_way_to_a_third(sources, network, source):
    network.panel.servers = [at(7, "web01"), at(8, "db")]
    found = {}

    def second(inventory):
        found.update(sources.parse("hostnames: [name]", inventory=inventory, later=third).hosts)

    third = source("ini", "[web01]\nlast\n")
    # The inner call completes the inventory, as Ansible does once after all sources.
    sources.parse(later=second)
    assert set(found) == {"web01_7", "web01_7_1", "db", "db_8", "last"} or set(found) == {
        "web01_7", "web01_7_2", "db", "db_8", "last",
    }  # fmt: skip


def test_when_all_is_read_a_play_may_name_a_host_again(sources, network):
    network.panel.servers = [at(7, "web01")]
    inventory = sources.parse().inventory
    inventory.add_group("chosen")
    inventory.add_host("web01", "chosen")
    assert [host.name for host in inventory.groups["chosen"].hosts] == ["web01"]
    assert list(inventory.hosts) == ["web01"]
    assert (
        not {"add_host", "add_child", "set_variable", "reconcile_inventory"}
        & vars(inventory).keys()
    )
