# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a VirtFusion panel says when it refuses: every body shape that was seen.

The panel itself sends ``errors`` (a list) on newer endpoints and ``msg`` on older ones; its
framework sends ``errors`` as a map from field to list, or ``message``; a gateway in front of it
sends HTML (virtfusion 1.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._core.http import Response


def error_text(response: Response) -> str:
    """Return the panel's own words, or ``""`` where the body holds none."""
    try:
        body = response.json()
    except ValueError:
        text = response.text.strip()
        return "" if text.startswith("<") else text
    return "; ".join(_sentences(body))


def _sentences(body: Any) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [sentence for item in body for sentence in _sentences(item)]
    if not isinstance(body, Mapping):
        return []
    errors = body.get("errors")
    if isinstance(errors, Mapping):
        errors = [
            f"{name}: {line}" for name, message in errors.items() for line in _sentences(message)
        ]
    for message in (errors, body.get("msg"), body.get("message"), body.get("error")):
        if message:
            return _sentences(message)
    return []
