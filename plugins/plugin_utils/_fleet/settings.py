# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define the options of all bulk actions: how to execute a run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec
from ...module_utils._core.errors import invalid
from ...module_utils._core.ranges import Range, check_ranges
from .batches import Batches, BatchLimit, FailureLimit
from .durable_file import check_folder
from .run_store import ARGUMENTS as RUN_STORE
from .selection import FAIL, ON_UNMATCHED
from .shard import Shard

#: The steps of a run in a folder.
PLAN, APPLY, RESUME, DRIFT = STEPS = ["plan", "apply", "resume", "drift"]

ARGUMENTS = ArgumentSpec(
    {
        "workers": {"type": "int", "default": 10},
        "batches": {"type": "list", "elements": "str", "default": ["100%"]},
        "pause": {"type": "int", "default": 0},
        "health_check": {"type": "list", "elements": "str", "blank": True},
        "health_check_timeout": {"type": "int", "default": 60},
        "max_failures": {"type": "str", "default": "0"},
        "max_batch_failures": {"type": "str"},
        "max_items": {"type": "int"},
        "deadline": {"type": "int"},
        "plan_file": {"type": "path"},
        "plan_sha256": {"type": "str"},
        "approval_ttl": {"type": "int"},
        "journal": {"type": "path"},
        "rollback": {"type": "path"},
        "results_file": {"type": "path"},
        "run_dir": {"type": "path"},
        "run_step": {"type": "str", "choices": STEPS, "default": APPLY},
        **RUN_STORE.options,
        "table_rows": {"type": "int"},
        "max_results": {"type": "int", "default": 1000},
        "progress": {"type": "bool", "default": True},
        "check_capacity": {"type": "bool", "default": True},
        "started_by": {"type": "str"},
        "approved_by": {"type": "str", "blank": True},
        "ticket": {"type": "str"},
        "on_unmatched": {"type": "str", "choices": ON_UNMATCHED, "default": FAIL},
        "shard": {"type": "str"},
        "state_dir": {"type": "path", "default": "~/.ansible/vpsfleet_panels"},
        "lock_ttl": {"type": "int", "default": 300},
        "force_unlock": {"type": "bool", "default": False},
    },
    mutually_exclusive=[
        ("run_dir", "plan_file"),
        ("run_dir", "journal"),
        ("run_dir", "results_file"),
        ("rollback", "shard"),
    ],
)

#: The options about speed and limits, which an approval also covers.
PACE = (
    "workers",
    "batches",
    "pause",
    "health_check",
    "health_check_timeout",
    "max_failures",
    "max_batch_failures",
    "max_items",
    "deadline",
)


def target_of(*names: str) -> ArgumentSpec:
    """Return the rule that one of these options must define the target, unless a file does.

    :param names: the options. A rollback and an approved run already have a target.
    """
    return ArgumentSpec(
        mutually_exclusive=[(*names, "rollback")],
        required_one_of=[(*names, "rollback", "run_dir")],
    )


_RANGES: Mapping[str, Range] = {
    "workers": (1, 100),
    "pause": (0, 86_400),
    "health_check_timeout": (1, 86_400),
    "max_items": (0, None),
    "approval_ttl": (0, None),
    "deadline": (1, None),
    "table_rows": (0, None),
    "max_results": (0, None),
    "lock_ttl": (30, None),
}

_FILES = ("plan_file", "journal", "rollback", "results_file")


@dataclass(frozen=True)
class Settings:
    """The checked options.

    :param pause_s: seconds between two batches.
    :param health_check: the words of the command to run between two batches.
    :param max_items: the maximum number of items to change, ``None`` for any number.
    :param approval_ttl: for how many seconds an approval is valid; 0 for ever, ``None`` if not set.
    :param table_rows: the number of plan rows on the screen, ``None`` to hide the plan.
    :param deadline_s: seconds from the start after which no item is begun, ``None`` for no limit.
    """

    workers: int
    batches: Batches
    pause_s: float
    health_check: Sequence[str] | None
    health_check_timeout_s: float
    failures: FailureLimit
    batch_failures: BatchLimit
    max_items: int | None
    deadline_s: float | None
    plan_file: str | None
    plan_sha256: str | None
    approval_ttl: int | None
    journal: str | None
    rollback: str | None
    results_file: str | None
    run_dir: str | None
    run_step: str
    table_rows: int | None
    max_results: int
    progress: bool
    check_capacity: bool
    state_dir: str
    lock_ttl_s: float
    force_unlock: bool

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Settings:
        """Check the options. :raises PanelError: ``validation``, with the invalid option."""
        check_ranges(params, _RANGES)
        _check_files(params)
        Shard.of(params["shard"])
        failures = FailureLimit(params["max_failures"])
        of_a_batch = params["max_batch_failures"]
        own = None if of_a_batch is None else FailureLimit(of_a_batch, "max_batch_failures")
        return cls(
            workers=params["workers"],
            batches=Batches(params["batches"]),
            pause_s=float(params["pause"]),
            health_check=params["health_check"],
            health_check_timeout_s=float(params["health_check_timeout"]),
            failures=failures,
            batch_failures=BatchLimit(failures, own),
            max_items=params["max_items"],
            deadline_s=params["deadline"],
            plan_file=params["plan_file"],
            plan_sha256=params["plan_sha256"],
            approval_ttl=params["approval_ttl"],
            journal=params["journal"],
            rollback=params["rollback"],
            results_file=params["results_file"],
            run_dir=params["run_dir"],
            run_step=params["run_step"],
            table_rows=params["table_rows"],
            max_results=params["max_results"],
            progress=params["progress"],
            check_capacity=params["check_capacity"],
            state_dir=str(Path(params["state_dir"]).expanduser()),
            lock_ttl_s=float(params["lock_ttl"]),
            force_unlock=params["force_unlock"],
        )

    def check_folders(self, *options: str) -> None:
        """Check that the files of some options can be created. :raises PanelError: ``validation``."""
        for option in options:
            path = getattr(self, option)
            if path is not None:
                check_folder(path, option)


def _check_files(params: Mapping[str, Any]) -> None:
    """Refuse one file for two purposes: the second would destroy the first."""
    named: dict[str, str] = {}
    for option in _FILES:
        if params[option] is None:
            continue
        if not params[option]:
            raise invalid(f"{option} is empty")
        place = os.path.realpath(params[option])
        if place in named:
            raise invalid(f"{option} and {named[place]} name the same file")
        named[place] = option
    if params["run_dir"] == "":
        raise invalid("run_dir is empty")
    if params["run_dir"] is None and params["run_step"] != APPLY:
        raise invalid(f"run_step={params['run_step']} needs run_dir")
    if params["plan_sha256"] and not (params["plan_file"] or params["run_dir"]):
        raise invalid("plan_sha256 needs plan_file or run_dir")
