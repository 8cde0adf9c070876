# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State who runs a task, in which job, for which ticket, and who approved it.

A journal records it for each execution of a run. It is what the operator or the job states, not a proof:
whoever can start the run can state anything.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ...module_utils._core.plain_text import plain

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
