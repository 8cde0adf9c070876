# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks options of tasks against the argument specifications of awx.awx. It runs in the venv that has that collection.

Standard input is a list of [module, options] as JSON, and standard output the mistakes.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any
from unittest import mock

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.awx.awx.plugins.module_utils.controller_api import ControllerAPIModule


class Specification(Exception):
    """The specification of a module, taken when the module creates itself."""

    def __init__(self, **given: Any) -> None:
        super().__init__()
        self.given = given


def _raise(self: Any, **given: Any) -> None:
    raise Specification(**given)


def specification(name: str) -> dict[str, Any]:
    """Return what a module passes to its base class."""
    module = importlib.import_module(f"ansible_collections.awx.awx.plugins.modules.{name}")
    with mock.patch.object(ControllerAPIModule, "__init__", _raise):
        try:
            module.main()
        except Specification as found:
            return found.given
    raise AssertionError(f"{name} has no specification")


def mistakes(name: str, options: dict[str, Any], known: dict[str, Any]) -> list[str]:
    """Return what a module would not accept."""
    given = known.setdefault(name, specification(name))
    kinds = ("mutually_exclusive", "required_if", "required_one_of")
    rules = {key: given[key] for key in kinds if key in given}
    arguments = {**given["argument_spec"], **ControllerAPIModule.AUTH_ARGSPEC}
    return ArgumentSpecValidator(arguments, **rules).validate(options).error_messages


def main() -> None:
    known: dict[str, Any] = {}
    found = []
    for name, options in json.load(sys.stdin):
        words = options.get("name") or options.get("identifier")
        found += [f"{name} {words}: {each}" for each in mistakes(name, options, known)]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
