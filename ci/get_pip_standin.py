# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands where ansible-test caches the pip bootstrap script that it would else download.

Runs the pip of the work folder inside the empty venv that ansible-test has just made, so the
packages come from the index that pip is configured with. ci/setup.py fills in the folder.
"""

from __future__ import annotations

import sys

PIP_FOLDER = "@PIP_FOLDER@"

if __name__ == "__main__":
    # The real script installs setuptools and wheel by default; ansible-test names the required packages.
    arguments = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
    sys.path.insert(0, PIP_FOLDER)
    from pip._internal.cli.main import main

    sys.exit(main(["install", "--upgrade", "--force-reinstall", *arguments]))
