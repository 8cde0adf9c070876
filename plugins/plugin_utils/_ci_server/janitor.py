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
from .ci_panel import CiKey, CiRow, CiSight
from .names import shown_time
from .owned import Owned, read_owned
from .removal import remove_server
from .run import CiRun
from .teardown import remove_key

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
    :param min_age_s: seconds that each server may have, whatever its name says.
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

    def execute(self, *, dry_run: bool) -> dict[str, Any]:
        """Look at everything that the owner has, delete what is due, and return the report.

        :raises PanelError: a read failed, so nothing was deleted; or a delete could not be proved. The result of
            the error has the report.
        """
        owner_id = self._panel.owner_id()
        # The keys first: each key that is seen here has its servers in the later list.
        keys = self._panel.ssh_keys()
        owned = read_owned(self._panel, owner_id, self._run.names)
        due = self._due(owned)
        if not dry_run:
            self._delete(due, owner_id)
        self._judge_keys(keys, owned, dry_run=dry_run)
        return self._report(owner_id, dry_run=dry_run)

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
                shown["outcome"] = POSTPONED
                continue
            until = self._run.clock.monotonic() + self._limits.timeout_s
            try:
                reason = remove_server(
                    self._run, shown["id"], lambda sight: self._stays(sight, owner_id), until
                )
            except PanelError as error:
                shown.update(outcome=FAILED, reason=error.msg)
                continue
            shown["outcome"] = KEPT if reason else DELETED
            shown["reason"] = reason or shown["reason"]

    def _stays(self, sight: CiSight, owner_id: int) -> str | None:
        """Return why a server that was due stays after all, or ``None``."""
        if sight.owner_id != owner_id:
            return f"user {sight.owner_id} owns it now"
        until, reason = self._until(sight)
        if until is None or until > self._panel.time.at_least():
            return reason
        return None

    def _judge_keys(self, keys: list[CiKey], owned: Owned, *, dry_run: bool) -> None:
        """Remove the keys of pipelines that have no server."""
        now = self._panel.time.at_least()
        going = {row["pipeline"] for row in self._rows if row["outcome"] in (DELETED, WOULD_DELETE)}
        left = {
            row["pipeline"] for row in self._rows if row["outcome"] in (KEPT, POSTPONED, FAILED)
        }
        if not dry_run:
            # Both lists of the panel must show that the servers are gone.
            again = Owned(self._panel.own_servers(), owned.owner_id, self._run.names)
            left |= {mark.code for _row, mark in again.marked}
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
            else:
                try:
                    remove_key(self._run, key.id)
                    shown["outcome"] = DELETED
                except PanelError as error:
                    shown.update(outcome=FAILED, reason=error.msg)

    def _report(self, owner_id: int, *, dry_run: bool) -> dict[str, Any]:
        totals = dict.fromkeys(OUTCOMES, 0)
        for row in self._rows:
            totals[row["outcome"]] += 1
        keys = sum(key["outcome"] in (DELETED, WOULD_DELETE) for key in self._keys)
        now = self._panel.time.at_least()
        warnings = []
        if totals[POSTPONED]:
            warnings.append(
                f"{totals[POSTPONED]} more servers are due: max_deletes={self._limits.max_deletes} is reached"
            )
        report = {
            "changed": any(row["outcome"] == DELETED for row in [*self._rows, *self._keys]),
            "dry_run": dry_run,
            "time": shown_time(now),
            "time_s": int(now),
            "owner_id": owner_id,
            "prefix": self._run.names.prefix,
            "servers": sorted(self._rows, key=lambda row: int(row["id"])),
            "ssh_keys": self._keys,
            "totals": {**totals, "ssh_keys": keys},
            "warnings": warnings,
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
                partial=bool(report["changed"]),
                result=report,
            )
        return report


def _sentence(totals: Mapping[str, int], keys: int, *, dry_run: bool) -> str:
    if dry_run:
        return f"{totals[WOULD_DELETE]} servers and {keys} keys would be deleted, {totals[KEPT]} servers are kept"
    return f"{totals[DELETED]} servers and {keys} keys deleted, {totals[KEPT]} servers are kept"


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
