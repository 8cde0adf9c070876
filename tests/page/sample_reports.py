# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sample reports of a fleet, the same in every run: a plan, a change in two windows, a drift."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.report import (
    CHANGE,
    DRIFT,
    PLAN,
    ROLLBACK,
    build_report,
)

BEGIN = datetime(2026, 11, 28, 22, 0, 4, tzinfo=timezone.utc)
NEVER_SMALLER = "VirtFusion never makes a disk smaller"
#: cpu, memory and disk of the packages that the servers had before.
SIZES = [(2, 2048, 40), (2, 4096, 40), (2, 2048, 120), (4, 4096, 80), (1, 1024, 20), (4, 8192, 80)]
SHARES = [46, 18, 7, 16, 9, 4]
TIERS = ["web", "db", "cache", "mail", "build"]
OWNERS = [
    "Aurora Mail GmbH",
    "Kettle & Sons",
    "nordlicht AG",
    "M. Okafor",
    "Studio Nord",
    "Łódź Labs",
]
GROWING = {"cpu": "cores", "memory": "MB", "primary_disk_size": "GB"}


def at(seconds: float) -> str:
    """Return a time of the run."""
    return (BEGIN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


def change(field: str, before: Any, desired: Any, *, reason: str | None = None) -> dict[str, Any]:
    """Return a row of ``changes``."""
    return {
        "field": field,
        "unit": GROWING.get(field),
        "before": before,
        "desired": desired,
        "after": before if reason else desired,
        "outcome": "refused" if reason else "changed",
        "message": reason,
    }


def changes_of(kind: int) -> list[dict[str, Any]]:
    """Return the changes from one of the packages to 4 cores, 4096 MB and 80 GB."""
    rows = []
    for field, before, desired in zip(GROWING, SIZES[kind], (4, 4096, 80), strict=True):
        if field == "primary_disk_size" and before > desired:
            rows.append(change(field, before, desired, reason=NEVER_SMALLER))
        elif before != desired:
            rows.append(change(field, before, desired))
    return rows


def kind_of(number: int) -> int:
    """Return which package a server had, with the shares above."""
    place = (number * 37 + number // 100) % 100
    for kind, share in enumerate(SHARES):
        place -= share
        if place < 0:
            return kind
    return 0


def server(number: int, **more: Any) -> dict[str, Any]:
    """Return a server that changed, or was as it should be."""
    changes = changes_of(kind_of(number))
    changed = any(row["outcome"] == "changed" for row in changes)
    refused = [row for row in changes if row["outcome"] == "refused"]
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    tier = TIERS[int(digest[0], 16) % len(TIERS)]
    return {
        "id": number,
        "name": f"{tier}{number:03}.example.net",
        "outcome": "changed" if changed else "refused" if refused else "unchanged",
        "changed": changed,
        "changes": changes,
        "restart_required": changed,
        "earlier": False,
        "msg": "; ".join(
            f"{row['field']} stays at {row['after']} instead of {row['desired']}: {row['message']}"
            for row in refused
        )
        or None,
        "failure": None,
        "verified": None,
        "uuid": "-".join(
            [digest[:8], digest[8:12], "4" + digest[13:16], "a" + digest[17:20], digest[20:32]]
        ),
        "owner": OWNERS[int(digest[1], 16) % len(OWNERS)],
        "place": f"hv{number % max(2, 12)}",
        "begun": None,
        "ended": None,
        **more,
    }


def failure(
    code: str, message: str, status: int | None, *, unknown: bool = False
) -> dict[str, Any]:
    """Return the ``failure`` of a server."""
    return {
        "code": code,
        "http_status": status,
        "operation": "server.modify",
        "message": message,
        "retryable": status == 503,
        "partial": False,
        "state": "unknown" if unknown else "known",
    }


BUSY = "the server is locked by another task"
LOST = "the response was lost: timed out after 30 seconds"


def with_result(row: dict[str, Any], place: int, count: int) -> dict[str, Any]:
    """Return the row of a run: most servers change, some fail in the ways that occur."""
    if row["outcome"] != "changed":
        return row
    begun = place * 0.5 if place < count * 0.6 else 25 * 3600 + place * 0.5
    row.update(begun=at(begun), ended=at(begun + 1 + place % 7 / 2), verified=True)
    digit = (place * 13 + 5) % 97
    action = f"Cannot change {row['name']}: "
    nothing = {"changes": [], "restart_required": False, "changed": False, "verified": None}
    if place >= count * 0.96:
        reason = "the run stopped before its turn: the deadline of 3600 seconds is over"
        row.update(nothing, outcome="skipped", msg=reason, begun=None, ended=None)
    elif digit == 3:
        row.update(nothing, outcome="failed", msg=action + BUSY, failure=failure("busy", BUSY, 423))
    elif digit == 11:
        known = failure("unavailable", LOST, None, unknown=True)
        row.update(nothing, outcome="in_doubt", msg=action + LOST, failure=known)
    elif digit == 29:
        reason = "memory is 3072 instead of 2048 as in the plan"
        row.update(nothing, outcome="moved", msg=reason, begun=None, ended=None)
    elif digit == 41:
        row.update(verified=False)
    elif digit == 53:
        row.update(verified=None)
    elif place < count * 0.6:
        row.update(earlier=True)
    return row


def windows(count: int) -> list[dict[str, Any]]:
    """Return two executions: one is stopped by its deadline, and one resumes it a day later."""
    found = []
    for run, (begin, size, stopped) in enumerate(
        [(0, 0.6, "deadline"), (25 * 3600, 0.4, "deadline")]
    ):
        seconds = max(20.0, count * size * 0.5)
        limits = [0.0, 0.05, 0.2, 1.0]
        batches = [
            {
                "number": number,
                "size": max(1, round(count * size * (limits[number] - limits[number - 1]))),
                "begun": at(begin + seconds * limits[number - 1] + 1),
                "ended": at(begin + seconds * limits[number]),
                "failed": number - 1 if run else 0,
                "in_doubt": 0,
            }
            for number in (1, 2, 3)
        ]
        found.append(
            {
                "run_id": f"2026112{8 + run}T2200{run}4-7f3a",
                "begun": at(begin),
                "ended": at(begin + seconds + 3),
                "last": at(begin + seconds + 3),
                "stopped": stopped,
                "complete": False,
                "batches": batches,
            }
        )
    return found


def growth_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the growth of each hypervisor and resource."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        for each in row["changes"]:
            if each["outcome"] == "changed":
                known = sums.setdefault((row["place"], each["field"]), Counter())
                known.update(count=1, before=each["before"], after=each["desired"])
    found = []
    for (place, field), known in sorted(sums.items(), key=lambda pair: (len(pair[0][0]), pair[0])):
        number = int(place[2:])
        growth = known["after"] - known["before"]
        free = (
            None if field == "cpu" else round(growth * (0.8 if number == 3 else 1.2 + number * 0.7))
        )
        found.append(
            {
                "place": number,
                "name": place,
                "field": field,
                "unit": GROWING[field],
                **{key: known[key] for key in ("count", "before", "after")},
                "free": free,
                "growth": growth,
                "fits": None if free is None else growth <= free,
            }
        )
    return found


ABOUT = {
    "panel": "virtfusion",
    "address": "https://panel.example.com/api/v1",
    "place_noun": "hypervisor",
    "action": "virtfusion_server_packages",
    "started_by": "Jane Doe (jdoe) by AWX",
    "approved_by": "Sam Rivera",
    "approved_at": "2026-11-28T16:42:10+00:00",
    "ticket": "CHG-20481",
    "job": "https://ci.example.com/job/4711",
    "plan_sha256": hashlib.sha256(b"plan").hexdigest(),
    "run_dir": "/var/lib/fleet/cloud-4",
    "failure": None,
    "stopped": None,
    "warnings": [],
}


def plan(count: int) -> dict[str, Any]:
    """Return the report of a plan."""
    rows = [server(number) for number in range(1, count + 1)]
    about = {
        **ABOUT,
        "run_id": "20261128T164001-19ce",
        "approved_by": None,
        "approved_at": None,
        "finished": at(-20000),
        "growth": growth_of(rows),
        "warnings": ["hypervisor hv3 (3) has too little memory left; see growth"],
    }
    return build_report(PLAN, "package Cloud 4", rows, about)


def run(count: int) -> dict[str, Any]:
    """Return the report of a change in two windows with everything that can happen."""
    rows = [server(number) for number in range(1, count + 1)]
    growth = growth_of(rows)
    rows = [with_result(row, place, count) for place, row in enumerate(rows)]
    executed = windows(count)
    about = {
        **ABOUT,
        "run_id": executed[-1]["run_id"],
        "started": executed[0]["begun"],
        "finished": executed[-1]["ended"],
        "windows": executed,
        "growth": growth,
        "msg": None,
        "stopped": {"reason": "deadline", "msg": "the deadline of 3600 seconds is over"},
        "links": [
            {"kind": "plan", "href": "plan.html", "name": "plan"},
            {"kind": "rollback", "href": "rollback/report.html", "name": "rollback"},
            {
                "kind": "drift",
                "href": "drift-2026-11-30T060000Z.html",
                "name": "2026-11-30 06:00 UTC",
            },
        ],
    }
    return build_report(CHANGE, "package Cloud 4", rows, about)


def drift(count: int) -> dict[str, Any]:
    """Return the report of a comparison."""
    rows = []
    for number in range(1, count + 1):
        row = server(number, restart_required=False, changed=False)
        if number % 9:
            row.update(outcome="unchanged", changes=[], msg=None)
        elif row["outcome"] == "changed":
            row.update(outcome="drifted")
        rows.append(row)
    return build_report(DRIFT, "package Cloud 4", rows, {**ABOUT, "finished": at(90000)})


def rollback(count: int) -> dict[str, Any]:
    """Return the report of a rollback with nothing but what every report has."""
    rows = [server(number) for number in range(1, count + 1)]
    return build_report(ROLLBACK, "the values before run 20261128T220004-7f3a", rows, {})
