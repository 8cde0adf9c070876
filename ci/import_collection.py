# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run galaxy-importer without its limit of 180 seconds for ansible-lint, which a loaded machine exceeds."""

from __future__ import annotations

import runpy
import subprocess
from typing import Any

from galaxy_importer.loaders import collection


class Patient(subprocess.Popen):
    """A process that is waited for until it ends."""

    def communicate(self, input: Any = None, timeout: float | None = None) -> Any:  # noqa: A002
        return super().communicate(input)


collection.Popen = Patient
runpy.run_module("galaxy_importer.main", run_name="__main__", alter_sys=True)
