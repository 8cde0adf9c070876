# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""This collection's Constructable makes what Ansible's own makes, in the ansible-core of the run."""

from __future__ import annotations

import pytest
from ansible import constants
from ansible.plugins.inventory import Constructable
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._constructable import (
    FastConstructable,
)
from ansible_collections.vpsfleet.panels.tests.unit.plugins.plugin_utils.constructing import (
    NATIVE,
    Case,
)

#: Hosts whose variables are all that a panel may send, and some that no panel should.
HOSTS = {
    "plain": {
        "name": "web01",
        "state": "complete",
        "memory": 2048,
        "suspended": False,
        "addresses": ["192.0.2.7", "192.0.2.8"],
        "owner": {"name": "ann", "id": 4, "items": "goods", "tags": {"tier": "gold", "zone": ""}},
        "ratio": 1.5,
        "nothing": None,
        "empty": "",
    },
    "twin": {
        "name": "web01",
        "state": "complete",
        "memory": 2048,
        "suspended": False,
        "addresses": ["192.0.2.7", "192.0.2.8"],
        "owner": {"name": "ann", "id": 4, "items": "goods", "tags": {"tier": "gold", "zone": ""}},
        "ratio": 1.5,
        "nothing": None,
        "empty": "",
    },
    "odd": {
        "name": " A-b\nC\\d 'e' \"f\" ü日 ",
        "state": "True",
        "memory": "2048",
        "suspended": True,
        "addresses": [],
        "owner": {"name": "[1, 2]", "id": None, "tags": {}},
        "ratio": 1.0,
        "nothing": "None",
        "empty": [],
    },
    "hostile": {
        "name": "{{ lookup('ansible.builtin.pipe', 'echo harm') }}",
        "state": "{% raw %}",
        "memory": True,
        "suspended": "no",
        "addresses": ["{{ 7 * 7 }}", 5, None],
        "owner": ["{'a': 1}", "False"],
        "ratio": 0,
        "nothing": "1",
        "empty": {},
    },
    "bare": {"name": "5", "state": None},
}

#: The hosts whose variables differ.
EACH = {name: variables for name, variables in HOSTS.items() if name != "twin"}

EXPRESSIONS = [
    # look-ups
    *("name", " name ", "state", "memory", "suspended", "addresses", "owner", "ratio", "nothing"),
    *("empty", "missing", "owner.name", "owner.id", "owner['name']", "owner.tags.tier"),
    *("owner.tags", "owner.missing", "owner.missing.more"),
    *("missing.more", "name.more", "name[0]", "addresses[0]", "addresses[1]"),
    *("addresses[7]", "addresses[-1]", "addresses.0", "owner[0]", "memory.real", "name[0:2]"),
    *("inventory_hostname", "inventory_hostname_short", "inventory_file", "group_names", "omit"),
    *(
        "'a\\nb'",
        "'\\\\d'",
        "'\\d'",
        "name ~ '\\t'",
        "missing | default('\\\\1')",
        "owner['na\\x6de']",
    ),
    *("'\\\\' in name", "name == 'web01\\\\'", "'\\'' ~ name", "'{' ~ '\\x7b'", '"\\u0041"'),
    *("true", "none", "True", "5", "'text'", "''", "[name, memory]", "{'a': name}", "(1, 2)"),
    # filters
    *("addresses | first", "addresses | last", "name | first", "owner | first", "name | lower"),
    *("name|upper", "memory | upper", "missing | upper", "name | default('x')"),
    *("missing | default('x')", "missing | default(name)", "missing | default(gone)"),
    *("nothing | default('x')", "nothing | default('x', true)", "owner.missing | default('x')"),
    *("missing | default(5)", "missing | default(omit)", "memory | string", "memory | int + 1"),
    *("addresses | join(',')", "addresses | map('upper') | list", "addresses | select | list"),
    *("addresses | length", "name | regex_replace('^w', 'v')", "name | replace('\\\\', '/')"),
    *("owner | dict2items", "owner | to_json", "name | bogus_filter", "name | ternary('a', 'b')"),
    *("addresses | sort | unique", "'%s' | format(name)", "name | ansible.builtin.hash('md5')"),
    # operators
    *("name ~ '-' ~ memory", "name ~ missing", "name ~ nothing", "name ~ suspended", "memory ~ ''"),
    *("name ~ addresses", "name ~ ratio", "'[' ~ memory ~ ']'", "'Tr' ~ 'ue'", "'{' ~ name"),
    *("name + state", "memory + 1", "memory * 2 > 4000", "memory >= 2048", "memory > '1'"),
    *("state == 'complete' and not suspended", "not suspended", "suspended", "suspended | bool"),
    *("name in addresses", "'web' in name", "memory in [2048, 4096]", "1 if suspended else 2"),
    *("name if suspended", "state == 'True'", "memory == true", "-memory", "not missing"),
    # tests
    *("missing is defined", "missing is not defined", "name is match('web')", "nothing is none"),
    *("memory is number", "name is bogus_test", "owner is mapping", "name is string"),
    *("owner.missing is defined", "addresses is contains('192.0.2.7')"),
    # text that is not an expression
    *("", "name name", "(", "not", "{{ name }}", "'{{ name }}'", "{% if name %}a{% endif %}"),
    *("name }}-{{ state", "name }} and {{ state }}", "{# note #}name", "name # note", "a-b"),
    "name\n",
    "  state == 'complete'\n  and memory\n",
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_gives_the_same(expression):
    Case(HOSTS, compose={"made": expression, "again": expression}).both()
    Case(HOSTS, groups={"a group": expression}).both()
    for name, variables in EACH.items():
        Case({name: variables}, keyed_groups=[{"key": expression, "prefix": "p"}]).both()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_fails_in_the_same_way_in_strict_mode(expression):
    for name, variables in EACH.items():
        hosts = {name: variables, "second": variables}
        Case(hosts, compose={"made": expression}, strict=True).both()
        Case(hosts, groups={"group": expression}, strict=True).both()
        Case(hosts, keyed_groups=[{"key": expression}], strict=True).both()


@pytest.mark.parametrize("condition", [True, False, None, 1, 0, [], ["name"], {"a": 1}])
def test_a_condition_that_is_not_text_is_evaluated_in_the_same_way(condition):
    Case(HOSTS, groups={"group": condition}).both()
    Case(HOSTS, groups={"group": condition}, strict=True).both()


@pytest.mark.parametrize("expression", [True, 5, None, ["name"], {"a": 1}])
def test_a_key_that_is_not_text_is_evaluated_in_the_same_way(expression):
    Case(HOSTS, compose={"made": expression}).both()
    Case(HOSTS, keyed_groups=[{"key": expression}]).both()


KEYED = [
    {"key": "state"},
    {"key": "state", "prefix": "st", "separator": ""},
    {"key": "state", "prefix": "st", "separator": "-"},
    {"key": "state", "default_value": "unknown"},
    {"key": "empty", "default_value": "none at all"},
    {"key": "nothing", "default_value": "none at all"},
    {"key": "addresses", "prefix": "a"},
    {"key": "addresses", "default_value": "x"},
    {"key": "owner.tags", "prefix": "tag"},
    {"key": "owner.tags", "prefix": "tag", "default_value": "unset"},
    {"key": "owner.tags", "prefix": "tag", "trailing_separator": False},
    {"key": "owner.tags", "trailing_separator": True, "default_value": "both"},
    {"key": "state", "parent_group": "states"},
    {"key": "state", "parent_group": "of {{ name }}"},
    {"key": "state", "parent_group": "{{ inventory_hostname }}"},
    {"key": "state", "parent_group": "{{ missing }}"},
    {"key": "state", "parent_group": "{{ group_names | join('_') }}"},
    {"key": "state", "parent_group": ""},
    {"key": "memory", "prefix": "m"},
    {"key": "memory | string", "prefix": "m"},
    {"key": "group_names", "prefix": "in"},
    {"prefix": "no key"},
    {},
    "state",
]


@pytest.mark.parametrize("keyed", KEYED)
@pytest.mark.parametrize("leading_separator", [True, False])
@pytest.mark.parametrize("strict", [True, False])
def test_a_keyed_group_is_the_same(keyed, leading_separator, strict):
    entries = [{"key": "name", "prefix": "n"}, keyed, keyed]
    options = {"leading_separator": leading_separator, "strict": strict}
    Case(HOSTS, keyed_groups=entries, **options).both()
    for name, variables in EACH.items():
        Case({name: variables, "second": variables}, keyed_groups=[keyed], **options).both()


@pytest.mark.parametrize("groups", [["name"], "name"])
def test_groups_that_are_not_a_dictionary_are_ignored(groups):
    Case(HOSTS, groups=groups).both()


def test_equal_looking_values_of_different_types_differ():
    hosts = {
        f"h{place}": {"n": n}
        for place, n in enumerate([1, True, 1.0, "1", [1], [True], ["1"], 0.0, -0.0, "0.0", False])
    }
    made = Case(hosts, compose={"made": "n | to_json"}, groups={"yes": "n is boolean"}).both()
    assert made["groups"]["yes"][0] == ["h1", "h10"]


def test_a_condition_may_be_a_value_as_well():
    condition = "state == 'complete'"
    Case(HOSTS, compose={"made": condition}, groups={"group": condition}).both()


def test_groups_can_use_composed_variables():
    made = Case(
        HOSTS,
        compose={"label": "name ~ '!'", "first": "addresses | first", "braces": "'{' ~ name"},
        groups={"labelled": "label is defined", "gold": "label == 'web01!'"},
        keyed_groups=[{"key": "label", "prefix": "l"}, {"key": "braces", "prefix": "b"}],
    ).both()
    assert made["groups"]["gold"][0] == ["plain", "twin"]


def test_groups_see_the_groups_that_were_made_before():
    made = Case(
        HOSTS,
        groups={"web": "name == 'web01'", "also": "'web' in group_names"},
        keyed_groups=[
            {"key": "group_names | join('_')", "prefix": "one"},
            {"key": "group_names | join('_')", "prefix": "two"},
        ],
        groups_before={"web": ["odd"]},
        others={"odd": {}},
    ).both()
    assert "two_one_web_web" in made["groups"]
    assert made["groups"]["also"][0] == ["odd"]


def test_a_host_that_is_in_a_group_already_does_not_take_others_along():
    case = Case(
        {"a": {"state": "x"}, "b": {"state": "x"}},
        groups={"web": "state == 'y'"},
        groups_before={"web": ["a"]},
        others={"a": {}},
    )
    assert case.both()["groups"]["web"][0] == ["a"]


@pytest.mark.parametrize(
    "extra", [{}, {"state": "extra"}, {"missing": "extra"}, {"other": "{{ state }}"}]
)
@pytest.mark.parametrize("expression", ["state", "missing", "state ~ missing", "other", "name"])
def test_extra_variables_outrank_those_of_the_host(extra, expression):
    Case(
        HOSTS,
        compose={"made": expression},
        groups={"group": f"{expression} == 'extra'"},
        keyed_groups=[{"key": expression, "parent_group": "{{ state }}"}],
        extra=extra,
    ).both()


def test_extra_variables_do_not_count_unless_they_are_to():
    case = Case(HOSTS, compose={"made": "missing"})
    case.extra = {"missing": "extra"}
    assert "made" not in str(case.both())


@pytest.mark.parametrize(
    "expression", ["role", "role ~ '!'", "role == 'complete'", "roles[0]", "role | title"]
)
def test_a_template_of_another_source_stays_a_template(expression):
    variables = {"role": "{{ state }}", "roles": ["{{ state }}"], "state": "over there"}
    hosts = {"plain": HOSTS["plain"], "other": {"state": "failed"}}
    made = Case(
        hosts,
        compose={"made": expression},
        groups={"group": expression},
        keyed_groups=[{"key": expression}],
        others=dict.fromkeys(hosts, variables),
    ).both()
    if expression == "role":
        assert "_complete" in made["groups"]


def test_the_value_of_one_host_is_not_shared_with_another():
    case = Case(HOSTS, compose={"made": "[[name], {'a': addresses}]"})
    hosts = case.inventory_by(FastConstructable).hosts
    hosts["plain"].vars["made"][0].append("changed")
    hosts["plain"].vars["made"][1]["a"].append("changed")
    assert hosts["twin"].vars["made"] == [["web01"], {"a": ["192.0.2.7", "192.0.2.8"]}]
    assert hosts["twin"].vars["addresses"] == ["192.0.2.7", "192.0.2.8"]


IMPURE = ["1000000000 | random", "name ~ (1000000000 | random)", "range(100) | list | shuffle"]
if NATIVE:  # before 2.19 ansible-core disables lookups here
    IMPURE.append("lookup('pipe', 'date +%N')")


@pytest.mark.parametrize("expression", [*IMPURE, "now()"])
def test_chance_and_time_are_asked_for_each_host(expression):
    hosts = {f"h{number}": {"name": "same"} for number in range(4)}
    made = Case(hosts, compose={"made": expression}).inventory_by(FastConstructable).hosts
    assert len({str(made[name].vars["made"]) for name in hosts}) > 1


# -- expressions without a template -----------------------------------------------------------------


@pytest.fixture
def questions(monkeypatch):
    """The expressions and conditions that Ansible was asked about."""
    asked = []

    def compose(self, template, variables, *args, **kwargs):
        asked.append(template)
        return own_compose(self, template, variables, *args, **kwargs)

    def groups(self, groups, *args, **kwargs):
        asked.extend(groups.values())
        own_groups(self, groups, *args, **kwargs)

    own_compose, own_groups = Constructable._compose, Constructable._add_host_to_composed_groups
    monkeypatch.setattr(Constructable, "_compose", compose)
    monkeypatch.setattr(Constructable, "_add_host_to_composed_groups", groups)
    return asked


MANY = {
    f"h{number}": {
        "name": f"web{number}",
        "state": "complete" if number % 2 else "failed",
        "memory": 1024 * (1 + number % 3),
        "addresses": [f"192.0.2.{number}"],
        "packages": ["Cloud 1"],
    }
    for number in range(30)
}


@pytest.mark.skipif(
    not NATIVE and constants.DEFAULT_JINJA2_NATIVE, reason="any text may be read as a literal"
)
@pytest.mark.parametrize(
    "expression",
    [
        "name",
        "addresses[0]",
        "addresses | first",
        "name | upper ~ '-' ~ state",
        "alias | default(name)",
    ],
)
def test_what_needs_no_template_is_not_asked_of_ansible(questions, expression):
    Case(MANY, compose={"made": expression}, keyed_groups=[{"key": expression}], strict=True).both()
    assert questions.count(expression) == 2 * len(MANY)  # all by Ansible's own Constructable


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("state | title", 2),
        ("memory // 512 if state == 'failed' else memory ~ ''", 6),
        ("packages", 1),
        ("missing.more", 1),
    ],
)
def test_nothing_is_asked_of_ansible_twice(questions, expression, times):
    Case(MANY, compose={"made": expression}).both()
    assert questions.count(expression) == times + len(MANY)


def test_no_condition_is_asked_of_ansible_twice(questions):
    condition = "memory >= 2048 and state != 'failed'"
    made = Case(MANY, groups={"group": condition}).both()
    assert len(made["groups"]["group"][0]) == 10
    assert questions.count(condition) == 6 + len(MANY)


# -- random expressions -------------------------------------------------------

NAMES = ["name", "state", "memory", "suspended", "addresses", "owner", "nothing", "missing"]
TEXTS = st.sampled_from(
    ["web01", "", "True", "None", "[1]", "{'a': 1}", "{{ name }}", "a b", "ü", "7", "x\n", "\\n"]
)
SCALARS = st.one_of(
    TEXTS, st.booleans(), st.none(), st.integers(-3, 3), st.sampled_from([0.0, -0.0, 1.0, 2.5])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "id", "items", "a"]), inner, max_size=3),
    ),
    max_leaves=4,
)
LEAVES = st.sampled_from(
    [
        *(
            *NAMES,
            "name.id",
            "owner.name",
            "owner['id']",
            "addresses[0]",
            "'text'",
            "1",
            "true",
            "''",
        ),
        *("'\\n'", "'\\\\n'", "'a\\\\'", "owner['i\\x64']"),
    ]
)
FILTERS = st.sampled_from(
    [
        *("first", "last", "lower", "upper", "length", "string", "int", "list", "bool", "trim"),
        *("default('d')", "default(name)", "d(owner.id)", "default(missing, true)", "join('-')"),
        *("to_json", "title", "ternary('yes', state)", "regex_replace('[^a-z]', '-')", "sort"),
        *("map('upper') | list", "select('string') | list", "dict2items", "replace('1', name)"),
    ]
)
OPERATORS = st.sampled_from(["~", "~", "==", "!=", "and", "or", "in", "+", "<"])


def _grown(inner):
    return st.one_of(
        st.builds("{} | {}".format, inner, FILTERS),
        st.builds("({}) {} ({})".format, inner, OPERATORS, inner),
        st.builds("{} ~ {}".format, inner, inner),
        st.builds("not ({})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({}) is {}".format, inner, st.sampled_from(["defined", "string", "none"])),
    )


EXPRESSION = st.recursive(LEAVES, _grown, max_leaves=4)
HOSTS_OF_ANY_KIND = st.lists(
    st.dictionaries(st.sampled_from(NAMES[:-1]), VALUES), min_size=1, max_size=4
).map(lambda values: {f"h{number}": variables for number, variables in enumerate(values)})


@given(
    expression=EXPRESSION,
    hosts=HOSTS_OF_ANY_KIND,
    strict=st.booleans(),
)
def test_any_expression_over_any_variables_gives_the_same(expression, hosts, strict):
    keyed = [{"key": expression, "default_value": "d"}]
    Case(hosts, compose={"made": expression}, strict=strict).both()
    Case(hosts, groups={"group": expression}, strict=strict).both()
    Case(hosts, keyed_groups=keyed, strict=strict).both()


#: Values of another source, where a template is one. None of them leads to itself: what Ansible says
#: of that depends on how deep the stack is.
TRUSTED_VALUES = st.one_of(
    VALUES.filter(lambda value: "{{" not in str(value)), st.just("{{ inventory_hostname }}")
)
#: Names of composed variables; some are those of a host, and some are looked at by expressions.
COMPOSED = st.sampled_from(["made", "name", "owner", "missing", "group_names"])
KEYED_GROUP = st.fixed_dictionaries(
    {"key": st.one_of(EXPRESSION, st.sampled_from(["made", "group_names", "group_names | join"]))},
    optional={
        "prefix": st.sampled_from(["", "p", "a b"]),
        "separator": st.sampled_from(["", "-", "_"]),
        "parent_group": st.sampled_from(["of", "{{ name }}", "{{ made | default('x') }}"]),
        "default_value": st.sampled_from(["", "d"]),
        "trailing_separator": st.booleans(),
    },
)


@given(
    hosts=HOSTS_OF_ANY_KIND,
    others=st.dictionaries(
        st.sampled_from(["h0", "h1", "h9"]),
        st.dictionaries(st.sampled_from(NAMES), TRUSTED_VALUES),
        max_size=2,
    ),
    compose=st.dictionaries(COMPOSED, EXPRESSION, max_size=3),
    groups=st.dictionaries(
        st.sampled_from(["web", "a b", "p_web01", "of"]),
        st.one_of(EXPRESSION, st.sampled_from(["'web' in group_names", "made is defined", True])),
        max_size=3,
    ),
    keyed_groups=st.lists(KEYED_GROUP, max_size=3),
    options=st.fixed_dictionaries(
        {"strict": st.booleans(), "leading_separator": st.booleans()},
        optional={"extra": st.dictionaries(st.sampled_from(["state", "missing"]), SCALARS)},
    ),
)
def test_any_source_over_any_hosts_makes_the_same_graph(
    hosts, others, compose, groups, keyed_groups, options
):
    Case(
        hosts,
        others=others,
        compose=compose,
        groups=groups,
        keyed_groups=keyed_groups,
        **options,
    ).both()
