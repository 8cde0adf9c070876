# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._server_cache import (
    Kept,
    ServerCache,
)

SERVERS = [{"id": 7, "name": "{{ x }} ü", "packages": ["a"], "backup_plan": None, "rate": 1.5}]


def cache(tmp_path, clock):
    options = {"_uri": str(tmp_path), "_prefix": "servers_"}
    return ServerCache("jsonfile", options, now=clock.time)


def test_what_was_written_is_read_by_the_next_run(tmp_path, clock):
    cache(tmp_path, clock).write("key", SERVERS)
    clock.sleep(5)
    assert cache(tmp_path, clock).read("key") == Kept(SERVERS, 5)


def test_nothing_is_too_old_to_be_read(tmp_path, clock):
    cache(tmp_path, clock).write("key", SERVERS)
    clock.sleep(10**9)
    assert cache(tmp_path, clock).read("key").servers == SERVERS


def test_another_key_has_nothing(tmp_path, clock):
    cache(tmp_path, clock).write("key", SERVERS)
    assert cache(tmp_path, clock).read("other") is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "garbage",
        "null",
        "[]",
        '{"servers": "[]"}',
        '{"servers": "[5]", "read_at": 1}',
        '{"servers": "5", "read_at": 1}',
        '{"servers": "{", "read_at": 1}',
        '{"servers": [], "read_at": 1}',
        '{"servers": "[]", "read_at": null}',
    ],
)
def test_what_cannot_be_read_is_as_good_as_nothing(tmp_path, clock, content):
    cache(tmp_path, clock).write("key", SERVERS)
    (file,) = tmp_path.iterdir()
    if content[:1] == "{" and "__payload__" in file.read_text(encoding="utf-8"):
        content = json.dumps({"__payload__": content})  # since ansible-core 2.19
    file.write_text(content, encoding="utf-8")
    assert cache(tmp_path, clock).read("key") is None


def test_the_memory_plugin_keeps_nothing_beyond_the_run(clock):
    first = ServerCache("memory", {}, now=clock.time)
    first.write("key", SERVERS)
    assert first.read("key") == Kept(SERVERS, 0)
    assert ServerCache("memory", {}, now=clock.time).read("key") is None
