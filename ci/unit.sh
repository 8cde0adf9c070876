#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The unit and meta tests, on each leg; on the main leg with the coverage of module_utils and of the bulk engine.
# ARGS: more options for pytest; then the main leg alone, without the coverage floor.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if [ -n "${ARGS:-}" ]; then
    LEGS=${LEGS:-main}
    setup main
else
    setup legs
fi
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree

reports=()
status=0
for leg in $(leg_names); do
    venv=$(leg_field "$leg" 5)
    report=$WORK/results/unit-$leg.xml
    rm -f "$report"
    options=(-n "${JOBS:-2}" --hypothesis-seed=0 --junitxml="$report")
    if [ "$leg" = "$(leg_field main 2)" ] && [ -z "${ARGS:-}" ]; then
        options+=(--cov --cov-report=)
    fi
    say "unit tests on $leg"
    # shellcheck disable=SC2086 # a list
    "$venv/bin/python" -m pytest tests/unit "${options[@]}" ${ARGS:-} || status=1
    reports+=("$report")
done

if [ -z "${ARGS:-}" ] && [ "$status" = 0 ] && [ "${LEGS:-all}" = all ]; then
    say "coverage by the unit tests (at least ${COVERAGE_FLOOR:-85} % of module_utils and the bulk engine)"
    "$MAIN_VENV/bin/python" -m coverage report --include='plugins/module_utils/*,plugins/plugin_utils/_*/*' --fail-under="${COVERAGE_FLOOR:-85}" || status=1
fi

read -r passed failed skipped < <("$MAIN_VENV/bin/python" "$TOP/ci/tally.py" "${reports[@]}")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
result unit "$passed" "$failed" "$skipped"
