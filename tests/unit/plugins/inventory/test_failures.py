# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of a panel on a terminal and in files, errors, and filters that match nothing."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleParserError

from ansible_collections.vpsfleet.panels.plugins.inventory.virtfusion import InventoryModule
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import FakePanel
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer, never_sent
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, server

#: ESC, OSC 52, new lines, BEL, C1, a turn of the writing direction, a lone surrogate.
STEERING = "\x1b[2J\x1b]52;c;aGk=\x07\r\nPLAY RECAP\x9b1m\u202e\u2066\ud800\u2028"


def steers(text):
    return any(letter in text for letter in "\x1b\x07\r\n\x9b\u202e\u2066\ud800\u2028")


# -- text of the panel -----------------------------------------------------------------------------


def test_names_in_warnings_do_not_steer_a_terminal(sources, network):
    network.panel.servers = [server(id=1, name=f"a{STEERING}"), server(id=2, name=f"a{STEERING}")]
    parsed = sources.parse()
    assert parsed.warnings
    assert not any(steers(text) for text in [*parsed.warnings, *parsed.hosts])


@pytest.mark.parametrize(
    "reply",
    [answer(403, {"msg": f"no {STEERING}"}), answer(500, {"msg": f"oops {STEERING}"}), answer(200, {"data": 5})],
)  # fmt: skip
def test_messages_in_errors_do_not_steer_a_terminal(sources, network, reply):
    network.panel.fault = reply
    assert not steers(sources.fail("retries: 0"))


def test_values_in_errors_of_expressions_do_not_steer_a_terminal(sources, network):
    network.panel.servers = [server(name=f"a{STEERING}")]
    message = sources.fail(
        "strict: true\ncompose: {x: virtfusion_name | int / 0 + gone[virtfusion_name]}"
    )
    assert not steers(message)


@pytest.mark.parametrize("field", ["id", "name", "ownerId", "memory"])
def test_a_secret_that_the_panel_sends_as_a_value_is_masked(sources, network, field):
    raw = server()
    raw[field] = {"x": TOKEN}
    network.panel.servers = [raw]
    if field == "memory":
        raw["settings"]["resources"]["memory"] = {"x": TOKEN}
    assert TOKEN not in sources.fail()


def test_a_secret_in_a_name_is_masked_in_warnings(sources, network):
    network.panel.servers = [server(id=1, name=f"a {TOKEN}"), server(id=2, name=f"a {TOKEN}")]
    (warning,) = sources.parse().warnings
    assert TOKEN not in warning.replace("_", " ")


def test_a_very_long_name_does_not_fill_the_screen(sources, network):
    network.panel.servers = [server(name="\u754c " * 5000)]
    (warning,) = sources.parse().warnings
    assert len(warning) < 400


def test_lone_surrogates_can_be_written_to_files_and_terminals(sources, network):
    network.panel.servers = [server(name="a\ud800b", hostname="\udfff\ud83d\ude00 \ud83d")]
    (host,) = sources.parse("full: true\ncompose: {x: virtfusion_name}").hosts.values()
    assert host["virtfusion_name"] == host["x"] == "a\ufffdb"
    assert host["virtfusion_hostname"] == "\ufffd\U0001f600 \ufffd"
    plain = json.loads(json.dumps(host))
    json.dumps(plain, ensure_ascii=False).encode()
    yaml.dump(plain, allow_unicode=True).encode()


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["api_url: https://panel.example.com", f"timeout: soon\napi_token: {TOKEN}", "wrong: 1"]
)
def test_a_wrong_source_ends_the_run(sources, text):
    sources.fail(text, connection=False)
    assert constants.INVENTORY_ANY_UNPARSED_IS_FAILED


@pytest.mark.parametrize("reply", [never_sent(), answer(401, "no"), answer(200, {"data": 5})])
def test_a_panel_that_cannot_be_read_ends_the_run(sources, network, reply):
    network.panel.fault = reply
    sources.fail("retries: 0")
    assert constants.INVENTORY_ANY_UNPARSED_IS_FAILED


def test_a_defect_ends_the_run(sources, monkeypatch):
    def broken(*_args):
        raise ZeroDivisionError(f"{TOKEN}\x1b")

    monkeypatch.setattr(InventoryModule, "shape", broken)
    monkeypatch.setattr(InventoryModule, "ready_groups", broken)
    message = sources.fail("group_by: [state]")
    assert "ZeroDivisionError" in message
    assert "\x1b" not in message
    assert constants.INVENTORY_ANY_UNPARSED_IS_FAILED


def test_a_play_may_continue_without_the_servers(sources, network):
    network.panel.fault = answer(500, f"oops {TOKEN}\x1b")
    message = sources.fail("retries: 0\non_error: warn")
    assert "oops" in message
    assert "\x1b" not in message
    assert not constants.INVENTORY_ANY_UNPARSED_IS_FAILED


@pytest.mark.parametrize(
    "mistake", ["worker: 5", "workers: many", "workers: 500", "panels: []", "timeout: '{{ x }}'"]
)
def test_a_play_may_continue_without_a_source_that_is_wrong(sources, mistake):
    sources.refused(f"{mistake}\non_error: \"{{{{ 'warn' }}}}\"")
    assert not constants.INVENTORY_ANY_UNPARSED_IS_FAILED


def test_servers_of_an_earlier_read_are_not_a_failure(sources, network, tmp_path):
    kept = (
        "retries: 0\nstale_on_error: true\ncache: true\ncache_plugin: jsonfile\n"
        f"cache_connection: {tmp_path / 'cache'}"
    )
    sources.parse(kept)
    network.panel.fault = never_sent()
    assert sources.parse(kept, cache=False).hosts
    assert not constants.INVENTORY_ANY_UNPARSED_IS_FAILED


# -- filters ---------------------------------------------------------------------------------------


@pytest.fixture
def fleet(network):
    network.panel.servers = [
        server(id=1, name="web01"),
        server(id=2, name="web02", suspended=True),
        server(id=3, name="db01", hypervisorId=7, ownerId=5),
    ]
    return network.panel


MISSED = [
    ("hypervisor_ids: [6, 99]", "hypervisor_ids: '99'"),
    ("hypervisor_group_ids: [98]", "hypervisor_group_ids: '98'"),
    ("owner_ids: [5, 97]", "owner_ids: '97'"),
    ("names: ['web*', 'Db*']", "names: 'Db*'"),
    ("exclude_names: [web1]", "exclude_names: 'web1'"),
    ("names: ['web*']\nexclude_names: [db02]", "exclude_names: 'db02'"),
]
MET = [
    "",
    "hypervisor_ids: [6, 7]",
    "owner_ids: [5]\nnames: ['web*']",
    "exclude_names: ['*01']",
    "states: [failed, complete]",
    "suspended: true\nowner_ids: [5]",
    "names: []",
]


@pytest.mark.parametrize(("text", "words"), MISSED)
def test_a_filter_that_names_nothing_is_warned_about(sources, fleet, text, words):
    (warning,) = sources.parse(text).warnings
    assert warning == f"Filters match none of the servers that could be read: {words}"


@pytest.mark.parametrize(("text", "words"), MISSED)
def test_a_filter_that_names_nothing_may_be_refused_or_ignored(sources, fleet, text, words):
    assert words in sources.fail(f"{text}\non_unmatched_filter: fail")
    assert sources.parse(f"{text}\non_unmatched_filter: ignore").warnings == []


@pytest.mark.parametrize("text", MET)
def test_a_filter_that_names_something_is_not_warned_about(sources, fleet, text):
    assert sources.parse(f"{text}\non_unmatched_filter: fail").warnings == []


def test_a_cache_keeps_the_filters_that_matched_nothing(sources, fleet, tmp_path):
    text = (
        f"owner_ids: [97]\ncache: true\ncache_plugin: jsonfile\ncache_connection: {tmp_path / 'c'}"
    )
    first = sources.parse(text).warnings
    requests = len(fleet.requests)
    assert sources.parse(text).warnings == first != []
    assert len(fleet.requests) == requests


TWO = (
    "panels:\n"
    f"  - {{name: a, api_url: https://a.example.com, api_token: {TOKEN}}}\n"
    f"  - {{name: b, api_url: https://b.example.com, api_token: {TOKEN}}}\n"
)


def test_servers_that_two_entries_show_are_named_in_one_warning(sources, network):
    network.panels = {
        "a.example.com": FakePanel(
            server(id=1, name="web01", uuid="one"), server(id=2, name="web02", uuid=None)
        ),
        "b.example.com": FakePanel(
            server(id=1, name="mail", uuid="one"), server(id=2, name="db01", uuid=None)
        ),
    }
    parsed = sources.parse(TWO, connection=False)
    assert parsed.warnings == [
        "'a' and 'b' in panels have servers in common, which are two hosts each: 1 with the same uuid"
    ]
    assert len(parsed.hosts) == 4


def test_a_filter_has_to_name_something_on_one_of_the_panels(sources, network):
    network.panels = {
        "a.example.com": FakePanel(server(name="web01")),
        "b.example.com": FakePanel(server(name="db01", ownerId=5, uuid="b")),
    }
    assert (
        sources.parse(f"{TWO}names: ['web*', 'db*']\nowner_ids: [5]", connection=False).warnings
        == []
    )
    (warning,) = sources.parse(f"{TWO}names: ['web*', 'mail*']", connection=False).warnings
    assert warning.endswith(": names: 'mail*'")


def test_what_short_rows_do_not_show_is_not_judged(sources, fleet):
    fleet.row = lambda raw: {key: raw[key] for key in ("id", "name", "uuid")}
    assert sources.parse("names: ['web*']\nowner_ids: [5]").warnings == []
    (warning,) = sources.parse("owner_ids: [97]").warnings
    assert warning.endswith("owner_ids: '97'")


@pytest.mark.parametrize(
    ("text", "lists", "warnings"),
    [
        ("names: ['web*']", 1, 0),
        ("names: ['db*']", 2, 0),
        ("exclude_names: [db01]", 2, 0),
        ("exclude_names: [db02]", 2, 1),
        ("owner_ids: [5]", 2, 0),
        ("owner_ids: [97]\non_unmatched_filter: ignore", 1, 0),
    ],
)
def test_a_server_that_the_panel_leaves_out_is_a_match(sources, fleet, text, lists, warnings):
    assert len(sources.parse(f"hypervisor_ids: [6]\n{text}").warnings) == warnings
    assert fleet.requests.count("/servers") == lists


def test_a_cache_of_a_source_that_ignores_the_filters_does_not_serve_another(
    sources, fleet, tmp_path
):
    text = (
        f"owner_ids: [97]\ncache: true\ncache_plugin: jsonfile\ncache_connection: {tmp_path / 'c'}"
    )
    assert sources.parse(f"{text}\non_unmatched_filter: ignore").warnings == []
    assert sources.parse(text).warnings != []


def test_a_wrong_choice_is_refused(sources):
    with pytest.raises(AnsibleParserError, match="on_error"):
        sources.parse("on_error: perhaps")
