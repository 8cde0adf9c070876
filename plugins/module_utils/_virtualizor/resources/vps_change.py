# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all changes of a Virtualizor VPS's plan and values have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.converge import Resource, View
from ..._core.errors import Code, PanelError
from ..client import Virtualizor
from .plan_values import VALUES
from .vps import STATES, VPS

RUNNING = "on"


class VpsChange(Resource):
    """A VPS that gets other values. Neither disks nor addresses are ever sent (virtualizor 3.5).

    :param may_run: whether the VPS is known to run, or may run; its node is then not asked.
    :param settle_s: seconds to keep reading a VPS that does not yet show an accepted change.
    """

    key = "vps"
    schema = VPS

    def __init__(self, client: Virtualizor, *, may_run: bool, settle_s: float) -> None:
        self.client = client
        self.settle_s = settle_s
        self._known_to_run = may_run

    def name(self, view: View) -> str:
        return f"VPS {view['id']} ({view['hostname'] or view['vps_name'] or 'without a name'})"

    def send(self, vps_id: int, plan_id: int, values: Mapping[str, Any]) -> None:
        """Send the form.

        :param plan_id: the label. It is sent where it stays, too, as by a client that would otherwise
            fear to lose it (virtualizor 2.5).
        :param values: what else is sent, by the names of the request.
        """
        # The vendor's own client always sends theme_edit with this form (virtualizor 3.5).
        body = {"theme_edit": 1, "plid": plan_id, **values}
        self.client.send("change_vps_plan", path={"vps_id": vps_id}, body=body)

    def restart_required(self, before: View, after: View) -> bool:
        """Return whether the VPS runs with values that it had before, as far as its node tells."""
        return bool(moved_values(before, after)) and (self._known_to_run or self._may_run(before))

    def _may_run(self, view: View) -> bool:
        number = int(view["id"])
        try:
            states = self.client.server_states([number])
        except PanelError:
            return True
        return STATES.get(states.get(number, -1), RUNNING) == RUNNING


def moved_values(before: View, after: View) -> list[str]:
    """Return the names of the values that differ between two reads of a VPS."""
    shown = [name for name in VALUES if name in before and name in after]
    return [name for name in shown if before[name] != after[name]]


def refuse_locked(view: View, action: str) -> None:
    """Refuse to change a VPS that a task of the panel holds. :raises PanelError: ``locked``."""
    if view.get("locked"):
        raise PanelError(
            Code.LOCKED,
            "the VPS is locked",
            action=action,
            hint="wait for the panel's task, or unlock it there",
            retryable=True,
        )
