#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Makes what the named groups need, and nothing that is already there: legs, lint, importer, page, awx.
# See ci/setup.py. Usage: ci/setup.sh [--quiet] GROUP...

set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
export WORK=${WORK:-$top/.work}
mkdir -p "$WORK"

pythons=$("$top/ci/find_pythons.sh")
if [ -z "$pythons" ]; then
    echo "No Python 3.10 or newer was found on PATH: install one (on Debian and Ubuntu: apt install python3 python3-venv)." >&2
    exit 1
fi
read -r _ python <<<"$pythons"
exec "$python" -I "$top/ci/setup.py" --pythons "$pythons" "$@"
