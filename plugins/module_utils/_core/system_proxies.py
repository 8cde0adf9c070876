# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxies for a server, from the environment or from the system, safe in a forked process.

Without proxies in the environment, Python asks macOS for them. A forked process that does so dies, and
Ansible forks a process for each task: "a worker was found in a dead state". So the system is asked
when this file is imported, which Ansible's main process does before it forks. Other systems have no
such setting.
"""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import parent_process  # noqa: TID251 - starts no process
from typing import Any
from urllib.parse import urlsplit

_MACOS = "darwin"


@dataclass(frozen=True)
class SystemProxies:
    """The system's setting, as it was when it was asked for.

    :param proxies: addresses of proxies by scheme.
    :param bypassed: returns whether a host is reached without a proxy.
    """

    proxies: Mapping[str, str]
    bypassed: Callable[[str], bool]


def ask_system() -> SystemProxies | None:
    """Return the system's setting, or ``None`` in a process that must not ask for it."""
    if sys.platform != _MACOS:
        return SystemProxies({}, lambda _host: True)
    if parent_process() is not None:
        return None
    # Python has these functions on macOS only; the last one is the rule behind proxy_bypass.
    library: Any = urllib.request
    settings = library._get_proxy_settings()
    return SystemProxies(
        library.getproxies_macosx_sysconf(),
        lambda host: bool(library._proxy_bypass_macosx_sysconf(host, settings)),
    )


SYSTEM = ask_system()


def known() -> bool:
    """Return whether this process knows the proxies, or may ask for them."""
    return SYSTEM is not None or bool(urllib.request.getproxies_environment())


def proxies_for(
    url: str, from_environment: Callable[[str], Mapping[str, str]]
) -> Mapping[str, str]:
    """Return the proxies for a URL, by scheme.

    :param from_environment: returns those that the environment names. It must not ask the system
        if the environment names any.
    :raises RuntimeError: this process must not ask for them, see :func:`known`.
    """
    if urllib.request.getproxies_environment():
        return from_environment(url)
    if SYSTEM is None:
        raise RuntimeError("the proxies of the system are unknown in this process")
    host = urlsplit(url).hostname or ""
    return {} if SYSTEM.bypassed(host) else SYSTEM.proxies
