# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Identify a change by action, panel and target, and state who runs it, in which job, and who approved it.

A plan, a journal and a lock belong to one identity. A journal also records for each execution of a run
who it was. It is what the operator or the job states, not a proof: whoever can start the run can state anything.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ...module_utils._core.safe_text import plain, without_lone_surrogates


def canonical(value: Any) -> str:
    """Return a value as JSON in one line: keys in order, no blanks, ASCII only.

    :raises ValueError: for a number that JSON does not have.
    :raises TypeError: the value is not plain data.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def parsed(content: bytes | str) -> Any:
    """Parse the JSON text of a file, with U+FFFD for each lone surrogate.

    :raises ValueError: it is not JSON, contains a number that JSON does not have, or is nested too deep.
    """
    try:
        value = json.loads(content, parse_constant=_no_number, parse_float=_finite)
        return without_lone_surrogates(value) if _may_have_surrogates(content) else value
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def _may_have_surrogates(content: bytes | str) -> bool:
    """Return whether a JSON text may hold surrogates. To look into each value takes longer than to parse it."""
    text = content if isinstance(content, str) else content.decode("latin-1")
    # A zero byte belongs to UTF-16 or UTF-32.
    return not text.isascii() or "\0" in text or "\\ud" in text.lower()


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def sha256_of(value: Any) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Identity:
    """One action on one panel with one target.

    :param panel: the panel's name, such as ``toys``.
    :param address: of the panel.
    :param action: the action's name.
    :param target: the target of every item.
    :param shard: the part of the items, such as ``2/4``; ``None`` for all.
    """

    panel: str
    address: str
    action: str
    target: Mapping[str, Any]
    shard: str | None = None

    @property
    def file_name(self) -> str:
        """The name of files about this panel."""
        return file_name_of(self.address)

    def to_plain(self) -> dict[str, Any]:
        """Return the identity as plain data for a file."""
        return {
            "panel": self.panel,
            "address": self.address,
            "action": self.action,
            "target": dict(self.target),
            **({"shard": self.shard} if self.shard else {}),
        }

    def elsewhere(self, other: Mapping[str, Any]) -> str | None:
        """Return how a file is about another panel, action or shard, or ``None``."""
        if other.get("address") != self.address:
            return f"it is for the panel {other.get('address')}, and this is {self.address}"
        if other.get("action") != self.action:
            return f"it is about {other.get('action')}, and this is {self.action}"
        if other.get("shard") != self.shard:
            return f"it is for {_part(other.get('shard'))}, and this is {_part(self.shard)}"
        return None

    def difference(self, other: Mapping[str, Any]) -> str | None:
        """Return how a file's identity differs from this one, or ``None``."""
        if (elsewhere := self.elsewhere(other)) is not None:
            return elsewhere
        theirs = other.get("target")
        if not isinstance(theirs, Mapping):
            return "it does not state its target"
        for key in dict.fromkeys((*theirs, *self.target)):
            mine, then = self.target.get(key), theirs.get(key)
            if mine == then:
                continue
            if key not in theirs:
                return f"it has no {key}, which is now {mine!s:.80}"
            if key not in self.target:
                return f"it is for {key} {then!s:.80}, and this task has no {key}"
            return f"it is for {key} {then!s:.80}, which is now {mine!s:.80}"
        return None


def _part(shard: Any) -> str:
    return f"the shard {shard}" if shard else "all shards"


def file_name_of(address: str) -> str:
    """Return the name of files about the panel with this address."""
    return sha256_of(address)[:16]


#: Maximum length of each text.
_LONGEST = 200

#: The variable of the environment or of Ansible that names the job, with the name of the system.
_JOBS = {
    "awx_job_id": "AWX",
    "tower_job_id": "Tower",
    "GITHUB_RUN_ID": "GitHub",
    "CI_JOB_ID": "GitLab",
    "BUILD_TAG": "Jenkins",
}
#: The variables that name the user who started the job.
_USERS = ("awx_user_name", "tower_user_name", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_USER_ID")

#: The options that state it.
OPTIONS = ("started_by", "approved_by", "ticket")


@dataclass(frozen=True)
class Attribution:
    """Who is responsible for an execution of a run.

    :param job: the job of a CI system or of AWX.
    :param approved_by: empty if nobody approved the plan.
    :param approved_at: when the plan was approved; ``None`` unless this execution began with an approval.
    """

    started_by: str | None = None
    job: str | None = None
    ticket: str | None = None
    approved_by: str | None = None
    approved_at: str | None = None

    def cleaned(self, redact: Callable[[str], str]) -> Attribution:
        """Return it with printable texts of limited length.

        :param redact: masks the secrets of a text.
        """
        texts = {name: value for name, value in asdict(self).items() if value is not None}
        return replace(
            self, **{name: plain(redact(value))[:_LONGEST] for name, value in texts.items()}
        )

    def of_execution(
        self, ticket: str | None, begins_at: str | None, *, by_hash: bool
    ) -> Attribution:
        """Return it for one execution of a run.

        :param ticket: the ticket of the plan.
        :param begins_at: the time if the execution begins a run. One that continues a run has no
            approval of its own.
        :param by_hash: whether it applies the plan with a given hash.
        """
        is_approved = bool(self.approved_by) or (by_hash and self.approved_by is None)
        at = begins_at if is_approved else None
        return replace(self, approved_at=at, ticket=self.ticket or ticket)

    def to_plain(self) -> dict[str, str | None]:
        """Return it as plain data, with null for what is not known."""
        return {name: value or None for name, value in asdict(self).items()}


#: What is recorded for each execution.
KEYS = tuple(each.name for each in fields(Attribution))


def attribution_of(
    params: Mapping[str, Any], variables: Mapping[str, Any], environment: Mapping[str, str]
) -> Attribution:
    """Return who runs a task.

    :param params: its options, of which :data:`OPTIONS` are used.
    :param variables: of Ansible.
    """
    known = {
        **environment,
        **{name: variables[name] for name in (*_JOBS, *_USERS) if name in variables},
    }
    job = next(
        (f"{system} {known[name]}" for name, system in _JOBS.items() if known.get(name)), None
    )
    user = next((str(known[name]) for name in _USERS if known.get(name)), None)
    given = {name: params[name] for name in OPTIONS if params.get(name) is not None}
    return Attribution(**{"started_by": user or login_name(environment), "job": job, **given})


def login_name(environment: Mapping[str, str]) -> str:
    """Return the name of the user who runs Ansible, also after sudo."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"UID {os.getuid()}"
    return (environment.get("SUDO_USER") or name) if os.getuid() == 0 else name


def time_text(seconds: float) -> str:
    """Return a time of the clock as text in UTC, such as ``2026-01-31T10:00:00.000+00:00``."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds")


def seconds_of(text: str) -> float:
    """Return the time of the clock that a text states. :raises ValueError: it states none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment.timestamp()


#: Set by ansible-runner: the folder of the artifacts of a job.
_ARTIFACTS = "AWX_ISOLATED_DATA_DIR"
#: Set by AWX: the folder of a job, with its project, inventory and artifacts.
_PRIVATE = "AWX_PRIVATE_DATA_DIR"
#: Variables that AWX and its predecessor pass to each job.
_VARIABLES = ("awx_job_id", "tower_job_id")

#: Folders that a container has for itself, or that a system empties.
_SHORT_LIVED = (Path("/tmp"),)  # noqa: S108 - nothing is written there


@dataclass(frozen=True)
class Job:
    """The job in which a task runs.

    :param tree: the job's own folder, ``None`` if it is unknown.
    """

    tree: Path | None

    @classmethod
    def of(cls, environment: Mapping[str, str], variables: Mapping[str, Any]) -> Job | None:
        """Return the job, or ``None`` if the task does not run in one."""
        artifacts, private = environment.get(_ARTIFACTS), environment.get(_PRIVATE)
        if not artifacts and not any(variables.get(name) for name in _VARIABLES):
            return None
        if private:
            return cls(Path(private))
        if not artifacts:
            return cls(None)
        place = Path(artifacts)
        # ansible-runner has <folder of the job>/artifacts/<job>.
        return cls(place.parents[1] if place.parent.name == "artifacts" else place)

    def loses(self, path: str) -> str | None:
        """Return why a folder does not outlive the job, or ``None`` if it may.

        :param path: as the operator wrote it.
        """
        written = Path(path).expanduser()
        if not written.is_absolute():
            return "it is relative to the folder of the project, which the job has for itself"
        place = Path(os.path.realpath(written))
        if self.tree is not None and place.is_relative_to(os.path.realpath(self.tree)):
            return f"it is in {self.tree}, which the job has for itself"
        for folder in _SHORT_LIVED:
            if place.is_relative_to(os.path.realpath(folder)):
                return f"it is in {folder}, which is lost with the container of the job"
        return None
