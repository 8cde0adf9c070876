#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Takes the pictures of the report page that the documentation shows. Run it after a change of the page.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main page
CHROMIUM=$(find_browser)
[ -n "$CHROMIUM" ] || die "there is no Chromium (package chromium)"
export CHROMIUM
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree

PYTHONPATH=$WORK/tree "$WORK/venvs/page/bin/python" -m tests.page "$TOP/docs/images"
