# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version of the collection, for the User-Agent header."""

from __future__ import annotations

#: The version in galaxy.yml; a test compares them.
COLLECTION_VERSION = "0.1.0"
