# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the actions over many objects of a panel: options, progress, signals and result."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from ansible.module_utils.basic import missing_required_lib

from ..module_utils._core import system_settings
from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.http import REQUESTS_IMPORT_ERROR
from ._controller_action import OnController
from ._fleet.identity import Attribution, Job, attribution_of
from ._fleet.stop import ProcessStop, Stop
from ._task_options import TaskOptions

#: The verbosity (-vvv) from which a result has the options.
VERBOSE = 3

_UNKNOWN_PROXIES = (
    "the proxies of macOS cannot be read in a forked process: set HTTPS_PROXY or no_proxy in the "
    "environment, or write the name of the action without a template"
)
_ONE_HOST = (
    "the result is registered on the first host only: set run_once to true on the task to register it "
    "on all hosts"
)


class BulkModule(Protocol):
    """What an action does, and with which options."""

    @property
    def arguments(self) -> ArgumentSpec:
        """The options."""

    def execute(
        self,
        params: Mapping[str, Any],
        *,
        given: Collection[str],
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        job: Job | None,
        attribution: Attribution | None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise."""


class FleetAction(OnController):
    """An action over several objects of one panel."""

    #: What the action does: a bulk change, or the work for the servers of a pipeline.
    FLEET: BulkModule

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the result of the run."""
        variables = task_vars or {}
        super().run(tmp, variables)
        with self.task_environment():
            options = TaskOptions(self.FLEET.arguments, self._task.args, self._task.action)
            failed = True
            if REQUESTS_IMPORT_ERROR:
                result = options.refusal(missing_required_lib("requests"))
            elif not system_settings.known():
                result = options.refusal(_UNKNOWN_PROXIES)
            elif options.mistake:
                result = options.refusal()
            else:
                job = Job.of(os.environ, variables)
                by = attribution_of(options.params, variables, os.environ)
                params = options.beside(self._loader.get_basedir())
                result, failed = self._execute(params, job, by)
        self._warn_of_one_host(result, variables)
        if failed:
            result["failed"] = True
        if self._task.diff:
            result["diff"] = [_diff(row) for row in result.get("results", ()) if row["changed"]]
        shown = options.without_secrets(result)
        # Its lists of servers can be long, and callback plugins such as that of AWX store a result with all its keys.
        if self._display.verbosity >= VERBOSE:
            shown["invocation"] = {"module_args": options.shown()}
        return shown

    def _execute(
        self, params: Mapping[str, Any], job: Job | None, by: Attribution
    ) -> tuple[dict[str, Any], bool]:
        stop = ProcessStop()
        with stop.on_signals(timeout_s=self._task.timeout):
            return self.FLEET.execute(
                params,
                given=[name for name, value in self._task.args.items() if value is not None],
                check_mode=self._task.check_mode,
                show=None if self._task.no_log else self._display.display,
                stop=stop,
                job=job,
                attribution=by,
            )

    def _warn_of_one_host(self, result: dict[str, Any], variables: Mapping[str, Any]) -> None:
        """Warn if the task registers its result, and other hosts of the play will not have it."""
        hosts = variables.get("ansible_play_batch") or ()
        if self._task.register and not self._task.run_once and len(hosts) > 1:
            result["warnings"] = [*result.get("warnings", ()), _ONE_HOST]


def _diff(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of one item, for ``--diff``."""
    header = f"{row['name']} ({'new' if row['id'] is None else row['id']})"
    moved = [change for change in row["changes"] if change["before"] != change["after"]]
    return {
        "before": {change["field"]: change["before"] for change in moved},
        "after": {change["field"]: change["after"] for change in moved},
        "before_header": header,
        "after_header": header,
    }
