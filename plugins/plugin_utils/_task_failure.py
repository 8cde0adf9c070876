# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the failure of a task's result, also if the module could not report it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: The message for a result without one.
SILENT = "the module ended without a result"


def failure_of(result: Mapping[str, Any], *, reported: bool) -> dict[str, Any] | None:
    """Return the ``failure`` of a result, or ``None`` if nothing failed.

    A module that was killed, or did not start, has no ``failure``. It then has an unknown one.

    :param reported: whether the result has the keys of a success.
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
