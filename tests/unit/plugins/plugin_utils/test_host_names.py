# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._host_names import (
    Candidate,
    address_of,
    fit_name,
    unique_names,
)


@pytest.mark.parametrize(
    "name",
    ["web01", "web01.example.com", "UPPER lower Mixed", "Bücher-Läden 日本", "a+b@c#1", "10.0.0.1"],
)
def test_an_ordinary_name_stays(name):
    assert fit_name(name) == name


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("  web01\n", "web01"),
        ("{{ lookup('pipe', 'id') }}", "__ lookup__pipe__ _id__ __"),
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
    ],
)
def test_a_name_that_means_something_else_is_changed(name, fit):
    assert fit_name(name) == fit


def names(*candidates, taken=()):
    return unique_names([Candidate(*each) for each in candidates], set(taken))


def test_each_gets_what_it_wishes_for():
    assert names(("b", 2), ("a", 1)) == ["b", "a"]


def test_of_those_that_wish_for_the_same_none_gets_it():
    assert names(("web", 7), ("db", 8), ("web", 3)) == ["web_7", "db", "web_3"]


def test_the_order_does_not_matter():
    assert names(("web", 3), ("web", 7)) == ["web_3", "web_7"]
    assert names(("web", 7), ("web", 3)) == ["web_7", "web_3"]


def test_a_name_that_means_something_is_not_given_away():
    assert names(("localhost", 7), ("all", 8), taken=["localhost", "all"]) == [
        "localhost_7",
        "all_8",
    ]


def test_panels_with_the_same_servers_are_told_apart():
    found = names(("web", 7, "ams", 1), ("web", 7, "fra", 2), ("web", 9, "fra", 2))
    assert found == ["web_7_ams", "web_7_fra", "web_9"]


def test_a_name_made_to_clash_with_another_does_not():
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
        Candidate(wish, server_id, panel, panels.index(panel)) for wish, server_id, panel in servers
    ]
    found = unique_names(candidates, {"all"})
    assert len(set(found)) == len(found)
    assert "all" not in found


@pytest.mark.parametrize("text", ["192.0.2.7", "2001:db8::7", "web01.example.com", "web01"])
def test_an_address_is_one(text):
    assert address_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "-oProxyCommand=id",
        "{{ x }}",
        "a b",
        "user@host",
        "host:22",
        "a/b",
        "ü.example",
        "a\n",
    ],
)
def test_what_is_no_address_is_none(text):
    assert address_of(text) is None
