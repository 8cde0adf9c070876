# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An inventory made by this collection's Constructable, or by Ansible's own, from the same options."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from types import CodeType
from typing import Any

from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.template import Templar
from jinja2.environment import Environment, TemplateExpression

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._compile_once import compiling_once
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._constructable import (
    FastConstructable,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._server_hosts import unsafe
from ansible_collections.vpsfleet.panels.tests.unit.support.templates import trust_as_template

NATIVE = hasattr(Templar, "evaluate_expression")


def trusted(value: Any) -> Any:
    """The value as it comes from a source file."""
    if isinstance(value, str):
        return trust_as_template(value)
    if isinstance(value, dict):
        return {key: trusted(item) for key, item in value.items()}
    return [trusted(item) for item in value] if isinstance(value, list) else value


class _CompiledOnce:
    """Compiles each expression once, as the same text is compiled for both sides and for every host.

    Jinja's methods for this are replaced. The settings of a compilation are part of the key.
    """

    def __init__(self) -> None:
        self._codes: dict[Any, CodeType] = {}
        self._last: CodeType | None = None
        self._compile, self._expression = Environment.compile, Environment.compile_expression

    def __enter__(self) -> None:
        once = self

        def compiled(environment: Environment, *args: Any, **kwargs: Any) -> Any:
            once._last = once._compile(environment, *args, **kwargs)
            return once._last

        def expression(environment: Environment, source: str, *args: Any) -> Any:
            settings = getattr(_Settings.current(optional=True), "escape_backslashes", None)
            key = (type(environment), source, settings, *args)
            if key not in once._codes:
                made = once._expression(environment, source, *args)
                once._codes[key] = once._last
                return made
            template = environment.template_class.from_code(
                environment, once._codes[key], environment.make_globals(None), None
            )
            return TemplateExpression(template, *args)

        Environment.compile, Environment.compile_expression = compiled, expression

    def __exit__(self, *dummy: object) -> None:
        Environment.compile, Environment.compile_expression = self._compile, self._expression


try:
    from ansible._internal._templating._jinja_bits import _TemplateCompileContext as _Settings

    COMPILED_ONCE: AbstractContextManager[None] = _CompiledOnce()
except ImportError:  # before ansible-core 2.19 each expression is a template
    COMPILED_ONCE = nullcontext()


class Case:
    """Options of a source, and the variables of its hosts.

    :param others: variables of hosts that come from another source, which may be templates.
    :param groups_before: hosts in groups of another source.
    :param extra: variables of the command line.
    """

    def __init__(
        self,
        hosts: Mapping[str, Mapping[str, Any]],
        *,
        compose: Any = None,
        groups: Any = None,
        keyed_groups: Any = None,
        strict: bool = False,
        leading_separator: bool = True,
        extra: Mapping[str, Any] | None = None,
        others: Mapping[str, Mapping[str, Any]] | None = None,
        groups_before: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.hosts = hosts
        self.options = {
            "compose": trusted(compose or {}),
            "groups": trusted(groups or {}),
            "keyed_groups": trusted(keyed_groups or []),
            "strict": strict,
            "leading_separator": leading_separator,
            "use_extra_vars": extra is not None,
        }
        self.extra = dict(extra or {})
        self.others = others or {}
        self.groups_before = groups_before or {}

    def made_by(self, base: type) -> Any:
        """Return the graph, or the text of the error."""
        try:
            inventory = self.inventory_by(base)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return {
            "hosts": {name: _typed(host.vars) for name, host in inventory.hosts.items()},
            "groups": {
                name: (
                    [host.name for host in group.hosts],
                    [child.name for child in group.child_groups],
                )
                for name, group in inventory.groups.items()
            },
        }

    def inventory_by(self, base: type) -> InventoryData:
        """Make the inventory."""
        options, plugin = self.options, _plugin(base)
        plugin.get_option = lambda name, hostvars=None: options[name]
        plugin._vars = self.extra
        inventory = plugin.inventory
        for name, variables in self.others.items():
            inventory.add_host(name)
            for key, value in variables.items():
                inventory.set_variable(name, key, trusted(value))
        for group, members in self.groups_before.items():
            inventory.add_group(group)
            for name in members:
                inventory.add_host(name, group)
        for name, variables in self.hosts.items():
            _construct(plugin, name, variables)
        inventory.reconcile_inventory()
        return inventory

    def both(self) -> Any:
        """Make it both ways, which must agree; return what was made."""
        with COMPILED_ONCE:
            fast, own = self.made_by(FastConstructable), self.made_by(Constructable)
        assert fast == own, f"{fast}\n\nis not\n\n{own}"
        return fast


def _plugin(base: type) -> Any:
    plugin = type("InventoryModule", (base, BaseInventoryPlugin), {"NAME": "made"})()
    plugin.loader = DataLoader()
    plugin.inventory = InventoryData()
    plugin.templar = Templar(loader=plugin.loader)
    if base is FastConstructable:
        plugin.templar = compiling_once(plugin.templar)
    return plugin


def _construct(plugin: Any, name: str, variables: Mapping[str, Any]) -> None:
    """What every inventory plugin does with a host."""
    plugin.inventory.add_host(name)
    for key, value in variables.items():
        plugin.inventory.set_variable(name, key, unsafe(value))
    found = plugin.inventory.get_host(name).get_vars()
    strict = plugin.get_option("strict")
    plugin._set_composite_vars(plugin.get_option("compose"), found, name, strict)
    plugin._add_host_to_composed_groups(plugin.get_option("groups"), found, name, strict)
    plugin._add_host_to_keyed_groups(plugin.get_option("keyed_groups"), found, name, strict)


def _typed(value: Any) -> Any:
    """Return the value with its types, so that 1, True and "1" differ."""
    if isinstance(value, dict):
        return [(_typed(key), _typed(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(_typed, value)]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return (kind.__name__, kind(value))
    return repr(value)
