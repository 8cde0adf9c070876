# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specifications that compose: a panel's connection options and a module's own.

They are plain data, with the keys of Ansible's argument specs and three more, which the edges understand:

``env``
    names of environment variables that hold the option where the task does not set it. The first one
    that is not empty counts.
``blank``
    set to true, an empty text is a value. It is refused otherwise.
``open_keys``
    keys in the value that hold no secret, although others of this name do, such as the name of a ``credential``.

Checks of values that Ansible's argument specs do not have stand beside them, such as ranges of numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from .errors import invalid

T = TypeVar("T")
Names = Sequence[str]


@dataclass(frozen=True)
class ArgumentSpec:
    """Options and the rules between them.

    :param created: options with the ID of an object that another task of the collection can create. In
        check mode their value may be null, since the object does not exist yet.
    """

    options: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    mutually_exclusive: Sequence[Names] = ()
    required_one_of: Sequence[Names] = ()
    required_together: Sequence[Names] = ()
    required_if: Sequence[Sequence[Any]] = ()
    required_by: Mapping[str, Any] = field(default_factory=dict)
    created: Sequence[str] = ()

    def __add__(self, other: ArgumentSpec) -> ArgumentSpec:
        """Return both. :raises ValueError: an option is in both."""
        twice = set(self.options) & set(other.options)
        if twice:
            raise ValueError(f"declared twice: {', '.join(sorted(twice))}")
        return ArgumentSpec(
            {**self.options, **other.options},
            [*self.mutually_exclusive, *other.mutually_exclusive],
            [*self.required_one_of, *other.required_one_of],
            [*self.required_together, *other.required_together],
            [*self.required_if, *other.required_if],
            {**self.required_by, **other.required_by},
            (*self.created, *other.created),
        )


def one_of(*names: str, created: str = "") -> ArgumentSpec:
    """Return the rule that exactly one of these options is set.

    :param created: the option that may be null in check mode, see :attr:`ArgumentSpec.created`.
    """
    return ArgumentSpec(
        mutually_exclusive=[names],
        required_one_of=[names],
        created=[created] if created else [],
    )


def text_option(
    *variables: str, required: bool = False, secret: bool = False, blank: bool = False
) -> dict[str, Any]:
    """Return an option for a text that the environment may hold.

    :param variables: names of environment variables.
    :param secret: whether Ansible must keep its value out of all output.
    :param blank: whether an empty text is a value.
    """
    flags = {"required": required, "no_log": secret, "blank": blank}
    set_flags = {name: True for name, is_set in flags.items() if is_set}
    return {"type": "str", "env": list(variables), **set_flags}


def connection(
    env_prefix: str, credentials: Mapping[str, dict[str, Any]], *, timeout_s: int = 30
) -> ArgumentSpec:
    """Return the options that every module has to reach its panel.

    :param env_prefix: the environment variables are ``<prefix>_TIMEOUT`` and so on.
    :param credentials: the options for the address and the credentials, which differ.
    :param timeout_s: default of the seconds to wait for a response.
    """

    shared: dict[str, dict[str, Any]] = {
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "timeout": {"type": "int", "default": timeout_s},
        "total_timeout": {"type": "int", "default": 300},
        "max_response_size": {"type": "int", "default": 64},
        "max_pages": {"type": "int", "default": 10_000},
        "retries": {"type": "int", "default": 5},
        "retry_budget": {"type": "int", "default": 120},
        "rate_limit": {"type": "float", "default": 0},
    }
    for name, rule in shared.items():
        rule["env"] = [f"{env_prefix}_{name.upper()}"]
    return ArgumentSpec({**credentials, **shared})


#: The lowest and the highest allowed number; ``None`` if there is no highest.
Range: TypeAlias = "tuple[int, int | None]"


def check_ranges(params: Mapping[str, Any], ranges: Mapping[str, Range]) -> None:
    """Refuse an option outside its range. An option that is not set is accepted.

    :raises PanelError: ``validation``, naming the option.
    """
    for option, (lowest, highest) in ranges.items():
        value = params[option]
        if value is None or (value >= lowest and (highest is None or value <= highest)):
            continue
        span = f"at least {lowest}" if highest is None else f"from {lowest} to {highest}"
        raise invalid(f"{option} must be {span}, not {value}")


def named(option: str, value: str | None) -> str:
    """Return the name in an option. :raises PanelError: ``validation`` if it is not set, or blank.

    An object without a name, or one called "None", must never be found by an option that is not set.
    """
    if value is None or not value.strip():
        raise invalid(f"{option} is empty")
    return value


def unpadded(option: str, value: str) -> str:
    """Return a text that is to be set. :raises PanelError: ``validation`` if white space surrounds it.

    A panel may remove it. The object would then never have the desired name, and never be found by it.
    """
    if value != value.strip():
        raise invalid(f"{option} must not begin or end with white space: {value!r}")
    return value


def positive(option: str, value: int | None) -> int:
    """Return an ID. :raises PanelError: ``validation`` if it is not set, or not a positive number."""
    if value is None or value < 1:
        raise invalid(f"{option} must be a positive number, not {value}")
    return value


def each_once(option: str, values: Sequence[T], noun: str) -> Sequence[T]:
    """Return the values of an option.

    :param noun: the plural noun for the values.
    :raises PanelError: ``validation`` if a value occurs twice.
    """
    twice = [str(value) for value, times in Counter(values).items() if times > 1]
    if twice:
        raise invalid(f"{option} names {noun} twice: {', '.join(twice[:10])}")
    return values
