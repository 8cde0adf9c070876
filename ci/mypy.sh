#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# mypy on module_utils and on the packages of plugin_utils in a tree: the imports are those of an installed collection.
# Usage: ci/mypy.sh TREE

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main lint

if [ "$(leg_field main 4)" = 2.17 ]; then
    loud "LEFT OUT: mypy, for ansible-core 2.17 does not say that exit_json never returns"
    exit 0
fi
cd "$1"
plugins="${COLLECTION//\//.}.plugins"
packages=(-p "$plugins.module_utils")
for file in "$COLLECTION"/plugins/plugin_utils/_*/__init__.py; do
    packages+=(-p "$plugins.plugin_utils.$(basename "${file%/*}")")
done
"$LINT/mypy" --config-file "$COLLECTION/pyproject.toml" --cache-dir "$WORK/cache/mypy/$(basename "$1")" "${packages[@]}"
