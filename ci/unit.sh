#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The unit tests on each leg, as far as the leg can matter:
#   main   all of them, also the meta tests, with the coverage of module_utils and of the bulk engine
#   floor  what the oldest ansible-core, Python, requests or urllib3 can change: the plugins, and the sources that
#          import Ansible, another package, or a module of Python's library that differs between releases (files,
#          network, processes, threads, time and others)
#   own    what another ansible-core can change: the plugins, and the sources that import Ansible
# ci/leg_tests.py decides by the imports of the sources, so there is no list of tests. The rest computes only. For
# it, ruff (target-version), mypy (python_version) and the sanity tests on the floor find what an older Python lacks.
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

# tests_of LEG
tests_of() {
    case ,$(leg_field "$1" 1), in
        *,main,*) echo tests/unit ;;
        *,floor,*) "$MAIN_VENV/bin/python" "$TOP/ci/leg_tests.py" floor ;;
        *) "$MAIN_VENV/bin/python" "$TOP/ci/leg_tests.py" core ;;
    esac
}

# memory_folder: a new folder in memory for the files of the tests. Each write of the fleet code is synced, and a disk
# takes longer for that than the tests for all else. Nothing where there is no such memory, or no program runs in it.
memory_folder() {
    local folder
    folder=$(mktemp -d /dev/shm/vpsfleet-unit.XXXXXX 2>/dev/null) || return 0
    if printf '#!/bin/sh\n' >"$folder/probe" && chmod +x "$folder/probe" && "$folder/probe" 2>/dev/null &&
        [ "$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')" -gt 524288 ]; then
        echo "$folder"
    else
        rm -rf "${folder:?}"
    fi
}

memory=$(memory_folder)
if [ -n "$memory" ]; then
    trap 'rm -rf "${memory:?}"' EXIT
    export TMPDIR=$memory
fi
reports=()
covered=
status=0
for leg in $(leg_names); do
    venv=$(leg_field "$leg" 5)
    report=$WORK/results/unit-$leg.xml
    rm -f "$report"
    options=(-n "${JOBS:-2}" --hypothesis-seed=0 --junitxml="$report")
    # On the other legs 20 examples of each property, instead of 100 (see tests/unit/conftest.py).
    if [ "$leg" != "$(leg_field main 2)" ]; then options+=(--hypothesis-profile=leg); fi
    if [ "$leg" = "$(leg_field main 2)" ] && [ -z "${ARGS:-}" ]; then
        options+=(--cov --cov-report=)
        # Python's own monitoring costs a tenth of the time of the tests, a tracer as much as the tests. Older
        # Pythons have only the tracer.
        export COVERAGE_CORE=sysmon
        covered=1
    fi
    mapfile -t tests < <(tests_of "$leg")
    # Without an argument, pytest would run other tests.
    [ "${#tests[@]}" -gt 0 ] || die "no unit test for $leg"
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
