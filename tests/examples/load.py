# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Gives a running simulator the names and values of the examples.

`python -m tests.examples.load http://127.0.0.1:8080/_sim [SERVERS [CA_FILE]]`
"""

from __future__ import annotations

import sys

from .fixture import Fixture, load

if __name__ == "__main__":
    url, servers, authority, *_more = [*sys.argv[1:], "", ""]
    fixture = Fixture.read()
    load(url, fixture, servers=int(servers or fixture.servers), authority=authority)
