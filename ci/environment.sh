#!/usr/bin/env bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The execution environment, with the collection of the working tree. Its definition must be complete. Where podman or
# docker runs, it is built, and a playbook runs in it.

set -euo pipefail
# shellcheck source=ci/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

setup main importer
folder=$WORK/environment
builder=$WORK/venvs/importer/bin/ansible-builder
rm -rf "${folder:?}"
mkdir -p "$folder"
lay_tree "$folder/tree"
(cd "$folder/tree/$COLLECTION" && "$MAIN_VENV/bin/ansible-galaxy" collection build --output-path "$folder") >"$folder/build.log"

say "definition"
# The published definition takes the collection from its repository: here, it is the tarball.
"$MAIN_VENV/bin/python" - "$folder" "$TOP/execution-environment.yml" <<'PYTHON'
import pathlib
import sys

import yaml

folder = pathlib.Path(sys.argv[1])
definition = yaml.safe_load(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
(tarball,) = folder.glob("*.tar.gz")
definition["additional_build_files"] = [{"src": tarball.name, "dest": "collections"}]
collection = {"name": f"collections/{tarball.name}", "type": "file"}
definition["dependencies"]["galaxy"]["collections"] = [collection]
(folder / "environment.yml").write_text(yaml.safe_dump(definition), encoding="utf-8")
PYTHON
for definition in "$TOP/execution-environment.yml" "$folder/environment.yml"; do
    "$builder" create -f "$definition" -c "$folder/context" >"$folder/create.log" 2>&1 ||
        { cat "$folder/create.log"; die "ansible-builder cannot use $definition"; }
done
"$builder" introspect "$folder/tree" >"$folder/introspect.log"
for need in requests openssh-clients; do
    grep "$need" "$folder/introspect.log" || die "ansible-builder does not find that the collection needs $need"
done
passed=1

engine=''
for name in podman docker; do
    if [ -z "$engine" ] && command -v "$name" >/dev/null && "$name" info >/dev/null 2>&1; then engine=$name; fi
done
image=$("$MAIN_VENV/bin/python" -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["images"]["base_image"]["name"])' \
    "$TOP/execution-environment.yml")
if [ -z "$engine" ]; then
    loud "LEFT OUT: the build of the execution environment, for neither podman nor docker runs here"
elif ! "$engine" pull "$image" >"$folder/pull.log" 2>&1; then
    loud "LEFT OUT: the build of the execution environment, for $engine cannot pull $image"
else
    say "build with $engine"
    tag=vpsfleet-panels-ee:test-$$
    trap '"$engine" rmi -f "$tag" >/dev/null 2>&1 || true' EXIT
    (cd "$folder" && "$builder" build -f environment.yml -c build -t "$tag" --container-runtime "$engine")
    run=("$engine" run --rm "$tag")
    "${run[@]}" ssh -V
    "${run[@]}" ansible-doc -t module vpsfleet.panels.virtfusion_server_packages >/dev/null
    # A playbook of the collection that needs no panel. It fails, and says why.
    if "${run[@]}" ansible-playbook vpsfleet.panels.ci_failed >"$folder/run.log" 2>&1; then die "the playbook did not fail"; fi
    grep 'The pipeline has failed' "$folder/run.log" || { cat "$folder/run.log"; die "the playbook did not run"; }
    passed=2
fi
result environment "$passed" 0
