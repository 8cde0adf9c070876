# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Create hosts from servers of panels, with their names, variables and groups."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible import constants, template
from ansible.plugins.inventory import BaseInventoryPlugin

from ._addresses import UNREACHABLE, host_name_of, ip_of, is_controller, is_ip
from ._constructable import FastConstructable
from ._group_names import Trait, group_names
from ._host_names import Candidate, fit_name, unique_names
from ._later_sources import Watched, is_own_group, watch
from ._panel_text import ShownText
from ._server_cache import Host

if hasattr(template, "trust_as_template"):

    def unsafe(value: Any) -> Any:
        """Return the value unchanged: since core 2.19, only text of a trusted file can be a template."""
        return value

else:
    from ansible.utils.unsafe_proxy import wrap_var as unsafe


_MOST_SHOWN = 5

#: Each round avoids the names that ``keyed_groups`` have used for groups. Without a limit, the rounds
#: would not end if the names of groups follow the names of hosts.
_MOST_ROUNDS = 10


@dataclass(frozen=True)
class Server:
    """A server of one of the panels, with the traits that decide its ready-made groups.

    :param number: number of the panel in the source file.
    :param stale: whether it is from an earlier read, since the panel could not be read now.
    """

    fields: Host
    panel: str
    number: int
    traits: Sequence[Trait]
    stale: bool


class ServerHosts(FastConstructable, BaseInventoryPlugin):
    """A builder of hosts from servers.

    :cvar small: fields that become host variables unless ``full`` is set.
    :cvar address_fields: fields with IP addresses, which the panel assigns.
    """

    small: ClassVar[tuple[str, ...]]
    address_fields: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__()
        self.shown = ShownText()

    def warn(self, message: str) -> None:
        """Show a warning, without the secrets and the control characters in the text of a panel."""
        self.display.warning(self.shown.line(message))

    def build(self, servers: Sequence[Server]) -> None:
        """Add the servers as hosts, with their variables and groups.

        No host may have the name of a group: Ansible would confuse them, and give variables and groups
        of that server to all hosts of the group. The groups of ``keyed_groups`` are known only when
        they are made; a host that has the name of one of them gets another name.
        """
        if self.get_option("no_address") == "skip":
            servers = [server for server in servers if self._address(server)]
        self._groups = self._group_names(servers)
        merges = self.get_option("on_name_conflict") == "merge"
        others = set(self.inventory.hosts)
        desired_names = [self._desired_name(server.fields) for server in servers]
        candidates = [
            self._candidate(desired, server)
            for desired, server in zip(desired_names, servers, strict=True)
        ]
        taken = self._names_in_use() | (set() if merges else others)
        names = self._add_all(servers, candidates, taken, others)
        changed = [pair for pair in zip(desired_names, names, strict=True) if pair[0] != pair[1]]
        self._warn_of_changes(
            "Several servers have the same name, or a name has another meaning for Ansible, so hosts are",
            sorted(changed, key=lambda pair: pair[1] == fit_name(pair[0])),
        )
        watch(
            self.inventory,
            [
                Watched(name, candidate, merges, self._warn_of_later_sources)
                for name, candidate in zip(names, candidates, strict=True)
                if name not in others
            ],
        )

    def _add_all(
        self,
        servers: Sequence[Server],
        candidates: Sequence[Candidate],
        taken: set[str],
        others: Set[str],
    ) -> list[str]:
        """Add the servers as hosts, and return their names.

        :param taken: names that no host may have.
        :param others: the hosts of sources that Ansible has read before.
        """
        names = unique_names(candidates, taken)
        added: dict[int, str] = {}
        for remaining in reversed(range(_MOST_ROUNDS)):
            for number in [each for each, name in added.items() if name != names[each]]:
                if (name := added.pop(number)) not in others:
                    self.inventory.remove_host(self.inventory.hosts[name])
            for number, server in enumerate(servers):
                free = names[number] not in self.inventory.groups
                if number not in added and (free or not remaining):
                    self._add(server, names[number])
                    added[number] = names[number]
            groups = self.inventory.groups.keys() & set(names)
            conflicting = {name for name in groups if not is_own_group(self.inventory, name)}
            if not conflicting or not remaining:
                break
            taken = taken | conflicting
            names = unique_names(candidates, taken)
        return names

    def _warn_of_later_sources(self, renamed: Sequence[tuple[str, str]]) -> None:
        self._warn_of_changes(
            "Another inventory source has a host or group of the same name, so hosts are", renamed
        )

    def _group_names(self, servers: Sequence[Server]) -> dict[Trait, str]:
        """Return the name of each ready-made group."""
        prefix = self.get_option("group_prefix")
        names, changed = group_names(
            (trait for server in servers for trait in server.traits),
            lambda words: fit_name(self._sanitize_group_name(f"{prefix}{words}")),
            taken=self.inventory.hosts.keys(),
        )
        self._warn_of_changes(
            "Different objects of a panel, or an object and a host, have the same name, so groups are",
            changed,
        )
        return names

    def _candidate(self, desired: str, server: Server) -> Candidate:
        name = fit_name(desired)
        own = {
            str(value) for kind in self.address_fields for value in server.fields.get(kind) or ()
        }
        unfit = is_controller(name) or (is_ip(name) and name not in own)
        return Candidate(name, server.fields["id"], server.panel, server.number, unfit)

    def _names_in_use(self) -> set[str]:
        """Return the names that no host may have, as far as they are known in advance."""
        return {
            *constants.LOCALHOST,
            *self.inventory.groups,
            *map(self._sanitize_group_name, self.get_option("groups") or ()),
            *self._groups.values(),
        }

    def _warn_of_changes(self, reason: str, changed: Sequence[tuple[str, str]]) -> None:
        """Show which names differ from the desired ones, in one warning."""
        if changed:
            quoted = self.shown.quoted
            pairs = [
                f"{quoted(desired)} is {quoted(name)}" for desired, name in changed[:_MOST_SHOWN]
            ]
            more = len(changed) - len(pairs)
            rest = f" and {more} more" if more else ""
            self.warn(f"{reason} renamed: {', '.join(pairs)}{rest}")

    def _desired_name(self, fields: Host) -> str:
        """Return the first of ``hostnames`` that the server has."""
        for preference in self.get_option("hostnames"):
            value = str(next(iter(_listed(fields.get(preference))), None) or "").strip()
            if value:
                return value
        return str(fields["id"])

    def _add(self, server: Server, name: str) -> None:
        """Add one server with its variables and groups."""
        self.inventory.add_host(name)
        host = self.inventory.get_host(name)
        for key, value in self._variables(server, name).items():
            host.set_variable(key, unsafe(value))
        for group in dict.fromkeys(self._groups[trait] for trait in server.traits):
            self.inventory.add_child(self.inventory.add_group(group), name)
        strict = self.get_option("strict")
        variables = host.get_vars()
        self._set_composite_vars(self.get_option("compose"), variables, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict)

    def _variables(self, server: Server, name: str) -> dict[str, Any]:
        fields, prefix = server.fields, self.get_option("hostvars_prefix")
        names = fields if self.get_option("full") else [key for key in self.small if key in fields]
        variables = {f"{prefix}{key}": fields[key] for key in names}
        if server.panel:
            variables[f"{prefix}panel"] = server.panel
        if server.stale:
            variables[f"{prefix}stale"] = True
        by_name = host_name_of(name) if self.get_option("no_address") == "use_name" else None
        variables["ansible_host"] = self._address(server) or by_name or UNREACHABLE
        return variables

    def _address(self, server: Server) -> str | None:
        """Return the address to connect to. A DNS name is accepted only if the user asked for it."""
        source = self.get_option("connect_with")
        if source == "none":
            return None
        accepted = ip_of if source in self.address_fields else host_name_of
        found = map(accepted, _listed(server.fields.get(source)))
        return next((address for address in found if address), None)

    def _compose(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate an expression. The result can contain text of a panel, so it is never a template."""
        return unsafe(super()._compose(*args, **kwargs))


def _listed(value: Any) -> Sequence[Any]:
    """Return the elements of a list, or a single value as the only element."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    return [] if value is None else [value]
