# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The VirtFusion panel: its Global API at `/api/v1`, 85 operations."""

from .panel import VirtFusion

__all__ = ["VirtFusion"]
