#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Proves that checks which could pass without having tested anything do fail: each guard is given
# what it must refuse, in a copy of the tree.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main lint
copy=$WORK/guards
rm -rf "$copy"
lay_tree "$copy"
cd "$copy/$COLLECTION"
export ANSIBLE_COLLECTIONS_PATH=$copy
export PATH=$LINT:$PATH
passed=0
failed=0

# refuses WHAT PATTERN COMMAND...: the command must fail, and say PATTERN.
refuses() {
    local what=$1 pattern=$2 log=$copy/guard.log
    shift 2
    if "$@" >"$log" 2>&1; then
        cat "$log"
        loud "not refused: $what"
        failed=$((failed + 1))
    elif ! grep -Eq -- "$pattern" "$log"; then
        cat "$log"
        loud "refused for another reason: $what"
        failed=$((failed + 1))
    else
        echo "refused  $what"
        passed=$((passed + 1))
    fi
}

say "guards"

# ansible-lint: a misspelt parameter, in a play of its own. The production profile alone lets it pass.
mkdir -p playbooks
cat >playbooks/planted.yml <<'PLAY'
---
- name: Planted
  hosts: localhost
  gather_facts: false
  tasks:
    - name: A misspelt parameter
      vpsfleet.panels.virtfusion_server_package:
        server_id: 1
        pakage: Cloud 4
PLAY
refuses "a misspelt module parameter (ansible-lint)" 'args\[module\]' \
    "$LINT/ansible-lint" --offline --profile production --enable-list args --strict playbooks/planted.yml
rm playbooks/planted.yml

# mypy, ruff: a file with an error that only they see.
planted=plugins/module_utils/_core/planted.py
printf 'from __future__ import annotations\n\n\ndef planted() -> int:\n    return "no"\n' >"$planted"
if [ "$(leg_field main 4)" != 2.17 ]; then
    refuses "a wrong type in module_utils (mypy)" 'Incompatible return value' "$TOP/ci/mypy.sh" "$copy"
fi
printf 'import os\n' >"$planted"
refuses "an unused import (ruff)" 'F401' "$LINT/ruff" check --no-cache .
rm "$planted"

# antsibull-docs: a reference to an option that is not there, in a collection of one module. It reads a whole collection.
small=$copy/small/$COLLECTION
mkdir -p "$small/plugins/modules"
# antsibull-docs reads what git does not ignore, and the repository around $WORK ignores it.
git init -q "$small"
cp galaxy.yml "$small"
cat >"$small/plugins/modules/planted.py" <<'PYTHON'
DOCUMENTATION = """
module: planted
short_description: Planted
version_added: 0.1.0
description: See O(nothing).
author: nobody (@nobody)
options: {}
"""
EXAMPLES = ""
RETURN = ""
PYTHON
lint_small() {
    (cd "$small" && ANSIBLE_COLLECTIONS_PATH=$copy/small "$LINT/antsibull-docs" lint-collection-docs \
        --plugin-docs --validate-collection-refs=self .)
}
refuses "a broken reference in the documentation (antsibull-docs)" 'O\(nothing\)' lint_small

# Stages that ran nothing.
# shellcheck disable=SC2016 # for the inner shell
refuses "a stage without a test" 'no test was run' bash -c '. "$TOP/ci/lib.sh"; WORK=$1; result planted 0 0' - "$copy"
mkdir -p "$copy/empty"
refuses "a test run without a test (pytest)" 'no tests ran' "$MAIN_VENV/bin/python" -m pytest --rootdir "$copy/empty" "$copy/empty"

# ansible-test: a folder that git ignores has no files for it; it says so and exits 0. Only the log tells what was run.
# shellcheck disable=SC2016 # for the inner shell
judged='
    . "$TOP/ci/lib.sh"
    . "$TOP/ci/judge_sanity.sh"
    judge "$(leg_field "$1" 2)" 0 "$2/sanity.log" "$2/sanity.tests"
    [ "$failed" = 0 ]'
seq -f 'rule-%g' 24 >"$copy/sanity.tests"
# sanity_log TEST...
sanity_log() {
    printf 'Running sanity test "%s"\n' "$@" >"$copy/sanity.log"
}
mapfile -t rules <"$copy/sanity.tests"
sanity_log "${rules[@]}"
bash -c "$judged" - main "$copy" || die "a complete run of sanity is refused"
echo 'WARNING: All targets skipped.' >>"$copy/sanity.log"
refuses "sanity that skipped all targets" 'All targets skipped' bash -c "$judged" - main "$copy"
sanity_log pep8
refuses "sanity that ran one test only" 'are not those that are expected' bash -c "$judged" - main "$copy"
sanity_log "${rules[@]:1}"
refuses "sanity that left out one test" 'are not those .*> rule-1 ' bash -c "$judged" - main "$copy"
refuses "sanity on the oldest core that left out one test" 'are not those .*> rule-1 ' bash -c "$judged" - floor "$copy"
sed -i 1d "$copy/sanity.tests"
refuses "sanity with a list of tests that is too short" 'at least 2[34] are expected' bash -c "$judged" - main "$copy"
result guards "$passed" "$failed"
