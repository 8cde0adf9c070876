# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._addresses import (
    UNREACHABLE,
    host_name_of,
    ip_of,
    is_controller,
    is_ip,
)

#: Notations of this machine, most of which only resolvers understand.
CONTROLLER = [
    *("127.0.0.1", "127.1", "127.0.0.53", "2130706433", "0x7f.1", "0177.0.0.1", "0", "0.0.0.0"),
    *("0.0", "0x0", "::1", "::", "::ffff:127.0.0.1", "localhost", "LocalHost", "localhost4"),
    *("a.localhost", "localhost.localdomain", "localhost6.localdomain6", "ip6-localhost"),
]


@pytest.mark.parametrize("text", ["192.0.2.7", "10.0.0.7", "2001:db8::7", "fd00::1"])
def test_an_address_of_a_server_is_accepted(text):
    assert ip_of(text) == text
    assert host_name_of(text) == text
    assert is_ip(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [("2001:DB8:0::7", "2001:db8::7"), ("2001:db8:5::/64", "2001:db8:5::"), ("::ffff:192.0.2.7", "192.0.2.7")],
)  # fmt: skip
def test_an_address_is_given_in_its_usual_form(text, address):
    assert ip_of(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *CONTROLLER,
        *("web01.example.com", "web01", "224.0.0.1", "ff02::1", "255.255.255.255", "fe80::1%eth0"),
        *("192.0.2.7:22", "192.0.2", "192.0.2.07", " 192.0.2.7", "root@192.0.2.7", None, "", 0, []),
    ],
)
def test_anything_else_is_not_an_address(text):
    assert ip_of(text) is None


@pytest.mark.parametrize("text", ["web01.example.com", "web01", "a-b.c3", "xn--bcher-kva.example"])
def test_a_dns_name_is_accepted_if_the_user_asks_for_one(text):
    assert host_name_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *CONTROLLER,
        *("-oProxyCommand=id", "{{ x }}", "a b", "user@host", "host:22", "a/b", "ü.example", "a\n"),
        *("a..b", ".a", "a.", "a_b", "-a.b", "a-.b", "web.1", "1.2.3.4.5", "a" * 64, "a." * 127 + "a" * 2),
        *(None, "", [], UNREACHABLE),
    ],
)  # fmt: skip
def test_a_name_that_a_resolver_reads_otherwise_is_refused(text):
    assert host_name_of(text) is None


@pytest.mark.parametrize("text", CONTROLLER)
def test_the_controller_is_recognised_in_any_notation(text):
    assert is_controller(text)


@pytest.mark.parametrize(
    "text", ["web01", "192.0.2.7", "1270", "7", "localhost.example.com", "ü", ""]
)
def test_another_machine_is_not_the_controller(text):
    assert not is_controller(text)
