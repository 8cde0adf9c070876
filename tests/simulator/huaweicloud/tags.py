# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags of servers (huaweicloud_cph 3.1)."""

from __future__ import annotations

from typing import Any

from ..exchange import NO_BODY, Reply
from .call import Call, new_routes
from .records import Server
from .refusals import CpsError

routes = new_routes()

RESOURCE_TYPE = "cph-server"
ONE = "/v1/{project_id}/{resource_type}/{resource_id}/tags"


@routes.add("GET", ONE)
def list_tags(call: Call) -> Reply:
    """Return the tags of one server."""
    tags = [{"key": key, "value": value} for key, value in _server(call)["tags"].items()]
    return Reply(200, {"tags": tags})


@routes.add("GET", "/v1/{project_id}/{resource_type}/tags")
def list_project_tags(call: Call) -> Reply:
    """Return all tags in the project, each key with its values."""
    _check_type(call)
    values: dict[str, set[str]] = {}
    for server in call.servers():
        for key, value in server["tags"].items():
            values.setdefault(key, set()).add(value)
    rows = [{"key": key, "values": sorted(values[key])} for key in sorted(values)]
    return Reply(200, {"tags": rows, "total_count": len(rows)})


@routes.add("POST", f"{ONE}/action")
def change_tags(call: Call) -> Reply:
    """Set or remove tags. The answer is an empty 204."""
    server, action, tags = _server(call), call.body.get("action"), call.body.get("tags")
    if action not in ("create", "delete") or not isinstance(tags, list) or not tags:
        raise CpsError("CPS.0002")
    changed = dict(server["tags"])
    for tag in tags:
        key = tag.get("key") if isinstance(tag, dict) else None
        if not isinstance(key, str) or not key:
            raise CpsError("CPS.0002")
        _apply(changed, action, key, tag.get("value"))
    server["tags"] = changed
    return Reply(204, NO_BODY)


def _apply(tags: dict[str, str], action: str, key: str, value: Any) -> None:
    if action == "create":
        tags[key] = str(value or "")
    else:
        tags.pop(key, None)


def _server(call: Call) -> Server:
    _check_type(call)
    server = call.find_server(call.path["resource_id"])
    if server is None:
        raise CpsError("CPS.0015")
    return server


def _check_type(call: Call) -> None:
    if call.path["resource_type"] != RESOURCE_TYPE:
        raise CpsError("CPS.0002", "The resource_type is invalid.")
