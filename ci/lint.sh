#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Formatting and static checks. All of them run, then the stage fails if one did.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup lint
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree
export PATH=$LINT:$PATH

failed=
check() {
    local what=$1
    shift
    say "$what"
    if ! "$@"; then
        failed="$failed; $what"
        loud "failed: $what"
    fi
}


no_ignore_files() {
    local found
    found=$(git ls-files -- 'tests/sanity/ignore*.txt')
    if [ -n "$found" ]; then
        echo "this collection has no sanity ignore files: $found"
        return 1
    fi
}

# ansible-core 2.17's sanity wants them empty; said here too because sanity comes last.
empty_init_files() {
    local found
    found=$(find plugins tests/unit -name __init__.py -size +0)
    if [ -n "$found" ]; then
        printf 'these must be empty:\n%s\n' "$found"
        return 1
    fi
}

check "ruff check" "$LINT/ruff" check --no-cache .
check "ruff format" "$LINT/ruff" format --no-cache --check .
check "mypy, strict, on module_utils" "$TOP/ci/mypy.sh" "$WORK/tree"
check "yamllint" "$LINT/yamllint" --strict .
mapfile -d "" -t scripts < <(git ls-files -z -- "*.sh" .ci/run)
check "shellcheck" "$LINT/shellcheck" --external-sources "${scripts[@]}"
check "no sanity ignore files" no_ignore_files
check "empty __init__.py files in plugins and unit tests" empty_init_files
# The args rule runs the modules' argument specs: options that come from the environment must be there.
export VIRTFUSION_API_URL=https://panel.invalid/api/v1 VIRTFUSION_API_TOKEN=none
export VIRTUALIZOR_API_URL=https://panel.invalid VIRTUALIZOR_API_KEY=none VIRTUALIZOR_API_PASS=none
export HW_REGION_NAME=region HW_ACCESS_KEY=none HW_SECRET_KEY=none
check "ansible-lint, production profile and args" "$LINT/ansible-lint" --offline --profile production --enable-list args --strict
check "changelog" "$TOP/ci/changelog_lint.sh"

[ -z "$failed" ] || die "lint failed: ${failed#; }"
say "lint: all checks passed"
