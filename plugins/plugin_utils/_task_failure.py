# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the result of a task tells of a failure, also where the module could not say it in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What a result without a word is reported with.
SILENT = "the module ended without a result"


def failure_of(result: Mapping[str, Any], *, reported: bool) -> dict[str, Any] | None:
    """Return the ``failure`` of a result, ``None`` where nothing failed.

    A module that was killed, or never began, has no ``failure``: it is then made up as an unknown one.

    :param reported: whether the result has what the module returns when all is well.
    """
    if result.get("failure"):
        return dict(result["failure"])
    if reported and not result.get("failed"):
        return None
    return {
        "code": "internal",
        "http_status": None,
        "operation": None,
        "message": str(result.get("msg") or SILENT),
        "retryable": False,
        "partial": bool(result.get("changed")),
        "state": "unknown",
    }
