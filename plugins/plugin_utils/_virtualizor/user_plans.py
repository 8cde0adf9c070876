# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the user plans of a panel from a list: plan every entry, and change what differs.

The resource of virtualizor_user_plan plans an entry, and later changes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ...module_utils._core.argspec import ArgumentSpec, check_ranges
from ...module_utils._core.changes import Comparison
from ...module_utils._core.clock import Clock, SystemClock
from ...module_utils._core.converge import converge
from ...module_utils._core.errors import Code, PanelError, defect, invalid, result_of
from ...module_utils._core.existence import ABSENT
from ...module_utils._core.http import Backend
from ...module_utils._core.session import Session
from ...module_utils._virtualizor.argspec import CONNECTION
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.pages import Raw
from ...module_utils._virtualizor.panel import VIRTUALIZOR
from ...module_utils._virtualizor.resources.user import (
    USER_PLAN,
    USER_PLAN_OPTIONS,
    UserPlan,
)
from .._fleet.change import ItemSessions
from .._fleet.identity import Attribution, Job, sha256_of
from .._fleet.progress import Progress, clean_error, clean_lines, cleaned
from .._fleet.stop import Stop
from .user_plan_lines import user_plan_lines

Params = Mapping[str, Any]
Row = dict[str, Any]

ARGUMENTS = CONNECTION + ArgumentSpec(
    {
        "user_plans": {
            "type": "list",
            "elements": "dict",
            "required": True,
            # Without a default, since the option beside the list applies to an entry that has none.
            "options": {**USER_PLAN_OPTIONS.options, "force": {"type": "bool"}},
            "required_one_of": list(USER_PLAN_OPTIONS.required_one_of),
        },
        "delete_others": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
        "max_items": {"type": "int"},
        "plan_sha256": {"type": "str"},
    }
)

#: The outcomes that change the panel, with their verbs.
VERBS = {"created": "create", "changed": "change", "deleted": "delete"}
OUTCOMES = (*VERBS, "unchanged", "failed", "skipped")


class Snapshot(Virtualizor):
    """A client that reads each list once, so that all entries are planned from the same state."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._lists: dict[str, list[Raw]] = {}

    def user_plans(self) -> list[Raw]:
        return self._once("user_plans", super().user_plans)

    def users(self, **filters: Any) -> list[Raw]:
        return self._once(f"users {filters}", lambda: Virtualizor.users(self, **filters))

    def _once(self, name: str, read: Callable[[], list[Raw]]) -> list[Raw]:
        if name not in self._lists:
            self._lists[name] = read()
        return self._lists[name]


#: What an approval of an entry is about: the user plan as it was found, and its changes.
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

    params: Params
    found: str = ""
    row: Row = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The error message, with the name of the user plan."""
        msg = str(self.row["msg"])
        return msg if self.found in msg else f"{self.found}: {msg}"


class UserPlansModule:
    """The action: its options, and how it is carried out; the twin of ``FleetModule``."""

    arguments: ClassVar[ArgumentSpec] = ARGUMENTS

    def execute(
        self,
        params: Params,
        *,
        given: Collection[str] = (),
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        job: Job | None = None,
        attribution: Attribution | None = None,
        clock: Clock | None = None,
        backend: Backend | None = None,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param given: the names of the options that the task sets; they make no difference.
        :param show: receives the lines of text.
        :param stop: a request from outside to stop.
        :param job: the job in which the task runs; it makes no difference.
        :param attribution: who runs the task; only the runs of a fleet record it.
        """
        return result_of(
            lambda: self._run(params, check_mode, show, stop, clock or SystemClock(), backend)
        )

    def _run(
        self,
        params: Params,
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock,
        backend: Backend | None,
    ) -> dict[str, Any]:
        check_ranges(params, {"max_items": (0, None)})
        session = VIRTUALIZOR.session(
            params,
            check_mode=check_mode,
            clock=clock,
            backend=backend,
            stopping=lambda: stop.interrupted,
        )
        sessions = ItemSessions(VIRTUALIZOR.client, session)
        try:
            lines = clean_lines(show, session.redact)
            progress = Progress("virtualizor_user_plans", "user plans", lines, clock)
            run = UserPlansRun(sessions, params, stop, progress)
            return dict(cleaned(run.execute(check_mode=check_mode), session.redact))
        except PanelError as error:
            error.result["api_calls"] = sessions.api_calls()
            raise clean_error(error, session.redact) from error
        finally:
            session.close()


class UserPlansRun:
    """One execution on one panel.

    :param params: the options.
    """

    def __init__(
        self,
        sessions: ItemSessions[Virtualizor],
        params: Params,
        stop: Stop,
        progress: Progress,
    ) -> None:
        self._sessions = sessions
        self._params = params
        self._stop = stop
        self._progress = progress
        self._snapshot = Snapshot(sessions.session)
        self._panel = self._snapshot.address
        self._entries = [Entry(self._options(given)) for given in params["user_plans"]]
        #: The names of all user plans before the first change, by ID.
        self._names: dict[int, str] = {}
        self._warnings: list[str] = []

    def execute(self, *, check_mode: bool) -> dict[str, Any]:
        """Plan all entries and, unless in check mode, change the user plans.

        :raises PanelError: with the result, if a user plan failed, or if the plan is not permitted.
        """
        self._check()
        self._names = {
            plan["id"]: plan["plan_name"]
            for plan in map(USER_PLAN.project, self._snapshot.user_plans())
        }
        self._add_others()
        for entry in self._entries:
            self._plan(entry)
        plan = [{"found": entry.found, **entry.row} for entry in self._entries]
        sha256 = sha256_of({"panel": self._panel, "plan": plan})
        question = self._question()
        refusal = self._failure() or self._refusal(sha256)
        if not check_mode:
            for entry in self._entries:
                self._change_or_skip(entry, refusal)
        result = {
            # One entry that cannot be applied prevents all changes.
            "changed": not (check_mode and refusal) and any(map(_is_changed, self._rows)),
            "panel": self._panel,
            "results": self._rows,
            "totals": self._totals(),
            "summary": self._summary("would be " if check_mode else ""),
            "plan_sha256": sha256,
            "question": question,
            "api_calls": self._sessions.api_calls(),
            **({"warnings": list(dict.fromkeys(self._warnings))} if self._warnings else {}),
        }
        self._show(check_mode=check_mode)
        failure = refusal or self._failure()
        if failure is not None:
            failure.result = result
            failure.partial = bool(result["changed"]) and not check_mode
            raise failure
        return result

    @property
    def _rows(self) -> list[Row]:
        return [entry.row for entry in self._entries]

    # --- the list --------------------------------------------------------------------------------

    def _options(self, given: Params) -> dict[str, Any]:
        """Return the options of virtualizor_user_plan for an entry."""
        options = {name: given.get(name) for name in USER_PLAN_OPTIONS.options}
        force = options["force"]
        return {**options, "force": self._params["force"] if force is None else force}

    def _check(self) -> None:
        """Refuse a list with mistakes, before anything is sent. :raises PanelError: ``validation``."""
        mistakes = list(self._mistakes())
        if mistakes:
            raise invalid("; ".join(mistakes))

    def _mistakes(self) -> Iterator[str]:
        for number, entry in enumerate(self._entries, 1):
            try:
                ApprovedUserPlan(self._snapshot, entry.params)
            except PanelError as error:
                yield f"entry {number} of user_plans: {error.msg}"
        ids = [entry.params["user_plan_id"] for entry in self._entries]
        names = [entry.params["plan_name"] for entry in self._entries]
        for each in _twice(ids):
            yield f"several entries of user_plans have the user_plan_id {each}"
        for each in _twice(names):
            # Two user plans with IDs may share a name.
            if any(
                name == each and number is None for name, number in zip(names, ids, strict=True)
            ):
                yield f"several entries of user_plans have the plan_name {each!r}"
        if self._params["delete_others"] and not self._entries:
            yield (
                "delete_others with an empty list would delete all user plans: "
                "list at least one to keep"
            )

    def _add_others(self) -> None:
        """Add the user plans that no entry names, by ID, since several may share a name.

        :raises PanelError: ``validation`` if two entries name the same user plan.
        """
        ids = {entry.params["user_plan_id"] for entry in self._entries}
        names = {
            entry.params["plan_name"]
            for entry in self._entries
            if entry.params["user_plan_id"] is None
        }
        for number, name in self._names.items():
            if number in ids and name in names:
                raise invalid(
                    f"user_plans names user plan {number} by its ID in one entry and by its name,"
                    f" {name!r}, in another",
                    "merge the two entries",
                )
            if self._params["delete_others"] and number not in ids and name not in names:
                other = {"user_plan_id": number, "state": ABSENT}
                self._entries.append(Entry(self._options(other)))

    # --- one entry -------------------------------------------------------------------------------

    def _plan(self, entry: Entry) -> None:
        resource = ApprovedUserPlan(self._snapshot, entry.params)
        self._attempt(entry, resource, self._sessions.session, check_mode=True)

    def _change_or_skip(self, entry: Entry, refusal: PanelError | None) -> None:
        """Change the user plan of an entry that was planned."""
        row = entry.row
        if row["outcome"] not in VERBS:
            return
        if refusal is not None or self._stop.asked:
            entry.row = _skipped(row)
            return
        with self._sessions.for_item() as (client, session):
            resource = ApprovedUserPlan(client, entry.params)
            resource.approved = (entry.found, row["changes"])
            resource.action = f"{VERBS[row['outcome']]} {entry.found}"
            self._attempt(entry, resource, session, check_mode=False)

    def _attempt(
        self, entry: Entry, resource: UserPlan, session: Session, *, check_mode: bool
    ) -> None:
        """Plan or change a user plan, and store its row."""
        error = None
        try:
            result = converge(resource, check_mode=check_mode, backoff=session.backoff)
        except PanelError as failed:
            error, result = failed, failed.result
        except Exception as failed:  # noqa: BLE001 - the other user plans are not affected
            error = defect(failed, at=resource.name({}), uncertain=session.wrote)
            result = {}
        if check_mode:
            entry.found = str(result.get("diff", {}).get("before_header", "")) or resource.name({})
        self._warnings += [f"{entry.found}: {each}" for each in result.get("warnings", ())]
        entry.row = self._row(entry, result, error)

    def _row(self, entry: Entry, result: Mapping[str, Any], error: PanelError | None) -> Row:
        changes = _to_change(result.get("changes", ()))
        if error is not None and not error.partial:
            if not changes and not error.uncertain:
                changes = entry.row.get("changes", [])
            changes = [_not_made(change) for change in changes]
        changed = [change for change in changes if change["outcome"] == "changed"]
        state = next((change["after"] for change in changed if change["field"] == "state"), None)
        outcome = {"present": "created", "absent": "deleted"}.get(str(state), "changed")
        if error is not None:
            outcome = "failed"
        elif not changed:
            outcome = "unchanged"
        plan, params = result.get("user_plan") or {}, entry.params
        number: Any = plan.get("id") or params["user_plan_id"] or self._id_of(params["plan_name"])
        own = ("state", "plan_name") if state else ()
        return {
            "id": number,
            "name": self._names.get(number) or plan.get("plan_name") or params["plan_name"] or "",
            "outcome": outcome,
            "changed_fields": [each["field"] for each in changed if each["field"] not in own],
            "changes": changes,
            "failure": None if error is None else error.failure(),
            "msg": "" if error is None else error.msg,
        }

    def _id_of(self, name: str | None) -> int | None:
        found = [number for number, each in self._names.items() if each == name]
        return found[0] if len(found) == 1 else None

    # --- the whole -------------------------------------------------------------------------------

    def _totals(self) -> dict[str, int]:
        counts = Counter(row["outcome"] for row in self._rows)
        return {"plans": len(self._rows), **{outcome: counts[outcome] for outcome in OUTCOMES}}

    def _summary(self, would_be: str) -> str:
        return ", ".join(
            f"{count} {would_be if outcome in VERBS else ''}{outcome}"
            for outcome, count in self._totals().items()
            if outcome != "plans"
        )

    def _question(self) -> str:
        totals = self._totals()
        return (
            f"On {self._panel}, create {totals['created']}, change {totals['changed']}"
            f" and delete {totals['deleted']} user plans"
        )

    def _show(self, *, check_mode: bool) -> None:
        totals = self._totals()
        sentence = self._summary("")
        if check_mode:
            sentence = (
                f"{len(self._names)} user plans today: {totals['created']} would be created,"
                f" {totals['changed']} changed, {totals['deleted']} deleted;"
                f" {totals['unchanged']} are unchanged, {totals['failed']} failed"
            )
        self._progress.say(sentence)
        for line in user_plan_lines(row for row in self._rows if row["outcome"] != "unchanged"):
            self._progress.line(line)

    def _refusal(self, sha256: str) -> PanelError | None:
        """Return why the plan as a whole must not be applied, or ``None``."""
        most = self._params["max_items"]
        would_change = sum(row["outcome"] in VERBS for row in self._rows)
        if most is not None and would_change > most:
            return PanelError(
                Code.REFUSED,
                f"{would_change} user plans would change, and max_items allows {most}",
                action="begin to change the user plans",
                hint="this task has changed nothing",
            )
        approved = self._params["plan_sha256"]
        if approved is not None and approved.strip().lower() != sha256:
            return PanelError(
                Code.CONFLICT,
                f"the hash of the plan is now {sha256}, and plan_sha256 is another one",
                action="apply the approved plan",
                hint="this task has changed nothing; make a new plan, or check that the hash was"
                " copied completely",
            )
        return None

    def _failure(self) -> PanelError | None:
        """Return the failure of the user plans that failed or were not begun, or ``None``."""
        failed = [entry for entry in self._entries if entry.row["outcome"] == "failed"]
        totals = self._totals()
        parts = []
        if failed:
            written = self._sessions.api_calls()["write"]
            none = "" if written else ", so none was changed"
            messages = "; ".join(entry.message for entry in failed)
            parts.append(f"{len(failed)} of {totals['plans']} user plans failed{none}: {messages}")
        if totals["skipped"]:
            parts.append(f"{self._stop.message}, and {totals['skipped']} user plans were skipped")
        if not parts:
            return None
        failures = [entry.row["failure"] for entry in failed]
        codes = {failure["code"] for failure in failures}
        alike = len(codes) == 1 and not totals["skipped"]
        return PanelError(
            Code(codes.pop()) if alike else Code.STOPPED,
            "; ".join(parts),
            retryable=all(failure["retryable"] for failure in failures),
            uncertain=any(failure["state"] == "unknown" for failure in failures),
        )


def _twice(values: Sequence[Any]) -> list[Any]:
    return [each for each, times in Counter(values).items() if times > 1 and each is not None]


def _to_change(changes: Sequence[Row]) -> list[Row]:
    return [dict(change) for change in changes if change["outcome"] != "unchanged"]


def _not_made(change: Row) -> Row:
    if change["outcome"] != "changed":
        return dict(change)
    return {**change, "outcome": "skipped", "after": change["before"]}


def _skipped(row: Row) -> Row:
    changes = [_not_made(change) for change in row["changes"]]
    return {**row, "outcome": "skipped", "changed_fields": [], "changes": changes}


def _is_changed(row: Row) -> bool:
    return row["outcome"] in VERBS or bool(row["failure"] and row["failure"]["partial"])
