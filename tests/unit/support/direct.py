# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks as the one action carries them out, inside of this process."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest import mock

from ansible_collections.vpsfleet.panels.plugins.action.direct import ActionModule
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import COLLECTION


class DirectAction(ActionModule):
    """The action, where every name is a module's own."""

    def _module_name(self) -> str:
        return str(self._task.action)


def action(name: str, check_mode: bool, options: dict[str, Any], **task: Any) -> DirectAction:
    """Return the action with a task on the controller.

    :param task: what the task has besides.
    """
    reported: dict[str, Any] = {
        "action": f"{COLLECTION}.{name}",
        "args": options,
        "collections": None,
        "check_mode": check_mode,
        "diff": False,
        "async_val": 0,
        "environment": [],
        "no_log": False,
    }
    return DirectAction(
        task=SimpleNamespace(**{**reported, **task}),
        connection=SimpleNamespace(transport="local", become=None, _shell=mock.Mock()),
        play_context=mock.Mock(),
        loader=mock.Mock(),
        templar=SimpleNamespace(template=lambda value: value),
        shared_loader_obj=mock.Mock(),
    )


def directly(name: str, check_mode: bool, options: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a module that is carried out directly."""
    return action(name, check_mode, options).run(task_vars={})
