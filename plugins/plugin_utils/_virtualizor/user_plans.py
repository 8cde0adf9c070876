# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manage the user plans of a panel from a list: plan every entry, and change what differs.

No entry is applied unless all of them can be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, ClassVar

from ...module_utils._core.argspec import ArgumentSpec, check_ranges
from ...module_utils._core.clock import Clock, SystemClock
from ...module_utils._core.errors import Code, PanelError, invalid, result_of
from ...module_utils._core.existence import ABSENT
from ...module_utils._core.session import Session
from ...module_utils._virtualizor.argspec import CONNECTION
from ...module_utils._virtualizor.client import Virtualizor
from ...module_utils._virtualizor.pages import Raw
from ...module_utils._virtualizor.panel import VIRTUALIZOR
from ...module_utils._virtualizor.resources.user import (
    USER_PLAN_OPTIONS,
    project_user_plan,
)
from .._fleet.change import ItemSessions
from .._fleet.durable_file import cannot, check_folder, replace_file
from .._fleet.identity import sha256_of
from .._fleet.progress import Progress, clean_error, clean_lines, cleaned
from .._fleet.stop import Reason, Stop
from .._fleet.wording import counted
from .user_plan_entry import OUTCOMES, VERBS, ApprovedUserPlan, Entry, Row
from .user_plan_lines import user_plan_lines

Params = Mapping[str, Any]

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
        "report_dir": {"type": "path"},
    }
)


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


class UserPlansModule:
    """The action: its options, and how it is carried out; the twin of ``FleetModule``."""

    arguments: ClassVar[ArgumentSpec] = ARGUMENTS

    def execute(
        self,
        params: Params,
        *,
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock | None = None,
        **others: object,
    ) -> tuple[dict[str, Any], bool]:
        """Return the task's result, and whether it is a failure. Never raise.

        :param params: the options after argument validation.
        :param show: receives the lines of text.
        :param stop: a request from outside to stop.
        :param others: what only a run of a fleet records.
        """
        return result_of(lambda: self._run(params, check_mode, show, stop, clock or SystemClock()))

    def _run(
        self,
        params: Params,
        check_mode: bool,
        show: Callable[[str], None] | None,
        stop: Stop,
        clock: Clock,
    ) -> dict[str, Any]:
        check_ranges(params, {"max_items": (0, None)})
        session = VIRTUALIZOR.session(
            params,
            check_mode=check_mode,
            clock=clock,
            backend=None,
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
        self._started = _now()
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
        report = self._report_file()
        self._names = {
            plan["id"]: plan["plan_name"]
            for plan in map(project_user_plan, self._snapshot.user_plans())
        }
        self._add_others()
        for entry in self._entries:
            self._warnings += entry.plan(self._snapshot, self._names)
        plan = [{"found": entry.found, **entry.row} for entry in self._entries]
        sha256 = sha256_of({"panel": self._panel, "plan": plan})
        question = self._question()
        refusal = self._failure() or self._refusal(sha256)
        if not check_mode:
            self._apply(refusal)
        if report is not None:
            self._write(report, dry_run=check_mode)
        result = {
            # One entry that cannot be applied prevents all changes.
            "changed": not (check_mode and refusal) and any(row["changed"] for row in self._rows),
            "panel": self._panel,
            "results": self._rows,
            "totals": self._totals(),
            "summary": self._summary("would be " if check_mode else ""),
            "plan_sha256": sha256,
            "question": question,
            "report_file": report,
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

    def _apply(self, refusal: PanelError | None) -> None:
        """Change the user plans one by one, or skip all changes."""
        for entry in self._entries:
            if entry.row["outcome"] not in VERBS:
                continue
            if refusal is not None or self._stop.asked:
                entry.skip()
                continue
            with self._sessions.for_item() as (client, _session):
                self._warnings += entry.change(client, self._names, self._stop)
            if (entry.row["failure"] or {}).get("code") == Code.AUTH:
                # Panels lock credentials after some refusals, so no other entry may use them.
                self._stop.ask(Reason.AUTH, "the panel refused the credentials")

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

        :raises PanelError: ``validation`` if two entries name the same user plan, or give the same new name.
        """
        ids = {entry.params["user_plan_id"] for entry in self._entries}
        names = {
            entry.params["plan_name"]
            for entry in self._entries
            if entry.params["user_plan_id"] is None
        }
        for name in _twice(self._new_names()):
            raise invalid(f"several entries of user_plans rename a user plan to {name!r}")
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

    def _new_names(self) -> list[str | None]:
        """Return the names that entries give to user plans that have another one, and ``None`` for no name."""
        named = ((e.params["user_plan_id"], e.params["plan_name"]) for e in self._entries)
        return [name for number, name in named if name != self._names.get(number, name)]

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

    def _report_file(self) -> str | None:
        """Make the folder of the report before anything is changed, so that no change goes unreported.

        :raises PanelError: ``validation`` if the report cannot be written there.
        """
        if self._params["report_dir"] is None:
            return None
        folder = Path(self._params["report_dir"]).absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot(f"create the folder {folder}", "report_dir", error) from error
        check_folder(str(folder / "report.json"), "report_dir")
        return str(folder / "report.json")

    def _write(self, report: str, *, dry_run: bool) -> None:
        content = {
            "schema": 1,
            "panel": self._panel,
            "dry_run": dry_run,
            "started": self._started,
            "finished": _now(),
            "totals": self._totals(),
            "user_plans": self._rows,
        }
        if self._stop.interrupted and _started(report) > self._started:
            self._warnings.append(f"a later run has written {report}, so it was not replaced")
            return
        redacted = cleaned(content, self._sessions.session.redact)
        text = json.dumps(redacted, indent=2, ensure_ascii=False) + "\n"
        try:
            replace_file(report, text, "report", "report_dir", mode=0o640)
        except PanelError as error:
            # The changes are made, and the result must not hide them.
            self._warnings.append(error.msg)

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
                f"{counted(would_change, 'user plan')} would change, and max_items allows {most}",
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
        alike = len(codes) == 1 and (not totals["skipped"] or self._stop.reason is Reason.AUTH)
        return PanelError(
            Code(codes.pop()) if alike else Code.STOPPED,
            "; ".join(parts),
            retryable=all(failure["retryable"] for failure in failures),
            uncertain=any(failure["state"] == "unknown" for failure in failures),
        )


def _twice(values: Sequence[Any]) -> list[Any]:
    return [each for each, times in Counter(values).items() if times > 1 and each is not None]


def _started(report: str) -> str:
    """Return when the run of an existing report began, empty if there is no readable one."""
    try:
        return str(json.loads(Path(report).read_text(encoding="utf-8"))["started"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
