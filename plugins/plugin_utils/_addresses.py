# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check addresses before Ansible connects to them."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

#: Set as ``ansible_host`` of a host without an address. RFC 6761 reserves ``.invalid``, and the dot at
#: the end keeps resolvers from trying search domains.
UNREACHABLE = "no-address.invalid."

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*")

#: Resolvers read a name whose last label is a number as an IPv4 address: ``127.1``, ``0``, ``0x7f.1``.
_NUMERIC = re.compile(r"(.*\.)?(\d+|0[xX][0-9a-fA-F]*)")

#: Names that hosts files and resolvers map to the loopback interface.
_LOOPBACK_NAME = re.compile(r"(.*\.)?(localhost|localdomain)\d*|ip6-(localhost|loopback)", re.I)


def ip_of(value: Any) -> str | None:
    """Return an IP address that can belong to a server, or ``None``. For a subnet, return its address."""
    address = _parsed(str(value or "").partition("/")[0])
    if address is None or _is_no_server(address):
        return None
    return str(address)


def host_name_of(value: Any) -> str | None:
    """Return a DNS name or IP address that can belong to a server, or ``None``."""
    text = str(value or "")
    if address := ip_of(text):
        return address
    if not _DNS_NAME.fullmatch(text) or _NUMERIC.fullmatch(text) or _LOOPBACK_NAME.fullmatch(text):
        return None
    return text


def is_ip(text: str) -> bool:
    """Return whether a text is an IP address in its usual form."""
    return _parsed(text) is not None


def is_controller(text: str) -> bool:
    """Return whether a name leads to the machine that looks it up, in any notation."""
    if _LOOPBACK_NAME.fullmatch(text):
        return True
    address = _parsed(text)
    if address is None and text.isascii():
        try:
            address = IPv4Address(socket.inet_aton(text))
        except (OSError, ValueError):
            return False
    return address is not None and (address.is_loopback or address.is_unspecified)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address in a text. An address with a zone belongs to a network of this machine, not to a server."""
    if "%" in text:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_no_server(address: IPv4Address | IPv6Address) -> bool:
    """Return whether no single other machine can have an address."""
    broadcast = address == IPv4Address("255.255.255.255")
    return address.is_loopback or address.is_unspecified or address.is_multicast or broadcast
