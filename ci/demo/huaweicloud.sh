# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Huawei Cloud's part of ci/demo.sh: cloud phone servers get their flavors, orders paid at once.

list=$TOP/ci/demo/huaweicloud_cph_flavors.yml
role=huaweicloud_cph_flavors
give=("$role" -e "@$list" -e "${role}_auto_pay=true" -e "${role}_wait_interval=1")
listed=$(grep -c server_name: "$list")

# The list names servers up to farm-25.
[ "$SERVERS" -ge 25 ] || die "demo: the simulated account needs at least 25 servers, not $SERVERS"

say "1 of 4: a simulated Huawei Cloud account with $SERVERS cloud phone servers is started on this machine"
simulate
echo "Cloud Phone Host, IAM and the order service: $SIM_URL"
export HW_REGION_NAME=cn-north-4 HW_PROJECT_ID=$SIM_HUAWEICLOUD_PROJECT \
    HW_ACCESS_KEY=$SIM_HUAWEICLOUD_ACCESS_KEY HW_SECRET_KEY=$SIM_HUAWEICLOUD_SECRET_KEY \
    HUAWEICLOUD_CPH_ENDPOINT=$SIM_URL HUAWEICLOUD_IAM_ENDPOINT=$SIM_URL HUAWEICLOUD_BSS_ENDPOINT=$SIM_URL

say "2 of 4: the dry run: what would be ordered if the servers had the flavors of this list (nothing is written)"
sed -n "/^${role}_servers:/,\$p" "$list"
run dry-run "${give[@]}" -e "${role}_dry_run=true"
expect dry-run selected -eq "$listed"
expect dry-run changed -gt 0
expect dry-run failed -eq 0

say "3 of 4: the same for real: orders are placed and paid, each flavor for one server first"
run change "${give[@]}"
expect change changed -eq "$(count dry-run changed)"
expect change failed -eq 0

say "4 of 4: once more: every server has its flavor, so nothing is ordered"
run again "${give[@]}"
expect again unchanged -eq "$listed"
expect again changed -eq 0
expect again failed -eq 0
