# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resets the simulated panel before the examples of a source."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.vpsfleet.panels.tests.examples.fixture import Fixture, load


class ActionModule(ActionBase):
    """Load `fixture.yml` into the simulator at VPSFLEET_EXAMPLES_CONTROL."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: Mapping[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        load(os.environ["VPSFLEET_EXAMPLES_CONTROL"], Fixture.read())
        return {**result, "changed": False}
