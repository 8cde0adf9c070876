# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the edge of the actions that work on the controller."""

from __future__ import annotations

import os

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import (
    ArgumentSpec,
    text_option,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._controller_action import (
    ControllerAction,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.direct import with_task

TOKEN = "a-token-of-a-store"


class _Echo(ControllerAction):
    """An action whose result or error contains all that it was given."""

    ARGUMENTS = ArgumentSpec({"token": text_option("NO_SUCH_VARIABLE", secret=True), "fail": {}})

    def result(self, params, variables):
        if params["fail"]:
            raise PanelError(Code.TRANSPORT, f"the store refused {params['token']}")
        return {"changed": False, "token": params["token"], "seen": dict(variables)}


def _run(**options):
    return with_task(_Echo, "vpsfleet.panels.echo", options).run(None, {"a": 1})


@pytest.mark.parametrize("fail", [None, "yes"])
def test_neither_a_result_nor_an_error_contains_a_secret(fail):
    result = _run(token=TOKEN, fail=fail)
    assert bool(result.get("failed")) is bool(fail)
    assert TOKEN not in str(result)


def test_the_variables_of_the_task_are_passed_on():
    assert _run(token=TOKEN)["seen"] == {"a": 1}


def test_a_mistake_in_the_options_is_a_failure_with_a_code():
    result = _run(nonsense=1)
    assert result["failed"]
    assert result["failure"]["code"] == "validation"
    assert "nonsense" in result["msg"]


def test_the_environment_of_the_task_counts_and_is_gone_afterwards(monkeypatch):
    action = with_task(_Echo, "vpsfleet.panels.echo", {})
    monkeypatch.setattr(
        action, "_compute_environment_string", lambda found: found.update(NO_SUCH_VARIABLE=TOKEN)
    )
    monkeypatch.setattr(action, "result", lambda params, _variables: {"is": len(params["token"])})
    assert action.run(None, {}) == {"is": len(TOKEN)}
    assert "NO_SUCH_VARIABLE" not in os.environ
