# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One user plan of a list: plan it, and change it if its change is still the planned one.

The resource of virtualizor_user_plan does both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...module_utils._core.changes import Comparison
from ...module_utils._core.converge import converge
from ...module_utils._core.errors import Code, PanelError, defect
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.resources.user import UserPlan
from .._fleet.stop import Stop

Row = dict[str, Any]

#: The outcomes that change the panel, with their verbs.
VERBS = {"created": "create", "changed": "change", "deleted": "delete"}
OUTCOMES = (*VERBS, "unchanged", "failed", "skipped")

#: What an approval is about: the name of the user plan in messages, with its ID, and its changes.
Approved = tuple[str, list[Row]]


class ApprovedUserPlan(UserPlan):
    """A user plan that is changed only if its change is the approved one."""

    approved: Approved | None = None
    action: str = ""

    def permit(self, comparison: Comparison) -> None:
        super().permit(comparison)
        now = (self.name(self._seen), _to_change(comparison.rows()))
        if self.approved not in (None, now):
            raise PanelError(
                Code.CONFLICT,
                "the panel no longer has what the plan was made from, so it was left alone",
                action=self.action,
                hint="make a new plan",
            )


@dataclass
class Entry:
    """One user plan of the list, or another one to delete.

    :param params: the options of virtualizor_user_plan.
    :ivar found: the name of the user plan in messages, as it was when it was planned.
    :ivar row: the planned outcome, later the final one.
    """

    params: Mapping[str, Any]
    found: str = ""
    row: Row = field(default_factory=dict)

    def plan(self, client: Virtualizor, names: Mapping[int, str]) -> list[str]:
        """Plan the change, and return the warnings.

        :param names: the names of all user plans before the first change, by ID.
        """
        return self._converge(ApprovedUserPlan(client, self.params), client, names, check_mode=True)

    def change(self, client: Virtualizor, names: Mapping[int, str], stop: Stop) -> list[str]:
        """Make the planned change unless a stop was requested, and return the warnings."""
        # After the end of ansible-playbook, another run may already do the same.
        client.session.ends = lambda: stop.asked
        resource = ApprovedUserPlan(client, self.params)
        resource.approved = (self.found, self.row["changes"])
        resource.action = f"{VERBS[self.row['outcome']]} {self.found}"
        return self._converge(resource, client, names, check_mode=False)

    def skip(self) -> None:
        """Leave the planned change out."""
        changes = [_not_made(change) for change in self.row["changes"]]
        self.row = {
            **self.row,
            "outcome": "skipped",
            "changed": False,
            "changed_fields": [],
            "changes": changes,
        }

    @property
    def message(self) -> str:
        """The error message, with the name of the user plan."""
        return self._named(str(self.row["msg"]))

    def _named(self, message: str) -> str:
        """Return a message with the name of the user plan, which some have already, such as its new name."""
        has_name = self.found in message or message.startswith("user plan ")
        return message if has_name else f"{self.found}: {message}"

    def _converge(
        self, resource: UserPlan, client: Virtualizor, names: Mapping[int, str], *, check_mode: bool
    ) -> list[str]:
        """Plan or make the change, store the row, and return the warnings."""
        session, error = client.session, None
        try:
            result = converge(resource, check_mode=check_mode, backoff=session.backoff)
        except PanelError as failed:
            if failed.code is Code.STOPPED and not session.wrote:
                self.skip()
                return []
            error, result = failed, failed.result
        except Exception as failed:  # noqa: BLE001 - the other user plans are not affected
            error, result = defect(failed, at=resource.name({}), uncertain=session.wrote), {}
        if check_mode:
            self.found = str(result.get("diff", {}).get("before_header") or resource.name({}))
        self.row = self._row(result, error, names)
        return [self._named(each) for each in result.get("warnings", ())]

    def _row(
        self, result: Mapping[str, Any], error: PanelError | None, names: Mapping[int, str]
    ) -> Row:
        changes = _to_change(result.get("changes", ()))
        if error is not None and not error.partial:
            if not changes and not error.uncertain:
                changes = self.row.get("changes", [])
            changes = [_not_made(change) for change in changes]
        changed = [change for change in changes if change["outcome"] == "changed"]
        state = next((change["after"] for change in changed if change["field"] == "state"), None)
        outcome = {"present": "created", "absent": "deleted"}.get(str(state), "changed")
        if error is not None:
            outcome = "failed"
        elif not changed:
            outcome = "unchanged"
        plan, own_name = result.get("user_plan") or {}, self.params["plan_name"]
        number: Any = plan.get("id") or self.params["user_plan_id"] or _id_of(own_name, names)
        own = ("state", "plan_name") if state else ()
        return {
            "id": number,
            "name": names.get(number) or plan.get("plan_name") or own_name or "",
            "outcome": outcome,
            "changed": outcome in VERBS or bool(error and error.partial),
            "changed_fields": [each["field"] for each in changed if each["field"] not in own],
            "changes": changes,
            "failure": None if error is None else error.failure(),
            "msg": "" if error is None else error.msg,
        }


def _id_of(name: str | None, names: Mapping[int, str]) -> int | None:
    found = [number for number, each in names.items() if each == name]
    return found[0] if len(found) == 1 else None


def _to_change(changes: Iterable[Row]) -> list[Row]:
    return [dict(change) for change in changes if change["outcome"] != "unchanged"]


def _not_made(change: Row) -> Row:
    if change["outcome"] != "changed":
        return dict(change)
    return {**change, "outcome": "skipped", "after": change["before"]}
