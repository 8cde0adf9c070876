# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rename hosts of panels whose names are used by hosts and groups of later inventory sources.

Ansible merges hosts of the same name, and confuses a host with a group of the same name in methods that
accept both. A plugin has no list of the sources that follow. So its hosts are watched until Ansible has
read all sources, and a host is renamed if another source uses its name.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ._host_names import Candidate, unique_names

_ATTRIBUTE = "_vpsfleet_panels_watch"


class _Key(str):
    """A string with its own identity, since Python shares short strings."""

    __slots__ = ()


@dataclass(frozen=True)
class Watched:
    """A host that is renamed if a later source uses its name.

    :param name: its name.
    :param candidate: creates its other names.
    :param merges: whether a later host of the same name is the same host.
    :param warn: called once, with the names before and after of all hosts that were renamed.
    """

    name: str
    candidate: Candidate
    merges: bool
    warn: Callable[[list[tuple[str, str]]], None]


def watch(inventory: Any, hosts: Iterable[Watched]) -> None:
    """Watch hosts until the inventory is complete.

    :param inventory: as Ansible passes it to a plugin.
    """
    data = getattr(inventory, "__wrapped__", inventory)
    if _ATTRIBUTE not in vars(data):
        setattr(data, _ATTRIBUTE, _Watch(data))
    getattr(data, _ATTRIBUTE).add(hosts)


def is_own_group(inventory: Any, name: str) -> bool:
    """Return whether the group of a host's name has only that host, so that both mean the same."""
    group = inventory.groups[name]
    return bool([host.name for host in group.hosts] == [name] and not group.child_groups)


class _Watch:
    """A replacement for methods of one ``InventoryData`` while its sources are read."""

    _METHODS = ("add_host", "add_child", "set_variable", "reconcile_inventory")

    def __init__(self, data: Any) -> None:
        self._hosts: dict[str, Watched] = {}
        self._keys: dict[str, _Key] = {}
        self._data = data
        self._renamed: dict[Callable[..., None], list[tuple[str, str]]] = defaultdict(list)
        for method in self._METHODS:
            setattr(data, method, getattr(self, method))

    def add(self, hosts: Iterable[Watched]) -> None:
        """Watch more hosts."""
        added = {watched.name: watched for watched in hosts}
        self._hosts.update(added)
        self._keys.update((name, _Key(name)) for name in added)
        self._set_keys(lambda name: self._keys.get(name, name))

    def add_host(self, host: str, *args: Any, **kwargs: Any) -> str:
        """Rename a watched host before another source adds its own of the same name.

        A plugin that groups all hosts adds a host again to put it into a group; see :meth:`_is_host`.
        """
        watched = self._hosts.get(host)
        if watched and not watched.merges and not isinstance(host, _Key):
            self._rename(watched)
        added: str = self._own("add_host")(host, *args, **kwargs)
        return added

    def add_child(self, group: str, child: str) -> bool:
        """Add a host or group to a group. A watched host is not taken for a group of its name."""
        if self._is_host(child) and group in self._data.groups:
            host, members = self._data.hosts[child], self._data.groups[group]
            self._data._groups_dict_cache = {}
            return bool(members.add_host(host))
        return bool(self._own("add_child")(group, child))

    def set_variable(self, entity: str, varname: str, value: Any) -> None:
        """Set a variable of a host or group. A watched host is not taken for a group of its name."""
        if self._is_host(entity):
            self._data.hosts[entity].set_variable(varname, value)
        else:
            self._own("set_variable")(entity, varname, value)

    def reconcile_inventory(self) -> None:
        """Rename the watched hosts that have the name of a group, and end the watch."""
        for name in sorted(self._hosts.keys() & self._data.groups.keys()):
            if not is_own_group(self._data, name):
                self._rename(self._hosts[name])
        self._set_keys(str)
        for method in (*self._METHODS, _ATTRIBUTE):
            delattr(self._data, method)
        for warn, renamed in self._renamed.items():
            warn(renamed)
        self._data.reconcile_inventory()

    def _own(self, method: str) -> Callable[..., Any]:
        return getattr(type(self._data), method).__get__(self._data)  # type: ignore[no-any-return]

    def _is_host(self, name: str) -> bool:
        """Return whether a name that a group also has came from the keys of the hosts.

        A plugin that groups all hosts, such as ``constructed``, passes the key objects themselves. The name
        of a group is another string object.
        """
        return isinstance(name, _Key) and name in self._hosts and name in self._data.groups

    def _set_keys(self, key_of: Callable[[str], str]) -> None:
        hosts = {key_of(host.name): host for host in self._data.hosts.values()}
        self._data.hosts.clear()
        self._data.hosts.update(hosts)

    def _rename(self, watched: Watched) -> None:
        old = watched.name
        del self._hosts[old]
        host = self._data.hosts.pop(old)
        taken = ChainMap({old: host}, self._data.hosts, self._data.groups)
        (new,) = unique_names([watched.candidate], taken)
        for group in host.get_groups():
            if old in group.host_names:
                group.host_names.remove(old)
                group.host_names.add(new)
        host.name = new
        host.address = new
        key = self._keys[new] = _Key(new)
        self._data.hosts[key] = host
        self._hosts[new] = replace(watched, name=new)
        self._renamed[watched.warn].append((old, new))
