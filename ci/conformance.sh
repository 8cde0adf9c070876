#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Is the simulator what the panels' published descriptions say, and are results true under each of its switches?
# ARGS: more options for pytest.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree

say "simulator conformance"
report=$WORK/results/conformance.xml
rm -f "$report"
status=0
# shellcheck disable=SC2086 # a list
"$MAIN_VENV/bin/python" -m pytest tests/simulator_conformance -n "${JOBS:-2}" --hypothesis-seed=0 --junitxml="$report" ${ARGS:-} || status=1
read -r passed failed skipped < <("$MAIN_VENV/bin/python" "$TOP/ci/tally.py" "$report")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
result conformance "$passed" "$failed" "$skipped"
