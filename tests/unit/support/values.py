# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evaluate the derived variables of a role or a play, with the filters of Ansible and without its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.plugins.filter.core import FilterModule
from jinja2 import ChainableUndefined
from jinja2.nativetypes import NativeEnvironment
from jinja2.runtime import Context


class _Lazy(Context):
    """Evaluates each variable when an expression uses it, since its value can be an expression too."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return _evaluated(found, self.parent) if isinstance(found, str) else found


class _Environment(NativeEnvironment):
    context_class = _Lazy


# As in Ansible, an attribute of what is undefined is undefined, too.
_ENVIRONMENT = _Environment(undefined=ChainableUndefined)
# Jinja's own filters stay: those of a newer Ansible know only what is undefined in Ansible.
_ENVIRONMENT.filters = {**FilterModule().filters(), **_ENVIRONMENT.filters}


def _evaluated(text: str, variables: Mapping[str, Any]) -> Any:
    return _ENVIRONMENT.from_string(text).render(variables) if "{{" in text else text


def value_of(name: str, variables: Mapping[str, Any]) -> Any:
    """Return the value of a variable.

    :param variables: all variables, of which values can use others.
    """
    return _evaluated(variables[name], variables)
