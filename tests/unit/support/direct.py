# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks that an action runs directly, in this process."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest import mock

from ansible.plugins.action import ActionBase

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._direct_action import DirectAction
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import COLLECTION, ROOT

#: The folder of the playbook.
FOLDER = "/playbooks"

_A = TypeVar("_A", bound=ActionBase)


def with_task(
    kind: type[_A], name: str, options: dict[str, Any], transport: str = "local", **task: Any
) -> _A:
    """Return an action plugin with a task.

    :param name: full name of the action.
    :param task: further attributes of the task.
    """
    attributes: dict[str, Any] = {
        "action": name,
        "args": options,
        "collections": None,
        "check_mode": False,
        "diff": False,
        "async_val": 0,
        "environment": [],
        "no_log": False,
        "register": None,
        "run_once": False,
        "timeout": 0,
    }
    return kind(
        task=SimpleNamespace(**{**attributes, **task}),
        connection=SimpleNamespace(transport=transport, become=None, _shell=mock.Mock()),
        play_context=mock.Mock(),
        loader=mock.Mock(get_basedir=lambda: FOLDER),
        templar=SimpleNamespace(template=lambda value: value),
        shared_loader_obj=mock.Mock(),
    )


def action(name: str, check_mode: bool, options: dict[str, Any], **task: Any) -> DirectAction:
    """Return the action of a module with a task on the controller."""
    kind: type[DirectAction] = importlib.import_module(f"{ROOT}plugins.action.{name}").ActionModule
    return with_task(kind, f"{COLLECTION}.{name}", options, check_mode=check_mode, **task)


def directly(name: str, check_mode: bool, options: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a module that runs directly."""
    return action(name, check_mode, options).run(task_vars={})
