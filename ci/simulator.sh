#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A simulated panel to play with, until Ctrl-C. SERVERS: how many (50). ARGS: more options.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main
lay_tree "$WORK/play"
# shellcheck disable=SC2086 # a list
start_simulator "$WORK/play" play --servers "${SERVERS:-50}" ${ARGS:-}
cat <<TEXT

A simulated panel with ${SERVERS:-50} servers is up. In another terminal:

  export VIRTFUSION_API_URL=$SIM_URL/api/v1
  export VIRTFUSION_API_TOKEN=$SIM_TOKEN
  export ANSIBLE_COLLECTIONS_PATH='$WORK/play'
  '$MAIN_VENV/bin/ansible-playbook' vpsfleet.panels.virtfusion_fleet_package -e virtfusion_fleet_package_dry_run=true \\
      -e '{"virtfusion_fleet_package_package_name": "Cloud 4"}' -e virtfusion_fleet_package_all=true

What it was asked: $SIM_URL/_sim/log
Ctrl-C stops it.
TEXT
if [ -n "$SIM_CA" ]; then echo "Certificate to trust: $SIM_CA"; fi
trap 'stop_simulators; exit 0' INT TERM
wait "$SIM_PID"
