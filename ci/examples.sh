#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Every YAML example of README, guides, roles and plugins, in real plays against the simulator.
# ARGS: words; only the sources whose path contains one of them.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main
tree=$WORK/examples/tree
lay_tree "$tree"
# The credentials are those that tests/examples/fixture.yml names: the simulator's own.
start_simulator_as_is "$tree" examples
log=$WORK/logs/examples.log
mkdir -p "$WORK/logs"

say "examples"
status=0
# shellcheck disable=SC2086 # words
(cd "$tree/$COLLECTION" && ANSIBLE_COLLECTIONS_PATH=$tree "$MAIN_VENV/bin/python" -m tests.examples \
    --url "$SIM_URL" --folder "$WORK/examples/run" ${ARGS:-}) </dev/null >"$log" 2>&1 || status=$?
if [ "$status" = 0 ]; then grep -v '^ok ' "$log" || true; else cat "$log"; fi
read -r passed failed < <(tail -n 1 "$log")
case $passed-$failed in *[!0-9-]* | -* | *-) die "examples: no count at the end" ;; esac
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
echo "examples: $passed passed, $failed failed"
result examples "$passed" "$failed"
