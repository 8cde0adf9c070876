# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Did a run of ansible-test sanity test what it should? Sourced by the stage and by its proof.

# How many sanity tests a release has, at the least: a run of fewer has left some out.
expected_tests() {
    case $1 in
        2.17 | 2.21) echo 24 ;;
        *) echo 23 ;;
    esac
}

# judge LEG STATUS LOG: sets passed and failed; what exits 0 without having tested is a failure.
judge() {
    local leg=$1 status=$2 log=$3 ran core trap
    core=$(leg_field "$leg" 4)
    ran=$(grep -c '^Running sanity test' "$log" || true)
    # The closing line of ansible-test says how many failed.
    failed=$(sed -n 's/^FATAL: The \([0-9]*\) sanity test(s) listed below.*/\1/p' "$log")
    if [ -z "$failed" ]; then failed=$((status != 0)); fi
    passed=$((ran - failed))
    if [ "$passed" -lt 0 ]; then passed=0; fi
    for trap in 'All targets skipped' 'Required program' 'No tests to run'; do
        if grep -q "$trap" "$log"; then
            loud "$leg: ansible-test said: $(grep -m 1 "$trap" "$log")"
            failed=$((failed + 1))
        fi
    done
    if [ -z "${ARGS:-}" ] && [ "$ran" -lt "$(expected_tests "$core")" ]; then
        loud "$leg: $ran sanity tests were run, at least $(expected_tests "$core") are expected"
        failed=$((failed + 1))
    fi
    say "sanity on $leg: $ran tests, $failed failed"
}
