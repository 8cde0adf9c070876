# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the module huaweicloud_cph_job_info, directly where it can."""

from __future__ import annotations

from ..modules.huaweicloud_cph_job_info import MODULE, main
from ..plugin_utils._direct_action import DirectAction

# ansible-lint checks the options of a task by the plugin that it finds first, with its ``main``.
__all__ = ["ActionModule", "main"]


class ActionModule(DirectAction):
    """The action."""

    MODULE = MODULE
