# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Huawei Cloud as a panel: its dialect, its client and the addresses of its services."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from .._core.errors import invalid
from .._core.runner import Panel, base_url_of
from .._core.session import Session
from .client import HuaweiCloud
from .credentials import choose_account
from .dialect import HuaweiCloudDialect
from .operations import BSS, CPH, IAM

#: It becomes part of a host name.
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def services(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the address of each service from the module's options.

    The order service has an address only if it is given: it depends on the site of the account,
    which does not follow from the region.

    :raises PanelError: ``validation`` for an invalid region or address.
    """
    region = params["region"].strip()
    if not _REGION.fullmatch(region):
        raise invalid(
            f"region must be the name of a region, not {region!r}",
            "such as cn-north-4; in the name of a sub-project it is the part before the underscore",
        )
    found = {}
    for service in (CPH, IAM):
        option = f"{service}_endpoint"
        given = params[option] or f"https://{service}.{region}.myhuaweicloud.com"
        found[service] = base_url_of(given, option=option)
    # Other tools show the address of IAM with its version.
    found[IAM] = found[IAM].removesuffix("/v3")
    if params.get("bss_endpoint"):
        found[BSS] = base_url_of(params["bss_endpoint"], option="bss_endpoint")
    return found


def _dialect(params: Mapping[str, Any]) -> HuaweiCloudDialect:
    """Return the dialect for the module's options. :raises PanelError: ``validation``."""
    return HuaweiCloudDialect(choose_account(params))


def _client(session: Session) -> HuaweiCloud:
    return HuaweiCloud(session, cast("HuaweiCloudDialect", session.dialect).account)


HUAWEICLOUD: Panel[HuaweiCloud] = Panel("Huawei Cloud", _dialect, _client, services=services)
