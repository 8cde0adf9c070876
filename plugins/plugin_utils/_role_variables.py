# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the variables of a role: refuse unknown ones, convert types, and ignore empty form fields."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import AnsibleValidationError, UnsupportedError

from ..module_utils._core.given_options import wrong_type


class Mistake(ValueError):
    """An invalid use of a variable. The message is one sentence."""


def check_known(
    role: str, variables: Iterable[str], known: Collection[str], internal: Collection[str]
) -> None:
    """Refuse variables with the role's prefix that the role does not have.

    A mistyped ``…_dryrun`` would otherwise be ignored, and servers changed.

    :param known: the variables that the role has.
    :param internal: names with the prefix that the role uses for itself.
    :raises Mistake: with a similar name.
    """
    prefix = f"{role}_"
    unknown = sorted(
        name
        for name in variables
        if name.startswith(prefix) and name not in known and name not in internal
    )
    if unknown:
        raise Mistake("; ".join(_unknown(role, name, known) for name in unknown))


def check_used(variables: Mapping[str, Any], unused: Collection[str], why: str) -> None:
    """Refuse variables without an effect, since an operator would rely on it.

    :raises Mistake: one of them is set.
    """
    there = [name for name in unused if is_set(variables.get(name))]
    if there:
        raise Mistake(f"{', '.join(there)} must not be set here: {why}")


def checked(options: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that are set, in their types, with the defaults of the others.

    :param options: of the role's argument specification.
    :raises Mistake: one has another type, or is missing.
    """
    given = {name: given_of(variables[name]) for name in options if is_set(variables.get(name))}
    # A template of ansible-core before 2.19 turns the values into text before a module can see their types.
    if mistake := wrong_type(options, given):
        raise Mistake(mistake)
    result = ArgumentSpecValidator(dict(options)).validate(given)
    if result.error_messages:
        raise Mistake("; ".join(map(_mistake, result.errors)))
    return {
        name: given_of(value)
        for name, value in result.validated_parameters.items()
        if is_set(value)
    }


def is_set(value: Any) -> bool:
    """Return whether a variable is set. Null and an empty text, as of an empty form field, are not."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def given_of(value: Any) -> Any:
    """Return a value without the keys that are not set, in dictionaries at any depth."""
    if isinstance(value, Mapping):
        return {key: given_of(each) for key, each in value.items() if is_set(each)}
    if isinstance(value, (list, tuple)):
        return [given_of(each) for each in value]
    return value


def _mistake(error: AnsibleValidationError) -> str:
    """Return the message of an error. The one about unknown options does not state what is wrong with them."""
    unknown = isinstance(error, UnsupportedError)
    return f"Unsupported parameters: {error.msg}" if unknown else str(error.msg)


def _unknown(role: str, name: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    hint = f"did you mean {close[0]}?" if close else f"see ansible-doc -t role {role}"
    return f"there is no variable {name} ({hint})"
