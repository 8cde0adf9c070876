# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check and show the options of an action's task in the same way as the options of a module."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import PASS_VARS, remove_values
from ansible.module_utils.errors import UnsupportedError

from ..module_utils._core.ansible_module import rules_for_ansible
from ..module_utils._core.argspec import ArgumentSpec
from ..module_utils._core.errors import invalid
from ..module_utils._core.given_options import mistake_in, set_options
from ..module_utils._core.safe_text import OptionSecrets


class TaskOptions:
    """The options of one task.

    :param arguments: the declared options.
    :param given: the options that the task sets.
    :param name: the module's name, for messages.
    """

    def __init__(self, arguments: ArgumentSpec, given: Mapping[str, Any], name: str) -> None:
        options = set_options(arguments.options, _plain(given))
        mistake = mistake_in(arguments, options, os.environ)
        rules = rules_for_ansible(arguments)
        checked = ArgumentSpecValidator(rules.pop("argument_spec"), **rules).validate(options)
        #: The options with defaults, in their types.
        self.params: dict[str, Any] = {**options, **checked.validated_parameters}
        #: The mistake in them, in one sentence; ``None`` if they are valid.
        self.mistake: str | None = mistake or None
        if checked.error_messages and not mistake:
            self.mistake = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                self.mistake = f"Unsupported parameters for ({name}) module: {self.mistake}"
        self._secrets = OptionSecrets(arguments.options, self.params)

    def refusal(self, lacking: str | None = None) -> dict[str, Any]:
        """Return the result for a task with a mistake in its options.

        :param lacking: what is missing on this machine, instead of the mistake.
        """
        message = lacking or self.mistake or ""
        return {"msg": message, "failure": invalid(message).failure()}

    def beside(self, folder: str) -> dict[str, Any]:
        """Return the options with the path of the authorities as a module finds them, which runs in this folder.

        :param folder: the folder of the playbook.
        """
        path = self.params.get("ca_path")
        return {**self.params, "ca_path": str(Path(folder, path))} if path else self.params

    def without_secrets(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """Return a result without any secret of the options."""
        clean: dict[str, Any] = remove_values(result, self._secrets.values)
        return clean

    def shown(self) -> dict[str, Any]:
        """Return the options without secrets."""
        return self.without_secrets(self._secrets.shown)

    def shown_with(self, result: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return a result without secrets, and with the options where that of a module has them.

        Modules return them always, and since ansible-core 2.21 only if a setting says so.
        """
        clean = self.without_secrets(result)
        if "inject_invocation" not in PASS_VARS or constants.config.get_config_value(
            "INJECT_INVOCATION", variables=variables
        ):
            clean["invocation"] = {"module_args": self.shown()}
        return clean


def _key(value: Any) -> str:
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    """Return a value with Python's own types, as a module receives it in JSON."""
    if isinstance(value, Mapping):
        return {_key(key): _plain(each) for key, each in value.items()}
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(each) for each in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)  # a vaulted text of ansible-core before 2.19
