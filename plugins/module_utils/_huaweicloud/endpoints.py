# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the services are: made from the region, unless the operator says otherwise (huaweicloud_cph 1.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._core.errors import invalid
from .._core.runner import base_url_of
from .operations import BSS, CPH, IAM

#: Letters, digits and hyphens: it becomes part of a host name.
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def services(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the address of each service from the module's options.

    The order service has none unless the operator gives it: which one is right depends on the
    site that the account was made on, which no region tells.

    :raises PanelError: ``validation`` for a region or an address that cannot be one.
    """
    region = params["region"].strip()
    if not _REGION.fullmatch(region):
        raise invalid(
            f"region must be the name of a region, not {region!r}",
            "such as cn-north-4; of a project's name it is the part before the underscore",
        )
    found = {}
    for service in (CPH, IAM):
        option = f"{service}_endpoint"
        given = params[option] or f"https://{service}.{region}.myhuaweicloud.com"
        found[service] = base_url_of(given, option=option)
    # People copy the address of IAM with its version from other tools.
    found[IAM] = found[IAM].removesuffix("/v3")
    if params.get("bss_endpoint"):
        found[BSS] = base_url_of(params["bss_endpoint"], option="bss_endpoint")
    return found
