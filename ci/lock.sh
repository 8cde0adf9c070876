#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Writes ci/constraints.txt: one exact version of each test tool, for every supported Python.
# ansible-core differs from leg to leg, and resolvelib with it, so both stay out.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main

header="$(sed -n 2,4p "${BASH_SOURCE[0]}")

# Written by \`make lock\`; the versions that the stages run with."
cd "$TOP"
locked=$("$WORK/venvs/boot/bin/uv" pip compile --quiet --universal --python-version 3.10 \
    --no-header --no-annotate --no-emit-index-url --no-emit-package ansible-core --no-emit-package resolvelib \
    requirements.txt requirements-dev.txt ci/requirements-lint.txt ci/requirements-page.txt)
printf '%s\n%s\n' "$header" "$locked" >ci/constraints.txt
echo "ci/constraints.txt: $(grep -c == ci/constraints.txt) versions"
