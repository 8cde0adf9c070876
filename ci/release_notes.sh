#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Turns the changelog fragments into changelogs/changelog.yaml and CHANGELOG.md, for the version that
# galaxy.yml names. Changes the checkout.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup lint
cd "$TOP"
export PATH=$LINT:$PATH
antsibull-changelog release
