# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The VirtFusion panel: its dialect, its client and the path of its API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.errors import invalid
from .._core.runner import Panel
from .client import VirtFusion
from .dialect import VirtFusionDialect

API_PATH = "/api/v1"


def _dialect(params: Mapping[str, Any]) -> VirtFusionDialect:
    """Create the dialect from the module's options. :raises PanelError: ``validation`` for an unusable token."""
    token = params["api_token"].strip()
    if not token:
        variable = "VIRTFUSION_API_TOKEN"
        hint = f"set it, or the environment variable {variable}"
        raise invalid("api_token is empty", hint, variable=variable)
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise invalid(
            "api_token contains characters that are not allowed in a token",
            "it must be one word, without 'Bearer'",
        )
    return VirtFusionDialect(token)


VIRTFUSION: Panel[VirtFusion] = Panel("VirtFusion", _dialect, VirtFusion, API_PATH)
