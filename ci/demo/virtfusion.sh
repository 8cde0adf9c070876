# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# VirtFusion's part of ci/demo.sh: all servers are put on another package.

package="Cloud 4"
move=(virtfusion_fleet_package -e virtfusion_fleet_package_select=all
    -e "{\"virtfusion_fleet_package_package_name\": \"$package\"}")

say "1 of 4: a simulated VirtFusion panel with $SERVERS servers is started on this machine"
simulate
echo "The panel's API: $SIM_URL/api/v1"
export VIRTFUSION_API_URL=$SIM_URL/api/v1 VIRTFUSION_API_TOKEN=$SIM_TOKEN

say "2 of 4: the dry run: what would change if all servers were put on package \"$package\" (nothing is written)"
run dry-run "${move[@]}" -e virtfusion_fleet_package_dry_run=true
expect dry-run failed -eq 0

say "3 of 4: the same for real"
run change "${move[@]}"
expect change changed -gt 0
expect change failed -eq 0

say "4 of 4: once more: every server is as it should be, so nothing is written"
run again "${move[@]}"
expect again changed -eq 0
expect again failed -eq 0

summary() {
    echo "Servers changed by the first run:  $(count change changed)"
    echo "Servers changed by the second run: $(count again changed) (changed=0: the play converged)"
    echo "Report of the change: $REPORTS/change/report.json"
}
