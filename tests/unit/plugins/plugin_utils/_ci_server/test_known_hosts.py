# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Host keys are read from anywhere, and only well-formed ones are believed."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.known_hosts import (
    HostKey,
    host_pattern,
    known_hosts,
    parse_keys,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.server import CiServer


def blob(kind: str, content: bytes = b"key") -> str:
    """Return the base64 text of a public key of this type."""
    parts = [kind.encode(), content]
    return base64.b64encode(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).decode()


ED25519 = HostKey("ssh-ed25519", blob("ssh-ed25519"))
RSA = HostKey("ssh-rsa", blob("ssh-rsa"))


@pytest.mark.parametrize(
    "text",
    [
        f"192.0.2.1 {ED25519}\n# 192.0.2.1:22 SSH-2.0-OpenSSH\n192.0.2.1 {RSA}\n",
        f"{ED25519} root@machine\n{RSA}\n",
        f"[192.0.2.1]:2222,name {RSA}\r\n2001:db8::1 {ED25519} a comment\n\n",
    ],
)
def test_keys_of_a_scan_of_key_files_and_of_known_hosts(text):
    assert parse_keys(text) == {ED25519, RSA}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 not-base64!",
        f"ssh-ed25519 {RSA.blob}",
        f"ssh-dss {blob('ssh-dss')}",
        "ssh-ed25519 " + base64.b64encode(b"\xff\xff\xff\xffssh-ed25519").decode(),
        "<html>502 Bad Gateway</html>",
    ],
)
def test_text_that_is_not_a_key_is_ignored(text):
    assert parse_keys(text) == frozenset()


@pytest.mark.parametrize(
    ("address", "port", "pattern"),
    [
        ("192.0.2.1", 22, "192.0.2.1"),
        ("192.0.2.1", 2222, "[192.0.2.1]:2222"),
        ("2001:db8::1", 22, "2001:db8::1"),
        ("2001:db8::1", 2222, "[2001:db8::1]:2222"),
    ],
)
def test_the_name_that_ssh_looks_up(address, port, pattern):
    assert host_pattern(CiServer(1, "a", address, port)) == pattern


def test_a_known_hosts_file_gives_its_keys_back():
    one, two = CiServer(1, "a", "192.0.2.1"), CiServer(2, "b", "192.0.2.2", 2222)
    text = known_hosts({one: {RSA, ED25519}, two: {ED25519}})
    assert text.splitlines() == [
        f"192.0.2.1 {ED25519}",
        f"192.0.2.1 {RSA}",
        f"[192.0.2.2]:2222 {ED25519}",
    ]
    assert parse_keys(text) == {RSA, ED25519}
