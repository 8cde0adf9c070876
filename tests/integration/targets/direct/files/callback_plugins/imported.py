# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print what Ansible's main process has imported when the plays end."""

from __future__ import annotations

import sys

from ansible.plugins.callback import CallbackBase

HERE = "ansible_collections.vpsfleet.panels.plugins."


class CallbackModule(CallbackBase):
    """The callback."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "imported"

    def v2_playbook_on_stats(self, stats):
        """Print the names of the modules and of the HTTP library."""
        modules = sorted(name for name in sys.modules if name.startswith(f"{HERE}modules."))
        library = "requests" in sys.modules
        names = ",".join(name.removeprefix(f"{HERE}modules.") for name in modules)
        self._display.display(f"IMPORTED {names} requests={library}")
