# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refuse a plan whose approval is too old, before a run begins with it.

An old approval may no longer fit the panel, or the intent of its approver. The plan holds the
limit, so its hash covers it, and the task that applies the plan can only lower it.
"""

from __future__ import annotations

from ...module_utils._core.errors import PanelError, invalid
from .plan_file import FleetPlan
from .progress import duration
from .timestamps import seconds_of

#: Seconds for which an approval is valid by default.
DEFAULT_S = 604_800

#: Seconds by which the clocks of two controllers may differ.
_CLOCKS_DIFFER_S = 300

_DAY_S = 86_400


def check_age(plan: FleetPlan, limit_s: int | None, now: float) -> None:
    """Refuse a plan that was made too long ago, or in the future.

    :param limit_s: the limit of the task, ``None`` to use that of the plan. 0 is no limit.
    :param now: the time of the controller's clock.
    :raises PanelError: ``validation``, with the age.
    """
    try:
        age = now - seconds_of(plan.made)
    except ValueError:
        raise _refused(f"it does not state when it was made: {plan.made!r:.40}") from None
    if age < -_CLOCKS_DIFFER_S:
        raise _refused(
            f"it was made at {plan.made}, which is {_span(-age)} later than the clock of this machine",
            "correct the clock of the machine that is wrong, and make a new plan",
        )
    limits = [limit for limit in (plan.approval_ttl, limit_s) if limit]
    if limits and age > min(limits):
        raise _refused(
            f"it was made at {plan.made}, {_span(age)} ago, and an approval is valid for"
            f" {_span(min(limits))}"
        )


def _refused(message: str, hint: str = "make a new plan, and have it approved") -> PanelError:
    error = invalid(message, f"nothing was changed; {hint}")
    error.action = "apply the plan"
    return error


def _span(seconds: float) -> str:
    days = int(seconds // _DAY_S)
    if days >= 2:
        return f"{days} days"
    return duration(seconds)
