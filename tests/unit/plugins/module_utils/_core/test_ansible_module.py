# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the Ansible adapter: a module returns one result or one sentence, never a traceback."""

from __future__ import annotations

import ast
import json
import runpy
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import (
    ansible_module,
    runner,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import (
    ArgumentSpec,
    text_option,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import PanelModule
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    MODULES,
    module_file,
    source_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.modules import module_arguments


class _Ended(Exception):
    pass


PARAMS = {"api_url": "https://somebody:secret@panel.example.com", "retries": 5}
RULES = ArgumentSpec({"api_url": {"type": "str"}}, mutually_exclusive=[("a", "b")])


class _Module:
    """A fake AnsibleModule with the parts that the adapter uses."""

    def __init__(self, **rules: Any) -> None:
        assert rules == {**ansible_module.rules_for_ansible(RULES), "supports_check_mode": True}
        self.params: dict[str, Any] = dict(PARAMS)
        self.no_log_values: set[str] = set()
        self.check_mode = False
        self.warnings: list[str] = []
        self.ended: str | None = None
        self.result: dict[str, Any] = {}
        self.shown: dict[str, Any] = {}
        made.append(self)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def exit_json(self, **result: Any) -> NoReturn:
        self._end("exit_json", result)

    def fail_json(self, **result: Any) -> NoReturn:
        self._end("fail_json", result)

    def _end(self, how: str, result: dict[str, Any]) -> NoReturn:
        assert self.ended is None, "ended twice"
        self.shown = result.pop("invocation")["module_args"]
        self.ended, self.result = how, result
        raise _Ended


made: list[_Module] = []


def _run(
    monkeypatch: pytest.MonkeyPatch, outcome: dict[str, Any] | Exception | None = None
) -> _Module:
    def run(_panel, _work, params, *, check_mode, ending):
        assert (params, check_mode, ending) == (PARAMS, False, None)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(runner, "run", run)
    monkeypatch.setattr(ansible_module, "AnsibleModule", _Module)
    declared: PanelModule[Any] = PanelModule(object(), object(), RULES)  # type: ignore[arg-type]
    with pytest.raises(_Ended):
        ansible_module.run_module(declared)
    return made.pop()


def test_a_result_ends_the_module(monkeypatch):
    module = _run(monkeypatch, {"changed": True, "warnings": ["one", "two"], "diff": {}})
    assert (module.ended, module.result) == ("exit_json", {"changed": True, "diff": {}})
    assert module.warnings == ["one", "two"]


def test_a_failure_ends_the_module(monkeypatch):
    error = PanelError(
        Code.LOCKED, "busy", action="read server 7", result={"warnings": ["one"], "api_calls": {}}
    )
    module = _run(monkeypatch, error)
    assert module.ended == "fail_json"
    assert module.result["msg"] == "Cannot read server 7: busy"
    assert module.result["failure"]["code"] == "locked"
    assert "warnings" not in module.result
    assert module.warnings == ["one"]


@pytest.mark.parametrize(
    "error", [KeyError("id"), AssertionError("x would write"), OSError(5, "x")]
)
def test_a_bug_is_reported_in_one_sentence(error, monkeypatch):
    module = _run(monkeypatch, error)
    assert module.ended == "fail_json"
    assert module.result["failure"]["code"] == "internal"
    assert module.result["changed"] is False
    assert type(error).__name__ in module.result["msg"]
    assert "please report it" in module.result["msg"]
    assert "\n" not in module.result["msg"]
    assert "Traceback" not in repr(module.result)
    assert "exception" not in module.result


def test_a_missing_requests_library_is_named(monkeypatch):
    monkeypatch.setattr(ansible_module, "REQUESTS_IMPORT_ERROR", "Traceback: no requests")
    module = _run(monkeypatch)
    assert module.ended == "fail_json"
    assert "requests" in module.result["msg"]
    assert module.result["failure"]["code"] == "validation"


@pytest.mark.parametrize("result", [{"changed": False}, PanelError(Code.AUTH, "no")])
def test_a_password_in_the_address_is_never_shown(monkeypatch, result):
    assert _run(monkeypatch, result).no_log_values == {"secret"}


@pytest.mark.parametrize("address", ["https://panel.example.com", "https://[::1", ""])
def test_an_address_without_a_password_hides_nothing(monkeypatch, address):
    monkeypatch.setitem(PARAMS, "api_url", address)
    assert _run(monkeypatch, {}).no_log_values == set()


def test_the_first_nonempty_variable_is_used(monkeypatch):
    rules = ansible_module.rules_for_ansible(ArgumentSpec({"a": text_option("TOY_NEW", "TOY_OLD")}))
    fallback, variables = rules["argument_spec"]["a"]["fallback"]
    monkeypatch.setenv("TOY_OLD", "old")
    monkeypatch.setenv("TOY_NEW", " ")
    assert fallback(*variables) == "old"
    monkeypatch.setenv("TOY_NEW", "new")
    assert fallback(*variables) == "new"
    monkeypatch.delenv("TOY_NEW")
    monkeypatch.delenv("TOY_OLD")
    with pytest.raises(AnsibleFallbackNotFound):
        fallback(*variables)


def test_ansible_receives_only_its_own_keys():
    inner = {"b": {"type": "str", "blank": True}}
    arguments = ArgumentSpec({"a": {"type": "dict", "options": inner}}, required_by={"a": "b"})
    rules = ansible_module.rules_for_ansible(arguments)
    assert rules["argument_spec"] == {"a": {"type": "dict", "options": {"b": {"type": "str"}}}}
    assert rules["required_by"] == {"a": "b"}


def test_an_older_python_ends_with_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    with module_arguments({"api_url": "https://panel.example.com"}), pytest.raises(SystemExit):
        runpy.run_path(str(ansible_module.__file__))
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] is True
    assert "requires Python 3.10 or newer" in result["msg"]
    assert "is Python 3.9.18" in result["msg"]
    assert "ansible_python_interpreter" in result["msg"]


def test_each_module_imports_the_adapter_first():
    # On an older Python the adapter ends the module before an import that would fail.
    edge = "module_utils._core.ansible_module"
    assert [name for name in MODULES if first_import(module_file(name)) != edge] == []


def first_import(path: Path) -> str | None:
    """Return the first file of the collection that a module imports."""
    statements = (node for node in source_of(path).tree.body if isinstance(node, ast.ImportFrom))
    return next(node.module for node in statements if node.level)
