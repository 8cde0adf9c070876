# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Delete a server, and prove that it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.session import UncertainWrite
from ...module_utils._core.threads import each
from .ci_panel import CiSight
from .run import LATER, WORKERS, CiRun

#: Seconds between two looks at a server that is being deleted.
_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 5.0


def remove_server(
    run: CiRun,
    server_id: int,
    may_go: Callable[[CiSight], str | None],
    deadline: float,
) -> str | None:
    """Delete a server if it may go, and wait until the panel responds that it does not exist.

    A busy panel refuses the request. While this waits, another client may renew the lease, so each request is
    preceded by a read. The next read also decides if the panel responds to the request that there is no such server.

    :param may_go: gets the server as it is just before each request. Returns why it must stay, or ``None``.
    :param deadline: on ``clock.monotonic()``.
    :returns: why it stays, or ``None`` if it is gone.
    :raises PanelError: it is not certain that it is gone.
    """
    pause = _PAUSE_S
    while True:
        sight = run.panel.server(server_id)
        if sight is None:
            return None
        reason = may_go(sight)
        if reason is not None:
            return reason
        check_unprotected(sight)
        action = _action(sight)
        try:
            run.delete(server_id)
            break
        except UncertainWrite:
            break  # the next reads show whether it was done
        except PanelError as error:
            error.action = action
            late = run.stopped or run.clock.monotonic() >= deadline
            if late or error.uncertain or not (error.absent or error.code in LATER):
                raise
        run.pause(pause, deadline)
        pause = min(pause * 2, _LONGEST_PAUSE_S)
    with run.settling():
        _confirm(run, server_id, action, deadline)
    run.wrote = True
    return None


def check_unprotected(sight: CiSight) -> None:
    """Refuse to delete a protected server. :raises PanelError: ``refused``."""
    if sight.protected:
        raise PanelError(
            Code.REFUSED,
            "it is protected",
            action=_action(sight),
            hint="lift the protection in the panel",
        )


def shown_again(run: CiRun, server_ids: Iterable[int]) -> list[CiSight]:
    """Return the servers that a list shows after their deletion, and that are still there. A list may be late."""
    sights = each(run.panel.server, list(server_ids), WORKERS)
    return [sight for sight in sights if sight is not None]


def _action(sight: CiSight) -> str:
    return f"delete server {sight.name or 'without a name'} (ID {sight.id})"


def _confirm(run: CiRun, server_id: int, action: str, deadline: float) -> None:
    pause = _PAUSE_S
    while run.panel.server(server_id) is not None:
        if run.clock.monotonic() >= deadline:
            raise PanelError(
                Code.WAIT_TIMEOUT,
                "the panel accepted it and still has the server",
                action=action,
                hint="run the task again, and check the queue of the panel",
                retryable=True,
            )
        run.pause(pause, deadline)
        pause = min(pause * 2, _LONGEST_PAUSE_S)
