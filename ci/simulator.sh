#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Three simulated panels to play with, until Ctrl-C, with the servers, users and plans that the examples of
# the documentation name. SERVERS: how many on each (50). ARGS: more options.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main
tree=$WORK/play
lay_tree "$tree"
# shellcheck disable=SC2086 # a list
start_simulator "$tree" play --servers "${SERVERS:-50}" ${ARGS:-}
(cd "$tree/$COLLECTION" && "$MAIN_VENV/bin/python" -m tests.examples.load "$SIM_URL/_sim" "${SERVERS:-50}" "$SIM_CA")
cat <<TEXT

Three simulated panels with ${SERVERS:-50} servers each are up. Paste into another terminal:

export PATH='$MAIN_VENV/bin':\$PATH
export ANSIBLE_COLLECTIONS_PATH='$tree'
# VirtFusion
export VIRTFUSION_API_URL=$SIM_URL
export VIRTFUSION_API_TOKEN=$SIM_TOKEN
# Virtualizor
export VIRTUALIZOR_API_URL=$SIM_URL
export VIRTUALIZOR_API_KEY=$SIM_VIRTUALIZOR_KEY
export VIRTUALIZOR_API_PASS=$SIM_VIRTUALIZOR_PASS
# Huawei Cloud Phone Host
export HW_REGION_NAME=cn-north-4
export HW_PROJECT_ID=$SIM_HUAWEICLOUD_PROJECT
export HW_ACCESS_KEY=$SIM_HUAWEICLOUD_ACCESS_KEY
export HW_SECRET_KEY=$SIM_HUAWEICLOUD_SECRET_KEY
export HUAWEICLOUD_CPH_ENDPOINT=$SIM_URL
export HUAWEICLOUD_IAM_ENDPOINT=$SIM_URL
export HUAWEICLOUD_BSS_ENDPOINT=$SIM_URL
TEXT
if [ -n "$SIM_CA" ]; then
    for panel in VIRTFUSION VIRTUALIZOR HUAWEICLOUD; do echo "export ${panel}_CA_PATH='$SIM_CA'"; done
fi
cat <<TEXT

Then, for example:

ansible localhost -m vpsfleet.panels.virtfusion_package_info
ansible localhost -m vpsfleet.panels.virtualizor_plan_info
ansible localhost -m vpsfleet.panels.huaweicloud_cph_server_info

The requests so far: $SIM_URL/_sim/log
Ctrl-C stops the simulator.
TEXT
trap 'stop_simulators; exit 0' INT TERM
wait "$SIM_PID"
