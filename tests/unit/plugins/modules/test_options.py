# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that break a rule of ``ARGUMENTS`` are refused, as a module and directly, in every module.

The cases are derived from ``ARGUMENTS``: from options that fit, each case breaks one rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import modules as all_modules
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse

Options = dict[str, Any]
#: A value of each type, and one that Ansible cannot convert to the type.
FITS: Options = {
    "str": "xyzzy", "int": 1, "float": 1.5, "bool": True, "path": "/file", "dict": {"key": "xyzzy"},
    "list": ["xyzzy"], "raw": "xyzzy", "json": "{}",
}  # fmt: skip
WRONG: Options = {"int": "many", "float": "much", "bool": "perhaps", "dict": 7, "list": {"key": 1}}
NO_CHOICE = "no such choice"
ID_OPTION = re.compile(r"(?:.*_)?ids?")
#: A valid value for each option of a connection that has no default.
CONNECTION: Options = {
    "api_url": "https://panel.example.com", "api_token": "xyzzy", "api_key": "xyzzy", "api_pass": "xyzzy",
    "region": "cn-north-4", "access_key": "xyzzy", "secret_key": "xyzzy",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Options that break one rule, and the words that the message must have."""

    options: Options
    words: tuple[str, ...]


def value_of(rule: Options) -> Any:
    """Return a value that fits one option."""
    if rule.get("type") == "list":
        element = {**rule, "type": rule.get("elements", "str")}
        return [value_of(element)]
    if rule.get("choices"):
        return rule["choices"][0]
    if rule.get("options"):
        parts = rule["options"].items()
        return {name: value_of(part) for name, part in parts if part.get("required")}
    return FITS[rule.get("type", "str")]


def fitting(spec: ArgumentSpec, **given: Any) -> Options:
    """Return options that break no rule: those given, and what the rules require besides.

    :raises LookupError: no such options were found.
    """
    # An option such as "state" decides which options are required. Its default may exclude the given ones.
    deciding = {name for name, *dummy in spec.required_if if name not in given}
    choices = [{name: value} for name in deciding for value in spec.options[name]["choices"]]
    for choice in ({}, *choices):
        try:
            return _completed(spec, {**given, **choice})
        except LookupError as error:
            failure = error
    raise failure


def _completed(spec: ArgumentSpec, given: Options) -> Options:
    options = dict(given)

    def add(names: Any) -> None:
        """Set the first option that does not exclude one of the given options."""
        for name in names:
            group = [set(each) - {name} for each in spec.mutually_exclusive if name in each]
            if not any(each & set(options) for each in group):
                options[name] = value_of(spec.options[name])
                return
        raise LookupError(f"none of {', '.join(names)} fits {given}")

    for name, rule in spec.options.items():
        if rule.get("required") and name not in options:
            add([name])
    for dummy in range(3):  # what a rule requires can make another rule apply
        for names in spec.required_one_of:
            if not set(names) & set(options):
                add(names)
        for names in spec.required_together:
            for name in names if set(names) & set(options) else ():
                options.setdefault(name, value_of(spec.options[name]))
        for name, needed in spec.required_by.items():
            for other in _names(needed) if name in options else ():
                options.setdefault(other, value_of(spec.options[other]))
        for name, value, needed, *any_of in spec.required_if:
            actual = options.get(name, spec.options[name].get("default"))
            missing = [other for other in needed if other not in options]
            if actual == value and missing and not (any(any_of) and len(missing) < len(needed)):
                for other in missing[:1] if any(any_of) else missing:
                    add([other])
    return options


def _names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def cases(spec: ArgumentSpec, tried: set[str]) -> Iterator[Case]:
    """Return a case for each rule of a module.

    :param tried: the options of other modules, to which those of this one are added. An option that modules
        declare alike, such as those of the connection, is tried once.
    """
    yield Case({**fitting(spec), "no_such_option": 1}, ("no_such_option",))
    for name, rule in spec.options.items():
        if (declared := f"{name} {rule}") not in tried:
            tried.add(declared)
            yield from _cases_of_option(spec, name, rule)
    for names in spec.mutually_exclusive:
        first = fitting(spec, **{names[0]: value_of(spec.options[names[0]])})
        for other in names[1:]:
            options = {**first, other: value_of(spec.options[other])}
            yield Case(options, ("mutually exclusive", names[0], other))
    for names in spec.required_one_of:
        options = {name: value for name, value in fitting(spec).items() if name not in names}
        yield Case(options, ("one of the following is required", *names))
    for names in spec.required_together:
        whole = fitting(spec, **{names[0]: value_of(spec.options[names[0]])})
        whole.pop(names[-1])
        yield Case(whole, ("required together", *names))
    for name, needed in spec.required_by.items():
        whole = fitting(spec, **{name: value_of(spec.options[name])})
        for other in _names(needed):
            yield Case({key: whole[key] for key in whole if key != other}, (name, other))
    for name, value, needed, *any_of in spec.required_if:
        whole = fitting(spec, **{name: value})
        for other in needed:
            without = needed if any(any_of) else [other]
            options = {key: whole[key] for key in whole if key not in without}
            for group in spec.required_one_of:
                others = [each for each in group if each not in needed]
                if others and not set(group) & set(options):
                    options[others[0]] = value_of(spec.options[others[0]])
            yield Case(options, (f"{name} is {value} but", other))


def _cases_of_option(spec: ArgumentSpec, name: str, rule: Options) -> Iterator[Case]:
    if rule.get("required"):
        options = fitting(spec)
        options.pop(name)
        yield Case(options, ("missing required arguments", name))
    for wrong in _wrong_values(rule):
        options = fitting(spec, **{name: value_of(rule)})
        yield Case({**options, name: wrong}, (name,))
    for part, part_rule in rule.get("options", {}).items():
        whole = fitting(spec, **{name: value_of(rule)})
        inner = value_of({**rule, "type": "dict"})
        broken = [{**inner, part: wrong} for wrong in _wrong_values(part_rule)]
        broken += [{**inner, "no_such_option": 1}]
        if part_rule.get("required"):
            broken.append({key: inner[key] for key in inner if key != part})
        for value in broken:
            yield Case({**whole, name: [value] if rule["type"] == "list" else value}, (name,))


def _wrong_values(rule: Options) -> Iterator[Any]:
    kind = rule.get("type", "str")
    if kind in WRONG:
        yield WRONG[kind]
    if kind == "list" and rule.get("elements") in WRONG:
        yield [WRONG[rule["elements"]]]
    if rule.get("choices"):
        # A number outside the choices. A word would be refused as not a number.
        none = max(rule["choices"]) + 1 if "int" in (kind, rule.get("elements")) else NO_CHOICE
        yield [*rule["choices"][:1], none] if kind == "list" else none


@pytest.mark.parametrize("panel", ["virtfusion", "virtualizor", "huaweicloud"])
def test_options_that_do_not_fit_are_refused(modules, panel):
    accepted = []
    number = 0
    tried: set[str] = set()
    for module in all_modules():
        if module.group != panel:
            continue
        spec = module.arguments
        for case in cases(spec, tried):
            number += 1
            result = modules.run(module.name, **case.options)
            message = str(result.get("msg", ""))
            if not result.get("failed") or "api_calls" in result:
                accepted.append(f"{module.name}: {case.options} got past Ansible")
            elif not all(word in message for word in case.words):
                accepted.append(f"{module.name}: {case.options} is refused for: {message}")
    assert number > 50
    refuse(accepted, "These options break a rule of ARGUMENTS and are not refused for it:")


def _with_impossible_ids(spec: ArgumentSpec) -> Iterator[Options]:
    """Return options with a negative ID for each option that takes IDs."""
    for name, rule in spec.options.items():
        if "int" in (rule.get("type"), rule.get("elements")) and ID_OPTION.fullmatch(name):
            connection = {each: CONNECTION[each] for each in CONNECTION if each in spec.options}
            whole = fitting(spec, **{name: value_of(rule)})
            yield {**whole, **connection, name: [-1] if rule["type"] == "list" else -1}


def test_an_impossible_id_is_refused_before_anything_is_sent(modules):
    accepted = []
    number = 0
    for module in all_modules():
        for options in _with_impossible_ids(module.arguments) if module.group else ():
            number += 1
            # No step: a request would be a defect.
            result = modules.run(module.name, **options)
            if not result.get("failed") or result["failure"]["code"] != "validation":
                accepted.append(f"{module.name}: {options}: {result.get('msg')}")
    assert number > 50
    refuse(accepted, "Check these IDs in the resource, as with positive() of _core/argspec.py:")


def test_every_kind_of_rule_has_a_case():
    spec = ArgumentSpec(
        {
            "a": {"type": "int", "required": True},
            "b": {"choices": ["x", "y"]},
            "c": {"type": "list", "elements": "dict", "options": {"d": {"required": True}}},
            "e": {},
            "f": {},
            "g": {},
        },
        mutually_exclusive=[("e", "f")],
        required_one_of=[("e", "f")],
        required_together=[("b", "g")],
        required_if=[("b", "y", ["c"])],
        required_by={"c": "g"},
    )
    words = [case.words for case in cases(spec, set())]
    assert ("no_such_option",) in words
    assert ("missing required arguments", "a") in words
    assert ("a",) in words
    assert ("b",) in words
    assert words.count(("c",)) == 4
    assert ("mutually exclusive", "e", "f") in words
    assert ("one of the following is required", "e", "f") in words
    assert ("required together", "b", "g") in words
    assert ("b is y but", "c") in words
    assert ("c", "g") in words
