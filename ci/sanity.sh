#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ansible-test sanity on the newest and the oldest ansible-core, side by side. ci/judge_sanity.sh has the tests of each.
# ARGS: more options, such as "--test validate-modules"; then no test is skipped, and which ones ran is not checked.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck source=ci/judge_sanity.sh
. "$TOP/ci/judge_sanity.sh"
setup legs lint
mkdir -p "$WORK/logs" "$WORK/results"

MISSING_PROGRAMS=
if shellcheck=$(type -P "$LINT/shellcheck" || type -P shellcheck); then
    ln -sf "$shellcheck" "$WORK/bin/shellcheck"
else
    MISSING_PROGRAMS=shellcheck
    loud "LEFT OUT: sanity test shellcheck, the program was not found"
fi

# sanity_of LEG: runs in a tree and a HOME of its own.
sanity_of() {
    local leg=$1 venv python name options=(--color no)
    venv=$(leg_field "$leg" 5)
    python=$(leg_field "$leg" 3)
    lay_tree "$WORK/sanity/$leg"
    cd "$WORK/sanity/$leg/$COLLECTION"
    export PATH=$WORK/bin:$venv/bin:$PATH
    home_for "$leg" "$leg-sanity"
    ansible_test "$venv" sanity --list-tests </dev/null >"$WORK/results/sanity-$leg.tests"
    for name in $(skipped_tests "$leg"); do options+=(--skip-test "$name"); done
    if [ -n "${ARGS:-}" ] || [ "$leg" != "$(leg_field main 2)" ]; then
        # shellcheck disable=SC2086 # ARGS is a list
        ansible_test "$venv" sanity --venv --python "$python" "${options[@]}" ${ARGS:-} </dev/null
        return
    fi
    # pylint takes as long as all other tests together. tests/ and ci/ are not part of the collection, and ruff lints them.
    local status=0
    ansible_test "$venv" sanity --venv --python "$python" "${options[@]}" --skip-test pylint </dev/null || status=$?
    ansible_test "$venv" sanity --venv --python "$python" --color no --test pylint --exclude tests/ --exclude ci/ </dev/null || status=$?
    return "$status"
}

legs=()
LEGS=${LEGS:-main floor}
for leg in $(leg_names); do legs+=("$leg"); done
pids=()
for leg in "${legs[@]}"; do
    note "sanity on $leg: started"
    sanity_of "$leg" >"$WORK/logs/sanity-$leg.log" 2>&1 &
    pids+=($!)
done
all_passed=0
all_failed=0
for index in "${!legs[@]}"; do
    leg=${legs[$index]}
    status=0
    wait "${pids[$index]}" || status=$?
    judge "$leg" "$status" "$WORK/logs/sanity-$leg.log" "$WORK/results/sanity-$leg.tests"
    if [ "$failed" -gt 0 ]; then
        cat "$WORK/logs/sanity-$leg.log"
    fi
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
done
result sanity "$all_passed" "$all_failed"
