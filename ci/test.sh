#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# All stages, as CI runs them, and a table at the end. The last line is what CI reads.
# A stage that runs on several legs or in parts is several jobs, each with one process. Two more jobs than there are
# processors run side by side, if the memory allows, for jobs wait at times (SLOTS=n: another number). The output of a
# job is printed when it ends.
# KEEP_GOING=1: a job that fails does not stop those after it.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then die "a real panel is for 'make integration'"; fi
# Options for a single stage would leave tests out here.
unset ARGS LEGS TARGETS PART
export JOBS=0

started=$SECONDS
rm -rf "$WORK/results"
mkdir -p "$WORK/results" "$WORK/logs"

say "setup"
"$TOP/ci/setup.sh" legs lint importer page awx
setup_seconds=$((SECONDS - started))
export VPSFLEET_SETUP_DONE=1

# --- the jobs: name, script and variables ------------------------------------------------------------

main=$(leg_field main 2)
floor=$(leg_field floor 2)
# First what is quickly wrong, then the longest, so that short ones fill the gaps at the end.
jobs=("lint lint" "integration-1 integration LEGS=$main PART=1" "integration-2 integration LEGS=$main PART=2"
    "unit-$main unit LEGS=$main" "sanity-$main sanity LEGS=$main")
for stage in integration unit; do
    while read -r leg; do
        if [ "$leg" != "$main" ]; then jobs+=("$stage-$leg $stage LEGS=$leg"); fi
    done < <(leg_names)
done
if [ -n "$floor" ] && [ "$floor" != "$main" ]; then jobs+=("sanity-$floor sanity LEGS=$floor"); fi
for stage in awx ci_server conformance examples molecule importer build docs page; do jobs+=("$stage $stage"); done
jobs+=("guards prove_guards" "environment environment")

# --- running them --------------------------------------------------------------------------------

# A job takes up to 1 GB.
default_slots() {
    local slots memory
    slots=$(($(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 2))
    memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || true)
    if [ -n "$memory" ] && [ "$memory" -lt "$slots" ]; then slots=$memory; fi
    echo "$slots"
}
slots=${SLOTS:-$(default_slots)}
if [ "$slots" -lt 2 ]; then slots=2; fi
declare -A began=() pid_of=()
rows=()
failures=()
passed=0
failed=0
broken=0

# A group of its own for each job, so that an interrupt ends it with all that it has started.
set -m
# shellcheck disable=SC2317 # called by the trap
end_jobs() {
    local pid
    for pid in "${pid_of[@]}"; do kill -TERM -- "-$pid" 2>/dev/null || true; done
}
trap end_jobs EXIT
trap 'exit 130' INT TERM

start_job() {
    local name script variables
    read -r name script variables <<<"$1"
    began[$name]=$SECONDS
    (
        status=0
        # shellcheck disable=SC2086 # a list of assignments
        env RESULT="$name" $variables "$TOP/ci/$script.sh" || status=$?
        times >"$WORK/results/$name.times"
        echo "$status" >"$WORK/results/$name.ending"
        mv "$WORK/results/$name.ending" "$WORK/results/$name.status"
    ) </dev/null >"$WORK/logs/job-$name.log" 2>&1 &
    pid_of[$name]=$!
    note "started: $name"
}

# The processor time of a job's processes, in seconds: the second line that `times` prints.
processor_seconds() {
    awk -F'[ms ]+' 'NR == 2 { printf "%d", $1 * 60 + $2 + $3 * 60 + $4 }' "$WORK/results/$1.times"
}

finish_job() {
    local name=$1 status p=0 f=0 s=0 numbers='' word=ok
    read -r status <"$WORK/results/$name.status"
    if [ -e "$WORK/results/$name" ]; then
        read -r p f s <"$WORK/results/$name"
        passed=$((passed + p))
        failed=$((failed + f))
        numbers="$p passed, $f failed, $s skipped"
    fi
    if [ "$status" != 0 ]; then
        word=FAILED
        broken=$((broken + 1))
        failures+=("$name")
        # A job that broke without a failed test counts as one.
        if [ "$f" = 0 ]; then failed=$((failed + 1)); fi
    fi
    printf '\n################ %s: %s\n' "$name" "$word"
    cat "$WORK/logs/job-$name.log"
    rows+=("$(printf '%-30s %-8s %5ss  processor %5ss  %s' "$name" "$word" \
        "$((SECONDS - began[$name]))" "$(processor_seconds "$name")" "$numbers")")
    unset "pid_of[$name]"
}

next=0
while [ "$next" -lt "${#jobs[@]}" ] || [ "${#pid_of[@]}" -gt 0 ]; do
    while [ "$next" -lt "${#jobs[@]}" ] && [ "${#pid_of[@]}" -lt "$slots" ]; do
        if [ "$broken" -gt 0 ] && [ "${KEEP_GOING:-0}" != 1 ]; then
            rows+=("$(printf '%-30s %s' "${jobs[next]%% *}" 'not run')")
        else
            start_job "${jobs[next]}"
        fi
        next=$((next + 1))
    done
    for name in "${!pid_of[@]}"; do
        if [ -e "$WORK/results/$name.status" ]; then
            finish_job "$name"
        elif ! kill -0 "${pid_of[$name]}" 2>/dev/null && [ ! -e "$WORK/results/$name.status" ]; then
            printf '0m0s 0m0s\n0m0s 0m0s\n' >"$WORK/results/$name.times"
            echo 137 >"$WORK/results/$name.status" # somebody killed it
        fi
    done
    sleep 0.2
done

say "summary (setup ${setup_seconds}s, all $((SECONDS - started))s)"
printf '%s\n' "${rows[@]}"
while IFS=$'\t' read -r roles name _; do echo "leg: $name ($roles)"; done <"$WORK/legs"
while read -r sentence; do loud "LEFT OUT: $sentence"; done <"$WORK/left_out"
# Named once more at the end, since some services show only the last lines of a long output.
for name in "${failures[@]}"; do
    loud "FAILED: $name"
    grep -aE '^(FAILED|ERROR|!!!)|: error:|\[ERROR\]: ' "$WORK/logs/job-$name.log" | cut -c1-300 | tail -n 8 || true
done
if [ "$((passed + failed))" = 0 ]; then failed=1; fi
echo "$passed passed, $failed failed"
[ "$broken" = 0 ] && [ "$failed" = 0 ]
