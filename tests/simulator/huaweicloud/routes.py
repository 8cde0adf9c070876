# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All routes of the three services."""

from __future__ import annotations

from . import flavor_change, flavors, iam, jobs, orders, phones, servers, tags
from .call import new_routes

ROUTES = new_routes()
for _module in (flavor_change, flavors, iam, jobs, orders, phones, servers, tags):
    ROUTES.include(_module.routes)

READING_POSTS = frozenset({"POST /v3/auth/tokens", "POST /v3.0/OS-CREDENTIAL/securitytokens"})
"""POST operations that create credentials and change nothing else."""
