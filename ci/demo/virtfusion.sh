# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# VirtFusion's part of ci/demo.sh: all servers are moved to another package. The run is killed halfway, resumed,
# and rolled back.

package="Cloud 4"
playbook=virtfusion_fleet_package
folder=(-e "vps_fleet_run_dir=$REPORTS/change" -e "vps_fleet_state_dir=$WORK/demo/state" -e vps_fleet_table_rows=5)

# play_and_kill NAME WRITES PLAYBOOK [OPTION...]: ends it with SIGKILL once so many servers are changed.
play_and_kill() {
    local name=$1 enough=$2 pid changed=0
    shift 2
    printf '$ ansible-playbook'
    printf ' %s' "vpsfleet.panels.$1" "${@:2}"
    printf '\n'
    (cd "$REPORTS" && exec "$MAIN_VENV/bin/ansible-playbook" "vpsfleet.panels.$1" "${@:2}" </dev/null) \
        >"$REPORTS/$name.log" 2>&1 &
    pid=$!
    while [ "$changed" -lt "$enough" ]; do
        kill -0 "$pid" 2>/dev/null || { cat "$REPORTS/$name.log"; die "demo: $name ended before it was killed"; }
        sleep 0.1
        changed=$(grep -c '"event":"outcome"' "$REPORTS/change/journal" 2>/dev/null || true)
        changed=${changed:-0}
    done
    # Its workers too: none of them may clean up.
    # shellcheck disable=SC2046 # a list of numbers
    kill -KILL "$pid" $(ps -o pid= --ppid "$pid") 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    cat "$REPORTS/$name.log"
    printf '*** killed with SIGKILL: the journal knows of %s changed servers\n' "$changed"
}

say "1 of 6: a simulated VirtFusion panel with $SERVERS servers is started on this machine"
simulate
echo "The panel's API: $SIM_URL/api/v1"
export VIRTFUSION_API_URL=$SIM_URL/api/v1 VIRTFUSION_API_TOKEN=$SIM_TOKEN
export ANSIBLE_DISPLAY_SKIPPED_HOSTS=false PYTHONUNBUFFERED=1

say "2 of 6: the plan: what would change if all servers were moved to package \"$package\" (nothing is written)"
play plan $playbook -e vps_fleet_all=true -e "{\"vps_fleet_package_name\": \"$package\"}" -e vps_fleet_dry_run=true \
    "${folder[@]}"
# of_plan KEY: a value of the plan.
of_plan() {
    "$MAIN_VENV/bin/python" -c 'import json, sys
found = json.load(open(sys.argv[1]))
print(found["sha256"] if sys.argv[2] == "sha256" else found["totals"][sys.argv[2]])' "$REPORTS/change/plan.json" "$1"
}
planned=$(of_plan changed)
test "$(of_plan failed)" -eq 0 || die "demo: the plan has servers that fail"
sha256=$(of_plan sha256)

say "3 of 6: exactly this plan is approved by its hash and applied, slowly, and the controller is killed halfway"
play_and_kill killed $((planned / 3)) $playbook -e vps_fleet_plan_sha256="$sha256" -e vps_fleet_rate_limit=20 "${folder[@]}"

say "4 of 6: the run is resumed: changed servers are left alone, and no server is changed twice"
play resume fleet_resume "${folder[@]}"
expect change changed -eq "$planned"
expect change earlier -gt 0
expect change failed -eq 0
before=$(count change earlier)

say "5 of 6: is every server on its package now? (only reads; the exit status is not 0 if a server has drifted)"
play drift fleet_drift "${folder[@]}"

say "6 of 6: the rollback: the servers get their earlier values back, except for disks, which cannot shrink"
play rollback fleet_rollback -e vps_fleet_approval=none "${folder[@]}"
expect change/rollback changed -eq "$planned"
expect change/rollback failed -eq 0

summary() {
    echo "Servers changed: $planned, $before of them before the kill, and none twice"
    echo "Servers restored: $(count change/rollback changed)"
    echo "Report of the change:   $REPORTS/change/report.html"
    echo "Report of the rollback: $REPORTS/change/rollback/report.html"
}
