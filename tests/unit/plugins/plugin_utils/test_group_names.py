# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.plugins.inventory import to_safe_group_name
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._group_names import (
    Trait,
    group_names,
)


def names(*traits, taken=()):
    found, changed = group_names(traits, lambda words: to_safe_group_name(f"p_{words}"), set(taken))
    return [found[trait] for trait in traits], changed


def package(label, own_id, number=1):
    return Trait("package", label, own_id, f"panel{number}", number)


def hypervisor(label, own_id, number=1):
    return Trait("hypervisor", label, own_id, f"panel{number}", number, local=True)


def test_different_names_stay():
    found, changed = names(package("EU 1", 1), package("EU 2", 2), Trait("suspended", ""))
    assert found == ["p_package_EU_1", "p_package_EU_2", "p_suspended"]
    assert changed == []


def test_equal_names_are_distinguished_by_id():
    found, changed = names(package("EU-1", 4), package("EU 1", 7), package("EU 2", 9))
    assert found == ["p_package_EU_1_4", "p_package_EU_1_7", "p_package_EU_2"]
    assert changed == [("package_EU-1", found[0]), ("package_EU 1", found[1])]


def test_two_traits_of_the_same_name_are_two_groups():
    found, dummy = names(hypervisor("node", 1), hypervisor("node", 2))
    assert found == ["p_hypervisor_panel1_node_1", "p_hypervisor_panel1_node_2"]


def test_panels_share_a_group_that_depends_only_on_the_name():
    found, changed = names(package("Cloud 2", 5, 1), package("Cloud 2", 9, 2))
    assert found == ["p_package_Cloud_2"] * 2
    assert changed == []


def test_panels_do_not_share_a_group_that_one_of_them_has_twice():
    found, dummy = names(package("a", 1, 1), package("a", 2, 1), package("a", 1, 2))
    assert found == ["p_package_a_1_panel1", "p_package_a_2", "p_package_a_1_panel2"]


def test_panels_do_not_share_a_group_with_similar_names():
    found, dummy = names(package("EU-1", 5, 1), package("EU 1", 5, 2))
    assert found == ["p_package_EU_1_5_panel1", "p_package_EU_1_5_panel2"]


def test_traits_without_an_id_are_distinguished_too():
    found, dummy = names(Trait("zone", "a-1"), Trait("zone", "a.1"))
    assert len(set(found)) == 2
    assert all(name.startswith("p_zone_a_1_") for name in found)
    assert names(Trait("zone", "a.1"), Trait("zone", "a-1"))[0] == found[::-1]


def test_kinds_are_distinguished():
    found, dummy = names(
        Trait("hypervisor", "group 2", 1, local=True),
        Trait("hypervisor_group", "2", 2, local=True),
    )
    assert found == ["p_hypervisor_group_2_1", "p_hypervisor_group_2_2"]


def test_a_group_does_not_get_the_name_of_a_host():
    assert names(package("a", 3), taken=["p_package_a"])[0] == ["p_package_a_3"]


LABELS = st.sampled_from(["a", "a-1", "a 1", "a_1", "a_1_1", "a_1_panel1", "1", ""])
THINGS = st.builds(
    lambda kind, label, own_id, number, local: Trait(
        kind, label, own_id, f"panel{number}", number, local
    ),
    st.sampled_from(["x", "x_a", "y"]),
    LABELS,
    st.integers(1, 3),
    st.integers(1, 2),
    st.booleans(),
)


@given(st.lists(THINGS, max_size=8, unique=True))
def test_no_group_stands_for_two_traits_of_a_panel(traits):
    found, dummy = names(*traits)
    groups = {}
    for trait, name in zip(traits, found, strict=True):
        groups.setdefault(name, []).append(trait)
    for alike in groups.values():
        assert len({(trait.kind, trait.label) for trait in alike}) == 1
        assert len({trait.number for trait in alike}) == len(alike)
