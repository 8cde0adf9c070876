# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every VirtFusion module has."""

from __future__ import annotations

from .._core.argspec import connection

CONNECTION = connection("VIRTFUSION")
