# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module file declares, and how it is carried out wherever the task runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .argspec import ArgumentSpec
from .errors import result_of
from .existence import ABSENT
from .given_options import not_created, without_group
from .prediction import Shown
from .runner import Panel, Task, run, unmade

ClientT = TypeVar("ClientT")


@dataclass(frozen=True)
class PanelModule(Generic[ClientT]):
    """A module: on which kind of panel, what it does there, and with which options.

    :param work: the class of the resource to converge, the query to answer, or the action to do.
    """

    panel: Panel[ClientT]
    work: Callable[[ClientT, Any], Task]
    arguments: ArgumentSpec

    def prediction(
        self, given: Mapping[str, Any], *, check_mode: bool
    ) -> tuple[ArgumentSpec, Callable[[Mapping[str, Any]], dict[str, Any]] | None]:
        """Return the rules for the options, and how to predict the result from the checked options.

        The prediction is ``None`` unless this is check mode and the ID of the object is null, since an
        earlier task would create the object.

        :param given: the options as the task gives them.
        """
        option = not_created(self.arguments, given) if check_mode else ""
        shown: Shown = getattr(self.work, "shown", {})
        if not option or not shown or given.get("state") == ABSENT:
            return self.arguments, None
        rules = without_group(self.arguments, option)
        return rules, lambda params: unmade(self.work, params, option)

    def execute(
        self,
        params: Mapping[str, Any],
        *,
        check_mode: bool,
        ending: Callable[[], bool] | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param ending: returns whether the task must end, see :func:`run`.
        """
        return result_of(
            lambda: run(self.panel, self.work, params, check_mode=check_mode, ending=ending)
        )
