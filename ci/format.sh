#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Formats the checkout, mends what ruff can mend, and writes the pages that come from the code.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup lint
cd "$TOP"
"$LINT/ruff" format .
"$LINT/ruff" check --fix .
"$LINT/python" ci/operations_table.py
