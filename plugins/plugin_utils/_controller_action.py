# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the actions that run on the controller itself."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import PanelError
from ._task_options import TaskOptions


class OnController(ActionBase):
    """An action that runs in Ansible's own process on the controller, once for all hosts."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    @contextmanager
    def task_environment(self) -> Iterator[None]:
        """Set the task's ``environment`` in this process, such as a token or a proxy. Restore it at the end."""
        desired: dict[str, Any] = {}
        self._compute_environment_string(desired)
        before = {name: os.environ.get(name) for name in desired}
        os.environ.update({name: str(value) for name, value in desired.items()})
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


class ControllerAction(OnController):
    """An action that sends nothing to a panel."""

    #: The options.
    ARGUMENTS: ClassVar[ArgumentSpec]

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Check the options, and return the result without their secrets."""
        variables = task_vars or {}
        super().run(tmp, variables)
        with self.task_environment():
            options = TaskOptions(self.ARGUMENTS, self._task.args, self._task.action)
            if options.mistake:
                return {"failed": True, **options.refusal()}
            try:
                result = self.result(options.params, variables)
            except PanelError as error:
                result = {"failed": True, **error.to_result()}
        return options.without_secrets(result)

    @abstractmethod
    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result.

        :param params: the checked options.
        :param variables: the variables of the task.
        :raises PanelError: the result is a failure.
        """
