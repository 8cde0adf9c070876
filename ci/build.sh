#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the tarball, installs it, and uses it from there, away from the checkout, under the oldest
# and the newest ansible-core: the import of every file, the documentation of every plugin, and a play against the
# simulator.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup legs
# A tree in which no stage has left anything.
lay_tree "$WORK/build"
dist=$WORK/dist
rm -rf "$dist"
mkdir -p "$dist"

say "build"
(cd "$WORK/build/$COLLECTION" && "$MAIN_VENV/bin/ansible-galaxy" collection build --output-path "$dist")
tarball=$(echo "$dist"/vpsfleet-panels-*.tar.gz)
tar -tzf "$tarball" >"$dist/files"
size=$(wc -c <"$tarball")
echo "$(basename "$tarball"): $size bytes, $(grep -vc '/$' "$dist/files") files"
[ "$size" -lt 2000000 ] || die "the tarball is larger than 2 MB"
if unwanted=$(grep -E '^(tests|ci|\.[^/]*)(/|$)|__pycache__|\.py[co]$' "$dist/files"); then
    die "the tarball holds what a user does not need: $unwanted"
fi

passed=0
failed=0
check() {
    local what=$1
    shift
    if "$@" >"$dist/output" 2>&1; then
        echo "ok      $what"
        passed=$((passed + 1))
    else
        cat "$dist/output"
        loud "failed: $what"
        failed=$((failed + 1))
    fi
}

# What follows is called by `check`, where bash does not stop at a failure by itself.

# The documentation of every module and plugin can be read from the installed copy: as data, which holds all types,
# and as text. One call reads many, for a start of ansible-doc takes longer than a plugin. It exits with 0 if it does not
# find one, so each must have its heading.
documented() {
    local type file folder missing=0 names
    "$venv/bin/ansible-doc" --metadata-dump vpsfleet.panels >"$dist/documentation.json" || return 1
    "$venv/bin/python" "$TOP/ci/documented.py" "$dist/documentation.json" || return 1
    for type in module inventory lookup; do
        folder=$type names=()
        if [ "$type" = module ]; then folder=modules; fi
        for file in "$installed/$COLLECTION/plugins/$folder"/*.py; do
            case ${file##*/} in '*.py' | _*) ;; *) names+=("vpsfleet.panels.$(basename "$file" .py)") ;; esac
        done
        if [ "${#names[@]}" = 0 ] && [ "$type" = module ]; then echo "no module is in the tarball" && return 1; fi
        if [ "${#names[@]}" = 0 ]; then continue; fi
        (cd "$dist" && "$venv/bin/ansible-doc" -t "$type" "${names[@]}" </dev/null) >"$dist/$type.text" || return 1
        grep '^> ' "$dist/$type.text" | grep -oi 'vpsfleet\.panels\.[a-z0-9_]*' | tr '[:upper:]' '[:lower:]' | sort >"$dist/$type.headings"
        printf '%s\n' "${names[@]}" | sort | diff - "$dist/$type.headings" || missing=1
        echo "text of ${#names[@]} of type $type"
    done
    return "$missing"
}

# The playbook reads a panel and says what it would change.
play() {
    (cd "$dist" && "$venv/bin/ansible-playbook" vpsfleet.panels.virtfusion_fleet_package \
        -e vps_fleet_dry_run=true -e vps_fleet_all=true -e '{"vps_fleet_package_name": "Cloud 4"}' \
        -e "{\"vps_fleet_run_dir\": \"$dist/run-$leg\"}" </dev/null) || return 1
    grep -q 'ok=.*failed=0' "$dist/output" || { echo "there is no PLAY RECAP with failed=0" && return 1; }
}

start_simulator "$WORK/build" build --servers 5
export VIRTFUSION_API_URL=$SIM_URL/api/v1 VIRTFUSION_API_TOKEN=$SIM_TOKEN
export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false
LEGS="main floor"
for leg in $(leg_names); do
    venv=$(leg_field "$leg" 5)
    installed=$dist/$leg
    export ANSIBLE_COLLECTIONS_PATH=$installed ANSIBLE_PYTHON_INTERPRETER=$venv/bin/python
    say "the installed tarball on $leg"
    check "$leg: install the tarball" "$venv/bin/ansible-galaxy" collection install --offline "$tarball" -p "$installed"
    check "$leg: checksums of the installed files" "$venv/bin/ansible-galaxy" collection verify --offline vpsfleet.panels -p "$installed"
    check "$leg: import of every file" "$venv/bin/python" "$TOP/ci/import_plugins.py" "$installed/$COLLECTION"
    check "$leg: documentation of every plugin" documented
    check "$leg: dry run of the playbook on 5 servers" play
done
result build "$passed" "$failed"
