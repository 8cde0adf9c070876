# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's options where an action carries it out: checked and shown as a module's would be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError

from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.panel_module import address_passwords

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"

#: The verbosity (-vvv) from which Ansible shows a task's options.
VERBOSE = 3


class TaskOptions:
    """The options of one task.

    :param arguments: the options that there are.
    :param given: what the task gives.
    :param name: the module's name, for messages.
    """

    def __init__(self, arguments: ArgumentSpec, given: Mapping[str, Any], name: str) -> None:
        self._arguments = arguments
        options = _plain(given)
        rules = arguments.to_kwargs()
        checked = ArgumentSpecValidator(rules.pop("argument_spec"), **rules).validate(options)
        #: The options with defaults, in their types.
        self.params: dict[str, Any] = {**options, **checked.validated_parameters}
        #: What is wrong with them, in one sentence; ``None`` where nothing is.
        self.mistake: str | None = None
        if checked.error_messages:
            self.mistake = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                self.mistake = f"Unsupported parameters for ({name}) module: {self.mistake}"

    def without_secrets(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """Return a result without any secret of the options."""
        secrets = {*self._secret().values(), *address_passwords(self.params)}
        clean: dict[str, Any] = remove_values(result, secrets)
        return clean

    def shown(self) -> dict[str, Any]:
        """Return the options as they may be shown."""
        hidden = dict.fromkeys(self._secret(), HIDDEN)
        shown: dict[str, Any] = remove_values(
            {**self.params, **hidden}, address_passwords(self.params)
        )
        return shown

    def _secret(self) -> dict[str, str]:
        """Return the options that are set and not to be shown."""
        return {
            option: str(self.params[option])
            for option, rule in self._arguments.options.items()
            if rule.get("no_log") and self.params.get(option)
        }


def _plain(value: Any) -> Any:
    """Return a value as JSON would carry it to a module: without Ansible's own kinds of text and numbers."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return str(value)  # a vaulted text of ansible-core before 2.19, a date
