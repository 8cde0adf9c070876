#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The unit tests on each leg, as far as the leg can matter, and the meta tests:
#   main   all of them, with the coverage of module_utils and of the bulk engine
#   floor  all but the meta tests, which read the sources and see no difference
#   own    what meets Ansible: the plugins, and what imports ansible in module_utils and the packages of plugin_utils
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

# what_meets_ansible: folders and files whose tests an ansible-core can change.
what_meets_ansible() {
    local file test
    for file in tests/unit/plugins/*/ tests/unit/plugins/plugin_utils/test_*.py; do
        case $file in */module_utils/ | */plugin_utils/ | */__pycache__/) ;; *) echo "$file" ;; esac
    done
    {
        grep -rlE '^(from|import) ansible[. ]' --include='test_*.py' \
            tests/unit/plugins/module_utils tests/unit/plugins/plugin_utils/_*/
        grep -rlE '^ *(from|import) ansible[. ]' --include='*.py' \
            plugins/module_utils plugins/plugin_utils/_*/ | while read -r file; do
            test=tests/unit/${file%/*}/test_$(basename "$file" | sed 's/^_//')
            if [ -e "$test" ]; then echo "$test"; fi
        done
    } | sort -u
}

# tests_of LEG
tests_of() {
    case ,$(leg_field "$1" 1), in
        *,main,*) echo tests/unit ;;
        *,floor,*) echo tests/unit/plugins ;;
        *) what_meets_ansible ;;
    esac
}

reports=()
covered=
status=0
for leg in $(leg_names); do
    venv=$(leg_field "$leg" 5)
    report=$WORK/results/unit-$leg.xml
    rm -f "$report"
    options=(-n "${JOBS:-2}" --hypothesis-seed=0 --junitxml="$report")
    if [ "$leg" = "$(leg_field main 2)" ] && [ -z "${ARGS:-}" ]; then
        options+=(--cov --cov-report=)
        # Python's own monitoring costs a tenth of the time of the tests, a tracer as much as the tests. Older
        # Pythons have only the tracer.
        export COVERAGE_CORE=sysmon
        covered=1
    fi
    mapfile -t tests < <(tests_of "$leg")
    say "unit tests on $leg"
    # shellcheck disable=SC2086 # a list
    "$venv/bin/python" -m pytest "${tests[@]}" "${options[@]}" ${ARGS:-} || status=1
    reports+=("$report")
done

if [ -n "$covered" ] && [ "$status" = 0 ]; then
    say "coverage by the unit tests (at least ${COVERAGE_FLOOR:-93} % of module_utils and the bulk engine)"
    "$MAIN_VENV/bin/python" -m coverage report --include='plugins/module_utils/*,plugins/plugin_utils/_*/*' --fail-under="${COVERAGE_FLOOR:-93}" || status=1
fi

read -r passed failed skipped < <("$MAIN_VENV/bin/python" "$TOP/ci/tally.py" "${reports[@]}")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
result unit "$passed" "$failed" "$skipped"
