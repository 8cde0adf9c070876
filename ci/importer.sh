#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# galaxy-importer, which Galaxy and Automation Hub run on an upload. It exits 0 on findings, so its
# warnings and errors are looked for.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main importer
lay_tree "$WORK/build"
dist=$WORK/importer
rm -rf "$dist"
mkdir -p "$dist" "$WORK/logs"

say "galaxy-importer"
(cd "$WORK/build/$COLLECTION" && "$MAIN_VENV/bin/ansible-galaxy" collection build --output-path "$dist")
cat >"$dist/importer.cfg" <<'CONFIG'
[galaxy-importer]
RUN_ANSIBLE_TEST = False
RUN_ANSIBLE_LINT = True
RUN_ANSIBLE_DOC = True
CHECK_REQUIRED_TAGS = True
CHECK_CHANGELOG = True
CONFIG
log=$WORK/logs/importer.log
status=0
(cd "$dist" && GALAXY_IMPORTER_CONFIG=$dist/importer.cfg PATH=$WORK/venvs/importer/bin:$PATH \
    "$WORK/venvs/importer/bin/python" "$TOP/ci/import_collection.py" ./*.tar.gz </dev/null) >"$log" 2>&1 || status=$?
cat "$log"
[ "$status" = 0 ] || die "galaxy-importer exited with $status"
if grep -E '^(WARNING|ERROR|CRITICAL)' "$log"; then die "galaxy-importer has findings"; fi
grep -q 'Importer processing completed successfully' "$log" || die "galaxy-importer did not say that it was done"
