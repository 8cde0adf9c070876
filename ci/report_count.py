# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints how many of what a report is about are changed, failed, ...: report_count.py REPORT.JSON WORD."""

from __future__ import annotations

import json
import sys
from pathlib import Path

path, word = sys.argv[1:]
print(int(json.loads(Path(path).read_text())["totals"][word]))
