# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxies and the certificate authorities of the system.

Without proxies in the environment, Python reads them from macOS. This kills a forked process, and
Ansible forks a process for each task: "a worker was found in a dead state". So they are read
when this file is imported, which Ansible's main process does before it forks. Other systems have no
such setting.

requests trusts only the list of its dependency certifi, without the authorities that an administrator
has added to the system. Here, the system's list takes precedence.
"""

from __future__ import annotations

import os
import ssl
import sys
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import parent_process  # noqa: TID251 - starts no process
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_MACOS = "darwin"


@dataclass(frozen=True)
class SystemProxies:
    """The system's setting at the time of the read.

    :param proxies: addresses of proxies by scheme.
    :param bypassed: returns whether a host is reached without a proxy.
    """

    proxies: Mapping[str, str]
    bypassed: Callable[[str], bool]


def read_system() -> SystemProxies | None:
    """Return the system's setting, or ``None`` in a process that must not read it."""
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


SYSTEM = read_system()


def known() -> bool:
    """Return whether the proxies are known in this process."""
    return SYSTEM is not None or bool(urllib.request.getproxies_environment())


def proxies_for(
    url: str, from_environment: Callable[[str], Mapping[str, str]]
) -> Mapping[str, str]:
    """Return the proxies for a URL, by scheme.

    :param from_environment: returns the proxies of the environment. If there are any, it must not read
        the system's.
    :raises RuntimeError: the proxies are not known in this process, see :func:`known`.
    """
    if urllib.request.getproxies_environment():
        return from_environment(url)
    if SYSTEM is None:
        raise RuntimeError("the proxies of the system are unknown in this process")
    host = urlsplit(url).hostname or ""
    return {} if SYSTEM.bypassed(host) else SYSTEM.proxies


#: Files with the authorities of common systems. The OpenSSL of a Python from a wheel or a container
#: may have another path compiled in.
_SYSTEM_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Alpine
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # BSD, macOS
)


def system_authorities() -> str | None:
    """Return the file or folder with the system's authorities, or ``None`` if there is none.

    The environment variables ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` take precedence, as in OpenSSL.
    """
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        if os.environ.get(variable):
            return os.environ[variable]
    default = ssl.get_default_verify_paths()
    for path in (default.cafile, *_SYSTEM_FILES):
        if path and Path(path).is_file():
            return path
    folder = default.capath
    return folder if folder and any(Path(folder).glob("*")) else None


def unusable(path: str) -> str | None:
    """Return why a file or folder of authorities cannot be used, or ``None``."""
    try:
        if Path(path).is_dir():
            return None
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return f"{path} holds no certificate in PEM format"
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}"
    return None
