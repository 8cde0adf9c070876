# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Huawei Cloud as a panel: its dialect, its client and the addresses of its services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .._core.runner import Panel
from .._core.session import Session
from .client import HuaweiCloud
from .credentials import choose_account
from .dialect import HuaweiCloudDialect
from .endpoints import services


def _dialect(params: Mapping[str, Any]) -> HuaweiCloudDialect:
    """Return the dialect for the module's options. :raises PanelError: ``validation``."""
    return HuaweiCloudDialect(choose_account(params))


def _client(session: Session) -> HuaweiCloud:
    return HuaweiCloud(session, cast("HuaweiCloudDialect", session.dialect).account)


HUAWEICLOUD: Panel[HuaweiCloud] = Panel("Huawei Cloud", _dialect, _client, services=services)
