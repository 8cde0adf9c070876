# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Constructable for large inventories: the same groups and variables, without a template per host.

Ansible parses and compiles each expression of ``compose``, ``groups`` and ``keyed_groups`` again
for every host, which takes nearly all of the time for ten thousand hosts. But most expressions only
name a variable, or depend on a few variables with few different values. The former are looked up.
For the latter, Ansible evaluates each combination of values once, and the result is reused. Ansible
evaluates all other expressions for each host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.inventory import Constructable
from ansible.template import Templar
from ansible.utils.vars import combine_vars

from ._expressions import Evaluator, Expression, Undecided, examine

_ABSENT = object()

#: Whether an expression returns the value of a variable unchanged (since core 2.19). Before, it
#: returns a text, which Ansible may convert as a literal.
_NATIVE = hasattr(Templar, "evaluate_expression")

#: The one variable that changes while a host's groups are being made.
_CHANGING = "group_names"


class _Unknown(Exception):
    """A value that cannot be compared with another, such as a template."""


class _Judge:
    """Replaces the inventory to find out whether Ansible would put a host into a group."""

    verdict = False

    def add_group(self, group: str) -> str:
        """Do nothing."""
        return group

    def add_child(self, group: str, child: str) -> None:
        """Record that the host belongs to the group."""
        self.verdict = True


class FastConstructable(Constructable):
    """Constructable that evaluates no expression twice for the same values."""

    def _compose(
        self, template: Any, variables: Mapping[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        expression = self._examined(template)
        extra = self._extra_variables()
        if expression.names is None or not extra.keys().isdisjoint(expression.names):
            return super()._compose(template, variables, *args, **kwargs)
        # The name of a parent group is a template of its own and sees the same variables.
        self.templar.available_variables = combine_vars(variables, extra) if extra else variables
        value = self._simple_value(expression.evaluate, variables)
        if value is not _ABSENT:
            return value
        try:
            key = ("value", template, *_given(expression, variables))
        except _Unknown:
            return super()._compose(template, variables, *args, **kwargs)
        results = self.__dict__.setdefault("_results", {})
        if key not in results:
            try:
                results[key] = (super()._compose(template, variables, *args, **kwargs), None)
            except Exception as error:  # noqa: BLE001 - raised again for each host with these values
                results[key] = (None, error)
        result, failure = results[key]
        if failure:
            raise failure.with_traceback(None)
        return _copied(result)

    def _simple_value(self, evaluate: Evaluator | None, variables: Mapping[str, Any]) -> Any:
        """Return the scalar value of an expression, or :data:`_ABSENT` if Ansible must evaluate it."""
        if evaluate is None:
            return _ABSENT
        try:
            value = evaluate(variables)
        except Undecided:
            return _ABSENT
        if isinstance(value, str):
            literal = not _NATIVE and (
                self.templar.jinja2_native or value[:1] == "[" or value in ("True", "False")
            )
            return _ABSENT if literal or "{" in value else value
        return value if _NATIVE and isinstance(value, (bool, int, float)) else _ABSENT

    def _add_host_to_composed_groups(
        self,
        groups: Any,
        variables: Mapping[str, Any],
        host: str,
        strict: bool = False,
        fetch_hostvars: bool = True,
    ) -> None:
        if not isinstance(groups, dict):
            super()._add_host_to_composed_groups(groups, variables, host, strict, fetch_hostvars)
            return
        if fetch_hostvars and groups:
            variables = self._fetched(variables, host)
        for name, condition in groups.items():
            if self._belongs(name, condition, variables, host, strict):
                group = self.inventory.add_group(self._sanitize_group_name(name))
                self.inventory.add_child(group, host)

    def _belongs(
        self, name: str, condition: Any, variables: Mapping[str, Any], host: str, strict: bool
    ) -> bool:
        """Return whether Ansible finds that a condition holds for a host."""
        expression = self._examined(condition)
        if expression.names is None:
            return self._judged(name, condition, variables, host, strict)
        try:
            key = ("condition", condition, *_given(expression, variables))
        except _Unknown:
            return self._judged(name, condition, variables, host, strict)
        results = self.__dict__.setdefault("_results", {})
        if key not in results:
            results[key] = self._judged(name, condition, variables, host, strict)
        verdict: bool = results[key]
        return verdict

    def _judged(
        self, name: str, condition: Any, variables: Mapping[str, Any], host: str, strict: bool
    ) -> bool:
        judge = _Judge()
        inventory, self.inventory = self.inventory, judge
        try:
            super()._add_host_to_composed_groups({name: condition}, variables, host, strict, False)
        finally:
            self.inventory = inventory
        return judge.verdict

    def _add_host_to_keyed_groups(
        self,
        keys: Any,
        variables: Mapping[str, Any],
        host: str,
        strict: bool = False,
        fetch_hostvars: bool = True,
    ) -> None:
        if not (isinstance(keys, list) and fetch_hostvars):
            super()._add_host_to_keyed_groups(keys, variables, host, strict, fetch_hostvars)
            return
        if keys:
            variables = self._fetched(variables, host)
        for keyed in keys:
            super()._add_host_to_keyed_groups(
                [keyed], variables, host, strict, self._needs_fresh_variables(keyed)
            )

    def _needs_fresh_variables(self, keyed: Any) -> bool:
        """Return whether an entry may depend on the groups that the previous entries have made."""
        if not isinstance(keyed, dict) or "{" in str(keyed.get("parent_group")):
            return True
        names = self._examined(keyed.get("key")).names
        return names is None or _CHANGING in names

    def _fetched(self, variables: Mapping[str, Any], host: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = combine_vars(variables, self.inventory.get_host(host).get_vars())
        return found

    def _examined(self, text: Any) -> Expression:
        if not isinstance(text, str):
            return Expression()
        known = self.__dict__.setdefault("_expressions", {})
        if text not in known:
            known[text] = examine(text)
        found: Expression = known[text]
        return found

    def _extra_variables(self) -> Mapping[str, Any]:
        """Return the variables of the command line if they take precedence over those of the host."""
        try:
            use = self.get_option("use_extra_vars")
        except Exception:  # noqa: BLE001 - as Ansible itself does
            use = False
        return self._vars if use else {}


def _given(expression: Expression, variables: Mapping[str, Any]) -> list[Any]:
    """Return the values that an expression depends on. :raises _Unknown: one may be a template."""
    return [_frozen(variables.get(name, _ABSENT)) for name in sorted(expression.names or ())]


def _frozen(value: Any) -> Any:
    """Return a hashable value that is equal for equal values of equal types."""
    if isinstance(value, str):
        if "{" in value:
            raise _Unknown
        return str(value)
    if isinstance(value, float):
        return repr(value), float  # 0.0 equals -0.0, but is another text
    if value is None or value is _ABSENT or isinstance(value, (bool, int)):
        return (value.__class__, value)
    if isinstance(value, dict):
        return (dict, *((_frozen(key), _frozen(item)) for key, item in value.items()))
    if isinstance(value, list):
        return (list, *map(_frozen, value))
    raise _Unknown


def _copied(value: Any) -> Any:
    """Return a copy of a value that shares no mutable part with it."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value
