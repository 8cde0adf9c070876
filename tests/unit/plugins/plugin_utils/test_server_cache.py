# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import stat

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._server_cache import (
    Kept,
    ServerCache,
    cache_key,
)

SERVERS = [{"id": 7, "name": "{{ x }} ü", "packages": ["a"], "backup_plan": None, "rate": 1.5}]


def cache(tmp_path, clock):
    options = {"_uri": str(tmp_path), "_prefix": "servers_"}
    return ServerCache("jsonfile", options, now=clock.time)


def test_what_was_written_is_read_by_the_next_run(tmp_path, clock):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    clock.sleep(5)
    assert cache(tmp_path, clock).read("key") == Kept(SERVERS, 5)


def test_unmatched_filters_are_kept(tmp_path, clock):
    cache(tmp_path, clock).write("key", Kept([], unmatched=[("owner_ids", 5), ("names", "x")]))
    assert cache(tmp_path, clock).read("key").unmatched == [("owner_ids", 5), ("names", "x")]


def test_no_other_user_can_read_the_cache(tmp_path, clock):
    cache(tmp_path / "new", clock).write("key", Kept(SERVERS))
    (file,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_an_entry_that_another_user_could_write_is_not_used(tmp_path, clock, mode):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    (file,) = tmp_path.iterdir()
    file.chmod(mode)
    assert cache(tmp_path, clock).read("key") is None


def test_an_entry_of_another_user_is_not_used(tmp_path, clock, monkeypatch):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    (file,) = tmp_path.iterdir()
    uid = file.stat().st_uid
    if uid == 0:
        os.chown(file, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: uid + 1)
    assert cache(tmp_path, clock).read("key") is None


def test_a_key_tells_credentials_addresses_and_filters_apart():
    keys = [
        cache_key("p", {"": "https://a"}, ["secret"], [1]),
        cache_key("p", {"": "https://a"}, ["secret"], [2]),
        cache_key("p", {"": "https://a"}, ["other"], [1]),
        cache_key("p", {"": "https://a"}, ["secret", "other"], [1]),
        cache_key("p", {"": "https://b"}, ["secret"], [1]),
        cache_key("q", {"": "https://a"}, ["secret"], [1]),
    ]
    assert len(set(keys)) == len(keys)
    assert cache_key("p", {"": "https://a"}, ["secret"], [1]) == keys[0]


def test_a_guess_at_the_password_costs_many_rounds_of_a_hash(monkeypatch):
    rounds = []

    def slow(name, password, salt, iterations):
        rounds.append((name, iterations))
        return password + salt

    monkeypatch.setattr("hashlib.pbkdf2_hmac", slow)
    assert "guessable" not in cache_key("p", {"": "https://a"}, ["guessable"], [])
    assert rounds == [("sha256", 600_000)]


def test_nothing_is_too_old_to_be_read(tmp_path, clock):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    clock.sleep(10**9)
    assert cache(tmp_path, clock).read("key").servers == SERVERS


def test_another_key_has_nothing(tmp_path, clock):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    assert cache(tmp_path, clock).read("other") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "garbage",
        "null",
        "[]",
        '{"servers": "{\\"servers\\": [], \\"unmatched\\": []}"}',
        '{"servers": "{\\"servers\\": [5], \\"unmatched\\": []}", "read_at": 1}',
        '{"servers": "{\\"servers\\": [], \\"unmatched\\": 5}", "read_at": 1}',
        '{"servers": "{\\"servers\\": []}", "read_at": 1}',
        '{"servers": "[]", "read_at": 1}',
        '{"servers": "5", "read_at": 1}',
        '{"servers": "{", "read_at": 1}',
        '{"servers": [], "read_at": 1}',
        '{"servers": "{\\"servers\\": [], \\"unmatched\\": []}", "read_at": null}',
    ],
)
def test_what_cannot_be_read_is_as_good_as_nothing(tmp_path, clock, content):
    cache(tmp_path, clock).write("key", Kept(SERVERS))
    (file,) = tmp_path.iterdir()
    if content[:1] == "{" and "__payload__" in file.read_text(encoding="utf-8"):
        content = json.dumps({"__payload__": content})  # since ansible-core 2.19
    file.write_text(content, encoding="utf-8")
    assert cache(tmp_path, clock).read("key") is None


def test_the_memory_plugin_keeps_nothing_beyond_the_run(clock):
    first = ServerCache("memory", {}, now=clock.time)
    first.write("key", Kept(SERVERS))
    assert first.read("key") == Kept(SERVERS)
    assert ServerCache("memory", {}, now=clock.time).read("key") is None
