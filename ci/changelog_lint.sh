#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The changelog fragments and changelogs/changelog.yaml are valid.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup lint
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
"$LINT/antsibull-changelog" lint
"$LINT/antsibull-changelog" lint-changelog-yaml changelogs/changelog.yaml
