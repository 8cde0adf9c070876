# shellcheck shell=bash
# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# What the stage scripts share; each sources it first.

set -euo pipefail

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
WORK=${WORK:-$TOP/.work}
mkdir -p "$WORK"
WORK=$(cd "$WORK" && pwd -P)
export TOP WORK

COLLECTION=ansible_collections/vpsfleet/panels

# --- environment: nothing of the caller's may change what a test sees --------------------------

# A real panel, for the integration targets only, and only when asked for by VPSFLEET_REAL_PANEL=1.
if [ "${VPSFLEET_REAL_PANEL:-0}" = 1 ]; then
    REAL_API_URL=${VIRTFUSION_API_URL:?VPSFLEET_REAL_PANEL=1 needs VIRTFUSION_API_URL}
    REAL_API_TOKEN=${VIRTFUSION_API_TOKEN:?VPSFLEET_REAL_PANEL=1 needs VIRTFUSION_API_TOKEN}
    REAL_CA_PATH=${VIRTFUSION_CA_PATH:-}
    export REAL_API_URL REAL_API_TOKEN REAL_CA_PATH
fi
keep=" COVERAGE_FLOOR VPSFLEET_PYTHONS VPSFLEET_SEED VPSFLEET_SETUP_DONE VPSFLEET_REAL_PANEL
    VPSFLEET_TEST_SERVER_ID VPSFLEET_TEST_PACKAGE_ID VPSFLEET_TEST_EXT_RELATION_ID "
for name in $(compgen -e); do
    case $name in
        ANSIBLE_* | COVERAGE_* | HUAWEICLOUD_* | HW_* | HWC_* | MOLECULE_* | OS_* | PYTEST_* | PYTHON* | VIRTFUSION_* | VIRTUALIZOR_* | VPSFLEET_*)
            case $keep in *[[:space:]]"$name"[[:space:]]*) ;; *) unset "$name" ;; esac
            ;;
    esac
done
# shellcheck disable=SC2046 # a list of names
unset $(git rev-parse --local-env-vars 2>/dev/null) VIRTUAL_ENV NETRC
export LANG=C.UTF-8 LC_ALL=C.UTF-8 TZ=UTC
export PIP_DISABLE_PIP_VERSION_CHECK=1
export no_proxy=127.0.0.1,localhost,::1 NO_PROXY=127.0.0.1,localhost,::1
export ANSIBLE_NOCOLOR=1 PY_COLORS=0 ANSIBLE_FORCE_COLOR=0

# --- words ------------------------------------------------------------------------------------

say() { printf '\n=== %s\n' "$*"; }
note() { printf -- '--- %s\n' "$*"; }
loud() { printf '!!! %s\n' "$*"; }
die() {
    printf 'ERROR: %s\n' "$*" >&2
    exit 1
}

# result STAGE PASSED FAILED [SKIPPED]: what `make test` adds up, under the name of its job.
result() {
    mkdir -p "$WORK/results"
    printf '%s %s %s\n' "$2" "$3" "${4:-0}" >"$WORK/results/${RESULT:-$1}"
    if [ "$3" -gt 0 ]; then die "$1: $3 failed"; fi
    if [ "$2" -eq 0 ]; then die "$1: no test was run"; fi
}

# --- legs and trees ---------------------------------------------------------------------------

# setup GROUP...: make what is missing (ci/setup.py). `make test` does it once for all stages.
setup() {
    if [ -z "${VPSFLEET_SETUP_DONE:-}" ]; then
        # Which legs there are is said by the stages that run on several.
        case " $* " in *' legs '*) ;; *) set -- --quiet "$@" ;; esac
        "$TOP/ci/setup.sh" "$@"
    fi
    export VPSFLEET_SETUP_DONE=1
    # The caller's HOME configures pip and git; each stage gets one of its own.
    HOME=$WORK/home/$(basename "$0" .sh)
    mkdir -p "$HOME"
    export HOME XDG_CACHE_HOME=$HOME/.cache XDG_CONFIG_HOME=$HOME/.config
    MAIN_VENV=$(leg_field main 5)
    MAIN_PYTHON=$(leg_field main 3)
    LINT=$WORK/venvs/lint/bin
    export MAIN_VENV MAIN_PYTHON LINT
}

# leg_field ROLE N: field N of the leg with that role (or name); nothing where there is no such leg.
leg_field() {
    awk -F'\t' -v role="$1" -v n="$2" '$2 == role || ("," $1 ",") ~ ("," role ",") { print $n; exit }' "$WORK/legs"
}

# home_for LEG NAME: a HOME for ansible-test, which keeps its venvs there; two runs must not share one.
home_for() {
    mkdir -p "$WORK/homes/$2"
    cp -r "$WORK/homes/$1/." "$WORK/homes/$2/"
    export HOME=$WORK/homes/$2
    unset XDG_CONFIG_HOME XDG_CACHE_HOME
}

# leg_names: the legs asked for by LEGS (roles or names, default all), main first, each once.
# A role that no Python fills is no error: ci/setup.py has said so loudly.
leg_names() {
    if [ "${LEGS:-all}" = all ]; then
        cut -f2 "$WORK/legs"
    else
        local role
        for role in $LEGS; do leg_field "$role" 2; done | awk '!seen[$0]++'
    fi
}

# find_browser: the path of a Chromium; nothing where there is none.
find_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name"; then return; fi
    done
}

# ansible_test VENV ARGUMENT...: past its start script, which breaks where the path holds a space.
ansible_test() {
    local venv=$1
    shift
    "$venv/bin/python" "$venv"/lib/python*/site-packages/ansible_test/_util/target/cli/ansible_test_cli_stub.py "$@"
}

# lay_tree FOLDER: the working tree, uncommitted work included, as FOLDER/ansible_collections/vpsfleet/panels.
lay_tree() {
    "$WORK/venvs/boot/bin/python" "$TOP/ci/lay_tree.py" "$1/$COLLECTION"
}

# --- the simulator ----------------------------------------------------------------------------

SIM_TOKEN=simulated-token
SIM_VIRTUALIZOR_KEY=sim-virtualizor-key SIM_VIRTUALIZOR_PASS=sim-virtualizor-pass
SIM_HUAWEICLOUD_PROJECT=0123456789abcdef0123456789abcdef SIM_HUAWEICLOUD_TOKEN=sim-huaweicloud-token
SIM_HUAWEICLOUD_ACCESS_KEY=EXAMPLEAK0000000000A SIM_HUAWEICLOUD_SECRET_KEY=EXAMPLESK0000000000000000000000000000SK

port_file_field() {
    "$MAIN_VENV/bin/python" -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]) or "")' "$1" "$2"
}

# start_simulator TREE NAME [OPTION...]: sets SIM_URL, SIM_CA, SIM_PID; the exit of the script stops it.
start_simulator() {
    start_simulator_as_is "$1" "$2" --token "$SIM_TOKEN" \
        --virtualizor-key "$SIM_VIRTUALIZOR_KEY" --virtualizor-pass "$SIM_VIRTUALIZOR_PASS" \
        --huaweicloud-project-id "$SIM_HUAWEICLOUD_PROJECT" --huaweicloud-token "$SIM_HUAWEICLOUD_TOKEN" \
        --huaweicloud-access-key "$SIM_HUAWEICLOUD_ACCESS_KEY" --huaweicloud-secret-key "$SIM_HUAWEICLOUD_SECRET_KEY" \
        "${@:3}"
}

# start_simulator_as_is TREE NAME [OPTION...]: the same with the simulator's own credentials.
start_simulator_as_is() {
    local tree=$1 name=$2 folder=$WORK/run
    shift 2
    mkdir -p "$folder"
    rm -f "$folder/$name.port"
    (cd "$tree/$COLLECTION" && exec "$MAIN_VENV/bin/python" -m tests.simulator \
        --seed 1 --port 0 --quiet --port-file "$folder/$name.port" "$@") >"$folder/$name.log" 2>&1 </dev/null &
    SIM_PID=$!
    SIM_PIDS="${SIM_PIDS:-} $SIM_PID"
    trap stop_simulators EXIT
    local tries=0
    # The file is written, whole, when the port is open.
    until [ -s "$folder/$name.port" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ] || ! kill -0 "$SIM_PID" 2>/dev/null; then
            cat "$folder/$name.log" >&2
            die "the simulator did not start"
        fi
        sleep 0.1
    done
    SIM_URL=$(port_file_field "$folder/$name.port" url)
    SIM_CA=$(port_file_field "$folder/$name.port" ca)
    export SIM_URL SIM_CA
}

stop_simulators() {
    local pid
    for pid in ${SIM_PIDS:-}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    SIM_PIDS=
}
