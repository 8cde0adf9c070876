#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The playbooks in jobs, as AWX runs them with ansible-runner. ARGS: more options for pytest.
# Jobs have Linux namespaces of their own where these are allowed; without, a line says so.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main awx
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree
# The import of the content runs the modules of awx.awx, which need a package of their own.
export VPSFLEET_AWX_VENV=$WORK/venvs/awx

say "jobs of AWX"
report=$WORK/results/awx.xml
rm -f "$report"
status=0
# shellcheck disable=SC2086 # a list
"$MAIN_VENV/bin/python" -m pytest tests/awx -n "${JOBS:-2}" --junitxml="$report" ${ARGS:-} || status=1
if ! "$MAIN_VENV/bin/python" -c 'from tests.awx.jobs import namespaces; raise SystemExit(not namespaces())'; then
    loud "LEFT OUT: host names and process IDs of containers, since this machine allows no Linux namespaces"
fi
read -r passed failed skipped < <("$MAIN_VENV/bin/python" "$TOP/ci/tally.py" "$report")
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
result awx "$passed" "$failed" "$skipped"
