# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of every module and bulk action, validated by the module and by the action."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import ansible_module
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    LOCAL,
    MODULES,
    PAGES,
    ROOT,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import module_arguments

Options = Mapping[str, Any]


def arguments_of_all() -> dict[str, ArgumentSpec]:
    """Return the argument specifications by the names of modules and actions."""
    found = {}
    for name in (*MODULES, *PAGES):
        plugin = importlib.import_module(f"{ROOT}plugins.action.{name}")
        if name in LOCAL:
            found[name] = plugin.ARGUMENTS
            continue
        action = plugin.ActionModule
        declared = action.MODULE if name in MODULES else action.FLEET
        found[name] = declared.arguments
    return found


ARGUMENTS = arguments_of_all()
#: The names of what contacts a panel, and so has the options of a connection.
CONTACTING = sorted(set(ARGUMENTS) - set(LOCAL))


def options_of(name: str, kind: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the options of a module with their rules, optionally of one type."""
    for option, rule in ARGUMENTS[name].options.items():
        if kind in (None, rule.get("type", "str")):
            yield option, rule


def valid(name: str) -> dict[str, Any]:
    """Return the fewest options that the rules of a module allow."""
    spec = ARGUMENTS[name]
    chosen = {
        option: _value(option, rule)
        for option, rule in spec.options.items()
        if rule.get("required")
    }
    while lacking := next(_lacking(spec, chosen), None):
        chosen[lacking] = _value(lacking, spec.options[lacking])
    return chosen


def _lacking(spec: ArgumentSpec, chosen: Options) -> Iterator[str]:
    """Yield an option for each unmet rule."""
    groups = [list(names) for names in spec.required_one_of]
    for option, value, needed, *one in spec.required_if:
        if chosen.get(option, spec.options[option].get("default")) == value:
            groups += [needed] if one else [[each] for each in needed]
    for together in spec.required_together:
        if set(together) & set(chosen):
            groups += [[each] for each in together]
    for option, needed in spec.required_by.items():
        if option in chosen:
            groups += [[each] for each in needed]
    for names in groups:
        if not set(names) & set(chosen):
            yield names[0]


def _value(option: str, rule: Mapping[str, Any]) -> Any:
    if "choices" in rule:
        return [rule["choices"][0]] if rule.get("type") == "list" else rule["choices"][0]
    kind = rule.get("type", "str")
    if kind == "list":
        inner = rule.get("elements", "str")
        return [_value(option, {**rule, "type": inner})]
    if kind == "dict":
        chosen = {names[0] for names in rule.get("required_one_of", ())}
        return {
            each: _value(each, inner)
            for each, inner in rule.get("options", {}).items()
            if inner.get("required") or each in chosen
        }
    return {"int": 1, "float": 1.0, "bool": True}.get(kind, f"the-{option}")


def messages(name: str, options: Options) -> set[str | None]:
    """Return the message of each edge that refuses the options, ``None`` for one that accepts them."""
    return {outcome if isinstance(outcome, str) else None for outcome in outcomes(name, options)}


def outcomes(name: str, options: Options) -> list[str | dict[str, Any]]:
    """Return the message or the validated options from each edge that a module has."""
    directly = TaskOptions(ARGUMENTS[name], options, name)
    found: list[str | dict[str, Any]] = [directly.mistake or directly.params]
    if name in MODULES:
        found.append(_as_module(name, options))
    return found


def _as_module(name: str, options: Options) -> str | dict[str, Any]:
    output = io.StringIO()
    arguments = {**options, "_ansible_module_name": name}
    with module_arguments(arguments), contextlib.redirect_stdout(output):
        try:
            params: dict[str, Any] = ansible_module.module_of(ARGUMENTS[name]).params
        except SystemExit:
            return str(json.loads(output.getvalue())["msg"])
    return params
