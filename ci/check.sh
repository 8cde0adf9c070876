#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What to run before each commit: lint and unit tests of what changed, and the rules of the meta tests.
# BASE: what to compare with, such as main; without it the last commit.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
setup main lint
lay_tree "$WORK/tree"
cd "$WORK/tree/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$WORK/tree
export PATH=$LINT:$PATH

started=$SECONDS
failed=
check() {
    local what=$1
    shift
    note "$what"
    if ! "$@"; then
        failed="$failed; $what"
        loud "failed: $what"
    fi
}

mapfile -t files < <("$MAIN_VENV/bin/python" "$TOP/ci/changed.py" files "${BASE:-}")
mapfile -t tests < <("$MAIN_VENV/bin/python" "$TOP/ci/changed.py" tests "${BASE:-}")
say "changed files: ${#files[@]}, with unit tests: ${#tests[@]}"

# of PATTERN: the changed files that match, one a line.
of() {
    printf '%s\n' "${files[@]}" | grep -E "$1" || true
}

mapfile -t code < <(of '\.py$')
mapfile -t data < <(of '\.ya?ml$')
mapfile -t scripts < <(of '\.sh$|^\.ci/run$')
mapfile -t plays < <(of '^(roles|playbooks|extensions)/.*\.yml$')
if [ "${#code[@]}" -gt 0 ]; then
    check "ruff check" "$LINT/ruff" check --no-cache "${code[@]}"
    check "ruff format" "$LINT/ruff" format --no-cache --check "${code[@]}"
fi
if [ -n "$(of '^plugins/(module|plugin)_utils/')" ]; then check "mypy" "$TOP/ci/mypy.sh" "$WORK/tree"; fi
if [ "${#data[@]}" -gt 0 ]; then check "yamllint" "$LINT/yamllint" --strict "${data[@]}"; fi
if [ "${#scripts[@]}" -gt 0 ]; then check "shellcheck" "$LINT/shellcheck" --external-sources "${scripts[@]}"; fi
if [ "${#plays[@]}" -gt 0 ]; then
    check "ansible-lint" "$LINT/ansible-lint" --offline --profile production --enable-list args --strict "${plays[@]}"
fi
if [ -n "$(of '^changelogs/')" ]; then check "changelog" "$TOP/ci/changelog_lint.sh"; fi
check "unit and meta tests" "$MAIN_VENV/bin/python" -m pytest -q -n "${JOBS:-2}" --hypothesis-seed=0 tests/unit/meta "${tests[@]}"

[ -z "$failed" ] || die "check failed: ${failed#; }"
say "check: passed in $((SECONDS - started)) seconds"
