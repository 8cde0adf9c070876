#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The documentation of every plugin and role, and the guides, as docs.ansible.com would build them.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup lint
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree
export PATH=$LINT:$PATH

say "documentation lint"
"$LINT/antsibull-docs" lint-collection-docs --plugin-docs --validate-collection-refs=self .
echo "documentation: no finding"
