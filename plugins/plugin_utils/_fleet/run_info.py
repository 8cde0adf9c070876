# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return the run in a folder as data: its purpose, its state, and the possible next steps."""

from __future__ import annotations

from typing import Any

from .run_folder import RunFolder, RunState
from .settings import APPLY, DRIFT, PLAN, RESUME

#: The steps that are possible in each state. A rollback is planned in a folder of its own, which has no target to
#: compare with. A run that was finished and whose report is missing can be resumed, which only writes it, also after
#: a rollback.
ROLLBACK = "rollback"
POSSIBLE: dict[RunState, tuple[str, ...]] = {
    RunState.EMPTY: (),
    RunState.PLANNED: (PLAN, APPLY),
    RunState.BEGUN: (RESUME, ROLLBACK, DRIFT),
    RunState.STOPPED: (RESUME, ROLLBACK, DRIFT),
    RunState.FINISHED: (ROLLBACK, DRIFT),
    RunState.ROLLED_BACK: (ROLLBACK,),
}

STEPS = [RESUME, ROLLBACK, DRIFT]


def run_info(path: str, step: str | None) -> dict[str, Any]:
    """Return the run in a folder as plain data.

    :param step: the step that must be possible, ``None`` for any.
    :raises PanelError: ``validation``, there is no run, it is damaged, or the step is not possible.
    """
    folder = RunFolder(path)
    folder.check_exists()
    if step == RESUME:
        folder.check_for_resume()
    elif step == ROLLBACK:
        folder.check_for_rollback()
    elif step == DRIFT:
        folder.check_for_drift()
    plan = folder.plan()
    if plan is None:
        raise folder.refused("it holds no run", "set run_dir to the folder of a run")
    state, journal = folder.state(), folder.journal()
    terms = plan["terms"]
    places = {item["id"]: place for place, item in enumerate(plan["items"])}
    # The journal has the order in which the servers were finished.
    waiting = sorted(journal.waiting, key=lambda each: places.get(each[0], len(places)))
    return {
        "run_dir": str(folder.path),
        "panel": plan["panel"],
        "address": plan["address"],
        "action": plan["action"],
        "shard": plan.get("shard"),
        "kind": "rollback" if terms["rollback"] else "change",
        "title": terms["title"],
        "target": terms["target"],
        "servers": terms["servers"],
        "options": terms["manner"],
        "pace": terms["pace"],
        "state": state.value,
        "in_use": folder.in_use,
        "reported": folder.reported,
        "possible": [
            *((RESUME,) if folder.lacks_report else ()),
            *(each for each in POSSIBLE[state] if each != DRIFT or not terms["rollback"]),
        ],
        "plan_sha256": plan["sha256"],
        "planned": plan["made"],
        "planned_totals": plan["totals"],
        "totals": dict(journal.ended["totals"]) if journal.ended else None,
        "restart_required": [
            {"id": item_id, "name": name, "uuid": unique} for item_id, name, unique in waiting
        ],
        "windows": [window.to_plain() for window in folder.windows()],
        "journal": folder.journal_path,
        "rollback_dir": str(folder.next_rollback().path),
        "next_command": folder.next_command(),
    }
