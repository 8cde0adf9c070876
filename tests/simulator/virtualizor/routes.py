# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All acts of the panel."""

from __future__ import annotations

from . import groups, plans, tasks, user_plans, users, vps, vps_edit
from .acts import Acts

ACTS = Acts()
for _module in (user_plans, plans, vps, vps_edit, users, tasks, groups):
    ACTS.include(_module.acts)
