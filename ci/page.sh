#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The page of a report in a real browser: its use, its look on screens and paper, and what it must not run.
# ARGS: more options for pytest.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main page
CHROMIUM=$(find_browser)
if [ -z "$CHROMIUM" ]; then
    loud "LEFT OUT: the report page in a browser, for there is no Chromium (package chromium)"
    exit 0
fi
export CHROMIUM
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree

say "the report page in $("$CHROMIUM" --version)"
report=$WORK/results/page.xml
rm -f "$report"
status=0
# shellcheck disable=SC2086 # a list
"$WORK/venvs/page/bin/python" -m pytest tests/page --junitxml="$report" ${ARGS:-} || status=1
read -r passed failed skipped < <("$MAIN_VENV/bin/python" "$TOP/ci/tally.py" "$report")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
result page "$passed" "$failed" "$skipped"
