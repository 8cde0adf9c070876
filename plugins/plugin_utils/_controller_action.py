# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible of the actions that work on the controller itself, and send nothing to a panel."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.plugins.action import ActionBase

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import PanelError
from ._task_options import TaskOptions


class ControllerAction(ActionBase):
    """An action that runs on the controller, once for all hosts."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    #: The options.
    ARGUMENTS: ClassVar[ArgumentSpec]

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Check the options, and return the result without their secrets."""
        variables = task_vars or {}
        super().run(tmp, variables)
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
