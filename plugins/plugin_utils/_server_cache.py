# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Store the servers of the last successful read in one of Ansible's cache plugins."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.loader import cache_loader

from ..module_utils._core.clock import SystemClock

_CLOCK = SystemClock()

#: For PBKDF2 with SHA-256, which every build of Python has. A key shows in the name of a file that
#: others may list, so guessing a password from it must be slow.
_ITERATIONS = 600_000

#: A server, as the host variables without their prefix.
Host = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """The result of a read.

    :param servers: the servers that passed the filters.
    :param age_s: how many seconds ago they were read.
    :param unmatched: (option, value) pairs of filters that matched nothing.
    :param stale: whether the panel could not be read since then.
    """

    servers: list[Host]
    age_s: float = 0
    unmatched: list[tuple[str, Any]] = field(default_factory=list)
    stale: bool = False


class ServerCache:
    """A cache of servers with the time of their read, which determines their age itself.

    A cache plugin alone would drop expired entries, which ``stale_on_error`` still needs; and writing
    one panel's servers through Ansible's wrapper would refresh the timestamps of the other entries.

    :param plugin: name of the cache plugin.
    :param options: its options, such as ``_uri``.
    :param now: returns the time.
    """

    def __init__(
        self,
        plugin: str,
        options: Mapping[str, Any],
        now: Callable[[], float] = _CLOCK.time,
    ) -> None:
        self._plugin = cache_loader.get(plugin, **{**options, "_timeout": 0})
        self._now = now

    def read(self, key: str) -> Kept | None:
        """Return the entry of a key, or ``None`` if no entry can be read and trusted."""
        try:
            if not self._plugin.contains(key) or not self._is_own(key):
                return None
            kept = self._plugin.get(key)
            content = json.loads(kept["servers"])
            servers = [dict(host) for host in content["servers"]]
            unmatched = [(str(option), value) for option, value in content["unmatched"]]
            return Kept(servers, self._now() - kept["read_at"], unmatched)
        except (AnsibleError, OSError, LookupError, TypeError, ValueError):
            return None

    def write(self, key: str, kept: Kept) -> None:
        """Store a read that has just ended, readable by its owner only."""
        # As one string, so that no cache plugin interprets its content.
        content = json.dumps({"servers": kept.servers, "unmatched": kept.unmatched})
        self._plugin.set(key, {"read_at": self._now(), "servers": content})
        # Ansible's file caches give everybody the right to read.
        for path in self._files(key):
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)

    def _is_own(self, key: str) -> bool:
        """Return whether no other user can have written an entry, since it contains addresses for connections."""
        for path in self._files(key):
            status = path.stat()
            writable = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            if writable or status.st_uid not in (0, os.geteuid()):
                return False
        return True

    def _files(self, key: str) -> list[Path]:
        """Return the files of an entry: none if the plugin keeps no files, or has no such entry."""
        folder = getattr(self._plugin, "_cache_dir", None)
        # The prefix of the key depends on the plugin's prefix and on the version of ansible-core.
        return list(Path(folder).glob(f"*{key}")) if folder else []


def cache_key(
    plugin: str, addresses: Mapping[str, str], secrets: Sequence[str], others: Sequence[Any]
) -> str:
    """Return the key of an entry, from which no secret can be guessed in reasonable time.

    :param plugin: name of the inventory plugin.
    :param addresses: of the panel's services.
    :param secrets: the credentials; others may see other servers.
    :param others: other values that determine which servers are read, and how.
    """
    place = json.dumps(dict(addresses), sort_keys=True)
    decisive = [place, _slow_hash(tuple(secrets), place), others]
    digest = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()
    return f"{plugin}_{digest[:32]}"


@functools.cache
def _slow_hash(secrets: tuple[str, ...], salt: str) -> str:
    text = json.dumps(secrets).encode()
    return hashlib.pbkdf2_hmac("sha256", text, salt.encode(), _ITERATIONS).hex()
