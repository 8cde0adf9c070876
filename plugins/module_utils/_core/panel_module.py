# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module file declares, and how it is carried out wherever the task runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .argspec import ArgumentSpec
from .errors import PanelError, defect
from .runner import Panel, Task, run

ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class PanelModule(Generic[ClientT]):
    """A module: on which kind of panel, what it does there, and with which options.

    :param work: the class of the resource to converge, the query to answer, or the action to do.
    """

    panel: Panel[ClientT]
    work: Callable[[ClientT, Any], Task]
    arguments: ArgumentSpec

    def execute(
        self, params: Mapping[str, Any], *, check_mode: bool
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Nothing is ever raised.

        :param params: the options after argument validation.
        """
        try:
            return run(self.panel, self.work, params, check_mode=check_mode), False
        except PanelError as error:
            return error.to_result(), True
        except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
            return defect(error).to_result(), True
