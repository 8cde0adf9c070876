# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whitelist of a VirtFusion server: foreign addresses that it may send from (virtfusion 1.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.changes import Comparison, Reply
from ..._core.converge import in_turn, results
from ..._core.errors import Code, PanelError, invalid
from ..._core.fields import Compare, Field, Schema, pick
from ..._core.membership import EXACT, to_add, to_remove, wanted_members
from ..argspec import FIND_SERVER
from ..client import VirtFusion
from .interface import OnInterface


def _rank(entry: IPv4Interface | IPv6Interface) -> tuple[int, int, int]:
    return entry.version, int(entry.ip), entry.network.prefixlen


def sorted_entries(entries: Iterable[str]) -> list[str]:
    """Return unique entries as address/prefix in numeric order. :raises ValueError: for an invalid entry."""
    return [str(entry) for entry in sorted({ip_interface(entry) for entry in entries}, key=_rank)]


def whitelist_entry(row: Any) -> str:
    """Return a row as address/prefix. Writes use ``cidr``, reads use ``mask`` (virtfusion 1.9)."""
    return str(ip_interface(f"{pick(row, 'ip')}/{pick(row, 'mask')}"))


def whitelist_entries(rows: Any) -> list[str]:
    """Return the entries in an interface's rows."""
    return sorted_entries(whitelist_entry(row) for row in rows or ())


WHITELIST = Schema(
    Field("entries", "ipWhitelist", whitelist_entries, compare=Compare.SET, required=True)
)


#: The options of virtfusion_server_whitelist.
SERVER_WHITELIST_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "interface": {"type": "str", "choices": ["primary", "secondary"], "default": "primary"},
        "entries": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent", "exact"], "default": "present"},
    }
)


class ServerWhitelist(OnInterface):
    """An interface whose whitelist must have, must not have, or must equal the given entries."""

    key = "whitelist"
    shown = results(whitelist=("server_id", "interface", *WHITELIST))
    schema = WHITELIST

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._state = params["state"]
        self._named = _checked(params["entries"])
        if not self._named and self._state != EXACT:
            raise invalid("entries must name at least one entry")
        super().__init__(client, params)

    def desired(self) -> Mapping[str, Any]:
        there = self._view["entries"]
        return {"entries": sorted_entries(wanted_members(self._state, there, self._named))}

    def permit(self, comparison: Comparison) -> None:
        (change,) = comparison.changes
        for entry in to_remove(change):
            self._permit_removal(entry)

    def apply(self, comparison: Comparison) -> Reply:
        (change,) = comparison.changes
        spellings = {whitelist_entry(row): row["ip"] for row in self._raw["ipWhitelist"]}
        # Removals come first: the panel cannot distinguish two entries with the same address.
        removals = [partial(self._remove, spellings[entry]) for entry in to_remove(change)]
        in_turn(*removals, *(partial(self._add, entry) for entry in to_add(change)))
        return Reply()

    def _permit_removal(self, entry: str) -> None:
        """Refuse an ambiguous removal: the panel removes by address, without the prefix (virtfusion 1.9)."""
        address = ip_interface(entry).ip
        alike = [
            other
            for other in map(whitelist_entry, self._raw["ipWhitelist"])
            if ip_interface(other).ip == address
        ]
        if len(alike) > 1:
            raise PanelError(
                Code.REFUSED,
                f"{len(alike)} entries begin at {address} ({', '.join(alike)}), and the panel removes by address",
                action=f"remove {entry} from the {self.name(self._view)}",
                hint="remove it in the panel",
            )

    def _add(self, entry: str) -> None:
        address = ip_interface(entry)
        self._send("add_server_whitelist", ip=str(address.ip), cidr=address.network.prefixlen)

    def _remove(self, address: str) -> None:
        self._send("remove_server_whitelist", ip=address)


def _checked(entries: Iterable[str]) -> list[str]:
    """Return the entries as address/prefix. :raises PanelError: ``validation``."""
    try:
        return sorted_entries(entry.strip() for entry in entries)
    except ValueError as error:
        raise invalid(
            f"entries must be addresses, with a prefix length or without: {error}",
            "such as 192.0.2.0/24",
        ) from None
