#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# All stages, as CI runs them, and a table at the end. The last line is what CI reads.
# KEEP_GOING=1: a stage that fails does not stop those after it.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

stages=(lint guards unit conformance docs build examples integration molecule sanity importer)
if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then die "a real panel is for 'make integration'"; fi
# Options for a single stage would leave tests out here.
unset ARGS LEGS TARGETS

started=$SECONDS
rm -rf "$WORK/results"
mkdir -p "$WORK/results" "$WORK/logs"

say "setup"
"$TOP/ci/setup.sh" legs lint importer
setup_seconds=$((SECONDS - started))
export VPSFLEET_SETUP_DONE=1

rows=()
passed=0
failed=0
skipped=0
broken=0
for stage in "${stages[@]}"; do
    if [ "$broken" -gt 0 ] && [ "${KEEP_GOING:-0}" != 1 ]; then
        rows+=("$(printf '%-13s %-8s' "$stage" 'not run')")
        continue
    fi
    printf '\n################ %s\n' "$stage"
    begun=$SECONDS
    case $stage in
        guards) script=prove_guards ;;
        *) script=$stage ;;
    esac
    status=ok
    "$TOP/ci/$script.sh" </dev/null || status=FAILED
    numbers=
    if [ -e "$WORK/results/$stage" ]; then
        read -r p f s <"$WORK/results/$stage"
        passed=$((passed + p))
        failed=$((failed + f))
        skipped=$((skipped + s))
        numbers="$p passed, $f failed, $s skipped"
    fi
    if [ "$status" = FAILED ]; then
        broken=$((broken + 1))
        # A stage that broke without a failed test counts as one.
        if [ "${f:-0}" = 0 ] || [ -z "$numbers" ]; then failed=$((failed + 1)); fi
    fi
    rows+=("$(printf '%-13s %-8s %4ss  %s' "$stage" "$status" "$((SECONDS - begun))" "$numbers")")
done

say "summary (setup ${setup_seconds}s, all $((SECONDS - started))s)"
printf '%s\n' "${rows[@]}"
while IFS=$'\t' read -r roles name _; do echo "leg: $name ($roles)"; done <"$WORK/legs"
while read -r sentence; do loud "LEFT OUT: $sentence"; done <"$WORK/left_out"
if [ "$broken" -gt 0 ]; then loud "$broken stage(s) failed"; fi
if [ "$((passed + failed))" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed"
[ "$broken" = 0 ] && [ "$failed" = 0 ]
