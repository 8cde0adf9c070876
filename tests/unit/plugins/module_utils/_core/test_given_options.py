# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that would name another object than the operator means are refused, at both edges."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.every_module import (
    ARGUMENTS,
    messages,
    options_of,
    outcomes,
    valid,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import ModuleRunner

each_module = pytest.mark.parametrize("name", sorted(ARGUMENTS))


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    """No variable of the environment stands in for an option."""
    for spec in ARGUMENTS.values():
        for rule in spec.options.values():
            for variable in rule.get("env", ()):
                monkeypatch.delenv(variable, raising=False)


def refusals(
    name: str, value: Any, kinds: tuple[str, ...], keep: Callable[[str, dict[str, Any]], bool]
) -> Iterator[tuple[str, set[str | None]]]:
    """Yield options of some types and what the edges say about a value for them."""
    for option, rule in options_of(name):
        if rule.get("type", "str") in kinds and keep(option, rule):
            yield option, messages(name, {**valid(name), option: value})


def texts(_option: str, rule: dict[str, Any]) -> bool:
    """Select options that take any text but an empty one."""
    return "choices" not in rule and not rule.get("blank")


def lists(option: str, rule: dict[str, Any]) -> bool:
    """Select lists whose entries may be anything but an empty text."""
    return texts(option, rule) and rule.get("elements") in ("str", "int", "float")


# --- null --------------------------------------------------------------------------------------


@each_module
def test_an_option_that_is_null_is_an_option_that_is_not_set(name):
    given = valid(name)
    nulls = {option: None for option, _rule in options_of(name) if option not in given}
    assert nulls
    plain, with_nulls = outcomes(name, given), outcomes(name, {**given, **nulls})
    assert all(isinstance(outcome, dict) for outcome in plain), plain
    assert with_nulls == plain


@each_module
def test_null_does_not_count_as_one_of_the_required_options(name):
    given = valid(name)
    for group in ARGUMENTS[name].required_one_of:
        without = {option: value for option, value in given.items() if option not in group}
        refused = messages(name, {**without, **dict.fromkeys(group)})
        assert refused == messages(name, without)
        assert None not in refused
        for option in group:
            assert messages(name, {**without, option: None}) == refused


@each_module
def test_null_does_not_satisfy_a_condition(name):
    spec = ARGUMENTS[name]
    for option, value, needed, *_one_of in spec.required_if:
        given = {each: given for each, given in valid(name).items() if each not in needed}
        refused = messages(name, {**given, option: value})
        assert None not in refused
        assert messages(name, {**given, option: value, **dict.fromkeys(needed)}) == refused
    for option, needed in spec.required_by.items():
        given = {each: given for each, given in valid(name).items() if each not in needed}
        assert None not in messages(name, {**given, option: "a", **dict.fromkeys(needed)})
    for together in spec.required_together:
        for option in together:
            given = {**valid(name), **dict.fromkeys(together, "a"), option: None}
            assert None not in messages(name, given)


@each_module
def test_a_required_option_that_is_null_is_missing(name):
    for option, rule in options_of(name):
        if rule.get("required"):
            (message,) = messages(name, {**valid(name), option: None})
            assert message is not None
            assert message.startswith(f"missing required arguments: {option}")


@each_module
def test_a_null_entry_is_refused(name):
    for option, refused in refusals(name, [None], ("list",), lambda _option, _rule: True):
        assert refused == {f"entry 1 of {option} is null: give a value, or leave the entry out"}


@each_module
def test_a_missing_option_names_its_environment_variable(name):
    required = {
        option: rule["env"]
        for option, rule in options_of(name)
        if rule.get("required") and "env" in rule
    }
    assert required
    (message,) = messages(name, {})
    for option, variables in required.items():
        assert f"{option} (or {' or '.join(variables)} in the environment)" in str(message)


@each_module
def test_an_empty_environment_variable_is_not_set(name, monkeypatch):
    for option, rule in options_of(name):
        if rule.get("required") and "env" in rule:
            given = {each: value for each, value in valid(name).items() if each != option}
            monkeypatch.setenv(rule["env"][0], " ")
            (message,) = messages(name, given)
            assert str(message).startswith(f"missing required arguments: {option} (or ")
            monkeypatch.setenv(rule["env"][0], "value")
            assert messages(name, given) == {None}


# --- empty texts and words that a template makes of null ------------------------------------------


@each_module
@pytest.mark.parametrize("value", ["", "  ", "\t\n"])
def test_an_empty_text_is_refused(name, value):
    for option, refused in refusals(name, value, ("str", "path", "int", "float"), texts):
        (message,) = refused
        assert str(message).startswith(f"{option} is empty: give a value, or leave it out")
    for option, refused in refusals(name, [value], ("list",), lists):
        (message,) = refused
        assert str(message).startswith(f"entry 1 of {option} is empty: ")


@each_module
def test_a_list_that_is_an_empty_text_is_refused(name):
    for option, refused in refusals(name, "", ("list",), lists):
        assert {str(message)[: len(option) + 9] for message in refused} == {f"{option} is empty"}


@each_module
@pytest.mark.parametrize("word", ["None", "none", "null"])
def test_null_as_a_word_is_no_id(name, word):
    def ids(option: str, rule: dict[str, Any]) -> bool:
        return re.search(r"(^|_)(id|uuid)s?$", option) is not None and "choices" not in rule

    for option, refused in refusals(name, word, ("str",), ids):
        assert refused == {f"{option} is the word {word!r}, not an ID"}
    for _option, refused in refusals(name, [word], ("list",), ids):
        assert None not in refused


# --- values that YAML reads as something else ------------------------------------------------------


@each_module
@pytest.mark.parametrize(
    ("value", "kind"), [(False, "boolean"), (True, "boolean"), (2.5, "number")]
)
def test_a_value_that_is_no_text_is_refused_with_a_hint_to_quote_it(name, value, kind):
    for option, refused in refusals(name, value, ("str",), texts):
        (message,) = refused
        assert str(message).startswith(f"{option} is the {kind}")
        assert "quote the value" in str(message)
        if ARGUMENTS[name].options[option].get("no_log"):
            assert str(value) not in str(message).partition(",")[0]


@each_module
def test_a_boolean_is_no_number(name):
    for option, refused in refusals(name, True, ("int", "float"), lambda _option, _rule: True):
        assert refused == {f"{option} is the boolean true, not a number"}


@each_module
@pytest.mark.parametrize(
    ("value", "kind"), [(["words"], "list"), ({"words": "words"}, "dictionary")]
)
def test_a_list_is_no_text(name, value, kind):
    for option, refused in refusals(name, value, ("str",), texts):
        assert refused == {f"{option} is a {kind}, not a text"}


# --- what stays as it is ------------------------------------------------------------------------

SPEC = ArgumentSpec(
    {
        "power": {"type": "str", "choices": ["on", "off"]},
        "name": {"type": "str", "aliases": ["title"]},
        "note": {"type": "str", "blank": True},
        "rules": {
            "type": "list",
            "elements": "dict",
            "options": {
                "address": {"type": "str", "required": True},
                "port": {"type": "int"},
                "inner": {"type": "dict", "options": {"id": {"type": "str"}}},
            },
        },
        "query": {"type": "dict"},
    },
    required_one_of=[("name", "rules")],
)


def taken(**given: Any) -> dict[str, Any]:
    """Return the options that are set after validation."""
    options = TaskOptions(SPEC, given, "toy")
    assert options.mistake is None
    return {name: value for name, value in options.params.items() if value is not None}


def refused(**given: Any) -> str:
    """Return why options are refused."""
    mistake = TaskOptions(SPEC, given, "toy").mistake
    assert mistake is not None
    return mistake


def test_a_choice_may_be_a_word_that_yaml_reads_as_a_boolean():
    assert taken(name="a", power=False)["power"] == "off"


def test_a_whole_number_is_a_text_as_it_is_written():
    assert taken(name=15) == {"name": "15"}


def test_an_empty_text_may_be_a_value():
    assert taken(name="a", note="")["note"] == ""


def test_options_inside_of_options_are_checked_too():
    rule = {"address": "10.0.0.1", "port": None}
    assert "port" not in SPEC.options["rules"]
    assert taken(rules=[rule])["rules"][0]["port"] is None
    assert refused(rules=[{**rule, "address": None}]).startswith("missing required arguments")
    assert refused(rules=[{**rule, "address": ""}]).startswith("entry 1 of rules: address is empty")
    assert refused(rules=[rule, {**rule, "port": True}]).startswith("entry 2 of rules: port is the")
    inner = {**rule, "inner": {"id": "None"}}
    assert refused(rules=[inner]) == "entry 1 of rules: inner.id is the word 'None', not an ID"


def test_a_dictionary_without_rules_is_taken_as_it_is():
    query = {"id": None, "name": "", "on": False}
    assert taken(name="a", query=query)["query"] == query


def test_an_alias_is_checked_as_its_option():
    assert refused(title="") == "title is empty: give a value, or leave it out"
    assert refused(title=None) == refused()


def test_an_unknown_option_is_reported_even_if_it_is_null():
    assert "Unsupported parameters" in refused(name="a", nonsense=None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2026, 1, 2), "2026-01-02"),
        (datetime.datetime.fromisoformat("2026-01-02 03:04:05"), "2026-01-02T03:04:05"),
        (datetime.time(3, 4), "03:04:00"),
    ],
)
def test_a_date_reads_as_it_does_in_a_module(value, text):
    assert taken(name=value) == {"name": text}
    assert taken(name="a", query={"since": [value]})["query"] == {"since": [text]}


# --- the whole way --------------------------------------------------------------------------------


@pytest.fixture
def module(capsys, monkeypatch) -> ModuleRunner:
    """Modules with a script for a network, which here is empty: nothing may be sent."""
    return ModuleRunner(capsys, monkeypatch)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"server_id": None}, "required"),
        ({"server_id": None, "server_uuid": None, "server_name": None}, "required"),
        ({"server_id": ""}, "server_id is empty"),
        ({"server_name": ""}, "server_name is empty"),
        ({"server_name": False}, "server_name is the boolean false"),
        ({"server_id": True}, "server_id is the boolean true"),
        ({"server_uuid": "None"}, "server_uuid is the word 'None'"),
    ],
)
def test_a_server_without_a_key_is_not_deleted(module, options, message):
    assert message in module.refused("virtfusion_server", state="absent", **options)
