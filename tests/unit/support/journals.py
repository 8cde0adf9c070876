# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a journal records, as plain data that tests compare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.durable_file import read_file
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.journal import read_journal


def journal_state(path: str) -> dict[str, Any]:
    """Return what a journal records. A journal that does not exist yet records nothing.

    :raises PanelError: ``validation``, it cannot be read or is damaged.
    """
    content = read_file(path, "journal", "journal") if Path(path).exists() else b""
    state = read_journal(path, content, None)
    known = ("panel", "address", "action", "target", "shard", "plan_sha256")
    return {
        **{key: state.latest.get(key) for key in known},
        "begun": bool(state.runs),
        "ended": bool(state.ended),
        "finished": state.finished,
        "reported": state.reported,
        "run_id": state.runs[-1] if state.runs else None,
        "run_ids": list(state.runs),
        "stopped": state.ended.get("stopped"),
        "rollback": {
            "run_id": state.rollback["run"],
            "finished": bool(state.rollback.get("complete")),
        }
        if state.rollback
        else None,
        "done": len(state.done),
        "in_doubt": list(state.in_doubt),
    }
