# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an AWX contains, as the import reads it, and a template of others in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from ansible_collections.vpsfleet.panels.plugins.plugin_utils._awx.state import State, read_state
from tests.awx.stand_in import ADMIN, StandIn


def state_of(awx: StandIn, token: str = ADMIN) -> State:
    """Return what an AWX contains, as the user with this token sees it."""

    def read(endpoint: str, **query: Any) -> Any:
        status, answer = awx.answer("GET", f"/api/v2/{endpoint}/?{urlencode(query)}", token, None)
        assert status == 200, answer
        return answer.get("results", answer) if isinstance(answer, dict) else answer

    return read_state(read, "Hosting")


def foreign_template(awx: StandIn, organization: int, **changes: Any) -> int:
    """Add a template that does not have the label, and return its ID."""
    data, own = awx.data, {"organization": organization}
    data.playbooks["x"] = ["a.yml"]
    given = {"name": "p", "scm_type": "git", "scm_url": "x", **own}
    template = {"name": "theirs", "playbook": "a.yml", **own, **changes}
    if "project" not in template:
        template["project"] = data.add("projects", given)["id"]
    if "inventory" not in template:
        template["inventory"] = data.add("inventories", {"name": "i", **own})["id"]
    return int(data.add("job_templates", template)["id"])
