#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The molecule scenarios of the roles, against the simulator.
# ARGS: instead of "test --all", such as "converge -s default".

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main lint
lay_tree "$WORK/molecule"
cd "$WORK/molecule/$COLLECTION"

say "molecule"
scenarios=(extensions/molecule/*/molecule.yml)
[ -e "${scenarios[0]}" ] || die "molecule: there is no scenario in extensions/molecule"
# The scenario of the CI role logs in to the servers that it builds.
ssh=(--ssh)
without=()
if ! PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd >/dev/null; then
    loud "LEFT OUT: the scenario virtfusion_ci_server needs sshd"
    ssh=()
    without=(--exclude virtfusion_ci_server)
    scenarios=("${scenarios[@]/extensions\/molecule\/virtfusion_ci_server\/molecule.yml/}")
fi
start_simulator "$WORK/molecule" molecule --servers 20 "${ssh[@]}"
export VIRTUALIZOR_API_KEY=$SIM_VIRTUALIZOR_KEY VIRTUALIZOR_API_PASS=$SIM_VIRTUALIZOR_PASS
export VIRTFUSION_API_URL=$SIM_URL/api/v1 VIRTFUSION_API_TOKEN=$SIM_TOKEN VPSFLEET_CONTROL_URL=$SIM_URL/_sim
export ANSIBLE_COLLECTIONS_PATH=$WORK/molecule
export ANSIBLE_PYTHON_INTERPRETER=$LINT/python
export PATH=$LINT:$PATH

# Molecule would else install the checkout into HOME, and later runs might use that stale copy.
echo 'prerun: false' >"$WORK/molecule/base.yml"
rm -rf "$HOME/.ansible/collections"

status=0
log=$WORK/logs/molecule.log
mkdir -p "$WORK/logs"
# shellcheck disable=SC2086 # a list
NO_COLOR=1 molecule --base-config "$WORK/molecule/base.yml" ${ARGS:-test --all ${without[*]}} </dev/null 2>&1 | tee "$log" || status=1

if [ -d "$HOME/.ansible/collections/$COLLECTION" ]; then die "molecule used an installed copy, not the tree"; fi
# Exit status 0 is not enough: each scenario must have converged something and verified it.
passed=0
failed=0
for scenario in "${scenarios[@]}"; do
    [ -n "$scenario" ] || continue
    name=$(basename "$(dirname "$scenario")")
    if [ "$status" = 0 ] && grep -qF "[$name > verify] Executed: Successful" "$log"; then
        passed=$((passed + 1))
    elif [ "$status" = 0 ] && [ -n "${ARGS:-}" ]; then
        passed=$((passed + 1))
    else
        loud "molecule scenario $name: not verified"
        failed=$((failed + 1))
    fi
done
result molecule "$passed" "$failed"
