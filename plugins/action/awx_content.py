# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Import or remove the AWX content of the role awx_content, with whichever collection of modules is installed."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.parameters import remove_values
from ansible.plugins.loader import lookup_loader

from ..module_utils._core.argspec import ArgumentSpec
from ..plugin_utils._awx.apply import Changes, Importer, NotApplied, remove
from ..plugin_utils._awx.compare import words_of
from ..plugin_utils._awx.content import content
from ..plugin_utils._awx.judge import notes, problems, removal_problems
from ..plugin_utils._awx.objects import is_mistakable, name_problem
from ..plugin_utils._awx.preview import Judgment, preview, removed_by
from ..plugin_utils._awx.removal import removal
from ..plugin_utils._awx.settings import read_settings
from ..plugin_utils._awx.state import State, read_state
from ..plugin_utils._awx.workflows import workflows
from ..plugin_utils._controller_action import ControllerAction

#: Keys of a panel with the name of a credential in AWX, which is no secret.
CREDENTIALS = ("credential", "run_store_credential")
ARGUMENTS = ArgumentSpec(
    {
        "step": {"type": "str", "choices": ["import", "remove"], "default": "import"},
        "settings": {"type": "dict", "required": True, "open_keys": ["project_credential"]},
        "panels": {"type": "list", "elements": "dict", "open_keys": CREDENTIALS},
        "notifications": {"type": "list", "elements": "dict", "default": []},
        "connection": {"type": "dict", "default": {}},
        "definitions": {"type": "dict", "required": True},
    }
)
COLLECTIONS = ("awx.awx", "ansible.controller")
#: Ten seconds, the default of the modules, are short for a busy AWX.
TIMEOUT_S = 60
#: Options of the modules' connection, and the same of the lookup.
CONNECTION = {
    "controller_host": "host",
    "controller_username": "username",
    "controller_password": "password",
    "controller_oauthtoken": "oauth_token",
    "validate_certs": "verify_ssl",
    "request_timeout": "request_timeout",
}


class ActionModule(ControllerAction):
    """The action."""

    ARGUMENTS = ARGUMENTS

    def result(self, params: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
        """Import or remove the content, or return what that would do."""
        self._variables = variables
        result: dict[str, Any] = remove_values(self._done(params), _secrets(params))
        return result

    def _done(self, params: Mapping[str, Any]) -> dict[str, Any]:
        settings = params["settings"]
        unknown = sorted(set(params["connection"]) - set(CONNECTION))
        if unknown:
            return _failed(
                [
                    f"awx_content_connection has no key {', '.join(unknown)}. It has {', '.join(CONNECTION)}."
                ]
            )
        self._connection_options = {"request_timeout": TIMEOUT_S, **params["connection"]}
        try:
            self._collection = self._installed(settings.get("collection"))
            if params["step"] == "remove":
                return self._remove(settings)
            return self._import(params)
        except (AnsibleError, NotApplied) as error:
            return _failed([str(error)])

    def _import(self, params: Mapping[str, Any]) -> dict[str, Any]:
        options = {
            **params["settings"],
            "panels": params["panels"],
            "notifications": params["notifications"],
        }
        settings, mistakes = read_settings(options, params["definitions"])
        if mistakes:
            return _failed(mistakes)
        desired = content(settings)
        state = self._state(
            settings.organization, [each.template.name for each in workflows(settings)]
        )
        mistakes = problems(settings, desired, state, adopt=bool(options.get("adopt")))
        if mistakes:
            return _failed(mistakes)
        judgment = Judgment(
            settings, state, self._related, self._read, bool(options.get("update_secrets"))
        )
        removed = removed_by(judgment, desired, prune=bool(options.get("prune")))
        found = [*notes(settings, desired, state), *removed.kept]
        common = {"collection": self._collection, "notes": found}
        seen = preview(judgment, desired, removed)
        if self._task.check_mode or options.get("dry_run"):
            changed = bool(seen["created"] or seen["updated"] or seen["removed"])
            return {**common, **seen, "changed": changed, "dry_run": True}
        importer = Importer(judgment, self._run_module)
        common.update(dry_run=False, left_over=seen["left_over"])
        try:
            importer.run(desired, removed)
        except (NotApplied, AnsibleError) as error:
            return {**common, **importer.changes.result(), **_failed([str(error)])}
        return {**common, **importer.changes.result()}

    def _remove(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        organization = str(settings["organization"])
        names = {"awx_content_organization": organization}
        names["awx_content_label"] = str(settings["label"])
        mistakes = [name_problem(name, what) for what, name in names.items() if is_mistakable(name)]
        if mistakes:
            return _failed(mistakes)
        state = self._state(organization, [])
        mistakes = removal_problems(organization, state)
        if mistakes:
            return _failed(mistakes)
        found = removal(state, str(settings["label"]))
        common = {
            "collection": self._collection,
            "created": [],
            "updated": [],
            "left_over": [],
            "notes": found.kept,
        }
        if self._task.check_mode or settings.get("dry_run"):
            names = [words_of(kind, row) for kind, each in found.rows.items() for row in each]
            return {**common, "removed": names, "changed": bool(names), "dry_run": True}
        changes = Changes()
        try:
            remove(found.rows, organization, self._run_module, changes)
        except (NotApplied, AnsibleError) as error:
            return {**common, **changes.result(), "dry_run": False, **_failed([str(error)])}
        return {**common, **changes.result(), "dry_run": False}

    def _installed(self, desired: Any) -> str:
        """Return the collection whose modules are used."""
        names = [str(desired)] if desired else COLLECTIONS
        loader = self._shared_loader_obj.module_loader
        for name in names:
            if loader.find_plugin_with_context(f"{name}.job_template").resolved:
                return name
        raise NotApplied(
            f"The collection {' or '.join(names)} is not installed where Ansible runs. Install it, such as with:"
            f" ansible-galaxy collection install {names[0]}"
        )

    def _state(self, organization: str, names: list[str]) -> State:
        return read_state(self._read, organization, names)

    def _read(self, endpoint: str, **query: Any) -> Any:
        """Read all rows of a list, or one object."""
        lookup = lookup_loader.get(
            f"{self._collection}.controller_api", loader=self._loader, templar=self._templar
        )
        connection = {
            option: self._connection_options[name]
            for name, option in CONNECTION.items()
            if self._connection_options.get(name) is not None
        }
        try:
            (answer,) = lookup.run(
                [endpoint],
                variables=self._variables,
                query_params={
                    key: str(value) for key, value in {"page_size": 200, **query}.items()
                },
                return_all=True,
                return_objects=False,
                max_objects=100_000,
                **connection,
            )
        except AnsibleError as error:
            raise NotApplied(f"Cannot read {endpoint} of AWX: {error}") from error
        return answer["results"] if isinstance(answer, Mapping) and "results" in answer else answer

    def _related(self, row: Mapping[str, Any], name: str) -> Any:
        path = row.get("related", {}).get(name)
        return self._read(path) if path else []

    def _run_module(self, name: str, arguments: dict[str, Any]) -> Mapping[str, Any]:
        # A module writes its options to the system log, and awx.awx declares not every secret as one.
        logged, self._task.no_log = self._task.no_log, True
        try:
            result: Mapping[str, Any] = self._execute_module(
                module_name=f"{self._collection}.{name}",
                module_args={**arguments, **self._connection_options},
                task_vars=self._variables,
            )
        finally:
            self._task.no_log = logged
        return result


def _secrets(params: Mapping[str, Any]) -> set[str]:
    """Return the texts that no result may contain."""
    types = params["definitions"].get("credential_types", {})
    fields = {
        each["id"]
        for kind in types.values()
        for each in kind["inputs"]["fields"]
        if each.get("secret")
    }
    fields |= {"run_store", "run_store_token"}
    values = [panel.get(name) for panel in params["panels"] or [] for name in fields]
    values += [
        params["connection"].get(name) for name in ("controller_password", "controller_oauthtoken")
    ]
    for entry in params["notifications"]:
        given = entry.get("configuration")
        # A text in its place is a mistake, and may be the address with its token.
        configuration = given if isinstance(given, Mapping) else {"url": given}
        values += [configuration.get(name) for name in ("password", "url")]
        values.append(_headers(configuration.get("headers")))
    return {text for text in _texts(values) if len(text) > 3}


def _headers(headers: Any) -> Any:
    """Return HTTP headers, which are a dictionary or its JSON: a token is often one of the values."""
    if isinstance(headers, str):
        with contextlib.suppress(ValueError):
            return [headers, json.loads(headers)]
    return headers


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in a value: YAML reads a token of digits as a number."""
    if isinstance(value, (Mapping, list)):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _failed(sentences: list[str]) -> dict[str, Any]:
    return {"failed": True, "msg": " ".join(sentences), "problems": sentences}
