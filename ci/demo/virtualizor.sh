# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Virtualizor's part of ci/demo.sh: today's user plans are exported, and the panel is given those of a list.

today=today.yml
list=$TOP/ci/demo/virtualizor_user_plans.yml
role=virtualizor_user_plans

say "1 of 5: a simulated Virtualizor panel with $SERVERS VPSs is started on this machine"
simulate
echo "The panel's API: $SIM_URL/index.php"
export VIRTUALIZOR_API_URL=$SIM_URL VIRTUALIZOR_API_KEY=$SIM_VIRTUALIZOR_KEY VIRTUALIZOR_API_PASS=$SIM_VIRTUALIZOR_PASS

say "2 of 5: the current user plans of the panel are written to a file"
play export "${role}_export" -e "${role}_export_file=$today"
grep -A 12 "^${role}_plans:" "$REPORTS/$today"
echo "    ..."

say "3 of 5: the dry run: what would change to give the panel the user plans in this list (nothing is written)"
sed -n "/^${role}_plans:/,\$p" "$list"
run dry-run "$role" -e "@$list" -e "${role}_dry_run=true"
expect dry-run failed -eq 0

say "4 of 5: the plan is applied"
run change "$role" -e "@$list" -e ${role}_approval=none
for outcome in created changed deleted; do expect change "$outcome" -eq 1; done
expect change failed -eq 0

say "5 of 5: the same again: every user plan is as desired, so nothing is written"
run again "$role" -e "@$list" -e ${role}_approval=none
expect again unchanged -eq 3
expect again failed -eq 0

summary() {
    echo "By the first run:  $(count change created) user plan created, $(count change changed) changed," \
        "$(count change deleted) deleted"
    echo "By the second run: $(count again unchanged) user plans unchanged (changed=0: the play has converged)"
    echo "The earlier user plans: $REPORTS/$today"
    echo "Report of the change: $REPORTS/change/report.json"
}
