# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints "passed failed skipped", summed over the JUnit files that are named."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

passed = failed = skipped = 0
for name in sys.argv[1:]:
    for suite in ElementTree.parse(name).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        left = int(suite.get("skipped", 0))
        passed += int(suite.get("tests", 0)) - bad - left
        failed += bad
        skipped += left
print(passed, failed, skipped)
