# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tasks of any panel against a script, from options to result or error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Panel, run
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import ScriptedBackend


def with_defaults(spec: ArgumentSpec, **given: Any) -> dict[str, Any]:
    """Return a module's options after argument validation. Each given option must exist."""
    defaults = {name: option.get("default") for name, option in spec.options.items()}
    unknown = set(given) - set(defaults)
    assert not unknown, f"no such options: {unknown}"
    return {**defaults, **given}


def play(
    panel: Panel[Any],
    backend: ScriptedBackend,
    work: type,
    params: dict[str, Any],
    *,
    check_mode: bool = False,
    clock: FakeClock | None = None,
) -> dict[str, Any]:
    """Run a task and return its result. Every expected request must be sent."""
    try:
        return run(
            panel,
            work,
            params,
            check_mode=check_mode,
            clock=clock or FakeClock(),
            backend=backend,
        )
    finally:
        backend.assert_finished()


def failure_of(task: Callable[..., object], *args: Any, **options: Any) -> PanelError:
    """Run a task that must fail; return the error."""
    with pytest.raises(PanelError) as caught:
        task(*args, **options)
    return caught.value


def known(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are not null. Those of an absent object are null."""
    return {name: value for name, value in view.items() if value is not None}


def timeless(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a bulk result without the times of their writes, which a prediction lacks."""
    return [{**row, "begun": None, "ended": None} for row in result["results"]]


def outcomes(result: Mapping[str, Any]) -> dict[Any, str]:
    """Return the outcome of each item of a bulk result by its ID."""
    return {row["id"]: row["outcome"] for row in result["results"]}
