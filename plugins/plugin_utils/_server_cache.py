# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers of the last successful read, in a cache plugin of Ansible's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.loader import cache_loader

from ..module_utils._core.waiting import SystemClock

_CLOCK = SystemClock()

Host = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """Servers, and how many seconds ago they were read."""

    servers: list[Host]
    age_s: float


class ServerCache:
    """Keeps servers together with the time of their reading, and judges their age itself.

    A cache plugin alone would forget what is too old, which ``stale_on_error`` still needs; and
    writing one panel's servers through Ansible's wrapper would make those of all others young again.

    :param plugin: name of the cache plugin.
    :param options: its options, such as ``_uri``.
    :param now: where the time comes from.
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
        """Return what is kept under a key; what cannot be read is as good as nothing."""
        try:
            if not self._plugin.contains(key):
                return None
            kept = self._plugin.get(key)
            servers = [dict(host) for host in json.loads(kept["servers"])]
            return Kept(servers, self._now() - kept["read_at"])
        except (AnsibleError, KeyError, TypeError, ValueError):
            return None

    def write(self, key: str, servers: list[Host]) -> None:
        """Keep servers that were read just now."""
        # As one text: no cache plugin then has an opinion on what is in it.
        self._plugin.set(key, {"read_at": self._now(), "servers": json.dumps(servers)})
