# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fail if an ansible-doc metadata dump contains an error of a plugin, and print the number of plugins."""

from __future__ import annotations

import json
import sys
from pathlib import Path

for type_, plugins in json.loads(Path(sys.argv[1]).read_text())["all"].items():
    for name, data in plugins.items():
        if isinstance(data, dict) and "error" in data:
            sys.exit(f"{type_} {name}: {data['error']}")
    if plugins:
        print(f"{len(plugins)} of type {type_}")
