# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible.parsing.dataloader import DataLoader
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._host_names import (
    Candidate,
    fit_name,
    unique_names,
)


@pytest.mark.parametrize(
    "name",
    ["web01", "web01.example.com", "UPPER_lower-Mixed", "Bücher-Läden", "日本", "a+b", "10.0.0.1"],
)
def test_an_ordinary_name_is_unchanged(name):
    assert fit_name(name) == name


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("  web01\n", "web01"),
        ("{{ lookup('pipe', 'id') }}", "___lookup__pipe____id_____"),
        ("../group_vars/prod", "_._group_vars_prod"),
        ("/etc/passwd", "_etc_passwd"),
        ("..", "_."),
        (".hidden", "_hidden"),
        ("-oProxyCommand=id", "_oProxyCommand_id"),
        ("!web", "_web"),
        ("~.*", "_._"),
        ("@hosts", "_hosts"),
        ("web,db:&prod", "web_db__prod"),
        ("web[1:3]", "web_1_3_"),
        ("a\nb\x00c\u202ed", "a_b_c_d"),
        ("*", "_"),
        ("old web01", "old_web01"),
        ("spare\u00a0all", "spare_all"),
        ("\u2003web\u2003", "web"),
        ("web\u200b", "web_"),
        ("a#1", "a_1"),
        ("root@a", "root_a"),
        ("a=b%c$d\\e", "a_b_c_d_e"),
        ("'a\"", "_a_"),
        ("Bu\u0308cher", "Bücher"),
        ("\ud800a", "_a"),
    ],
)
def test_a_name_that_means_something_else_is_changed(name, fit):
    assert fit_name(name) == fit


@pytest.mark.parametrize("name", ["界" * 90, "a" * 300, "a界" * 100, "ü" * 65, "a" + "ü" * 64])
def test_a_name_with_its_tail_fits_into_the_name_of_a_file(name):
    found = fit_name(name)
    assert len(found) > 40
    assert name.startswith(found)
    assert len(found.encode()) <= 128


def names(*candidates, taken=()):
    return unique_names([Candidate(*each) for each in candidates], set(taken))


def test_each_candidate_gets_the_desired_name():
    assert names(("b", 2), ("a", 1)) == ["b", "a"]


def test_no_candidate_gets_a_name_that_several_want():
    assert names(("web", 7), ("db", 8), ("web", 3)) == ["web_7", "db", "web_3"]


def test_the_order_does_not_matter():
    assert names(("web", 3), ("web", 7)) == ["web_3", "web_7"]
    assert names(("web", 7), ("web", 3)) == ["web_7", "web_3"]


def test_a_name_that_means_something_is_not_given_away():
    assert names(("localhost", 7), ("all", 8), taken=["localhost", "all"]) == [
        "localhost_7",
        "all_8",
    ]


def test_panels_with_the_same_servers_are_distinguished():
    found = names(("web", 7, "ams", 1), ("web", 7, "fra", 2), ("web", 9, "fra", 2))
    assert found == ["web_7_ams", "web_7_fra", "web_9"]


def test_an_unfit_name_is_followed_by_its_id():
    (found,) = unique_names([Candidate("127.1", 7, unfit=True)], set())
    assert found == "127.1_7"


def test_a_name_that_is_taken_with_every_tail_is_still_unique():
    taken = {"web", "web_7", "web_7_1", "web_7_1_1"}
    (found,) = unique_names([Candidate("web", 7)], taken)
    assert found not in taken
    assert found.startswith("web_7_1_")


def test_a_server_that_is_listed_twice_ends():
    found = names(("web", 7), ("web", 7))
    assert len(set(found)) == 2


def test_a_name_made_to_conflict_with_another_does_not():
    found = names(("web", 1), ("web", 2), ("web_1", 3))
    assert len(set(found)) == 3
    assert "web" not in found


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["web", "web_1", "web_1_1", "web_1_a", "web_1_a_1", "all", ""]),
            st.integers(1, 3),
            st.sampled_from(["", "a", "1"]),
        ),
        max_size=8,
        unique_by=lambda each: (each[1], each[2]),
    )
)
def test_names_are_always_unique(servers):
    panels = ["", "a", "1"]
    candidates = [
        Candidate(desired, server_id, panel, panels.index(panel))
        for desired, server_id, panel in servers
    ]
    found = unique_names(candidates, {"all"})
    assert len(set(found)) == len(found)
    assert "all" not in found


#: Everything that separates or means something in a pattern, and what looks like it.
MEANINGFUL = st.sampled_from(
    [
        *" ,:;!&~*?[]#'\"()|^$\\/@=%{}<>+-._\t\n\r\v\f\0\x1b\x85",
        *"\u00a0\u1680\u2003\u2028\u2029\u202e\u202f\u205f\u3000\u200b\ufeff\ud800\uff0c\uff1a",
        *(
            "all",
            "web",
            "web01",
            "ungrouped",
            "localhost",
            "127.0.0.1",
            "[0]",
            "[1:3]",
            "01",
            "::1",
        ),
    ]
)
WISHES = st.lists(
    st.one_of(st.lists(st.one_of(MEANINGFUL, st.text(max_size=3)), max_size=5).map("".join)),
    max_size=6,
)


@example(["old web01", "web01", "spare all", "all", "web", "~.*", "!web", "web[0]", "*", "&web"])
@example(["\uff41", "a", "\u2460", "1", "\u210c", "H", "web01\n", "web01 ", "\u2003web01"])
@given(WISHES)
def test_each_name_as_a_pattern_chooses_that_host_alone(desired_names):
    candidates = [
        Candidate(fit_name(desired) or str(number), number)
        for number, desired in enumerate(desired_names)
    ]
    manager = InventoryManager(DataLoader(), parse=False)
    inventory = manager._inventory
    inventory.add_group("web")
    inventory.add_host("static", "web")
    found = unique_names(candidates, {*inventory.groups, "localhost", "127.0.0.1", "::1"})
    for name in found:
        inventory.add_host(name)
    inventory.reconcile_inventory()
    for name in found:
        assert split_host_pattern(name) == [name]
        assert [host.name for host in manager.get_hosts(name)] == [name]
        others = {host.name for host in manager.get_hosts(f"all,!{name}")}
        assert others == {*found, "static"} - {name}
        assert [host.name for host in manager.get_hosts(f"all:&{name}")] == [name]
        manager.subset(name)
        assert [host.name for host in manager.get_hosts("all")] == [name]
        manager.subset(None)
