# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks on the Virtualizor user Ada, whose ID is 12."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.user import (
    User,
)
from ansible_collections.vpsfleet.panels.plugins.modules import virtualizor_user
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    SUBMITTED_LIMITS,
    fail_task,
    run_task,
    submit,
)

EDIT = "edituser&uid=12"
DONE = {"done": "1", "users": {}}
ADA = {"email": "ada@example.com"}
#: The whole user as the form takes it.
WHOLE = {
    "edituser": 1,
    "newemail": "ada@example.com",
    "fname": "Ada",
    "lname": "Lovelä",
    "uplid": 0,
    **SUBMITTED_LIMITS,
}


def bring(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Run a task on Ada."""
    desired = {**ADA, **changes}
    return run_task(User, virtualizor_user.ARGUMENTS, *steps, check_mode=check_mode, **desired)


def fail(*steps: Step, **changes: Any) -> PanelError:
    """Run a task on Ada, which must fail; return the error."""
    return fail_task(User, virtualizor_user.ARGUMENTS, *steps, **{**ADA, **changes})


def edited(body: dict[str, Any], reply: Any = None) -> Step:
    """Expect an edit of Ada."""
    return submit(EDIT, DONE if reply is None else reply, body)
