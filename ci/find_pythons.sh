#!/bin/sh
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Prints one line "X.Y PATH" for every Python >= 3.10 that really runs, one per X.Y: the machine's
# own `python3` first, then the newest first. Looks on PATH and in the versions folder of pyenv;
# a pyenv shim whose version is not active exits 127 and is left out.
# VPSFLEET_PYTHONS, a list of interpreters, replaces the search.

set -eu

candidates() {
    if [ -n "${VPSFLEET_PYTHONS:-}" ]; then
        # shellcheck disable=SC2086 # it is a list
        printf '%s\n' $VPSFLEET_PYTHONS
        return
    fi
    command -v python3 || true
    minor=30
    while [ "$minor" -ge 10 ]; do
        printf '%s\n' "$PATH" | tr ':' '\n' | while read -r folder; do
            printf '%s\n' "$folder/python3.$minor"
        done
        for root in "${PYENV_ROOT:-${HOME:-}/.pyenv}" "${HOME:-}/.local/share/uv/python"; do
            for found in "$root"/versions/3."$minor".*/bin/python3."$minor" \
                "$root"/cpython-3."$minor".*/bin/python3."$minor"; do
                printf '%s\n' "$found"
            done
        done
        minor=$((minor - 1))
    done
}

# Free-threaded and pre-release builds are not what ansible-core supports.
probe='
import os, sys, venv
ok = sys.version_info[:2] >= (3, 10) and sys.version_info.releaselevel == "final"
ok = ok and sys.implementation.name == "cpython" and "t" not in getattr(sys, "abiflags", "")
base = getattr(sys, "_base_executable", sys.executable) or sys.executable
print("%d.%d" % sys.version_info[:2], os.path.realpath(base)) if ok else None
'

candidates | while read -r python; do
    [ -n "$(command -v "$python")" ] || continue
    # -I: no user site, no PYTHONPATH; /dev/null: the list is on standard input.
    "$python" -I -c "$probe" </dev/null 2>/dev/null || true
done | awk '!seen[$1]++'
