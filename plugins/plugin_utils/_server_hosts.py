# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers of panels as hosts: their names, variables and groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible import constants, template
from ansible.plugins.inventory import BaseInventoryPlugin

from ._constructable import FastConstructable
from ._host_names import Candidate, address_of, fit_name, unique_names
from ._server_cache import Host

if hasattr(template, "trust_as_template"):

    def unsafe(value: Any) -> Any:
        """Return the value: what does not come from a trusted file is never a template (core 2.19)."""
        return value

else:
    from ansible.utils.unsafe_proxy import wrap_var as unsafe


_MOST_SHOWN = 5


@dataclass(frozen=True)
class Server:
    """A server of one of the panels, and the ready-made groups that it belongs into."""

    fields: Host
    panel: str
    number: int
    groups: Sequence[str]


class ServerHosts(FastConstructable, BaseInventoryPlugin):
    """Makes hosts of servers.

    :cvar small: fields that become host variables unless ``full`` is set.
    """

    small: ClassVar[tuple[str, ...]]

    def build(self, servers: Sequence[Server]) -> None:
        """Add the servers as hosts, with their variables and groups.

        No host may have the name of a group: Ansible would take the one for the other, and so give
        variables and groups of that server to all hosts of the group. Which groups ``keyed_groups``
        make shows only when they are made; a name that turns out to be one of them is given up.
        """
        others = set(self.inventory.hosts)
        wishes = [self._wish(server.fields) for server in servers]
        candidates = [
            Candidate(fit_name(wish), server.fields["id"], server.panel, server.number)
            for wish, server in zip(wishes, servers, strict=True)
        ]
        taken = self._names_in_use(servers)
        names = unique_names(candidates, taken)
        added: dict[int, str] = {}
        while True:
            given_up = [number for number, name in added.items() if name != names[number]]
            for number in given_up:
                self._remove(added.pop(number), others)
            for number, server in enumerate(servers):
                name = names[number]
                if number not in added and (name in taken or name not in self.inventory.groups):
                    self._add(server, name)
                    added[number] = name
            clashing = self.inventory.groups.keys() & set(names) - taken
            if not clashing:
                break
            taken |= clashing
            names = unique_names(candidates, taken)
        self._warn_of_names(wishes, names, others)

    def _names_in_use(self, servers: Sequence[Server]) -> set[str]:
        """Return the names that no host may have, as far as they are known beforehand."""
        return {
            *constants.LOCALHOST,
            *self.inventory.groups,
            *map(self._sanitize_group_name, self.get_option("groups") or ()),
            *(group for server in servers for group in server.groups),
        }

    def _remove(self, name: str, others: Collection[str]) -> None:
        """Remove a host again, unless another source has it too."""
        if name not in others:
            self.inventory.remove_host(self.inventory.hosts[name])

    def _warn_of_names(
        self, wishes: Sequence[str], names: Sequence[str], others: Collection[str]
    ) -> None:
        """Say which names are not as wished, and which mean a host of another source."""
        pairs = zip(wishes, names, strict=True)
        if changed := [f"{wish!r} is {name!r}" for wish, name in pairs if name != wish]:
            self.display.warning(
                "Names that several servers have, or that mean something else to Ansible, are "
                f"changed: {_some(changed)}"
            )
        if shared := [repr(name) for name in names if name in others]:
            self.display.warning(
                "Servers have the names of hosts in other inventory sources, and are taken for "
                f"them: {_some(shared)}"
            )

    def _wish(self, fields: Host) -> str:
        """Return the first of ``hostnames`` that the server has."""
        for preference in self.get_option("hostnames"):
            value = str(_first(fields.get(preference)) or "").strip()
            if value:
                return value
        return str(fields["id"])

    def _add(self, server: Server, name: str) -> None:
        """Add one server with its variables and groups."""
        self.inventory.add_host(name)
        host = self.inventory.get_host(name)
        for key, value in self._variables(server).items():
            host.set_variable(key, unsafe(value))
        for group in server.groups:
            self.inventory.add_child(self.inventory.add_group(group), name)
        strict = self.get_option("strict")
        variables = host.get_vars()
        self._set_composite_vars(self.get_option("compose"), variables, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict)

    def _variables(self, server: Server) -> dict[str, Any]:
        fields, prefix = server.fields, self.get_option("hostvars_prefix")
        names = fields if self.get_option("full") else [key for key in self.small if key in fields]
        variables = {f"{prefix}{key}": fields[key] for key in names}
        if server.panel:
            variables[f"{prefix}panel"] = server.panel
        wish = self.get_option("connect_with")
        address = None if wish == "none" else address_of(_first(fields.get(wish)))
        if address:
            variables["ansible_host"] = address
        return variables

    def _compose(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate an expression. What is made of a panel's text is no more a template than that."""
        return unsafe(super()._compose(*args, **kwargs))


def _some(words: Sequence[str]) -> str:
    """Return the first of many words, and how many more there are."""
    more = len(words) - _MOST_SHOWN
    return ", ".join(words[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _first(value: Any) -> Any:
    """Return the first element of a list, or the value itself."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value[0] if value else None
    return value
