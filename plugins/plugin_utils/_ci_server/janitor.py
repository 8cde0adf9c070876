# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delete the CI servers whose lease has ended, the orphans of killed creations, and SSH keys without a server.

Four marks must agree before anything is deleted: the owner, the prefix of the name, the lease end in it, and the
age. Each server is read again just before its delete, so that a lease that was renewed meanwhile counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.errors import Code, PanelError
from .._fleet.wording import are, counted
from .ci_panel import CiKey, CiRow, CiSight
from .creation import owned_by, read_owned
from .ended_pipelines import EndedPipelines
from .names import shown_time
from .owned import Owned
from .removal import remove_server, shown_again
from .run import CiRun

#: What becomes of a server or key.
KEPT, DELETED, WOULD_DELETE, POSTPONED, FAILED = OUTCOMES = (
    "kept",
    "deleted",
    "would_delete",
    "postponed",
    "failed",
)


@dataclass(frozen=True)
class Limits:
    """How careful the janitor is.

    :param grace_s: seconds that a server without a name, and a key without a server, may have.
    :param min_age_s: minimum age in seconds of a server that is deleted, whatever its lease.
    :param max_deletes: the number of servers that one run deletes at most.
    :param timeout_s: seconds to wait until a deleted server is gone.
    """

    grace_s: int
    min_age_s: int
    max_deletes: int
    timeout_s: int


class Janitor:
    """One run of the janitor."""

    def __init__(self, run: CiRun, limits: Limits) -> None:
        self._run = run
        self._panel = run.panel
        self._limits = limits
        self._rows: list[dict[str, Any]] = []
        self._keys: list[dict[str, Any]] = []
        self._stopped: set[int] = set()
        self._forgotten: list[str] = []
        self._warnings: list[str] = []

    def execute(self, *, dry_run: bool, check_mode: bool) -> dict[str, Any]:
        """Look at everything that the owner has, delete what is due, and return the report.

        :param dry_run: whether the operator wants a report only, which is no change in check mode either.
        :raises PanelError: a read failed, so nothing was deleted; or a delete could not be proved. The result of
            the error has the report.
        """
        owner_id = self._panel.owner_id()
        # The keys first: each key that is seen here has its servers in the later list.
        keys = self._panel.ssh_keys()
        owned = read_owned(self._run, owner_id)
        due = self._due(owned)
        reports = dry_run or check_mode
        if not reports:
            self._delete(due, owner_id)
            # Both lists of the panel must show that the servers are gone.
            owned_now = owned_by(self._run, owner_id)
            self._check_gone({row.id for row in owned_now.rows})
            self._judge_keys(keys, {mark.code for _row, mark in owned_now.marked}, dry_run=False)
        else:
            self._judge_keys(keys, set(), dry_run=True)
        self._forget(owned, owner_id, dry_run=reports)
        return self._report(owner_id, dry_run=reports, predicts=check_mode and not dry_run)

    def _due(self, owned: Owned) -> list[dict[str, Any]]:
        """Add a row for each server. Return the rows of those to delete, the longest overdue first."""
        now = self._panel.time.at_least()
        due: list[dict[str, Any]] = []
        for row in [*(row for row, _mark in owned.marked), *owned.nameless]:
            until, reason = self._until(row)
            shown = self._shown(row, now)
            self._rows.append(shown)
            if until is None or until > now:
                shown["reason"] = reason
                continue
            shown["due_s"] = round(now - until)
            shown["reason"] = reason
            due.append(shown)
        due.sort(key=lambda shown: (-shown["due_s"], shown["id"]))
        for number, shown in enumerate(due):
            postponed = number >= self._limits.max_deletes
            shown["outcome"] = POSTPONED if postponed else WOULD_DELETE
        return due[: self._limits.max_deletes]

    def _until(self, row: CiRow) -> tuple[float | None, str]:
        """Return until when a server stays, and the reason. ``None`` means that it is not the janitor's."""
        if row.created is None:
            return None, "the panel does not show when it was created"
        mark = self._run.names.mark(row.name)
        if mark is not None:
            until = max(float(mark.lease_end), row.created + self._limits.min_age_s)
            return until, f"its lease ends at {mark.shown_end}"
        if row.name:
            return None, f"its name is now {row.name}"
        return (
            row.created + max(self._limits.grace_s, self._limits.min_age_s),
            "it has no name: the create that made it was killed, or has just been sent",
        )

    def _shown(self, row: CiRow, now: float) -> dict[str, Any]:
        mark = self._run.names.mark(row.name)
        return {
            "id": row.id,
            "name": row.name,
            "pipeline": mark.code if mark else None,
            "lease_end": mark.shown_end if mark else None,
            "created": shown_time(row.created) if row.created is not None else None,
            "age_s": round(now - row.created) if row.created is not None else None,
            "due_s": None,
            "outcome": KEPT,
            "reason": "",
        }

    def _delete(self, due: list[dict[str, Any]], owner_id: int) -> None:
        """Delete the servers one after the other. A failure ends none of the others."""
        for shown in due:
            if self._run.stopped:
                shown.update(outcome=POSTPONED, reason=self._run.stop_message)
                self._stopped.add(shown["id"])
                continue
            until = self._run.clock.monotonic() + self._limits.timeout_s
            try:
                reason = remove_server(
                    self._run, shown["id"], lambda sight: self._stays(sight, owner_id), until
                )
            except PanelError as error:
                shown.update(outcome=FAILED, reason=error.msg)
                continue
            if reason:
                shown.update(outcome=KEPT, reason=reason, due_s=None)
            else:
                shown["outcome"] = DELETED

    def _check_gone(self, listed: set[int]) -> None:
        """Correct the outcome of servers that the panel has stated not to exist, and shows again."""
        rows = {row["id"]: row for row in self._rows if row["outcome"] == DELETED}
        for sight in shown_again(self._run, listed & set(rows)):
            reason = "the panel stated that it does not exist, and shows it again"
            rows[sight.id].update(
                outcome=FAILED, reason=f"server {sight.id} {sight.name}: {reason}"
            )

    def _stays(self, sight: CiSight, owner_id: int) -> str | None:
        """Return why a server that was due stays after all, or ``None``."""
        if sight.owner_id != owner_id:
            return f"user {sight.owner_id} owns it now"
        until, reason = self._until(sight)
        if until is None or until > self._panel.time.at_least():
            return reason
        return None

    def _judge_keys(self, keys: list[CiKey], alive: set[str], *, dry_run: bool) -> None:
        """Remove the keys of pipelines that have no server.

        :param alive: the pipelines that a later list of the panel still shows.
        """
        now = self._panel.time.at_least()
        going = {row["pipeline"] for row in self._rows if row["outcome"] in (DELETED, WOULD_DELETE)}
        left = alive | {
            row["pipeline"] for row in self._rows if row["outcome"] in (KEPT, POSTPONED, FAILED)
        }
        for key in keys:
            code = self._run.names.key_code(key.name)
            if code is None:
                continue
            shown = {
                "id": key.id,
                "name": key.name,
                "pipeline": code,
                "outcome": KEPT,
                "reason": "",
            }
            self._keys.append(shown)
            if code in left:
                shown["reason"] = "its pipeline has servers"
            elif code not in going and (key.created or now) + self._limits.grace_s > now:
                shown["reason"] = "it is not old enough"
            elif dry_run:
                shown["outcome"] = WOULD_DELETE
            elif self._run.stopped:
                shown["reason"] = self._run.stop_message
            else:
                try:
                    self._run.remove_key(key.id)
                    shown["outcome"] = DELETED
                except PanelError as error:
                    shown.update(outcome=FAILED, reason=error.msg)

    def _forget(self, owned: Owned, owner_id: int, *, dry_run: bool) -> None:
        """Remove the files of the pipelines that have no server, or predict which ones a run would remove."""
        ended = EndedPipelines(self._run, owner_id, self._limits.grace_s)
        outcome = WOULD_DELETE if dry_run else DELETED
        gone = {row["id"] for row in self._rows if row["outcome"] == outcome}
        if dry_run:
            self._forgotten = ended.predict(owned, gone)
        else:
            alive = {mark.code for row, mark in owned.marked if row.id not in gone}
            self._forgotten = ended.remove(alive)
        self._warnings += ended.warnings

    def _report(self, owner_id: int, *, dry_run: bool, predicts: bool) -> dict[str, Any]:
        """Return the report.

        :param predicts: whether what would be deleted counts as a change, as in check mode.
        """
        totals = dict.fromkeys(OUTCOMES, 0)
        for row in self._rows:
            totals[row["outcome"]] += 1
        keys = sum(key["outcome"] in (DELETED, WOULD_DELETE) for key in self._keys)
        now = self._panel.time.at_least()
        changes = (DELETED, WOULD_DELETE) if predicts else (DELETED,)
        changed = any(row["outcome"] in changes for row in [*self._rows, *self._keys])
        report = {
            "changed": changed or bool(self._forgotten and (predicts or not dry_run)),
            "dry_run": dry_run,
            "time": shown_time(now),
            "time_s": int(now),
            "owner_id": owner_id,
            "prefix": self._run.names.prefix,
            "servers": sorted(self._rows, key=lambda row: int(row["id"])),
            "ssh_keys": self._keys,
            "totals": {**totals, "ssh_keys": keys},
            "forgotten": self._forgotten,
            "warnings": [*self._postponed(), *self._warnings],
            "msg": _sentence(totals, keys, dry_run=dry_run),
        }
        failed = [row for row in [*self._rows, *self._keys] if row["outcome"] == FAILED]
        if failed:
            raise PanelError(
                Code.JOB_FAILED,
                "; ".join(row["reason"] for row in failed),
                action=f"delete {len(failed)} of the servers and keys that are due",
                hint="run the janitor again",
                retryable=True,
                result=report,
            )
        return report

    def _postponed(self) -> list[str]:
        """Return why servers that are due were not deleted, if there are any."""
        stopped = len(self._stopped)
        beyond = sum(row["outcome"] == POSTPONED for row in self._rows) - stopped
        reasons = (
            (stopped, f"the task was stopped, since {self._run.stop_message}"),
            (beyond, f"max_deletes={self._limits.max_deletes} is reached"),
        )
        return [
            f"{count} more {'server is' if count == 1 else 'servers are'} due: {reason}"
            for count, reason in reasons
            if count
        ]


def _sentence(totals: Mapping[str, int], keys: int, *, dry_run: bool) -> str:
    count = totals[WOULD_DELETE if dry_run else DELETED]
    deleted = f"{counted(count, 'server')} and {counted(keys, 'key')}"
    kept = f"{counted(totals[KEPT], 'server')} {are(totals[KEPT])} kept"
    return f"{deleted} {'would be deleted' if dry_run else 'deleted'}, {kept}"


def text_report(report: Mapping[str, Any]) -> str:
    """Return the report for people."""
    lines = [
        f"CI servers with the prefix {report['prefix']} of user {report['owner_id']}, {report['time']}"
    ]
    lines += [
        f"  {row['outcome']:<12} {row['id']:>8}  {row['name'] or '(no name)'}  {row['reason']}".rstrip()
        for row in report["servers"]
    ]
    lines += [
        f"  {key['outcome']:<12} {key['id']:>8}  key {key['name']}  {key['reason']}".rstrip()
        for key in report["ssh_keys"]
    ]
    return "\n".join([*lines, report["msg"], *report["warnings"], ""])


def metrics(report: Mapping[str, Any]) -> str:
    """Return the report for the textfile collector of Prometheus' node exporter."""
    labels = f'prefix="{report["prefix"]}"'
    totals = report["totals"]
    alive = sum(row["outcome"] != DELETED for row in report["servers"])
    overdue = sum(
        row["due_s"] is not None and row["outcome"] != DELETED for row in report["servers"]
    )
    ages = [row["age_s"] or 0 for row in report["servers"] if row["outcome"] != DELETED]
    gauges = (
        ("alive", "CI servers after the run of the janitor.", alive),
        ("overdue", "CI servers whose lease has ended and which are still there.", overdue),
        ("deleted", "CI servers that the latest run of the janitor deleted.", totals[DELETED]),
        ("failed", "CI servers and keys that the latest run could not delete.", totals[FAILED]),
        ("oldest_age_seconds", "Age of the oldest CI server.", max(ages, default=0)),
        (
            "checked_timestamp_seconds",
            "When the janitor last looked, on the panel's clock.",
            report["time_s"],
        ),
    )
    return "".join(
        f"# HELP vpsfleet_ci_servers_{name} {text}\n"
        f"# TYPE vpsfleet_ci_servers_{name} gauge\n"
        f"vpsfleet_ci_servers_{name}{{{labels}}} {value}\n"
        for name, text, value in gauges
    )
