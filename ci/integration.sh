#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The integration targets through real ansible-playbook runs, as ansible-test runs them: every target
# on the main leg, those with the alias oldest_core or every_core on the leg with the oldest
# ansible-core, and only those with every_core on a leg in between. What the collection uses of
# ansible-core is either old, and the oldest leg shows it, or new, and the main leg shows it; the few
# targets with every_core show that both meet in between.
# TARGETS: only these. VPSFLEET_REAL_PANEL=1 with VIRTFUSION_API_URL and VIRTFUSION_API_TOKEN: the
# same targets against a real panel; those that need the simulator's control path skip themselves.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# One panel cannot serve several legs at a time.
if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then LEGS=${LEGS:-main}; fi
setup legs
mkdir -p "$WORK/logs" "$WORK/results"

# The targets read these names from integration_config.yml, which lies in the tree only.
write_config() {
    local simulator=true
    if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then simulator=false; fi
    (
        umask 077
        cat >"$1/$COLLECTION/tests/integration/integration_config.yml" <<CONFIG
vpsfleet_simulator: $simulator
virtfusion_api_url: "$2"
virtfusion_api_token: "$3"
vpsfleet_ca_path: "$4"
vpsfleet_control_url: "$5"
CONFIG
        # What may be written to on a real panel, by the names that tests/integration/README.md lists.
        local name variable
        for name in server_id package_id ext_relation_id; do
            variable=VPSFLEET_TEST_${name^^}
            if [ -n "${!variable:-}" ]; then echo "virtfusion_test_$name: ${!variable}"; fi
        done >>"$1/$COLLECTION/tests/integration/integration_config.yml"
    )
}

# targets_of LEG: the aliases of the targets of a leg, nothing for all. The last leg has the oldest ansible-core.
targets_of() {
    case $1 in
        "$(leg_field main 2)") ;;
        "$(cut -f2 "$WORK/legs" | tail -n 1)") echo every_core/ oldest_core/ ;;
        *) echo every_core/ ;;
    esac
}

# integration_of RUN LEG [PART]: in a tree and with a simulator of its own. PART is 1 or 2: every second target.
integration_of() {
    local run=$1 leg=$2 part=${3:-} venv python tree
    venv=$(leg_field "$leg" 5)
    python=$(leg_field "$leg" 3)
    tree=$WORK/integration/$run
    lay_tree "$tree"
    local newest=true
    if [ "$leg" != "$(leg_field main 2)" ]; then newest=false; fi
    if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then
        write_config "$tree" "$REAL_API_URL" "$REAL_API_TOKEN" "$REAL_CA_PATH" ""
    else
        start_simulator "$tree" "integration-$run" --tls --tls-dir "$WORK/run/tls-$run"
        write_config "$tree" "$SIM_URL/api/v1" "$SIM_TOKEN" "$SIM_CA" "$SIM_URL/_sim"
        cat >>"$tree/$COLLECTION/tests/integration/integration_config.yml" <<CONFIG
virtualizor_api_url: "$SIM_URL"
virtualizor_api_key: "$SIM_VIRTUALIZOR_KEY"
virtualizor_api_pass: "$SIM_VIRTUALIZOR_PASS"
huaweicloud_endpoint: "$SIM_URL"
huaweicloud_region: cn-north-4
huaweicloud_project_id: "$SIM_HUAWEICLOUD_PROJECT"
huaweicloud_access_key: "$SIM_HUAWEICLOUD_ACCESS_KEY"
huaweicloud_secret_key: "$SIM_HUAWEICLOUD_SECRET_KEY"
CONFIG
    fi
    cd "$tree/$COLLECTION"
    echo "vpsfleet_newest_core: $newest" >>tests/integration/integration_config.yml
    # Targets are run in venvs that ansible-test makes from this file.
    if [ ! -e tests/integration/requirements.txt ]; then cp requirements.txt tests/integration/requirements.txt; fi
    rm -rf tests/output/data
    export PATH=$WORK/bin:$venv/bin:$PATH
    home_for "$leg" "$run-integration"
    local targets=${TARGETS:-$(targets_of "$leg")}
    # Only a VirtFusion panel can be real: the targets of the others have no connection.
    if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then targets=${TARGETS:-virtfusion/}; fi
    if [ -n "$part" ]; then
        targets=$(ansible_test "$venv" integration --list-targets </dev/null | awk -v part="$part" 'NR % 2 == part % 2')
    fi
    # shellcheck disable=SC2206 # targets and ARGS are lists
    local options=(--venv --python "$python" --color no ${ARGS:-} $targets)
    # Names alone on a line are the targets that will be run; the rest is said on standard error.
    ansible_test "$venv" integration --list-targets "${options[@]}" >"$WORK/results/integration-$run.targets" </dev/null
    ansible_test "$venv" integration --continue-on-error "${options[@]}" </dev/null
}

# judge RUN STATUS LOG: sets passed, failed and finished, the names of those that passed. Only targets that ansible-test wrote down as done count.
judge() {
    local run=$1 status=$2 log=$3 done_file target seconds
    passed=0
    failed=0
    finished=
    for done_file in "$WORK/integration/$run/$COLLECTION"/tests/output/data/integration-*.json; do
        [ -e "$done_file" ] || continue
        while read -r target seconds; do
            printf 'ok      %4ss  %s\n' "$seconds" "$target"
            passed=$((passed + 1))
            finished="$finished $target "
        done < <("$MAIN_VENV/bin/python" -c '
import json, sys
for name, target in sorted(json.load(open(sys.argv[1]))["targets"].items()):
    print(name, target["run_time_seconds"])
' "$done_file")
    done
    failed=$(($(wc -l <"$WORK/results/integration-$run.targets") - passed))
    if [ "$status" != 0 ] && [ "$failed" -le 0 ]; then failed=1; fi
    # Targets that are left out because of their aliases.
    grep '^WARNING: Excluding' "$log" | sed 's/^WARNING:/!!! LEFT OUT:/' || true
    say "integration on $run: $passed targets passed, $failed failed"
}

# failures LOG: what was printed, less the targets that passed.
failures() {
    awk -v finished="$finished" '
        /^Running .* integration test / { hide = index(finished, " " $2 " ") }
        !hide
    ' "$1"
}

# All targets of the main leg are many: two runs take turns in them. PART: only this one, 1 or 2.
runs=()
for leg in $(leg_names); do
    if [ -z "${TARGETS:-}" ] && [ "$leg" = "$(leg_field main 2)" ] && [ "${VPSFLEET_REAL_PANEL:-0}" != 1 ]; then
        for part in ${PART:-1 2}; do runs+=("$leg-$part $leg $part"); done
    else
        runs+=("$leg $leg")
    fi
done
pids=()
for run in "${runs[@]}"; do
    name=${run%% *}
    note "integration on $name: started"
    rm -f "$WORK/results/integration-$name.targets"
    touch "$WORK/results/integration-$name.targets"
    # shellcheck disable=SC2086 # run, leg and part
    integration_of $run >"$WORK/logs/integration-$name.log" 2>&1 &
    pids+=($!)
done
all_passed=0
all_failed=0
for index in "${!runs[@]}"; do
    name=${runs[$index]%% *}
    status=0
    wait "${pids[$index]}" || status=$?
    judge "$name" "$status" "$WORK/logs/integration-$name.log"
    if [ "$failed" -gt 0 ]; then failures "$WORK/logs/integration-$name.log"; fi
    all_passed=$((all_passed + passed))
    all_failed=$((all_failed + failed))
done
result integration "$all_passed" "$all_failed"
