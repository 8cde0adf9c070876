# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Move the lease end of a pipeline's servers."""

from __future__ import annotations

from typing import Any

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.threads import each
from .ci_panel import CiRow
from .names import Mark, lease_end, shown_time
from .owned import Owned
from .run import WORKERS, CiRun

#: Seconds after which a lease that had ended is read once more: the janitor may have read it before.
_SECOND_LOOK_S = 3.0


def renew_one(run: CiRun, row: CiRow, mark: Mark, end: int, *, check_mode: bool = False) -> bool:
    """Move the lease end of a server, never to an earlier time. Return whether it had to be moved.

    :raises PanelError: the panel does not show the new lease end.
    """
    if mark.lease_end >= end:
        return False
    if check_mode:
        return True
    name = run.names.name(mark.code, mark.number, end)
    ended = mark.lease_end <= run.panel.time.at_most()
    action = f"renew the lease of server {row.name} (ID {row.id})"
    there = run.rename(row.id, name)
    if there:
        _see(run, row.id, mark, end, action)
        if ended:
            run.clock.sleep(_SECOND_LOOK_S)
            _see(run, row.id, mark, end, action)
        return True
    raise _deleted(action)


def renew(
    run: CiRun, code: str, pipeline: str, seconds: int, *, check_mode: bool
) -> dict[str, Any]:
    """Renew the leases of all servers of a pipeline, and return the result.

    :raises PanelError: ``not_found``, the pipeline has no server.
    """
    owner_id = run.panel.owner_id()
    owned = Owned(run.panel.own_servers(), owner_id, run.names)
    found = owned.all_of(code)
    if not found:
        raise PanelError(
            Code.NOT_FOUND,
            f"user {owner_id} owns no server of it",
            action=f"renew the lease of pipeline {pipeline}",
            hint="the janitor may have deleted it after its lease had ended",
        )
    end = lease_end(run.panel.time.at_most(), seconds)
    moved = each(lambda pair: renew_one(run, *pair, end, check_mode=check_mode), found, WORKERS)
    rows = [
        {
            "id": row.id,
            "name": run.names.name(code, mark.number, max(end, mark.lease_end)),
            "n": mark.number,
            "lease_end": shown_time(max(end, mark.lease_end)),
            "renewed": renewed,
        }
        for (row, mark), renewed in zip(found, moved, strict=True)
    ]
    ends = shown_time(min(max(end, mark.lease_end) for _row, mark in found))
    return {
        "changed": any(moved),
        "pipeline": pipeline,
        "servers": rows,
        "lease_end": ends,
        "msg": f"{len(rows)} servers have a lease until {ends}",
    }


def _see(run: CiRun, server_id: int, mark: Mark, end: int, action: str) -> None:
    """Check that the panel shows the lease. Another renewal may have moved it further."""
    sight = run.panel.server(server_id)
    if sight is None:
        raise _deleted(action)
    shown = run.names.mark(sight.name)
    if shown is None or shown.code != mark.code or shown.lease_end < end:
        raise PanelError(
            Code.CONFLICT,
            f"its name is now {sight.name}, so another client has renamed it",
            action=action,
            hint="run the task again",
            retryable=True,
        )


def _deleted(action: str) -> PanelError:
    return PanelError(
        Code.NOT_FOUND,
        "it does not exist any more",
        action=action,
        hint="its lease had ended, and the janitor deleted it; provision a new one",
    )
