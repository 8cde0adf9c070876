#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The benchmark, against a simulated panel on this machine; no part of `make test`.
# Leaves results.json and table.txt in $WORK/bench. QUICK=1: small fleets, few runs, for trying it out.
# DOCS=1: also puts the table into the guide. ARGS: more options, such as "--only fleet plan".

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main
lay_tree "$WORK/bench/tree"
cd "$WORK/bench/tree/$COLLECTION"

options=(--output "$WORK/bench")
if [ "${QUICK:-0}" = 1 ]; then options+=(--quick); fi
# shellcheck disable=SC2086 # a list
"$MAIN_VENV/bin/python" -m tests.benchmark "${options[@]}" ${ARGS:-}

if [ "${DOCS:-0}" = 1 ]; then
    "$MAIN_VENV/bin/python" -m tests.benchmark.report "$WORK/bench/results.json" \
        --docs "$TOP/docs/docsite/rst/guide_fleet_benchmark.rst" >/dev/null
    note "the table is in docs/docsite/rst/guide_fleet_benchmark.rst"
fi
