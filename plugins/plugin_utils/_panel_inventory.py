# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugins of all panels share: a source file, its panels, their servers."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.inventory import Cacheable

from ..module_utils._core.clock import SystemClock
from ..module_utils._core.errors import Code, PanelError, defect
from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ..module_utils._core.runner import Panel
from ..module_utils._core.session import Session
from ._compile_once import compiling_once
from ._group_names import Trait
from ._server_cache import Host, Kept, ServerCache, cache_key
from ._server_hosts import Server, ServerHosts
from ._source_options import SourceOptions
from ._unmatched_filters import Unmatched, unmatched_values

#: Options of the connection that a panel takes from the source file where it does not set them itself.
SHARED = (
    "validate_certs",
    "ca_path",
    "timeout",
    "total_timeout",
    "max_response_size",
    "max_pages",
    "retries",
    "retry_budget",
    "rate_limit",
)
MOST_WORKERS = 50

#: Temporary failures. Only these allow the servers of the last read, see ``stale_on_error``.
PASSING = frozenset({Code.TRANSPORT, Code.PROTOCOL, Code.RATE_LIMITED, Code.LOCKED})

_PANEL_NAME = re.compile(r"\w[\w.-]*")
_PREFIX = re.compile(r"([A-Za-z_]\w*)?", re.ASCII)


@dataclass(frozen=True)
class Connection:
    """One panel of the source file.

    :param name: its name there, ``""`` if the file is about one panel only.
    :param options: of the connection.
    """

    name: str
    options: Mapping[str, Any]


class PanelInventory(ServerHosts, SourceOptions, Cacheable):
    """An inventory of the servers of one or more panels of a kind.

    A subclass reads the servers. It returns projected objects with ``id``, which the cache stores.

    :cvar panel: the kind of panel.
    :cvar file_names: endings of a source file that is meant for the plugin.
    :cvar own: options for the address and the credentials of one panel. With ``panels``, each entry has
        its own, and they are not allowed beside it.
    :cvar needed: the required ones among these. The panel's dialect checks the rest.
    :cvar shared: options of the connection that are taken from the source file like those in
        :data:`SHARED`.
    :cvar local_groups: ready-made groups of one panel, which must not contain servers of another.
    :cvar naming_filters: the filters that name objects of the panel, with the field each looks at.
    :cvar identity: the field that no two servers share, on any panel.
    """

    panel: ClassVar[Panel[Any]]
    file_names: ClassVar[tuple[str, ...]]
    own: ClassVar[tuple[str, ...]]
    needed: ClassVar[tuple[str, ...]]
    shared: ClassVar[tuple[str, ...]] = ()
    local_groups: ClassVar[frozenset[str]]
    naming_filters: ClassVar[Mapping[str, str]]
    identity: ClassVar[str] = "uuid"

    @abstractmethod
    def query(self) -> Mapping[str, Any]:
        """Return the filters that determine which servers are fetched. They are part of the cache's key.

        :raises PanelError: ``validation`` for a wrong option.
        """

    @abstractmethod
    def fetch(
        self, client: Any, query: Mapping[str, Any], workers: int, seen: list[Host]
    ) -> list[Host]:
        """Return the servers that pass the filters of the query.

        :param seen: receives the servers that the panel lists, before the filters.
        """

    @abstractmethod
    def everything(
        self, client: Any, query: Mapping[str, Any], workers: int
    ) -> Sequence[Host] | None:
        """Return all servers of the panel, ``None`` if the panel has listed them for the query already."""

    @abstractmethod
    def ready_groups(self, host: Host) -> Iterator[tuple[str, Any, Any]]:
        """Return the ready-made groups of a server.

        Each is (name in ``group_by``, name on the panel, ID on the panel or ``None``).
        """

    def verify_file(self, path: str) -> bool:
        """Return whether the file is meant for this plugin, by its name."""
        return bool(super().verify_file(path)) and path.endswith(self.file_names)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Read the source file, fetch the servers and build the inventory.

        :param cache: whether the cache may be read; false for ``--flush-cache``.
        """
        try:
            super().parse(inventory, loader, path, cache)
            if REQUESTS_IMPORT_ERROR:
                raise AnsibleParserError(missing_required_lib("requests"))
            self.templar = compiling_once(self.templar)
            self._read_config_data(path)
            self.build(self._read_all(self._connections(), cache))
        except Exception as error:  # noqa: BLE001 - Ansible would continue without this source
            known = isinstance(error, AnsibleError)
            message = self.shown.line(str(error) if known else defect(error).msg)
            if self.get_option("on_error") == "fail":
                # Ansible reads this constant after a plugin has failed. There is no other way to end the run.
                constants.INVENTORY_ANY_UNPARSED_IS_FAILED = True
            raise AnsibleParserError(message) from None

    # -- options -------------------------------------------------------------------------------

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a source file. :raises AnsibleParserError: both panels and a single panel are set."""
        if self._evaluated("on_error", given.get("on_error")) == "warn":
            self._options["on_error"] = "warn"  # also for mistakes in the other options
        for name in self.own:
            if name in given and given.get("panels") is not None:
                raise AnsibleParserError(f"{name} must be in panels, not beside it")
        return super().checked(given)

    def _connections(self) -> list[Connection]:
        """Return the connection of each panel. :raises AnsibleParserError: an option is missing or wrong."""
        workers, prefix = self.get_option("workers"), self.get_option("hostvars_prefix")
        if not 1 <= workers <= MOST_WORKERS:
            raise AnsibleParserError(f"workers must be from 1 to {MOST_WORKERS}, not {workers}")
        if not _PREFIX.fullmatch(prefix):
            raise AnsibleParserError(
                f"hostvars_prefix {prefix!r} cannot begin the name of a variable"
            )
        if self.get_option("stale_on_error") and not self._keeps_servers():
            raise AnsibleParserError(
                "stale_on_error requires cache: true, and a cache_plugin that keeps its entries between"
                " runs, such as ansible.builtin.jsonfile"
            )
        shared = {name: self.get_option(name) for name in (*SHARED, *self.shared)}
        panels = self.get_option("panels")
        if panels is None:
            own = {name: self.get_option(name) for name in self.own}
            for name in self.needed:
                if not own[name]:
                    raise AnsibleParserError(f"{name} is not set (set it, or panels)")
            return [Connection("", {**shared, **own})]
        if not panels:
            raise AnsibleParserError("panels is empty; name at least one panel")
        names = [panel["name"] for panel in panels]
        words = [self._sanitize_group_name(name) for name in names]
        for name, word in zip(names, words, strict=True):
            if not _PANEL_NAME.fullmatch(name) or words.count(word) > 1:
                raise AnsibleParserError(
                    f"name {name!r} in panels must be one word that no other panel has"
                )
        unset = dict.fromkeys(self.own)
        return [
            Connection(panel["name"], {**shared, **unset, **_set_only(panel)}) for panel in panels
        ]

    def _keeps_servers(self) -> bool:
        """Return whether a later run can find the servers of this one in the cache."""
        plugin = self.get_option("cache_plugin").rpartition(".")[2]
        return bool(self.get_option("cache") and plugin != "memory")

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
            self._check_distinct(connections, sessions)
            kept = self._cache_of_servers() if self.get_option("cache") else None
            reads = [
                self._read(connection, session, query, kept, cache)
                for connection, session in zip(connections, sessions, strict=True)
            ]
        finally:
            for session in sessions:
                session.close()
        self._check_filters(query, reads)
        self._warn_of_shared_servers(connections, reads)
        return [
            self._server(fields, connection, number, read.stale)
            for number, (connection, read) in enumerate(zip(connections, reads, strict=True), 1)
            for fields in read.servers
        ]

    def _check_distinct(
        self, connections: Sequence[Connection], sessions: Sequence[Session]
    ) -> None:
        """Refuse two entries for one panel. :raises AnsibleParserError: they have the same address and credentials."""
        names: dict[str, str] = {}
        for connection, session in zip(connections, sessions, strict=True):
            scope = self.scope(connection.options)
            place = repr([*session.base_urls.items(), *scope, *session.dialect.secrets()])
            if place in names:
                raise AnsibleParserError(
                    f"{names[place]!r} and {connection.name!r} in panels are the same panel, so each of its"
                    " servers would be two hosts (remove one entry, or correct its address)"
                )
            names[place] = connection.name

    def _warn_of_shared_servers(
        self, connections: Sequence[Connection], reads: Sequence[Kept]
    ) -> None:
        """Show which entries have servers in common, such as those of one panel with two addresses."""
        owners: dict[Any, str] = {}
        shared: dict[tuple[str, str], int] = {}
        for connection, read in zip(connections, reads, strict=True):
            for identity in {fields.get(self.identity) for fields in read.servers} - {None, ""}:
                pair = owners.setdefault(identity, connection.name), connection.name
                shared[pair] = shared.get(pair, 0) + 1
        for (first, second), number in shared.items():
            if first != second:
                self.warn(
                    f"{first!r} and {second!r} in panels have servers in common, which are two hosts each:"
                    f" {number} with the same {self.identity}"
                )

    def _session(self, connection: Connection) -> Session:
        clock = SystemClock()
        try:
            session = self.panel.session(
                connection.options, check_mode=True, clock=clock, backend=None
            )
        except PanelError as error:
            if connection.name and error.variable:
                error.hint = "set it in panels"  # no panel gets the credentials of another
            raise AnsibleParserError(_message(connection, error)) from None
        self.shown.hide(session.redact)
        return session

    def _read(
        self,
        connection: Connection,
        session: Session,
        query: Mapping[str, Any],
        cache: ServerCache | None,
        may_use: bool,
    ) -> Kept:
        """Return a panel's servers from the cache, or else from the panel."""
        key = self._cache_key(connection, session, query) if cache else ""
        last = cache.read(key) if cache else None
        timeout_s = self.get_option("cache_timeout")
        if last and may_use and (not timeout_s or 0 <= last.age_s <= timeout_s):
            return last
        seen: list[Host] = []
        try:
            client, workers = self.panel.client(session), self.get_option("workers")
            servers = self.fetch(client, query, workers, seen)
            unmatched = self._unmatched(client, query, workers, seen)
        except PanelError as error:
            message = _message(connection, error)
            if not last or error.code not in PASSING or not self.get_option("stale_on_error"):
                raise AnsibleParserError(message) from None
            self.warn(f"{message}; the servers that were read {_ago(last.age_s)} are used instead")
            return replace(last, stale=True)
        found = Kept(servers, unmatched=unmatched)
        if cache:
            try:
                cache.write(key, found)
            except (AnsibleError, OSError) as error:
                self.warn(f"The servers cannot be kept in the cache: {error}")
        return found

    def _unmatched(
        self, client: Any, query: Mapping[str, Any], workers: int, seen: Sequence[Host]
    ) -> Unmatched:
        """Return the values of filters that match no server of the panel.

        The panel itself may have filtered the listed servers. Then a value that matches none of them is
        compared with all servers.
        """
        if self._ignores_unmatched():
            return []
        unmatched = unmatched_values(query, self.naming_filters, seen)
        everything = self.everything(client, query, workers) if unmatched else None
        if everything is None:
            return unmatched
        return unmatched_values(query, self.naming_filters, everything)

    def _ignores_unmatched(self) -> bool:
        return bool(self.get_option("on_unmatched_filter") == "ignore")

    def _check_filters(self, query: Mapping[str, Any], reads: Sequence[Kept]) -> None:
        """Warn or fail if a filter matches nothing on any panel, by ``on_unmatched_filter``."""
        action = self.get_option("on_unmatched_filter")
        unmatched: Unmatched = (
            [pair for pair in reads[0].unmatched if all(pair in read.unmatched for read in reads)]
            if reads
            else []
        )
        if not unmatched or action == "ignore":
            return
        pairs = ", ".join(
            f"{option}: {self.shown.quoted(str(value))}" for option, value in unmatched
        )
        message = f"Filters match none of the servers that could be read: {pairs}"
        if action == "fail":
            raise AnsibleParserError(f"{message} (set on_unmatched_filter if this is right)")
        self.warn(message)

    def _cache_of_servers(self) -> ServerCache:
        options = {
            "_uri": self.get_option("cache_connection"),
            "_prefix": self.get_option("cache_prefix"),
        }
        return ServerCache(self.get_option("cache_plugin"), _set_only(options))

    def _cache_key(self, connection: Connection, session: Session, query: Mapping[str, Any]) -> str:
        """Return a key that distinguishes panels, credentials, filters and shapes of data."""
        others = [
            *(self.scope(connection.options), query, self.shape()),
            self._ignores_unmatched(),  # an entry of such a source does not have the unmatched values
        ]
        return cache_key(self.NAME, session.base_urls, session.dialect.secrets(), others)

    def scope(self, options: Mapping[str, Any]) -> Sequence[Any]:
        """Return other values that determine which servers a connection shows, such as an account's project.

        They are part of the cache's key, like the addresses and the credentials.

        :param options: of the connection.
        """
        return ()

    @abstractmethod
    def shape(self) -> Sequence[str]:
        """Return the names of a server's fields. Entries of another release may have others."""

    # -- ready-made groups ------------------------------------------------------------------------

    def _server(self, fields: Host, connection: Connection, number: int, stale: bool) -> Server:
        """Return a server with the traits that decide its ready-made groups."""
        selected = self.get_option("group_by")
        panel = self._sanitize_group_name(connection.name) if connection.name else ""
        traits = []
        for kind, label, own_id in self.ready_groups(fields):
            if kind not in selected:
                continue
            local = kind in self.local_groups
            if own_id is None and not local:
                traits.append(Trait(kind, str(label)))
            else:
                traits.append(Trait(kind, str(label), own_id, panel, number, local))
        if connection.name and "panel" in selected:
            traits.append(Trait("panel", connection.name))
        return Server(fields, connection.name, number, traits, stale)


def _message(connection: Connection, error: PanelError) -> str:
    """Return the message of a failure, with the name of the panel if there are several."""
    return f"Panel {connection.name}: {error.msg}" if connection.name else error.msg


def _ago(seconds: float) -> str:
    """Return the age of a read in words. If it is negative, a clock is or was wrong, and it is not known."""
    if seconds < 0:
        return "at an unknown time (the cache has a time in the future)"
    minutes = round(seconds / 60)
    if minutes < 2:
        return "less than 2 minutes ago"
    return f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"


def _set_only(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}
