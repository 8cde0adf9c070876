# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Which tests does ansible-test sanity run on a leg, and did it run them? Sourced by the stage and by its proof.

# What only the main leg runs.
# - These read a text with a linter of their own, which no ansible-core and no Python of a leg changes.
# - "import" imports each file anew with all that it needs, which takes minutes. It looks for libraries that may be missing,
#   which no leg changes either. ci/build.sh imports all files on the oldest ansible-core, in one process.
# All others run on both legs: an older release can compile, document and validate differently, and its small rules take
# no time.
MAIN_ONLY="changelog pep8 pslint pylint shellcheck yamllint import"

# How many sanity tests a release has, at the least: a list of fewer has left some out.
known_tests() {
    case $1 in
        2.17 | 2.21) echo 24 ;;
        *) echo 23 ;;
    esac
}

# skipped_tests LEG: the tests that the leg leaves to the main leg, and those whose program is missing.
skipped_tests() {
    if [ -z "${ARGS:-}" ] && [ "$1" != "$(leg_field main 2)" ]; then echo "$MAIN_ONLY"; else echo "${MISSING_PROGRAMS:-}"; fi
}

# tests_run LOG
tests_run() {
    sed -n 's/^Running sanity test "\([^"]*\)".*/\1/p' "$1" | sort -u
}

# judge LEG STATUS LOG LIST: sets passed and failed; what exits 0 without having tested is a failure.
# LIST: a file with the names of all tests that the leg's ansible-test has.
judge() {
    local leg=$1 status=$2 log=$3 list=$4 ran core trap name missed
    core=$(leg_field "$leg" 4)
    ran=$(grep -c '^Running sanity test' "$log" || true)
    # The closing line of each run of ansible-test says how many failed.
    failed=$(awk '/^FATAL: The [0-9]+ sanity test\(s\) listed below/ { n += $3 } END { print n + 0 }' "$log")
    if [ "$failed" = 0 ]; then failed=$((status != 0)); fi
    passed=$((ran - failed))
    if [ "$passed" -lt 0 ]; then passed=0; fi
    for trap in 'All targets skipped' 'Required program' 'No tests to run'; do
        if grep -q "$trap" "$log"; then
            loud "$leg: ansible-test said: $(grep -m 1 "$trap" "$log")"
            failed=$((failed + 1))
        fi
    done
    if [ -z "${ARGS:-}" ]; then
        if [ "$(wc -l <"$list")" -lt "$(known_tests "$core")" ]; then
            loud "$leg: ansible-test lists $(wc -l <"$list") sanity tests, at least $(known_tests "$core") are expected"
            failed=$((failed + 1))
        fi
        missed=$(diff <(for name in $(skipped_tests "$leg"); do echo "$name"; done | sort - <(tests_run "$log")) <(sort "$list") || true)
        if [ -n "$missed" ]; then
            loud "$leg: the tests that were run (<) are not those that are expected (>): $(grep '^[<>]' <<<"$missed" | tr '\n' ' ')"
            failed=$((failed + 1))
        fi
    fi
    say "sanity on $leg: $ran tests, $failed failed"
}
