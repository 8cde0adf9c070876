#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The demo: the main task of one panel, on a simulated panel on this machine. It shows the dry run, the change, and
# that a second run has nothing to change.
# PANEL: virtfusion by default; ci/demo/ has the steps of each panel.
# SERVERS: number of servers on the simulated panel.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

started=$SECONDS
steps=$TOP/ci/demo/${PANEL:=virtfusion}.sh
panels=$(cd "$TOP/ci/demo" && printf '%s ' *.sh)
case " $panels" in *" $PANEL.sh "*) ;; *) die "demo: PANEL must be one of ${panels//.sh/}- not '$PANEL'" ;; esac

setup main
lay_tree "$WORK/demo"
REPORTS=$WORK/demo/reports
SERVERS=${SERVERS:-50}
rm -rf "$REPORTS"
mkdir -p "$REPORTS"
export ANSIBLE_COLLECTIONS_PATH=$WORK/demo ANSIBLE_PYTHON_INTERPRETER=$MAIN_VENV/bin/python \
    ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false

# --- what the steps are made of ------------------------------------------------------------------

# simulate: all panels at $SIM_URL, with the credentials in ci/lib.sh.
simulate() {
    start_simulator "$WORK/demo" demo --servers "$SERVERS"
}

# play NAME PLAYBOOK [OPTION...]: a playbook of the collection, run in $REPORTS. No task of it may fail.
play() {
    local name=$1 word
    local command=(ansible-playbook "vpsfleet.panels.$2" "${@:3}")
    printf '$'
    for word in "${command[@]}"; do
        case $word in *[!A-Za-z0-9_./=:@-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    (cd "$REPORTS" && "$MAIN_VENV/bin/${command[0]}" "${command[@]:1}" </dev/null) 2>&1 | tee "$REPORTS/$name.log" \
        || die "demo: $name: the playbook failed"
    grep -q 'failed=0' "$REPORTS/$name.log" || die "demo: $name: there is no PLAY RECAP with failed=0"
    if grep -Eq '(failed|unreachable)=[1-9]' "$REPORTS/$name.log"; then die "demo: $name: a task failed"; fi
}

# run NAME PLAYBOOK [OPTION...]: the same for one whose role writes a report, which must be there.
run() {
    play "$@" -e "{\"$2_report_dir\": \"$REPORTS/$1\"}"
    [ -s "$REPORTS/$1/report.json" ] || die "demo: $1 wrote no report"
}

# count NAME WORD: how many servers (plans, ...) the report of that run says are WORD.
count() {
    "$MAIN_VENV/bin/python" "$TOP/ci/report_count.py" "$REPORTS/$1/report.json" "$2"
}

# expect NAME WORD -eq|-gt N
expect() {
    local number
    number=$(count "$1" "$2")
    test "$number" "$3" "$4" || die "demo: the report of '$1' says $2: $number (expected $3 $4)"
}

# summary: what is said at the end, of the runs `change` and `again`; steps that count more than servers say their own.
summary() {
    echo "Servers changed by the first run:  $(count change changed)"
    echo "Servers changed by the second run: $(count again changed) (changed=0: the play converged)"
    echo "Report of the change: $REPORTS/change/report.json"
}

# --- the steps -----------------------------------------------------------------------------------

# shellcheck disable=SC1090 # each of them is checked by itself
. "$steps"

say "done in $((SECONDS - started)) seconds"
summary
