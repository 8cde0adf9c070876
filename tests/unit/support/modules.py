# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run modules as Ansible does: arguments in, one JSON result out."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.vpsfleet.panels.plugins.module_utils._core import runner
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import COLLECTION, ROOT
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import directly
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import undocumented
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend, Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION, TOKEN

#: Has ansible-core 2.21 return the options, as the earlier ones always do.
INVOCATION = {"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}

PLACE = "ansible_collections.vpsfleet.panels.plugins.modules"


class ModuleRunner:
    """Runs one module in this process against a scripted panel."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        #: The settings of the backend, and the options after validation.
        self.network: dict[str, Any] = {}
        self.params: dict[str, Any] = {}
        #: The module's warnings. Where ansible-core stores them depends on its release.
        self.warnings: list[str] = []
        monkeypatch.setattr(
            basic.AnsibleModule, "warn", lambda _module, text: self.warnings.append(text)
        )

    def run(
        self, name: str, /, *steps: Step, check_mode: bool = False, **options: Any
    ) -> dict[str, Any]:
        """Run the module with these options only, as a module and in the action plugin.

        Both must send every expected request and return the same result. RETURN must document
        each of its keys.
        """
        warned = len(self.warnings)
        with self._script(name, *steps):
            result = self._as_module(name, check_mode, options)
        with self._script(name, *steps):
            direct = directly(name, check_mode, options)
        assert json.loads(json.dumps(direct.pop("warnings", []))) == self.warnings[warned:]
        assert json.loads(json.dumps(direct)) == result
        del result["invocation"]
        assert TOKEN not in json.dumps(result)
        refuse(undocumented(name, result), f"Add these keys to RETURN of {name}:")
        return result

    @contextlib.contextmanager
    def _script(self, name: str, *steps: Step) -> Iterator[None]:
        """Replace the backend with a script, and record the options of the module's work."""
        backend = ScriptedBackend(*steps)
        plugin = importlib.import_module(f"{PLACE}.{name}")
        # An action that is first imported during the test would keep the replaced module for all other tests.
        action = importlib.import_module(f"{ROOT}plugins.action.{name}").ActionModule
        declared = plugin.MODULE

        def scripted(**settings: Any) -> ScriptedBackend:
            self.network = settings
            return backend

        def work(client: Any, params: Any) -> Any:
            self.params = dict(params)
            return declared.work(client, params)

        if isinstance(declared.work, type):
            # Check mode looks at the class.
            work = type("Work", (declared.work,), {"__init__": self._recording(declared.work)})

        with self._monkeypatch.context() as patched:
            patched.setattr(runner, "RequestsBackend", scripted)
            patched.setenv("ANSIBLE_INJECT_INVOCATION", "true")
            recording = dataclasses.replace(declared, work=work)
            patched.setattr(plugin, "MODULE", recording)
            patched.setattr(action, "MODULE", recording)
            yield
        backend.assert_finished()

    def _recording(self, kind: type[Any]) -> Callable[..., None]:
        """Return a constructor that records the options."""

        def init(work: Any, client: Any, params: Any) -> None:
            self.params = dict(params)
            kind.__init__(work, client, params)

        return init

    def _as_module(self, name: str, check_mode: bool, options: dict[str, Any]) -> dict[str, Any]:
        module = importlib.import_module(f"{PLACE}.{name}")
        arguments = {
            **options,
            "_ansible_check_mode": check_mode,
            "_ansible_module_name": f"{COLLECTION}.{name}",
            **INVOCATION,
        }
        with module_arguments(arguments), pytest.raises(SystemExit) as ended:
            module.main()
        result: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        assert bool(ended.value.code) is bool(result.get("failed"))
        return result

    def ok(self, name: str, /, *steps: Step, check_mode: bool = False, **options: Any) -> Any:
        """Run the module, which must succeed; return its result."""
        result = self.run(name, *steps, check_mode=check_mode, **CONNECTION, **options)
        assert not result.get("failed"), result
        return result

    def refused(self, name: str, /, **options: Any) -> str:
        """Run the module with options that Ansible must refuse; return the message."""
        result = self.run(name, **{**CONNECTION, **options})
        assert result["failed"] is True
        assert "api_calls" not in result, "the options got past Ansible"
        assert result["failure"]["code"] == "validation"
        return str(result["msg"])


@contextlib.contextmanager
def module_arguments(arguments: dict[str, Any]) -> Iterator[None]:
    """Pass a module its arguments, as Ansible does."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:  # before ansible-core 2.19
        data = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        with mock.patch.object(basic, "_ANSIBLE_ARGS", data):
            yield
    else:
        with patch_module_args(arguments):
            yield
