# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._expressions import (
    Undecided,
    examine,
)

VARIABLES = {"a": {"b": ["x", "y"], "items": 1}, "name": "web", "n": 5, "nil": None}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a", {"a"}),
        ("a.b[c]", {"a", "c"}),
        ("a | default(b) if c is defined else d ~ 'e'", {"a", "b", "c", "d"}),
        ("a | ansible.builtin.regex_replace(b, c)", {"a", "b", "c"}),
        ("a | selectattr('x', 'equalto', b) | map('upper') | list", {"a", "b"}),
        ("5", set()),
        ("true", set()),
    ],
)
def test_the_variables_of_a_pure_expression_are_known(text, names):
    assert examine(text).names == names


@pytest.mark.parametrize(
    "text",
    [
        # what gives another result each time, or may
        *("lookup('env', 'X')", "q('env', 'X')", "now()", "a | random", "a | shuffle"),
        *(
            "a | password_hash",
            "'%Y' | strftime",
            "a | my.own.filter",
            "a | unknown",
            "a | random_mac",
        ),
        *(
            "a is file",
            "a is exists",
            "a is my.own.test",
            "a | map('random')",
            "a | select('file')",
        ),
        *(
            "a | selectattr('x', 'file')",
            "a | map(b)",
            "a | select(b)",
            "a | map(*b)",
            "a | d(**b)",
        ),
        *("a | map('map', 'random')", "a | type_debug", "a is sameas b", "a.pop()", "range(5)"),
        # what looks beyond the variables it names
        *("vars", "vars['a']", "hostvars.a", "self"),
        # methods
        *("a.items", "a.keys", "a.__class__", "name.upper"),
        # text that is not a single expression
        *(
            "",
            " ",
            "a b",
            "(",
            "a }} {{ b",
            "a }} b",
            "{{ a }}",
            "'{{ a }}'",
            "{% set x = 1 %}",
            "{#a#}",
            "'\\'' ~ a",
            '"\\"" ~ a',
        ),
        *(None, 5, True, ["a"]),
    ],
)
def test_of_anything_else_nothing_is_known(text):
    expression = examine(text)
    assert expression.names is None
    assert expression.evaluate is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name", "web"),
        (" a.b [ 1 ] ", "y"),
        ("a['b'][0]", "x"),
        ("a.b | first", "x"),
        ("a.b | last", "y"),
        ("name[1]", "e"),
        ("name ~ '-' ~ n ~ 1", "web-51"),
        ("name | upper | lower", "web"),
        ("gone | default(name) ~ '!'", "web!"),
        ("nil | d('x')", None),
        ("'text'", "text"),
    ],
)
def test_a_simple_expression_needs_no_template(text, value):
    assert examine(text).evaluate(VARIABLES) == value


@pytest.mark.parametrize(
    "text",
    [
        *(
            "gone",
            "a.gone",
            "a.b[2]",
            "name.more",
            "n[0]",
            "nil.x",
            "gone | first",
            "name | first",
        ),
        *("a | first", "n | upper", "name ~ gone", "name ~ nil", "name ~ a", "gone | d(gone)"),
    ],
)
def test_a_missing_or_complex_value_is_evaluated_by_ansible(text):
    with pytest.raises(Undecided):
        examine(text).evaluate(VARIABLES)


@pytest.mark.parametrize(
    "text",
    [
        *("name | title", "n + 1", "not name", "a.b | join", "a[name]", "a.b[-1]"),
        *("'\\\\d'", "name ~ '\\n'", "a['\\x62']", "gone | default('\\\\1')"),
    ],
)
def test_other_expressions_are_left_to_ansible(text):
    assert examine(text).evaluate is None
    assert examine(text).names is not None
