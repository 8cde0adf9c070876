# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Huawei Cloud: identity (IAM), Cloud Phone Host (CPH) and orders (BSS), all on the simulator's one port."""

from .panel import HuaweiCloud

__all__ = ["HuaweiCloud"]
