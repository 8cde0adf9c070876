# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Define the options of all bulk actions: how to execute a run, in which batches, and how many failures end it."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from ...module_utils._core.argspec import ArgumentSpec, Range, check_ranges
from ...module_utils._core.errors import invalid
from .durable_file import check_folder
from .run_store import ARGUMENTS as RUN_STORE
from .selection import FAIL, ON_UNMATCHED, Shard

T = TypeVar("T")

_STEP = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<percent>%?)", re.ASCII)


@dataclass(frozen=True)
class Share:
    """A number of items, or a percentage of all."""

    number: Fraction
    percent: bool

    def of(self, total: int) -> int:
        """Return the share of a total as a number of items, rounded up."""
        if not self.percent:
            return min(total, int(self.number))
        return min(total, math.ceil(total * self.number / 100))


def share(option: str, text: str) -> Share:
    """Read a number such as ``5``, or a percentage such as ``5%``.

    :raises PanelError: ``validation``, naming the option.
    """
    match = _STEP.fullmatch(text.strip())
    if match is None or (not match["percent"] and "." in match["number"]):
        raise invalid(f"{option} must be a number or a percentage, not {text!r}", "such as 5 or 5%")
    found = Share(Fraction(match["number"]), bool(match["percent"]))
    if found.percent and found.number > 100:
        raise invalid(f"{option} must not be above 100%, and is {text!r}")
    return found


class Batches:
    """The batches of a run, counted from the beginning: ``1, 5%, 100%`` changes one item, continues to
    5 %, and then changes the rest.

    :param steps: as the operator wrote them.
    :raises PanelError: ``validation``, the steps do not increase up to all items.
    """

    def __init__(self, steps: Sequence[str]) -> None:
        self._steps = [share("batches", step) for step in steps]
        if not self._steps or self._steps[-1] != Share(Fraction(100), True):
            raise invalid("batches must end with 100%", hint="such as 1, 5%, 25%, 100%")
        for percent in (False, True):
            numbers = [step.number for step in self._steps if step.percent is percent]
            if any(number <= 0 for number in numbers):
                raise invalid("batches must not contain 0")
            if any(after <= before for before, after in itertools.pairwise(numbers)):
                written = ", ".join(steps)
                raise invalid(
                    f"batches must increase, and {written} do not",
                    "each is the number of items changed at its end, including those before it",
                )

    def cut(self, items: Sequence[T]) -> list[list[T]]:
        """Return the items in batches, without empty ones."""
        found: list[list[T]] = []
        begin = 0
        for step in self._steps:
            end = step.of(len(items))
            if end > begin:
                found.append(list(items[begin:end]))
                begin = end
        return found


class FailureLimit:
    """A maximum number of failures, or a percentage of the items to change.

    As with Ansible's ``max_fail_percentage``, the limit must be exceeded: 0 stops at the first failure.

    :param text: as the operator wrote it.
    :param option: the option it comes from.
    :raises PanelError: ``validation``.
    """

    def __init__(self, text: str, option: str = "max_failures") -> None:
        self._text = text.strip()
        self._option = option
        self._share = share(option, text)

    def exceeded(self, failures: int, total: int, *, done: int = 0) -> bool:
        """Whether the failures exceed the limit. If all items fail, they always do.

        :param done: number of further items that already have the target.
        """
        return (not done and 0 < total <= failures) or self.above(failures, total)

    def above(self, failures: int, total: int) -> bool:
        """Whether the failures are more than the limit itself."""
        allowed = self._share.number
        if self._share.percent:
            return failures * 100 > allowed * total
        return failures > allowed

    def sentence(
        self, failures: int, total: int, noun: str, *, in_doubt: int = 0, at_stop: bool = False
    ) -> str:
        """Return the message for an exceeded limit.

        :param in_doubt: the number of failures whose effect is not known.
        :param at_stop: whether items in progress may fail later, so that the final number can be larger.
        """
        failed = _failed(in_doubt, at_stop=at_stop)
        if not self.above(failures, total):
            return f"all {total} {noun} {failed}"
        number = f"{failures} of {total} {noun} {failed}"
        return f"{number}, and {self._option} allows {self._text}"


class BatchLimit:
    """The failure limit of one batch.

    A limit for the whole run hides a batch in which most items fail: a canary of one server is 1 % of a
    hundred. So each batch is checked by itself, and no item of the first of several may fail.

    :param whole: the limit of the whole run, which also applies to each batch.
    :param own: the operator's limit for each batch, ``None`` for the rule above.
    """

    def __init__(self, whole: FailureLimit, own: FailureLimit | None) -> None:
        self._whole = whole
        self._own = own

    def exceeded(self, failures: int, total: int, *, batch: int, batches: int) -> bool:
        """Whether the failures exceed the limit of one batch.

        :param batch: its number, starting at 1.
        """
        if self._own is not None:
            return self._own.above(failures, total)
        if batches == 1:
            return False  # the limit of the whole run is the limit of its only batch
        return bool(failures) if batch == 1 else self._whole.exceeded(failures, total)

    def sentence(
        self, failures: int, total: int, noun: str, *, batch: int, batches: int, in_doubt: int = 0
    ) -> str:
        """Return the message for an exceeded limit, which stops the run."""
        place = f"in batch {batch} of {batches}"
        if self._own is None and batch == 1:
            return (
                f"{failures} of {total} {noun} {_failed(in_doubt, at_stop=True)} {place}, and no failure is"
                " allowed in the first batch unless max_batch_failures is set"
            )
        limit = self._own or self._whole
        return f"{place} {limit.sentence(failures, total, noun, in_doubt=in_doubt, at_stop=True)}"


def _failed(in_doubt: int, *, at_stop: bool) -> str:
    if at_stop:
        return "had failed or were in doubt" if in_doubt else "had failed"
    return "failed or are in doubt" if in_doubt else "failed"


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


def check_used(params: Mapping[str, Any], given: Collection[str]) -> None:
    """Refuse an option of this task that would never be used.

    :param given: the names of the options that the task sets. Others come from a plan, which may have had more
        batches, or from the environment.
    :raises PanelError: ``validation``.
    """
    for option in ("health_check", "pause"):
        if option in given and params[option] and len(params["batches"]) == 1:
            raise invalid(
                f"{option} is only used between two batches, and there is one batch",
                "set batches, such as 1, 10%, 100%",
            )
    if "run_store" in given and params["run_dir"] is None:
        raise invalid("run_store needs run_dir", "only the folder of a run is copied")


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
