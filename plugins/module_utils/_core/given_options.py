# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a task as the task gives them, checked before Ansible converts them.

Ansible counts a null option as given, so it satisfies ``required_one_of`` and becomes the text ``None``
or an empty one. It converts the boolean ``no`` to the text ``False``, the number ``1.10`` to ``1.1``, and the
boolean ``yes`` to the number 1. YAML itself reads ``0100`` as 64 and ``12:30`` as 750. Each of these may name
another object than the operator means.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .argspec import ArgumentSpec

Rules = Mapping[str, Mapping[str, Any]]

#: The prefix of Ansible's own values among the options of a module.
_INTERNAL = "_ansible_"
_TEXTS = ("str", "path")
_NUMBERS = ("int", "float")
#: Options whose text is an ID: no panel has an ID that reads so, but templates turn null into it.
_ID = re.compile(r"(?:.*_)?(?:id|uuid)s?")
_NO_ID = ("none", "null")
#: Separators before the name of an option in a label such as ``entry 1 of rules: inner.id``.
_LAST = re.compile(r"[ .]")
#: Options of type string whose values can be numbers: counts, words of a command, the number of a ticket, and the ID
#: of a pipeline.
_NUMERIC = re.compile(
    r"(?:.*_)?(?:batches|max_failures|max_batch_failures|health_check|ticket|pipeline)"
)
#: Options whose values no message may show. The documentation of an inventory or a role has no ``no_log``.
_SECRET = re.compile(r"(?:.*_)?(?:key|pass|password|token)")
#: Texts that Ansible converts to a whole number, or refuses with a message of its own.
_NUMBER = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?")

#: Words that Python reads as a number that is not finite. Ansible fails at some without naming the option, and takes
#: others. A full stop before them makes it refuse each by name.
_NOT_FINITE = re.compile(r"(\.?)\s*([+-]?(?:inf|infinity|s?nan\d*))\s*", re.I)


def set_options(rules: Rules, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are set: those that are not null, also inside of options."""
    known = _by_name(rules)
    # Ansible reports an unknown option by its name, whatever its value.
    return {
        name: _set_inside(known.get(name, {}), value)
        for name, value in given.items()
        if value is not None or name not in known
    }


def unknown_home(label: str, path: str) -> str:
    """Return what is wrong with a path below ``~`` if there is no such home folder, or an empty text."""
    if os.path.expanduser(path).startswith("~"):  # noqa: PTH111 - Path.expanduser raises
        return f"{label} is {path}, and there is no such home folder: set HOME, or write an absolute path"
    return ""


def mistake_in(
    arguments: ArgumentSpec, given: Mapping[str, Any], environment: Mapping[str, str]
) -> str:
    """Return the first mistake that Ansible would not find, in one sentence. Empty if there is none.

    :param given: the options that are set, see :func:`set_options`.
    :param environment: the environment variables that options may come from.
    """
    known = _by_name(arguments.options)
    if any(name not in known and not name.startswith(_INTERNAL) for name in given):
        return ""  # Ansible names unknown options, and a misspelt name explains a missing one
    paths = {  # the home folder of a default may not be known
        name: rule["default"]
        for name, rule in arguments.options.items()
        if rule.get("type") == "path" and rule.get("default") and name not in given
    }
    return next(_mistakes(arguments.options, {**paths, **given}), "") or _missing(
        arguments.options, given, environment
    )


def wrong_type(rules: Rules, given: Mapping[str, Any]) -> str:
    """Return an error message for the first value of an ambiguous type, or an empty string.

    This is the part of :func:`mistake_in` for values that do not come from a task. There, an empty string and
    null have a meaning of their own.

    :param rules: options, also as the documentation of an inventory plugin or a role describes them.
    :param given: the values before Ansible converts them.
    """
    return next(_mistakes(_with_blanks(rules), set_options(rules, given)), "")


def not_created(arguments: ArgumentSpec, given: Mapping[str, Any]) -> str:
    """Return the option that is given as null and alone must name an object that a task can create.

    In check mode an earlier task returns null as the ID of the object that it would create.

    :param given: the options as the task gives them.
    :returns: the name of the option, or an empty text.
    """
    present = {name for name, value in given.items() if value is not None}
    for names in arguments.required_one_of:
        unnamed = not present.intersection(names)
        created = [name for name in names if name in arguments.created and name in given]
        if unnamed and created:
            return created[0]
    return ""


def without_group(arguments: ArgumentSpec, option: str) -> ArgumentSpec:
    """Return the specification without the rule that one of a group with this option must be set."""
    groups = [names for names in arguments.required_one_of if option not in names]
    return replace(arguments, required_one_of=groups)


def is_set(variable: str, environment: Mapping[str, str]) -> bool:
    """Return whether an environment variable holds a value for an option."""
    return bool(environment.get(variable, "").strip())


def _by_name(rules: Rules) -> dict[str, Mapping[str, Any]]:
    """Return the rules by the options' names and aliases."""
    return {each: rule for name, rule in rules.items() for each in (name, *rule.get("aliases", ()))}


def _set_inside(rule: Mapping[str, Any], value: Any) -> Any:
    inner = rule.get("options")
    if inner and isinstance(value, Mapping):
        return set_options(inner, value)
    entry = {"type": rule.get("elements"), "options": inner}
    if isinstance(value, (list, tuple)):
        return [_set_inside(entry, each) for each in value]
    if rule.get("type") == "list" and isinstance(value, str):
        return ",".join(_set_inside(entry, each) for each in value.split(","))
    if rule.get("type") in _NUMBERS and _NOT_FINITE.fullmatch(str(value)):
        return f".{str(value).strip().lstrip('.')}"
    return value


def _with_blanks(rules: Rules) -> dict[str, dict[str, Any]]:
    """Return rules that accept empty texts, also inside of options."""
    return {
        name: {**rule, "blank": True, "options": _with_blanks(rule.get("options") or {})}
        for name, rule in rules.items()
    }


def _mistakes(rules: Rules, given: Mapping[str, Any], place: str = "") -> Iterator[str]:
    known = _by_name(rules)
    for option, declared in rules.items():
        names = [name for name in (option, *declared.get("aliases", ())) if name in given]
        if len(names) > 1:
            # Ansible takes the last one, and only a module warns about it.
            yield f"{place}{' and '.join(names)} are the same option: set one of them"
    for name, value in given.items():
        rule = known.get(name)
        if rule is None or name.startswith(_INTERNAL):
            continue
        label, kind, inner = f"{place}{name}", rule.get("type", "str"), rule.get("options")
        if kind == "list":
            yield from _in_list(label, rule, value)
        elif inner and isinstance(value, Mapping):
            yield from _mistakes(inner, value, f"{label}.")
        else:
            yield from _in_value(label, rule, kind, value)


def _in_list(name: str, rule: Mapping[str, Any], value: Any) -> Iterator[str]:
    """Yield the mistakes in a list, which may be one text with commas, or a single value."""
    inner = rule.get("options")
    single = isinstance(value, str) or not isinstance(value, Sequence)
    entries = value.split(",") if isinstance(value, str) else [value] if single else value
    for number, entry in enumerate(entries, 1):
        label = name if len(entries) == 1 and single else f"entry {number} of {name}"
        if entry is None:
            yield f"{label} is null: give a value, or leave the entry out"
        elif inner and isinstance(entry, Mapping):
            yield from _mistakes(inner, entry, f"{label}: ")
        else:
            yield from _in_value(label, rule, rule.get("elements"), entry, option=name)


def _in_value(
    label: str, rule: Mapping[str, Any], kind: str | None, value: Any, *, option: str = ""
) -> Iterator[str]:
    """Yield the mistakes in a single value.

    :param label: its name in messages.
    :param option: the name of its option, if that is another.
    """
    name = _LAST.split(option or label)[-1]
    if isinstance(value, str):
        yield from _in_text(label, name, rule, kind, value)
    elif kind in _TEXTS and "choices" not in rule:
        yield from _no_text(label, name, rule, value)
    elif kind in _NUMBERS and isinstance(value, bool):
        yield f"{label} is the boolean {_yaml(value)}, not a number"


def _in_text(
    label: str, name: str, rule: Mapping[str, Any], kind: str | None, value: str
) -> Iterator[str]:
    word = value.strip()
    if not word and kind in (*_TEXTS, *_NUMBERS) and not rule.get("blank"):
        variables = rule.get("env")
        where = f" and set {variables[0]} in the environment" if variables else ""
        yield f"{label} is empty: give a value, or leave it out{where}"
    elif kind == "str" and word.lower() in _NO_ID and _ID.fullmatch(name):
        yield f"{label} is the word {word!r}, not an ID"
    elif kind == "path" and (mistake := unknown_home(label, word)):
        yield mistake
    elif kind in _NUMBERS and (found := _NOT_FINITE.fullmatch(word)):
        yield f"{label} is {found[2]}, not a finite number"
    elif kind == "int" and _ID.fullmatch(name) and not _NUMBER.fullmatch(word):
        yield f"{label} is the text {value!r}, not an ID: if it is a name, set the option for names"


def _no_text(label: str, name: str, rule: Mapping[str, Any], value: Any) -> Iterator[str]:
    """Yield the mistake of a value that is no text.

    A whole number does not show how it is written, so it is not accepted as a name. It is accepted where
    it is an ID, which no operator writes as ``0100``.
    """
    shown = "" if rule.get("no_log") or _SECRET.fullmatch(name) else f" {_yaml(value)}"
    if isinstance(value, bool):
        yield (
            f"{label} is the boolean{shown}, not a string: "
            "quote the value, since YAML reads words such as no, yes, on and off as booleans"
        )
    elif isinstance(value, int) and not (_ID.fullmatch(name) or _NUMERIC.fullmatch(name)):
        yield (
            f"{label} is the number{shown}, not a string: quote the value, since YAML reads 0100 as 64 "
            "and 12:30 as 750; in a template, add the filter string"
        )
    elif isinstance(value, float):
        yield (
            f"{label} is the number{shown}, not a string: "
            'quote the value, since YAML reads 1.10 as 1.1; "1.10" stays as it is'
        )
    elif isinstance(value, (Mapping, list, tuple)):
        yield f"{label} is a {'dictionary' if isinstance(value, Mapping) else 'list'}, not a string"


def _yaml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _missing(rules: Rules, given: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    """Return the sentence for required options that are not set, if the environment could hold one."""
    missing = {
        name: list(rule.get("env", ()))
        for name, rule in rules.items()
        if rule.get("required")
        and not any(each in given for each in (name, *rule.get("aliases", ())))
        and not any(is_set(variable, environment) for variable in rule.get("env", ()))
    }
    if not any(missing.values()):
        return ""
    return "missing required arguments: " + ", ".join(
        f"{name} (or {' or '.join(variables)} in the environment)" if variables else name
        for name, variables in sorted(missing.items())
    )
