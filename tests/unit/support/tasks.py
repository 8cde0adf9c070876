# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run tasks on a VirtFusion panel, from options to result."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import ArgumentSpec
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.panel import VIRTFUSION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_package import (
    ServerPackage,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_package import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    ScriptedBackend,
    Step,
    answer,
    get,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import (
    failure_of,
    play,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import options

SERVER = "/servers/7"
PACKAGE = "/packages/3"
CHANGE = "/servers/7/package/3"


def run_task(
    work: type,
    spec: ArgumentSpec,
    *steps: Step,
    check_mode: bool = False,
    clock: FakeClock | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Run a task and return its result. Every expected request must be sent."""
    params = options(spec, **changes)
    backend = ScriptedBackend(*steps)
    return play(VIRTFUSION, backend, work, params, check_mode=check_mode, clock=clock)


def fail_task(work: type, spec: ArgumentSpec, *steps: Step, **changes: Any) -> PanelError:
    """Run a task that must fail; return the error."""
    return failure_of(run_task, work, spec, *steps, **changes)


def move(*steps: Step, **changes: Any) -> dict[str, Any]:
    """Change server 7 to package 3, unless the options name others."""
    return run_task(ServerPackage, ARGUMENTS, *steps, **_with_ids(changes))


def fail_move(*steps: Step, **changes: Any) -> PanelError:
    """Change server 7 to package 3, which must fail; return the error."""
    return fail_task(ServerPackage, ARGUMENTS, *steps, **_with_ids(changes))


def _with_ids(changes: dict[str, Any]) -> dict[str, Any]:
    server = {} if "server_name" in changes else {"server_id": 7}
    package = {} if "package_name" in changes else {"package_id": 3}
    return {**server, **package, **changes}


def reads(server: Any, package: Any) -> tuple[Step, Step]:
    """Expect the reads of the server and the package."""
    return get(SERVER, _reply(server)), get(PACKAGE, _reply(package))


def change(reply: Reply) -> Step:
    """Expect the package change."""
    return put(CHANGE, reply)


def again(server: Any) -> Step:
    """Expect another read of the server."""
    return get(SERVER, _reply(server))


def info(*lines: str) -> Reply:
    """Return the response of a panel that sends messages. It lacks the usual envelope."""
    return answer(200, {"info": list(lines)})


#: The response of older panels.
EMPTY = answer(204)


def _reply(value: Any) -> Reply:
    return ok(value) if isinstance(value, dict) else value


def outcomes(result: dict[str, Any]) -> dict[str, str]:
    """Return the outcome of each field."""
    return {row["field"]: row["outcome"] for row in result["changes"]}
