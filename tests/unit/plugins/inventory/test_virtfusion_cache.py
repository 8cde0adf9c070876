# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cache, and going on without the panel."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _server_cache
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import FakePanel
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    answer,
    interrupted,
    never_sent,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import TOKEN, server

READS = ["/servers", "/packages"]
REFUSAL = "Cannot list"


@pytest.fixture
def kept(sources, tmp_path):
    """Lines that turn the cache on."""
    return (
        "retries: 0\ncache: true\ncache_plugin: jsonfile\n"
        f"cache_connection: {tmp_path / 'cache'}\ngroup_by: [state, package]\n"
    )


def test_a_second_run_asks_nothing_and_gives_the_same(sources, network, kept):
    first = sources.parse(kept)
    second = sources.parse(kept)
    assert network.requests == READS
    assert (second.hosts, second.groups) == (first.hosts, first.groups)


def test_without_a_cache_each_run_reads_the_panel(sources, network, tmp_path):
    sources.parse()
    sources.parse()
    assert network.requests == READS * 2
    assert not (tmp_path / "cache").exists()


def test_the_memory_plugin_keeps_nothing(sources, network):
    for _run in range(2):
        sources.parse("cache: true\ncache_plugin: memory")
    assert network.requests == READS * 2


def test_a_flushed_cache_is_read_from_the_panel_and_stored_again(sources, network, kept):
    sources.parse(kept)
    network.panel.servers = [server(name="new")]
    assert list(sources.parse(kept, cache=False).hosts) == ["new"]
    assert list(sources.parse(kept).hosts) == ["new"]
    assert network.requests == READS * 2


def test_an_expired_entry_is_read_from_the_panel(sources, network, kept, clock):
    sources.parse(f"{kept}cache_timeout: 60")
    clock.sleep(60)
    sources.parse(f"{kept}cache_timeout: 60")
    assert network.requests == READS
    clock.sleep(1)
    sources.parse(f"{kept}cache_timeout: 60")
    assert network.requests == READS * 2
    clock.sleep(10**9)
    sources.parse(f"{kept}cache_timeout: 0")
    assert network.requests == READS * 2


def test_a_clock_that_was_set_back_makes_nothing_young(sources, network, kept, clock):
    sources.parse(kept)
    clock.now -= 10
    sources.parse(kept)
    assert network.requests == READS * 2


@pytest.mark.parametrize(
    "change",
    [
        "names: ['*']",
        "suspended: false",
        "hypervisor_ids: [6]",
        "api_token: other",
        "api_url: https://other.example.com",
    ],
)
def test_another_panel_token_or_filter_is_asked_for(sources, network, kept, change):
    network.panels["other.example.com"] = FakePanel(server())
    connection = {"api_url": "https://panel.example.com", "api_token": TOKEN}
    name, value = change.split(": ", 1)
    sources.parse(kept + _lines(connection), connection=False)
    sources.parse(kept + _lines({**connection, name: value}), connection=False)
    assert network.requests == READS * 2


@pytest.mark.parametrize(
    "change",
    ["workers: 3", "timeout: 9", "full: true", "hostnames: [uuid]", "rate_limit: 100"],
)
def test_what_does_not_change_the_servers_does_not_change_the_cache(sources, network, kept, change):
    sources.parse(kept)
    sources.parse(kept + change)
    assert network.requests == READS


def test_an_address_written_another_way_is_the_same(sources, network, kept):
    sources.parse(
        f"{kept}api_url: https://panel.example.com/\napi_token: {TOKEN}", connection=False
    )
    sources.parse(
        f"{kept}api_url: https://panel.example.com/api/v1\napi_token: ' {TOKEN}'", connection=False
    )
    assert network.requests == READS


def test_the_cache_holds_no_token_and_no_secret(sources, network, kept, tmp_path):
    network.panel.servers[0]["settings"]["encryptedPassword"] = "pw-secret"
    sources.parse(kept)
    (file,) = (tmp_path / "cache").iterdir()
    content = file.name + file.read_text(encoding="utf-8")
    assert TOKEN not in content
    assert "secret" not in content


def test_a_damaged_cache_is_read_from_the_panel(sources, network, kept, tmp_path):
    sources.parse(kept)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_text("spoilt", encoding="utf-8")
    assert list(sources.parse(kept).hosts) == ["web01"]
    assert network.requests == READS * 2


def test_an_unwritable_cache_is_not_a_failure(sources, network, kept, monkeypatch):
    def write(*_args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_server_cache.ServerCache, "write", write)
    parsed = sources.parse(kept)
    assert list(parsed.hosts) == ["web01"]
    assert "Permission denied" in parsed.warnings[0]


# -- stale_on_error --------------------------------------------------------------------------------

PASSING = [
    never_sent(),
    interrupted(),
    answer(500, "oops"),
    answer(503, HTML),
    answer(429, "slow down"),
    answer(200, HTML),
    answer(200, {"data": 5}),
]


@pytest.mark.parametrize("fault", PASSING)
def test_old_servers_will_do_while_the_panel_is_down(sources, network, kept, clock, fault):
    sources.parse(kept)
    clock.sleep(7300)
    network.panel.fault = fault
    parsed = sources.parse(f"{kept}stale_on_error: true")
    assert list(parsed.hosts) == ["web01"]
    (warning,) = parsed.warnings
    assert warning.startswith(REFUSAL)
    assert warning.endswith("; the servers that were read 2 hours ago are used instead")
    assert parsed.hosts["web01"]["virtfusion_stale"] is True
    network.panel.fault = None
    assert "virtfusion_stale" not in sources.parse(f"{kept}stale_on_error: true").hosts["web01"]


@pytest.mark.parametrize("fault", PASSING)
def test_old_servers_will_not_do_unasked(sources, network, kept, clock, fault):
    sources.parse(kept)
    clock.sleep(7300)
    network.panel.fault = fault
    assert sources.fail(kept).startswith(REFUSAL)


@pytest.mark.parametrize("fault", [answer(401, "Unauthorized"), answer(403), answer(404)])
def test_old_servers_do_not_hide_what_does_not_pass(sources, network, kept, clock, fault):
    sources.parse(kept)
    clock.sleep(7300)
    network.panel.fault = fault
    assert sources.fail(f"{kept}stale_on_error: true").startswith(REFUSAL)


def test_without_old_servers_there_are_none(sources, network, kept):
    network.panel.fault = never_sent()
    assert sources.fail(f"{kept}stale_on_error: true").startswith(REFUSAL)


def test_the_servers_of_another_filter_will_not_do(sources, network, kept):
    sources.parse(kept)
    network.panel.fault = never_sent()
    assert sources.fail(f"{kept}stale_on_error: true\nnames: [web01]")


def test_a_flushed_cache_still_helps_when_the_panel_is_down(sources, network, kept):
    sources.parse(kept)
    network.panel.fault = never_sent()
    parsed = sources.parse(f"{kept}stale_on_error: true", cache=False)
    assert list(parsed.hosts) == ["web01"]
    assert "less than 2 minutes ago" in parsed.warnings[0]


def test_servers_of_a_read_in_the_future_are_not_called_new(sources, network, kept, clock):
    sources.parse(kept)
    clock.sleep(-7300)
    network.panel.fault = never_sent()
    (warning,) = sources.parse(f"{kept}stale_on_error: true").warnings
    assert "read at an unknown time (the cache has a time in the future)" in warning


@pytest.mark.parametrize("text", ["", "cache: true", "cache: true\ncache_plugin: memory"])
def test_stale_on_error_without_a_lasting_cache_is_refused(sources, text):
    message = sources.refused(f"stale_on_error: true\n{text}")
    assert message.startswith("stale_on_error requires cache: true")


def test_a_stale_entry_is_not_refreshed(sources, network, kept, clock):
    sources.parse(kept)
    clock.sleep(7300)
    network.panel.fault = never_sent()
    sources.parse(f"{kept}stale_on_error: true")
    network.panel.fault = None
    network.panel.servers = [server(name="new")]
    assert list(sources.parse(f"{kept}stale_on_error: true").hosts) == ["new"]


def test_one_panel_may_be_stale_and_another_fresh(sources, network, kept, clock):
    network.panels = {
        "a.example.com": FakePanel(server(name="a1")),
        "b.example.com": FakePanel(server(name="b1")),
    }
    text = (
        f"{kept}stale_on_error: true\npanels:\n"
        f"  - {{name: a, api_url: https://a.example.com, api_token: {TOKEN}}}\n"
        f"  - {{name: b, api_url: https://b.example.com, api_token: {TOKEN}}}\n"
    )
    sources.parse(text, connection=False)
    clock.sleep(7300)
    network.panels["a.example.com"].fault = never_sent()
    network.panels["b.example.com"].servers = [server(name="b2")]
    parsed = sources.parse(text, connection=False)
    assert list(parsed.hosts) == ["a1", "b2"]
    assert parsed.warnings[0].startswith(f"Panel a: {REFUSAL}")


def _lines(options):
    return "".join(f"{name}: {value}\n" for name, value in options.items())
