# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Huawei Cloud's part of ci/demo.sh: cloud phone servers are put on a flavor, orders paid at once.

playbook=huaweicloud_fleet_flavor
servers=(farm-1 farm-2 farm-17)
list=$TOP/ci/demo/huaweicloud_fleet_flavor.yml
folder() { printf '%s' "vps_fleet_run_dir=$REPORTS/$1"; }
give=("$playbook" -e "@$list" -e vps_fleet_auto_pay=true -e vps_fleet_wait_interval=1 -e "vps_fleet_state_dir=$WORK/demo/state")

# The list names servers up to farm-17.
# shellcheck disable=SC2153 # set by ci/demo.sh
[ "$SERVERS" -ge 17 ] || die "demo: the simulated account needs at least 17 servers, not $SERVERS"

say "1 of 4: a simulated Huawei Cloud account with $SERVERS cloud phone servers is started on this machine"
simulate
echo "Cloud Phone Host, IAM and the order service: $SIM_URL"
export HW_REGION_NAME=cn-north-4 HW_PROJECT_ID=$SIM_HUAWEICLOUD_PROJECT \
    HW_ACCESS_KEY=$SIM_HUAWEICLOUD_ACCESS_KEY HW_SECRET_KEY=$SIM_HUAWEICLOUD_SECRET_KEY \
    HUAWEICLOUD_CPH_ENDPOINT=$SIM_URL HUAWEICLOUD_IAM_ENDPOINT=$SIM_URL HUAWEICLOUD_BSS_ENDPOINT=$SIM_URL

say "2 of 4: the dry run: the orders that would put the servers on this flavor (nothing is written)"
sed -n '/^vps_fleet/,$p' "$list"
play dry-run "${give[@]}" -e "$(folder dry-run)" -e vps_fleet_dry_run=true

say "3 of 4: the orders are placed and paid, for one server first"
play change "${give[@]}" -e "$(folder change)" -e vps_fleet_approval=none
expect change selected -eq "${#servers[@]}"
expect change changed -eq 2
expect change failed -eq 0

say "4 of 4: is every server on its flavor now? (only reads; the exit status is not 0 if a server has drifted)"
play again fleet_drift -e "$(folder change)"

summary() {
    echo "Servers changed: $(count change changed)"
    echo "Report of the change: $REPORTS/change/report.html"
}
