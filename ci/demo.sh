#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A stranger's first look: a simulated panel with 50 servers, which are put on another package.
# Shows the dry run, the change, and that a second run finds nothing left to change.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

started=$SECONDS
setup main
lay_tree "$WORK/demo"
reports=$WORK/demo/reports
rm -rf "$reports"
mkdir -p "$reports"
package="Cloud 4"

say "1 of 4: a simulated VirtFusion panel with ${SERVERS:-50} servers is started on this machine"
start_simulator "$WORK/demo" demo --servers "${SERVERS:-50}"
echo "The panel's API: $SIM_URL/api/v1"
export VIRTFUSION_API_URL=$SIM_URL/api/v1 VIRTFUSION_API_TOKEN=$SIM_TOKEN
export ANSIBLE_COLLECTIONS_PATH=$WORK/demo ANSIBLE_PYTHON_INTERPRETER=$MAIN_VENV/bin/python \
    ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false

# run NAME [OPTION...]: the playbook; then what its report says must be so.
run() {
    local name=$1
    shift
    local command=(ansible-playbook vpsfleet.panels.virtfusion_fleet_package
        -e virtfusion_fleet_package_select=all -e "{\"virtfusion_fleet_package_package_name\": \"$package\"}"
        -e "{\"virtfusion_fleet_package_report_dir\": \"$reports/$name\"}" "$@")
    local word
    printf '$'
    for word in "${command[@]}"; do
        case $word in *[!A-Za-z0-9_./=:-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    (cd "$reports" && "$MAIN_VENV/bin/${command[0]}" "${command[@]:1}" </dev/null) 2>&1 | tee "$reports/$name.log" \
        || die "demo: $name: the playbook failed"
    grep -q 'failed=0' "$reports/$name.log" || die "demo: $name: there is no PLAY RECAP with failed=0"
    if grep -Eq '(failed|unreachable)=[1-9]' "$reports/$name.log"; then die "demo: $name: a task failed"; fi
    [ -s "$reports/$name/report.json" ] || die "demo: $name wrote no report"
}

# count NAME WORD: how many servers the report of that run says are WORD.
count() {
    "$MAIN_VENV/bin/python" "$TOP/ci/report_count.py" "$reports/$1/report.json" "$2"
}

# expect NAME WORD -eq|-gt N
expect() {
    local number
    number=$(count "$1" "$2")
    test "$number" "$3" "$4" || die "demo: the report of '$1' says $2: $number (expected $3 $4)"
}

say "2 of 4: the dry run: what would change if all servers were put on package \"$package\" (nothing is written)"
run dry-run -e virtfusion_fleet_package_dry_run=true
expect dry-run failed -eq 0

say "3 of 4: the same for real"
run change
expect change changed -gt 0
expect change failed -eq 0

say "4 of 4: once more: every server is as it should be, so nothing is written"
run again
expect again changed -eq 0
expect again failed -eq 0

say "done in $((SECONDS - started)) seconds"
echo "Servers changed by the first run:  $(count change changed)"
echo "Servers changed by the second run: $(count again changed) (changed=0: the play converged)"
echo "Report of the change: $reports/change/report.json"

