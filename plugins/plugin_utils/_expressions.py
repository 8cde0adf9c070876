# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the variables that a Jinja expression depends on, from its syntax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Names that give an expression access to other variables.
BEYOND = frozenset({"vars", "hostvars", "self"})

#: Filters with equal results for equal inputs.
FILTERS = _words(
    "abs b64decode b64encode basename bool capitalize center combine count d default dict2items"
    " difference dirname first flatten float from_json hash int intersect items items2dict join last"
    " length list lower map max min path_join regex_escape regex_findall regex_replace regex_search"
    " reject rejectattr replace reverse round select selectattr slice sort split splitext string sum"
    " symmetric_difference ternary title to_json trim truncate union unique upper urlsplit"
    " wordcount zip"
)

#: Tests with equal results for equal inputs. This excludes tests on files.
TESTS = _words(
    "!= < <= == > >= all any boolean contains defined divisibleby eq equalto even false falsy float"
    " ge gt in integer iterable le lower lt mapping match ne none number odd regex search"
    " sequence string subset superset true truthy undefined upper version"
)

#: Filters that call another filter or test by name, with the position of that name.
_CALLS = {"map": 0, "select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}

#: Everything that an expression may be made of. There is no call among it: a method, a lookup
#: or a macro may do anything.
_NODES = (
    nodes.Name,
    nodes.Const,
    nodes.TemplateData,
    nodes.Tuple,
    nodes.List,
    nodes.Dict,
    nodes.Pair,
    nodes.Keyword,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Concat,
    nodes.Compare,
    nodes.Operand,
    nodes.UnaryExpr,
    nodes.BinExpr,
)

#: The attributes of a value; ``a.b`` prefers them to keys.
_ATTRIBUTES = frozenset(name for kind in (dict, list, str, int, float) for name in dir(kind))


Evaluator = Callable[[Mapping[str, Any]], Any]


class Undecided(Exception):
    """Only Ansible can evaluate an expression."""


@dataclass(frozen=True)
class Expression:
    """The dependencies of an expression.

    :param names: the variables that determine its value, ``None`` if that is unknown.
    :param evaluate: returns its value from the variables, if it is simple enough to need no
        template. Raises :class:`Undecided`.
    """

    names: frozenset[str] | None = None
    evaluate: Evaluator | None = None


def examine(text: Any) -> Expression:
    """Return the dependencies of an expression, which are the same for all hosts."""
    tree = _parsed(text)
    if tree is None:
        return Expression()
    parts = [tree, *tree.find_all(nodes.Node)]
    if not all(isinstance(part, _NODES) and _is_pure(part) for part in parts):
        return Expression()
    names = frozenset(part.name for part in parts if isinstance(part, nodes.Name))
    if names & BEYOND:
        return Expression()
    # Before core 2.19 Ansible doubles the backslashes of constants before Jinja sees them.
    return Expression(names, None if "\\" in text else _evaluator(tree))


def _parsed(text: Any) -> nodes.Node | None:
    """Return the syntax tree of a single expression, ``None`` for any other text."""
    # A template in a constant is evaluated in conditions, and the meaning of a quote behind a backslash
    # depends on the version, see :func:`examine`.
    marks = ("{{", "{%", "{#", "\\'", '\\"')
    if not isinstance(text, str) or any(mark in text for mark in marks):
        return None
    try:
        body = Environment(autoescape=False).parse("{{ " + text + " }}").body  # noqa: S701 - never rendered
    except TemplateSyntaxError:
        return None
    output = body[0] if len(body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return None
    return output.nodes[0]


def _is_pure(part: nodes.Node) -> bool:
    """Return whether equal inputs give equal results: all nodes but some filters, tests and methods."""
    if isinstance(part, nodes.Getattr):
        return not _means_more(part.attr)
    if not isinstance(part, (nodes.Filter, nodes.Test)):
        return True
    if part.dyn_args or part.dyn_kwargs:
        return False
    name = part.name.removeprefix("ansible.builtin.")
    if isinstance(part, nodes.Test):
        return name in TESTS
    return name in FILTERS and (name not in _CALLS or _called_is_pure(name, part.args))


def _called_is_pure(name: str, arguments: list[nodes.Expr]) -> bool:
    """Return whether the filter or test that a filter calls by its name is pure."""
    position = _CALLS[name]
    if len(arguments) <= position:
        return True
    called = arguments[position]
    allowed = FILTERS - _CALLS.keys() if name == "map" else TESTS
    return isinstance(called, nodes.Const) and called.value in allowed


# -- expressions that need no template -----------------------------------------------------------


def _evaluator(tree: nodes.Node) -> Evaluator | None:
    """Return a function for a look-up, a constant, their concatenation, or one of a few filters."""
    if isinstance(tree, nodes.Const):
        return lambda _variables: tree.value
    if isinstance(tree, nodes.Name):
        return lambda variables: _item(variables, tree.name)
    if isinstance(tree, nodes.Getattr) and not _means_more(tree.attr):
        return _with(tree.node, lambda value: _item(value, tree.attr))
    if isinstance(tree, nodes.Getitem) and _is_key(tree.arg):
        key = tree.arg.value
        return _with(tree.node, lambda value: _item(value, key))
    if isinstance(tree, nodes.Concat):
        return _concatenated(tree.nodes)
    if isinstance(tree, nodes.Filter) and not tree.kwargs:
        return _filtered(tree)
    return None


def _with(inner: nodes.Node, then: Callable[[Any], Any]) -> Evaluator | None:
    evaluate = _evaluator(inner)
    return evaluate and (lambda variables: then(evaluate(variables)))


def _concatenated(parts: list[nodes.Expr]) -> Evaluator | None:
    found = [_evaluator(part) for part in parts]
    evaluators = [evaluate for evaluate in found if evaluate]
    if len(evaluators) < len(found):
        return None
    return lambda variables: "".join(_word(evaluate(variables)) for evaluate in evaluators)


def _filtered(tree: nodes.Filter) -> Evaluator | None:
    if tree.name in ("first", "last") and not tree.args:
        position = 0 if tree.name == "first" else -1
        return _with(tree.node, lambda value: _item(value, position, list))
    if tree.name in ("lower", "upper") and not tree.args:
        return _with(tree.node, lambda value: _cased(value, tree.name))
    if tree.name in ("default", "d") and len(tree.args) == 1 and isinstance(tree.node, nodes.Name):
        name, instead = tree.node.name, _evaluator(tree.args[0])
        return instead and (
            lambda variables: variables[name] if name in variables else instead(variables)
        )
    return None


def _item(container: Any, key: Any, kind: type = object) -> Any:
    if not isinstance(container, kind):
        raise Undecided
    try:
        return container[key]
    except (LookupError, TypeError):
        raise Undecided from None


def _cased(value: Any, way: str) -> str:
    if isinstance(value, str):
        return value.lower() if way == "lower" else value.upper()
    raise Undecided


def _word(value: Any) -> str:
    if isinstance(value, (str, int)):
        return str(value)
    raise Undecided


def _means_more(attribute: str) -> bool:
    return attribute in _ATTRIBUTES or attribute.startswith("_")


def _is_key(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and type(node.value) in (str, int)
