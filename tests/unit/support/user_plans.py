# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks on the user plan "Reseller M", whose ID is 5."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    UserPlan,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtualizor_user_plan,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    NEWER,
    SUBMITTED_LIMITS,
    fail_task,
    run_task,
    submit,
)

ADD = "adduser_plans"
EDIT = "edituser_plans&uplid=5"
DONE = {"done": True}

#: The whole user plan as the form takes it.
WHOLE = {
    "edituser_plans": 1,
    "uplid": 5,
    "plan_name": "Reseller M",
    **SUBMITTED_LIMITS,
    **NEWER,
}


def bring(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Run a task on the plan "Reseller M"."""
    desired = {"plan_name": "Reseller M", **changes}
    return run_task(
        UserPlan, virtualizor_user_plan.ARGUMENTS, *steps, check_mode=check_mode, **desired
    )


def fail(*steps: Step, **changes: Any) -> PanelError:
    """Run a task on the plan "Reseller M", which must fail; return the error."""
    desired = {"plan_name": "Reseller M", **changes}
    return fail_task(UserPlan, virtualizor_user_plan.ARGUMENTS, *steps, **desired)


def edited(body: dict[str, Any], reply: Any = None) -> Step:
    """Expect an edit of plan 5."""
    return submit(EDIT, DONE if reply is None else reply, body)
