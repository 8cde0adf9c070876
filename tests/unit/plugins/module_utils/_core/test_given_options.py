# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that module and action refuse options that could select an unintended object."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.given_options import (
    mistake_in,
    wrong_type,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._task_options import TaskOptions
from ansible_collections.vpsfleet.panels.tests.unit.support.every_module import (
    ARGUMENTS,
    CONTACTING,
    messages,
    options_of,
    outcomes,
    valid,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import ModuleRunner

Options = dict[str, Any]
Refused = set[str | None]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    """Remove all environment variables of options."""
    for spec in ARGUMENTS.values():
        for rule in spec.options.values():
            for variable in rule.get("env", ()):
                monkeypatch.delenv(variable, raising=False)


def refusals(
    value: Any, kinds: tuple[str, ...], keep: Callable[[str, Options], bool]
) -> Iterator[tuple[str, str, Refused]]:
    """Yield each option of some types with its module and the messages of both edges for a value.

    An option that several modules declare alike, such as those of the connection, is tried in one of
    them. Each module is tried with one option at least.
    """
    tried: set[str] = set()
    for name in ARGUMENTS:
        given, first = valid(name), True
        for option, rule in options_of(name):
            if rule.get("type", "str") in kinds and keep(option, rule):
                declared = f"{option} {rule} {option in given}"
                if first or declared not in tried:
                    tried.add(declared)
                    first = False
                    yield name, option, messages(name, {**given, option: value})


def others(found: Iterator[tuple[str, str, Refused]], pattern: str) -> list[str]:
    """Return the options with another message than this one, in which ``OPTION`` is the name."""
    return [
        f"{name}.{option}: {refused}"
        for name, option, refused in found
        if len(refused) != 1
        or not re.match(pattern.replace("OPTION", re.escape(option)), str(*refused))
    ]


def anything(_option: str, _rule: Options) -> bool:
    """Select every option."""
    return True


def texts(_option: str, rule: Options) -> bool:
    """Select options that accept any string except an empty one."""
    return "choices" not in rule and not rule.get("blank")


def lists(option: str, rule: Options) -> bool:
    """Select lists whose entries can be any string except an empty one."""
    return texts(option, rule) and rule.get("elements") in ("str", "int", "float")


def ids(option: str, rule: Options) -> bool:
    """Select options that are IDs."""
    return re.search(r"(^|_)(id|uuid)s?$", option) is not None and "choices" not in rule


# --- null --------------------------------------------------------------------------------------


def test_a_null_option_counts_as_not_set():
    for name in ARGUMENTS:
        given = valid(name)
        nulls = {option: None for option, _rule in options_of(name) if option not in given}
        assert nulls, name
        plain = outcomes(name, given)
        assert all(isinstance(outcome, dict) for outcome in plain), (name, plain)
        assert outcomes(name, {**given, **nulls}) == plain, name


def test_null_does_not_satisfy_required_one_of():
    groups = [(name, group) for name in ARGUMENTS for group in ARGUMENTS[name].required_one_of]
    assert groups
    for name, group in groups:
        without = {option: value for option, value in valid(name).items() if option not in group}
        refused = messages(name, without)
        assert None not in refused, (name, group)
        assert messages(name, {**without, **dict.fromkeys(group)}) == refused, (name, group)
        for option in group:
            assert messages(name, {**without, option: None}) == refused, (name, option)


def test_null_does_not_satisfy_a_condition():
    for name, spec in ARGUMENTS.items():
        for option, value, needed, *_one_of in spec.required_if:
            given = {each: given for each, given in valid(name).items() if each not in needed}
            given[option] = value
            refused = messages(name, given)
            assert None not in refused, (name, option)
            assert messages(name, {**given, **dict.fromkeys(needed)}) == refused, (name, option)
        for option, needed in spec.required_by.items():
            given = {each: given for each, given in valid(name).items() if each not in needed}
            refused = messages(name, {**given, option: "a", **dict.fromkeys(needed)})
            assert None not in refused, (name, option)
        for together in spec.required_together:
            for option in together:
                given = {**valid(name), **dict.fromkeys(together, "a"), option: None}
                assert None not in messages(name, given), (name, option)


def test_a_required_null_option_is_missing():
    def required(_option: str, rule: Options) -> bool:
        return bool(rule.get("required"))

    kinds = ("str", "int", "float", "bool", "list", "dict", "path")
    assert others(refusals(None, kinds, required), "missing required arguments: OPTION") == []


def test_a_null_entry_is_refused():
    message = "entry 1 of OPTION is null: give a value, or leave the entry out$"
    assert others(refusals([None], ("list",), anything), message) == []


def test_a_missing_option_names_its_environment_variable():
    for name in CONTACTING:
        required = {
            option: rule["env"]
            for option, rule in options_of(name)
            if rule.get("required") and "env" in rule
        }
        assert required, name
        (message,) = messages(name, {})
        for option, variables in required.items():
            named = f"{option} (or {' or '.join(variables)} in the environment)"
            assert named in str(message), (name, option)


def test_an_unknown_option_leaves_the_message_to_ansible():
    for name in ARGUMENTS:
        assert mistake_in(ARGUMENTS[name], {"misspelt": None}, {}) == "", name


def test_an_empty_environment_variable_is_not_set(monkeypatch):
    for name in ARGUMENTS:
        for option, rule in options_of(name):
            if not (rule.get("required") and "env" in rule):
                continue
            given = {each: value for each, value in valid(name).items() if each != option}
            with monkeypatch.context() as patched:
                patched.setenv(rule["env"][0], " ")
                (message,) = messages(name, given)
                assert str(message).startswith(f"missing required arguments: {option} (or ")
                patched.setenv(rule["env"][0], "value")
                assert messages(name, given) == {None}, (name, option)


# --- empty strings and templates that render null -------------------------------------------------


@pytest.mark.parametrize("value", ["", " \t\n"])
def test_an_empty_string_is_refused(value):
    message = "is empty: give a value, or leave it out"
    kinds = ("str", "path", "int", "float")
    assert others(refusals(value, kinds, texts), f"OPTION {message}") == []
    assert others(refusals([value], ("list",), lists), f"entry 1 of OPTION {message}") == []
    assert others(refusals(value, ("list",), lists), f"OPTION {message}") == []


def test_the_home_folder_of_an_unknown_user_is_refused():
    message = "is ~no-such-user/x, and there is no such home folder"
    assert others(refusals("~no-such-user/x", ("path",), texts), f"OPTION {message}") == []


def test_a_default_below_an_unknown_home_folder_is_refused(monkeypatch):
    name = "virtfusion_server_packages"
    assert messages(name, valid(name)) == {None}
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    (message,) = messages(name, valid(name))
    assert str(message).startswith("state_dir is ~/.ansible/vpsfleet_panels, and there is no such")


@pytest.mark.parametrize("word", ["None", "none", "null"])
def test_the_string_none_is_not_an_id(word):
    message = f"is the word '{word}', not an ID$"
    assert others(refusals(word, ("str",), ids), f"OPTION {message}") == []

    def text_ids(option: str, rule: Options) -> bool:
        return ids(option, rule) and rule.get("elements") == "str"

    assert others(refusals([word], ("list",), text_ids), f"entry 1 of OPTION {message}") == []


# --- values that YAML reads as another type ------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"), [(False, "boolean"), (True, "boolean"), (2.5, "number")]
)
def test_an_unquoted_value_is_refused_with_a_hint_to_quote_it(value, kind):
    message = f"OPTION is the {kind}.* not a string: quote the value"
    assert others(refusals(value, ("str",), texts), message) == []

    def secrets(option: str, rule: Options) -> bool:
        return texts(option, rule) and bool(rule.get("no_log"))

    assert others(refusals(value, ("str",), secrets), f"OPTION is the {kind}, not") == []


def names(option: str, rule: Options) -> bool:
    """Select options whose text selects or names something: no IDs, and no amounts."""
    amounts = (
        "batches",
        "max_failures",
        "max_batch_failures",
        "health_check",
        "ticket",
        "pipeline",
    )
    return texts(option, rule) and not ids(option, rule) and option not in amounts


def test_a_whole_number_is_not_a_name():
    message = (
        "OPTION is the number.*, not a string: quote the value, since YAML reads 0100 as 64 and 12:30 "
        "as 750; in a template, add the filter string$"
    )
    assert others(refusals(17, ("str", "path"), names), message) == []

    def name_lists(option: str, rule: Options) -> bool:
        return names(option, rule) and rule.get("elements") == "str"

    assert others(refusals([17], ("list",), name_lists), f"entry 1 of {message}") == []


def test_a_whole_number_can_be_an_id_or_an_amount():
    def others_than_names(option: str, rule: Options) -> bool:
        return texts(option, rule) and not names(option, rule)

    found = list(refusals(17, ("str",), others_than_names))
    assert {option for _name, option, _refused in found} >= {"server_uuid", "max_failures"}
    assert [each for each in found if "not a string" in str(each[2])] == []
    assert [option for _name, option, refused in found if refused == {None}]


def test_a_user_is_not_deleted_by_an_octal_number(module):
    message = module.refused("virtfusion_user", state="absent", relation_string=0o123)
    assert message.startswith("relation_string is the number 83, not a string: quote the value")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), "inf", "sNaN1"])
def test_an_infinite_number_is_refused_by_the_name_of_its_option(value, module):
    not_finite = f"{value}, not a finite number"
    assert module.refused("virtfusion_package_info", timeout=value) == f"timeout is {not_finite}"
    for entries in ([1, value], f"1,{value}"):
        message = module.refused("virtfusion_server_info", hypervisor_ids=entries)
        assert message == f"entry 2 of hypervisor_ids is {not_finite}"


def test_a_boolean_is_not_a_number():
    message = "OPTION is the boolean true, not a number$"
    assert others(refusals(True, ("int", "float"), anything), message) == []


@pytest.mark.parametrize(
    ("value", "kind"), [(["words"], "list"), ({"words": "words"}, "dictionary")]
)
def test_a_list_is_not_a_string(value, kind):
    assert others(refusals(value, ("str",), texts), f"OPTION is a {kind}, not a string$") == []


# --- accepted values ----------------------------------------------------------------------------

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
    """Return the message of refused options."""
    mistake = TaskOptions(SPEC, given, "toy").mistake
    assert mistake is not None
    return mistake


def test_a_choice_can_be_a_word_that_yaml_reads_as_a_boolean():
    assert taken(name="a", power=False)["power"] == "off"


def test_an_id_that_is_an_integer_becomes_its_decimal_string():
    inner = {"address": "10.0.0.1", "inner": {"id": 15}}
    assert taken(rules=[inner])["rules"][0]["inner"] == {"id": "15"}


def test_an_empty_string_can_be_a_value():
    assert taken(name="a", note="")["note"] == ""
    cleared = {**valid("virtfusion_server_custom_xml"), "devices": ""}
    assert messages("virtfusion_server_custom_xml", cleared) == {None}
    check = {**valid("virtfusion_server_packages"), "health_check": ["check", ""]}
    assert messages("virtfusion_server_packages", check) == {None}


def test_suboptions_are_checked_too():
    rule = {"address": "10.0.0.1", "port": None}
    assert "port" not in SPEC.options["rules"]
    assert taken(rules=[rule])["rules"][0]["port"] is None
    assert refused(rules=[{**rule, "address": None}]).startswith("missing required arguments")
    assert refused(rules=[{**rule, "address": ""}]).startswith("entry 1 of rules: address is empty")
    assert refused(rules=[rule, {**rule, "port": True}]).startswith("entry 2 of rules: port is the")
    inner = {**rule, "inner": {"id": "None"}}
    assert refused(rules=[inner]) == "entry 1 of rules: inner.id is the word 'None', not an ID"


def test_a_dictionary_without_rules_is_unchanged():
    query = {"id": None, "name": "", "on": False}
    assert taken(name="a", query=query)["query"] == query


def test_an_alias_is_checked_as_its_option():
    assert refused(title="") == "title is empty: give a value, or leave it out"
    assert refused(title=None) == refused()


def test_an_option_and_its_alias_are_not_set_together():
    assert refused(name="a", title="b") == "name and title are the same option: set one of them"
    assert taken(name="a", title=None)["name"] == "a"
    both = {**valid("virtfusion_server"), "user_id": 4, "owner_id": 9}
    assert messages("virtfusion_server", both) == {
        "user_id and owner_id are the same option: set one of them"
    }


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
def test_a_date_has_the_same_form_as_in_a_module(value, text):
    assert taken(name=value) == {"name": text}
    assert taken(name="a", query={"since": [value]})["query"] == {"since": [text]}


# --- values that do not come from a task ----------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"names": ["a", 0o100]}, "entry 2 of names is the number 64, not a string"),
        ({"names": 750}, "names is the number 750, not a string"),
        ({"names": [False]}, "entry 1 of names is the boolean false, not a string"),
        ({"names": [1.10]}, "entry 1 of names is the number 1.1, not a string"),
        ({"owner_ids": [True]}, "entry 1 of owner_ids is the boolean true, not a number"),
        ({"panels": [{"name": "a"}, {"name": 7}]}, "entry 2 of panels: name is the number 7"),
        ({"panels": [{"api_key": 123456}]}, "entry 1 of panels: api_key is the number, not"),
        ({"role_api_pass": 123456}, "role_api_pass is the number, not a string"),
    ],
)
def test_a_documented_option_is_checked_without_its_secrets(given, message):
    rules = {
        "names": {"type": "list", "elements": "str"},
        "owner_ids": {"type": "list", "elements": "int"},
        "panels": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str"}, "api_key": {"type": "str"}},
        },
        "role_api_pass": {"type": "str"},
    }
    found = wrong_type(rules, given)
    assert found.startswith(message)
    assert "123456" not in found
    blank = {"names": ["", "a"], "owner_ids": [1, "2"], "panels": [{"name": ""}], "other": 5}
    assert wrong_type(rules, blank) == ""


# --- end to end -----------------------------------------------------------------------------------


@pytest.fixture
def module(capsys, monkeypatch) -> ModuleRunner:
    """Return a module runner with an empty script, so that any request fails the test."""
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
