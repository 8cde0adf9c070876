# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Virtualizor panel: its dialect, its client and the URL of its admin API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.errors import invalid
from .._core.runner import Panel, base_url_of
from .client import Virtualizor
from .dialect import PORTS, VirtualizorDialect


def admin_url(address: str) -> str:
    """Return the URL of the admin API.

    Without a port in the address the panel's default is used, 4085 for https and 4084 for http. For a
    proxy on a standard port the address must include the port, such as ``:443``.

    :raises PanelError: ``validation`` for an unusable address.
    """
    return base_url_of(address, ports=PORTS).removesuffix("/index.php").rstrip("/")


def _dialect(params: Mapping[str, Any]) -> VirtualizorDialect:
    """Create the dialect from the module's options. :raises PanelError: ``validation`` for unusable credentials."""
    auth = params["api_auth"]
    password = _credential(params, "api_pass")
    if auth == "hash" and params["api_key"]:
        raise invalid(
            "api_key is not sent with api_auth=hash, which uses the master's own pass",
            "remove it, also from VIRTUALIZOR_API_KEY, or set api_auth to pair or both",
        )
    return VirtualizorDialect(
        "" if auth == "hash" else _credential(params, "api_key"), password, auth
    )


def _credential(params: Mapping[str, Any], option: str) -> str:
    value = (params[option] or "").strip()
    if not value:
        variable = f"VIRTUALIZOR_{option.upper()}"
        hint = f"set it, or the environment variable {variable}"
        raise invalid(f"{option} is empty", hint, variable=variable)
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise invalid(f"{option} contains characters that are not allowed in credentials")
    return value


VIRTUALIZOR: Panel[Virtualizor] = Panel(
    "Virtualizor", _dialect, Virtualizor, services=lambda params: {"": admin_url(params["api_url"])}
)
