# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Move the lease end of a pipeline's servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import each
from .._fleet.wording import counted, have
from .ci_journal import read_records
from .ci_panel import CiRow, CiSight
from .creation import owned_by
from .names import Mark, lease_end, shown_time
from .run import WORKERS, CiRun, renamed

#: Seconds after which a lease that had ended is read once more: the janitor may have read it before.
_SECOND_LOOK_S = 3.0


class Lease(NamedTuple):
    """The lease of a server after a renewal.

    :param renewed: whether its end had to be moved.
    """

    end: int
    renewed: bool


def renew_one(run: CiRun, row: CiRow, mark: Mark, end: int, *, check_mode: bool = False) -> Lease:
    """Move the lease end of a server, never to an earlier time. Call it under the lock of the lease ends.

    The server is read just before, since a controller that does not share the lock may have moved the end.

    :raises PanelError: the panel does not show the new lease end.
    """
    if check_mode or mark.lease_end >= end:
        return Lease(max(mark.lease_end, end), mark.lease_end < end)
    action = f"renew the lease of server {row.name} (ID {row.id})"
    shown = _read(run, row.id, mark, action)
    if shown.lease_end >= end:
        return Lease(shown.lease_end, False)

    def due(sight: CiSight) -> bool:
        return run.check_ours(sight, mark.code, mark.number, action).lease_end < end

    if not run.rename(row.id, run.names.name(mark.code, mark.number, end), due):
        raise _deleted(action)
    # The lease may have ended while the request was on its way.
    ended = shown.lease_end <= run.panel.time.at_most()
    now = _see(run, row.id, mark, end, action)
    if ended:
        run.clock.sleep(_SECOND_LOOK_S)
        now = _see(run, row.id, mark, end, action)
    return Lease(now.lease_end, True)


class Renewal:
    """The renewal of the leases of a pipeline's servers."""

    def __init__(self, run: CiRun, code: str, pipeline: str, seconds: int) -> None:
        self._run = run
        self._code = code
        self._pipeline = pipeline
        self._seconds = seconds
        self._rows: dict[int, dict[str, Any]] = {}
        self._action = f"renew the lease of pipeline {pipeline}"

    def execute(self, *, check_mode: bool) -> dict[str, Any]:
        """Renew the leases, and return the result.

        :raises PanelError: ``not_found``, the pipeline has no server. The result has what was renewed.
        """
        owner_id = self._run.panel.owner_id()
        if check_mode:
            self._renew(owner_id, check_mode=True)
        else:
            self._run.known = self._so_far
            with self._run.lease_lock(self._code, self._action):
                self._renew(owner_id, check_mode=False)
        rows = self._so_far()["servers"]
        ends = min(row["lease_end"] for row in rows)
        would = "would have" if check_mode else have(len(rows))
        return {
            **self._so_far(),
            "changed": any(row["renewed"] for row in rows),
            "lease_end": ends,
            "msg": f"{counted(len(rows), 'server')} {would} a lease until {ends}",
        }

    def _so_far(self) -> Mapping[str, Any]:
        rows = sorted(self._rows.values(), key=lambda row: (row["number"], row["id"]))
        return {"pipeline": self._pipeline, "servers": rows}

    def _renew(self, owner_id: int, *, check_mode: bool) -> None:
        run = self._run
        # The list may lack a server that this controller has just created: its lease would end unnoticed.
        records = read_records(run.place(f"{run.names.begin}{self._code}.journal"))
        found = owned_by(run, owner_id, records).all_of(self._code)
        if not found:
            raise PanelError(
                Code.NOT_FOUND,
                f"user {owner_id} owns no server of it",
                action=self._action,
                hint="the janitor may have deleted it after its lease had ended",
            )
        end = lease_end(run.panel.time.at_most(), self._seconds)

        def one(pair: tuple[CiRow, Mark]) -> None:
            row, mark = pair
            lease = renew_one(run, row, mark, end, check_mode=check_mode)
            self._rows[row.id] = {
                "id": row.id,
                "name": run.names.name(self._code, mark.number, lease.end),
                "number": mark.number,
                "lease_end": shown_time(lease.end),
                "renewed": lease.renewed,
            }

        each(one, found, WORKERS)


def _read(run: CiRun, server_id: int, mark: Mark, action: str) -> Mark:
    """Return the name that a server has now. :raises PanelError: it is gone, or another client has taken it."""
    sight = run.panel.server(server_id)
    if sight is None:
        raise _deleted(action)
    return run.check_ours(sight, mark.code, mark.number, action)


def _see(run: CiRun, server_id: int, mark: Mark, end: int, action: str) -> Mark:
    """Check that the panel shows the lease, and return it. Another renewal may have moved it further."""
    shown = _read(run, server_id, mark, action)
    if shown.lease_end < end:
        raise renamed(run.names.name(shown.code, shown.number, shown.lease_end), action)
    return shown


def _deleted(action: str) -> PanelError:
    return PanelError(
        Code.NOT_FOUND,
        "it does not exist any more",
        action=action,
        hint="its lease had ended, and the janitor deleted it; provision a new one",
    )
