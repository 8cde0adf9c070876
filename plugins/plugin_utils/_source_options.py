# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the options of an inventory source: evaluate templates, and check types and names.

ansible-core does none of this. It silently reads ``validate_certs: "{{ ... }}"`` as ``false``, does
not check the elements of lists, and ignores a misspelt option. It would take ``owner_ids: [yes]`` for owner 1.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.text.converters import to_native
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.inventory import BaseInventoryPlugin

from ..module_utils._core.given_options import is_set, wrong_type

#: What Constructable evaluates, host by host.
PER_HOST = frozenset({"compose", "groups", "keyed_groups"})

_SPEC_KEYS = ("type", "elements", "choices", "required")
_TYPES = {"boolean": "bool", "string": "str", "integer": "int"}


class SourceOptions(BaseInventoryPlugin):
    """A plugin that accepts only the options that it documents."""

    def set_options(
        self,
        task_keys: Any = None,
        var_options: Any = None,
        direct: Mapping[str, Any] | None = None,
    ) -> None:
        """Check and set the options of the source file.

        :raises AnsibleParserError: an option is wrong. The message names it.
        """
        if direct is not None:
            direct = self.checked(direct)
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        # ansible-core turns an empty path into the current folder.
        for name, docs in self.option_definitions.items():
            given = (direct or {}).get(name)
            blank = given is None and any(
                not is_set(each["name"], os.environ) for each in docs.get("env") or ()
            )
            if docs.get("type") == "path" and (given == "" or blank):
                self._options[name] = None

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the options of a source file and the environment, evaluated and of their types."""
        options = {
            str(name): value if name in PER_HOST else self._evaluated(name, value)
            for name, value in given.items()
            if value is not None
        }
        specs = {name: _spec(name, docs) for name, docs in self.option_definitions.items()}
        if mistake := wrong_type(specs, options):
            raise AnsibleParserError(mistake)
        result = ArgumentSpecValidator(specs).validate({**self._from_environment(), **options})
        mistakes = [
            *_unknown_options(specs, result.unsupported_parameters),
            *(error.msg for error in result.errors if not isinstance(error, UnsupportedError)),
        ]
        if mistakes:
            raise AnsibleParserError("; ".join(mistakes))
        return {
            name: value for name, value in result.validated_parameters.items() if value is not None
        }

    def _from_environment(self) -> dict[str, Any]:
        """Return the options that environment variables set, which are checked, too.

        A blank variable sets nothing, as in the modules. ansible-core would take it, so the default stands in
        for it. If several are set, the last one in the documentation applies.
        """
        found: dict[str, Any] = {}
        for name, docs in self.option_definitions.items():
            variables = [
                each["name"]
                for each in docs.get("env") or ()
                if each["name"] in os.environ and not each["name"].startswith("ANSIBLE_")
            ]
            values = [os.environ[each] for each in variables if is_set(each, os.environ)]
            if values:
                found[name] = values[-1]
            elif variables and docs.get("default") is not None:
                found[name] = docs["default"]
        return found

    def _evaluated(self, name: str, value: Any) -> Any:
        self.templar.available_variables = self._vars
        try:
            return _plain(self.templar.template(value))
        except AnsibleError as error:
            raise AnsibleParserError(f"{name}: {to_native(error)}") from None


def _unknown_options(
    specs: Mapping[str, Any], unknown: Iterable[str | tuple[str, ...]]
) -> Iterator[str]:
    """Yield a message for each option that does not exist, with a similar name.

    :param unknown: the names. One inside of another option has the names of both.
    """
    for names in sorted((name,) if isinstance(name, str) else tuple(name) for name in unknown):
        known = specs
        for name in names[:-1]:
            known = known[name]["options"]
        close = get_close_matches(names[-1], known, n=1)
        yield f"there is no option {'.'.join(names)}" + (
            f" (did you mean {close[0]}?)" if close else ""
        )


def _spec(name: str, docs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the documentation of an option as an entry for ``ArgumentSpecValidator``."""
    if name in PER_HOST:
        return {"type": "raw"}
    spec: dict[str, Any] = {key: docs[key] for key in _SPEC_KEYS if key in docs}
    spec["type"] = _TYPES.get(spec.get("type", "str"), spec.get("type", "str"))
    if "suboptions" in docs:
        spec["options"] = {sub: _spec(sub, its) for sub, its in docs["suboptions"].items()}
    return spec


def _plain(value: Any) -> Any:
    """Return a value of Python's own types instead of those of YAML and vaults."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
