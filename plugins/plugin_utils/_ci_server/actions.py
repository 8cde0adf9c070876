# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the actions for CI servers, and what each action does. Wrong options fail before any request."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec, Range, check_ranges
from ...module_utils._core.errors import PanelError, invalid
from ...module_utils._core.existence import PRESENT
from .._fleet.durable_file import check_folder, replace_file
from .creation import Desired
from .janitor import Janitor, Limits, metrics, text_report
from .names import MOST_SERVERS, code_of
from .outputs import OUTPUTS, check_host_names, check_path, check_user, chosen_outputs
from .provision import KEY_FILE, Access, Provision
from .renewal import Renewal
from .run import CiRun
from .teardown import Leaving, Teardown, leaving_of_file

Params = Mapping[str, Any]
Work = Callable[[CiRun, bool], dict[str, Any]]

#: The options that select the owner.
OWNER = ("ext_relation_id", "relation_string")
#: The longest time that an option may set: 30 days.
_LONGEST_S = 30 * 86_400

_STATE_DIR = {"type": "path", "default": "~/.ansible/vpsfleet_panels"}
_PREFIX = {"type": "str", "default": "ci"}

#: The options of all actions.
SHARED = ArgumentSpec({"prefix": _PREFIX, "state_dir": _STATE_DIR})

#: The options of the provision and the teardown. What the servers are is an option of the panel.
SERVER = SHARED + ArgumentSpec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "pipeline": {"type": "str"},
        "file": {"type": "path"},
        "keep": {"type": "bool", "default": False},
        "count": {"type": "int", "default": 1},
        "lease": {"type": "int", "default": 3600},
        "deadline": {"type": "int", "default": 900},
        "wait_for_room": {"type": "int", "default": 0},
        "max_servers": {"type": "int"},
        "private_key_file": {"type": "path", "no_log": False},
        "ssh_user": {"type": "str", "default": "root"},
        "ssh_port": {"type": "int", "default": 22},
        "wait_for_ssh": {"type": "bool", "default": True},
        "outputs": {"type": "list", "elements": "str", "choices": list(OUTPUTS)},
        "host_names": {"type": "list", "elements": "str"},
        "output_dir": {"type": "path", "default": "ci_server"},
    },
    mutually_exclusive=[("pipeline", "file")],
    required_one_of=[("pipeline", "file")],
)

#: The options of the renewal.
RENEW = SHARED + ArgumentSpec(
    {
        "pipeline": {"type": "str", "required": True},
        "lease": {"type": "int", "default": 3600},
    }
)

#: The options of the janitor.
JANITOR = SHARED + ArgumentSpec(
    {
        "dry_run": {"type": "bool", "default": True},
        "grace_time": {"type": "int", "default": 1800},
        "min_age": {"type": "int", "default": 300},
        "max_deletes": {"type": "int", "default": 10},
        "wait_timeout": {"type": "int", "default": 300},
        "report_json": {"type": "path"},
        "report_text": {"type": "path"},
        "metrics_file": {"type": "path"},
    }
)

_RANGES: Mapping[str, Range] = {
    "count": (1, MOST_SERVERS),
    "lease": (60, _LONGEST_S),
    "deadline": (1, _LONGEST_S),
    "wait_timeout": (1, _LONGEST_S),
    "wait_for_room": (0, _LONGEST_S),
    "max_servers": (1, None),
    "ssh_port": (1, 65_535),
    "grace_time": (60, _LONGEST_S),
    "min_age": (0, _LONGEST_S),
    "max_deletes": (0, None),
}


def prepare_server(params: Params) -> Work:
    """Check the options of a provision or teardown, and return the work."""
    _check_ranges(params)
    if params["pipeline"] is not None:
        code_of(params["pipeline"])
    if params["state"] == PRESENT:
        _check_provision(params)
        return lambda run, check_mode: _provide(run, params, check_mode=check_mode)
    return lambda run, check_mode: _tear_down(run, params, check_mode=check_mode)


def prepare_renew(params: Params) -> Work:
    """Check the options of a renewal, and return the work."""
    _check_ranges(params)
    pipeline = params["pipeline"]
    code = code_of(pipeline)
    return lambda run, check_mode: Renewal(run, code, pipeline, params["lease"]).execute(
        check_mode=check_mode
    )


def prepare_janitor(params: Params) -> Work:
    """Check the options of the janitor, and return the work."""
    _check_ranges(params)
    for option in ("report_json", "report_text", "metrics_file"):
        if params[option] is not None:
            check_folder(params[option], option)
    metrics_file = params["metrics_file"]
    if metrics_file is not None and not metrics_file.endswith(".prom"):
        raise invalid(
            f"metrics_file must end with .prom: {metrics_file}",
            "the node exporter reads no other file",
        )
    return lambda run, check_mode: _clean_up(run, params, check_mode=check_mode)


def _check_ranges(params: Params) -> None:
    check_ranges(params, {name: limits for name, limits in _RANGES.items() if name in params})


def _check_provision(params: Params) -> None:
    for option, why in (("file", "state is absent"), ("keep", "state is absent")):
        if params[option]:
            raise invalid(f"{option} can only be set if {why}")
    if params["lease"] < params["deadline"]:
        raise invalid(
            f"lease={params['lease']} is shorter than deadline={params['deadline']}",
            "the lease could end before the servers are ready",
        )
    most = params["max_servers"]
    if most is not None and params["count"] > most:
        raise invalid(f"count={params['count']} is more than max_servers={most} allows")
    if params["host_names"] is not None:
        check_host_names(params["host_names"], params["count"])
    chosen_outputs(params["outputs"], os.environ)
    for option in ("output_dir", "private_key_file"):
        if params[option] is not None:
            check_path(Path(params[option]).absolute(), option)
    check_user(params["ssh_user"])


def _owner(params: Params) -> dict[str, Any]:
    return {name: params[name] for name in OWNER if params[name] is not None}


def _provide(run: CiRun, params: Params, *, check_mode: bool) -> dict[str, Any]:
    pipeline = params["pipeline"]
    provision = Provision(
        run,
        Desired(
            pipeline,
            code_of(pipeline),
            params["count"],
            params["lease"],
            params["max_servers"],
            params["wait_for_room"],
        ),
        Access(
            params["ssh_user"],
            params["ssh_port"],
            params["private_key_file"],
            params["wait_for_ssh"],
        ),
        owner=_owner(params),
        outputs=chosen_outputs(params["outputs"], os.environ),
        host_names=params["host_names"],
        output_dir=params["output_dir"],
        timeout_s=params["deadline"],
    )
    return provision.preview() if check_mode else provision.execute()


def _tear_down(run: CiRun, params: Params, *, check_mode: bool) -> dict[str, Any]:
    if params["file"] is not None:
        leaving = leaving_of_file(params["file"], run.panel.address)
        if leaving.prefix != run.names.prefix:
            raise invalid(
                f"file: its servers have the prefix {leaving.prefix}, and prefix is {run.names.prefix}",
                "set prefix to that of the provision",
            )
    else:
        leaving = Leaving(params["pipeline"], run.names.prefix)
    teardown = Teardown(
        run,
        leaving,
        owner=_owner(params),
        output_dir=params["output_dir"],
        key_name=KEY_FILE,
        timeout_s=params["deadline"],
    )
    return teardown.keep() if params["keep"] else teardown.execute(check_mode=check_mode)


def _clean_up(run: CiRun, params: Params, *, check_mode: bool) -> dict[str, Any]:
    limits = Limits(
        params["grace_time"], params["min_age"], params["max_deletes"], params["wait_timeout"]
    )
    janitor = Janitor(run, limits)
    try:
        report = janitor.execute(dry_run=params["dry_run"], check_mode=check_mode)
    except PanelError as error:
        if "totals" in error.result and not check_mode:
            _write_reports({**error.result, "msg": error.msg}, params)
        raise
    if not check_mode:
        _write_reports(report, params)
    return report


def _write_reports(report: Mapping[str, Any], params: Params) -> None:
    if params["report_json"]:
        text = json.dumps(report, indent=2, sort_keys=True) + "\n"
        replace_file(params["report_json"], text, "report", "report_json")
    if params["report_text"]:
        replace_file(params["report_text"], text_report(report), "report", "report_text")
    if params["metrics_file"]:
        # The exporter is another user.
        replace_file(params["metrics_file"], metrics(report), "metrics", "metrics_file", mode=0o644)
