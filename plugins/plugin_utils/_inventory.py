# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugins of all panels share: connections, cache, names, variables, groups."""

from __future__ import annotations

import hashlib
import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ansible import constants, template
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import Cacheable

from ..module_utils._core.errors import Code, PanelError
from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ..module_utils._core.runner import Panel, base_url_of
from ..module_utils._core.session import Session
from ..module_utils._core.waiting import SystemClock
from ._compile_once import compiling_once
from ._constructable import FastConstructable
from ._host_names import Candidate, address_of, fit_name, unique_names
from ._server_cache import Host, ServerCache
from ._source_options import SourceOptions

if hasattr(template, "trust_as_template"):

    def unsafe(value: Any) -> Any:
        """Return the value: what does not come from a trusted file is never a template (core 2.19)."""
        return value

else:
    from ansible.utils.unsafe_proxy import wrap_var as unsafe


#: The options of a connection that a panel takes from the source file unless it has its own.
SHARED = ("validate_certs", "ca_path", "timeout", "retries", "retry_budget", "rate_limit")
MOST_WORKERS = 50

#: Failures after which old data may be used: they may pass. A wrong token is not among them.
PASSING = frozenset({Code.TRANSPORT, Code.PROTOCOL, Code.RATE_LIMITED, Code.LOCKED})

_PANEL_NAME = re.compile(r"\w[\w.-]*")
_PREFIX = re.compile(r"([A-Za-z_]\w*)?", re.ASCII)
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Connection:
    """One panel of the source file.

    :param name: its name there, ``""`` where the file is about one panel only.
    :param options: of the connection.
    """

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Server:
    """A server of one of the panels, and the ready-made groups that it belongs into."""

    fields: Host
    panel: str
    number: int
    groups: Sequence[str]


class PanelInventory(FastConstructable, SourceOptions, Cacheable):
    """An inventory of the servers of one or more panels of a kind.

    A subclass says how to read the servers; what it returns are projected objects with ``id`` and
    ``name``, which the cache keeps.

    :cvar panel: the kind of panel.
    :cvar file_names: endings of a source file that is meant for the plugin.
    :cvar small: fields that become host variables unless ``full`` is set.
    :cvar local_groups: ready-made groups of one panel, which those of another must not get into.
    """

    panel: ClassVar[Panel[Any]]
    file_names: ClassVar[tuple[str, ...]]
    small: ClassVar[tuple[str, ...]]
    local_groups: ClassVar[frozenset[str]]

    @abstractmethod
    def query(self) -> Mapping[str, Any]:
        """Return what decides which servers are fetched: part of the cache's key.

        :raises PanelError: ``validation`` for a wrong option.
        """

    @abstractmethod
    def fetch(self, client: Any, query: Mapping[str, Any], workers: int) -> list[Host]:
        """Return the servers that the query asks for."""

    @abstractmethod
    def ready_groups(self, host: Host) -> Iterator[tuple[str, Any]]:
        """Return the ready-made groups of a server, as (name in ``group_by``, value)."""

    def verify_file(self, path: str) -> bool:
        """Whether the file is meant for this plugin, by its name."""
        return bool(super().verify_file(path)) and path.endswith(self.file_names)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read the source file, fetch the servers and build the inventory.

        :param cache: whether the cache may be read; ``--flush-cache`` says no.
        """
        super().parse(inventory, loader, path, cache)
        if REQUESTS_IMPORT_ERROR:
            raise AnsibleParserError(missing_required_lib("requests"))
        self.templar = compiling_once(self.templar)
        self._read_config_data(path)
        self.build(self._read_all(self._connections(), cache))

    # -- options -------------------------------------------------------------------------------

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a source file. Several panels, or one: not both."""
        for name in ("api_url", "api_token"):
            if name in given and given.get("panels") is not None:
                raise AnsibleParserError(f"{name} must be in panels, not beside it")
        return super().checked(given)

    def _connections(self) -> list[Connection]:
        """Return the connection of each panel. :raises AnsibleParserError: one of them lacks something."""
        workers, prefix = self.get_option("workers"), self.get_option("hostvars_prefix")
        if not 1 <= workers <= MOST_WORKERS:
            raise AnsibleParserError(f"workers must be from 1 to {MOST_WORKERS}, not {workers}")
        if not _PREFIX.fullmatch(prefix):
            raise AnsibleParserError(
                f"hostvars_prefix {prefix!r} is no beginning of a variable's name"
            )
        shared = {name: self.get_option(name) for name in SHARED}
        panels = self.get_option("panels")
        if panels is None:
            own = {name: self.get_option(name) for name in ("api_url", "api_token")}
            for name, value in own.items():
                if not value:
                    raise AnsibleParserError(f"{name} is not set, nor are panels")
            return [Connection("", {**shared, **own})]
        names = [panel["name"] for panel in panels]
        for name in names:
            if not _PANEL_NAME.fullmatch(name) or names.count(name) > 1:
                raise AnsibleParserError(
                    f"name {name!r} in panels must be one word that no other panel has"
                )
        return [Connection(panel["name"], {**shared, **_set_only(panel)}) for panel in panels]

    # -- servers -------------------------------------------------------------------------------

    def _read_all(self, connections: Sequence[Connection], cache: bool) -> list[Server]:
        """Return the servers of all panels. Every option is checked before anything is sent."""
        try:
            query = self.query()
        except PanelError as error:
            raise AnsibleParserError(error.msg) from None
        sessions: list[Session] = []
        try:
            for connection in connections:
                sessions.append(self._session(connection))
            kept = self._cache_of_servers() if self.get_option("cache") else None
            return [
                self._server(fields, connection, number)
                for number, (connection, session) in enumerate(
                    zip(connections, sessions, strict=True), 1
                )
                for fields in self._read(connection, session, query, kept, cache)
            ]
        finally:
            for session in sessions:
                session.close()

    def _session(self, connection: Connection) -> Session:
        clock = SystemClock()
        try:
            return self.panel.session(
                connection.options, check_mode=True, clock=clock, backend=None
            )
        except PanelError as error:
            raise AnsibleParserError(_said(connection, error)) from None

    def _read(
        self,
        connection: Connection,
        session: Session,
        query: Mapping[str, Any],
        kept: ServerCache | None,
        may_use: bool,
    ) -> list[Host]:
        """Return a panel's servers from the cache, or else from the panel."""
        key = self._cache_key(connection, query)
        last = kept.read(key) if kept else None
        timeout_s = self.get_option("cache_timeout")
        if last and may_use and (not timeout_s or 0 <= last.age_s <= timeout_s):
            return last.servers
        try:
            found = self.fetch(self.panel.client(session), query, self.get_option("workers"))
        except PanelError as error:
            said = _said(connection, error)
            if not last or error.code not in PASSING or not self.get_option("stale_on_error"):
                raise AnsibleParserError(said) from None
            self.display.warning(
                f"{said}; the servers that were read {_ago(last.age_s)} are used instead"
            )
            return last.servers
        if kept:
            try:
                kept.write(key, found)
            except (AnsibleError, OSError) as error:
                self.display.warning(f"The servers cannot be kept in the cache: {error}")
        return found

    def _cache_of_servers(self) -> ServerCache:
        options = {
            "_uri": self.get_option("cache_connection"),
            "_prefix": self.get_option("cache_prefix"),
        }
        return ServerCache(self.get_option("cache_plugin"), _set_only(options))

    def _cache_key(self, connection: Connection, query: Mapping[str, Any]) -> str:
        """Tell panels, tokens, filters and shapes of data apart, without keeping a token."""
        options = connection.options
        decisive = [
            base_url_of(options["api_url"], self.panel.api_path),
            options["api_token"].strip(),
            query,
            self.shape(),
        ]
        digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
        return f"{self.NAME}_{digest[:32]}"

    @abstractmethod
    def shape(self) -> Sequence[str]:
        """Return the names of a server's fields: what another release has kept may have others."""

    # -- hosts ---------------------------------------------------------------------------------

    def _server(self, fields: Host, connection: Connection, number: int) -> Server:
        """Return a server with its ready-made groups."""
        wishes = self.get_option("group_by")
        pairs = [pair for pair in self.ready_groups(fields) if pair[0] in wishes]
        if connection.name and "panel" in wishes:
            pairs.append(("panel", connection.name))
        groups = []
        for kind, value in pairs:
            own = [connection.name] if connection.name and kind in self.local_groups else []
            words = "_".join(filter(None, [kind, *own, str(value)]))
            groups.append(self._sanitize_group_name(self.get_option("group_prefix") + words))
        return Server(fields, connection.name, number, groups)

    def build(self, servers: Sequence[Server]) -> None:
        """Add the servers as hosts, with their variables and groups."""
        for server, name in zip(servers, self._names(servers), strict=True):
            self._add(server, name)

    def _names(self, servers: Sequence[Server]) -> list[str]:
        """Return a name for each server that nothing else has, and say which are not as wished."""
        wishes = [self._wish(server.fields) for server in servers]
        taken = {
            *constants.LOCALHOST,
            *self.inventory.groups,
            *map(self._sanitize_group_name, self.get_option("groups") or ()),
            *(group for server in servers for group in server.groups),
        }
        candidates = [
            Candidate(fit_name(wish), server.fields["id"], server.panel, server.number)
            for wish, server in zip(wishes, servers, strict=True)
        ]
        names = unique_names(candidates, taken)
        changed = [
            f"{wish!r} is {name!r}"
            for wish, name in zip(wishes, names, strict=True)
            if name != wish
        ]
        if changed:
            more = len(changed) - _MOST_SHOWN
            self.display.warning(
                "Names that several servers have, or that mean something else to Ansible, are "
                f"changed: {', '.join(changed[:_MOST_SHOWN])}"
                + (f" and {more} more" if more > 0 else "")
            )
        return names

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


def _said(connection: Connection, error: PanelError) -> str:
    """Return what went wrong, and on which panel where there are several."""
    return f"Panel {connection.name}: {error.msg}" if connection.name else error.msg


def _ago(seconds: float) -> str:
    minutes = max(0, round(seconds / 60))
    return f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"


def _set_only(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}


def _first(value: Any) -> Any:
    """Return the first element of a list, or the value itself."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value[0] if value else None
    return value
