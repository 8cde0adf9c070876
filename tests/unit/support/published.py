# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API that VirtFusion publishes: operations with the shapes of their responses."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import pick
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import TOP

#: Derived from the vendor's API description; a test next to the file repeats the derivation.
FILE = TOP / "tests" / "simulator_conformance" / "virtfusion_published.json"
PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["operations"]


def published_shape(request: str, path: str = "data") -> Any:
    """Return the shape of a response. Shapes hold types; a list is represented by its first row."""
    shape = pick(PUBLISHED[request]["response"], path)
    return shape[0] if isinstance(shape, list) else shape
