# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fake secrets derived from a text. Equal states show equal secrets."""

from __future__ import annotations

import base64
import hashlib
import json


def encrypted(text: str, length: int) -> str:
    """Return a fake in the framework's form: base64 of an object with iv, value and mac (virtfusion 9)."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    value = (digest * (1 + length // 64))[: max(0, length * 3 // 4 - 96)]
    envelope = json.dumps({"iv": digest[:24], "value": value, "mac": digest, "tag": ""})
    return base64.b64encode(envelope.encode()).decode()
