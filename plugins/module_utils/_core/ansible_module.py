# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge to Ansible where a task runs as a module: the only file of ``_core`` that imports Ansible."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.errors import AnsibleFallbackNotFound

if sys.version_info < (3, 10):  # noqa: UP036 - the Python of a target may be older

    class _WithoutOptions(AnsibleModule):
        def _load_params(self) -> None:
            super()._load_params()
            self.params = {}

    # Every module imports this file first, and the files below need the newer Python.
    _WithoutOptions(argument_spec={}).fail_json(
        msg=(
            f"vpsfleet.panels requires Python 3.10 or newer, and {sys.executable} is Python "
            f"{'.'.join(map(str, sys.version_info[:3]))}: set ansible_python_interpreter to a newer "
            "one, or run the task on the controller"
        )
    )

from .argspec import ArgumentSpec
from .errors import invalid
from .given_options import is_set, mistake_in, set_options
from .http import REQUESTS_IMPORT_ERROR
from .runner import PanelModule
from .safe_text import OptionSecrets


def run_module(declared: PanelModule[Any]) -> NoReturn:
    """Read the options from Ansible, run the module, and end with a result or one clear sentence.

    The module ends outside any ``except``: there, ansible-core before 2.19 would show a traceback.
    """
    module = module_of(declared.arguments, declared)
    if REQUESTS_IMPORT_ERROR:
        message = missing_required_lib("requests")
        failure = invalid(message).failure()
        module.fail_json(msg=message, exception=REQUESTS_IMPORT_ERROR, failure=failure)
    predict: Callable[[Mapping[str, Any]], dict[str, Any]] | None = getattr(module, "predict", None)
    if predict is not None:
        result, failed = predict(module.params), False
    else:
        result, failed = declared.execute(module.params, check_mode=module.check_mode)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if failed:
        module.fail_json(**result)
    module.exit_json(**result)


def rules_for_ansible(arguments: ArgumentSpec) -> dict[str, Any]:
    """Return argument specifications as keyword arguments for ``AnsibleModule``."""
    return {
        "argument_spec": {name: _rule(rule) for name, rule in arguments.options.items()},
        # In pairs, so that the message names just the options that are set together.
        "mutually_exclusive": list(
            dict.fromkeys(
                pair for names in arguments.mutually_exclusive for pair in combinations(names, 2)
            )
        ),
        "required_one_of": list(arguments.required_one_of),
        "required_together": list(arguments.required_together),
        "required_if": list(arguments.required_if),
        "required_by": dict(arguments.required_by),
    }


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rule of one option with the keys of Ansible."""
    known = {key: value for key, value in rule.items() if key not in ("env", "blank", "open_keys")}
    if "env" in rule:
        known["fallback"] = (_from_environment, list(rule["env"]))
    if "options" in rule:
        known["options"] = {name: _rule(each) for name, each in rule["options"].items()}
    return known


def _from_environment(*variables: str) -> str:
    """Return the value of the first variable that is set.

    :raises AnsibleFallbackNotFound: no variable is set.
    """
    for variable in variables:
        if is_set(variable, os.environ):
            return os.environ[variable]
    raise AnsibleFallbackNotFound


def module_of(arguments: ArgumentSpec, declared: PanelModule[Any] | None = None) -> AnsibleModule:
    """Return Ansible's module with its options, or end it with the mistake in them.

    :param declared: the module, if it may predict results.
    """
    module: Any = _module_class(arguments, declared)(
        **rules_for_ansible(arguments), supports_check_mode=True
    )
    if module.mistake:
        module.fail_json(msg=module.mistake)
    module.checking = False
    checked: AnsibleModule = module
    return checked


def _module_class(arguments: ArgumentSpec, declared: PanelModule[Any] | None) -> type[Any]:
    """Return a subclass of Ansible's module.

    It checks the options before Ansible converts them, and hides secrets inside other options.
    """

    class Module(AnsibleModule):
        #: The mistake in the options, in one sentence. Empty if the options are valid.
        mistake = ""
        #: Whether the options are still being checked, so that any failure is a mistake in them.
        checking = True
        #: Predicts the result, if the object would be created by an earlier task.
        predict: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None

        def _load_params(self) -> None:
            super()._load_params()  # type: ignore[no-untyped-call]
            if declared is not None:
                check_mode = bool(self.params.get("_ansible_check_mode"))
                rules, self.predict = declared.prediction(self.params, check_mode=check_mode)
                self.required_one_of = list(rules.required_one_of)
            self.params = set_options(arguments.options, self.params)
            self.mistake = mistake_in(arguments, self.params, os.environ)
            for option, rule in arguments.options.items():
                # An option and its alias together are a mistake already, and Ansible would warn, too.
                for alias in rule.get("aliases", ()) if option in self.params else ():
                    self.params.pop(alias, None)
            # Ansible logs the options before its constructor returns.
            self._hide_secrets()

        def _hide_secrets(self) -> dict[str, Any]:
            """Have Ansible hide the values of secrets, and return what it may show at -vvv."""
            secrets = OptionSecrets(arguments.options, self.params)
            self.no_log_values.update(secrets.values)
            return {"module_args": secrets.shown}

        def exit_json(self, **kwargs: Any) -> NoReturn:
            super().exit_json(**kwargs, invocation=self._hide_secrets())

        def fail_json(self, msg: str, **kwargs: Any) -> NoReturn:
            # Ansible's own checks fail before its constructor returns; the collection's come first.
            hidden = self._hide_secrets()
            msg = self.mistake or msg
            if self.checking:
                kwargs["failure"] = invalid(msg).failure()
            super().fail_json(msg=msg, **kwargs, invocation=hidden)

    return Module
