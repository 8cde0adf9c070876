# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the results of a loop over servers into one plain row for each server."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_outcomes
short_description: Tell from a loop's results what became of each server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Takes the results of a loop over servers around a module that changes one server, such as
    M(vpsfleet.panels.virtfusion_server_package), and makes one row for each server.
  - A row holds what a report needs and nothing more. Fields that were and stay as wanted are left out.
options:
  _input:
    description:
      - The C(results) of the registered variable. Each element of the loop must have C(id) and C(name).
    type: list
    elements: dict
    required: true
seealso:
  - plugin: vpsfleet.panels.fleet_merge
    plugin_type: filter
  - plugin: vpsfleet.panels.fleet_table
    plugin_type: filter
  - plugin: vpsfleet.panels.fleet_totals
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Change some servers, whatever happens to single ones
  vpsfleet.panels.virtfusion_server_package:
    server_id: "{{ item.id }}"
    package_name: Cloud 4
  loop: "{{ servers }}"
  register: moves
  failed_when: false

- name: Show what became of them
  ansible.builtin.debug:
    msg: "{{ moves.results | vpsfleet.panels.fleet_outcomes }}"
"""

RETURN = r"""
_value:
  description: One row for each server, in the order of the loop.
  type: list
  elements: dict
  contains:
    id:
      description: Id of the server.
      type: int
    name:
      description: Name of the server.
      type: str
    outcome:
      description:
        - V(failed); else V(changed) if anything changed; else V(refused) if something differs and
          stays so; else V(unchanged).
      type: str
    changed_fields:
      description: Names of the fields that changed.
      type: list
      elements: str
    refused_fields:
      description: Names of the fields that differ and stay so.
      type: list
      elements: str
    changes:
      description:
        - The rows of the module's C(changes) that are about those fields. For a server that failed before
          it was touched, what would have changed has the outcome V(skipped).
      type: list
      elements: dict
    restart_required:
      description: Whether the server must be restarted before its guest sees everything.
      type: bool
    failure:
      description: The module's C(failure), null where nothing failed.
      type: dict
    msg:
      description: The failure or the refusals as a sentence; else empty.
      type: str
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def fleet_outcomes(results: Iterable[Any]) -> list[dict[str, Any]]:
    """Return one row for each result. :raises AnsibleFilterError: when these are no such results."""
    return [_row(result, _server(result)) for result in results]


def _server(result: Any) -> Mapping[str, Any]:
    loop_var = result.get("ansible_loop_var", "item") if isinstance(result, Mapping) else None
    server = result.get(loop_var) if loop_var else None
    if not isinstance(server, Mapping) or not {"id", "name"} <= set(server):
        raise AnsibleFilterError(
            "fleet_outcomes takes the results of a loop over servers, each with an id and a name"
        )
    return server


def _row(result: Mapping[str, Any], server: Mapping[str, Any]) -> dict[str, Any]:
    changes = [dict(change) for change in result.get("changes") or ()]
    changes = [change for change in changes if change["outcome"] != "unchanged"]
    failure = _failure(result)
    untouched = failure is not None and not failure.get("partial")
    if untouched:
        changes = [_not_made(change) for change in changes]
    changed = [change["field"] for change in changes if change["outcome"] == "changed"]
    refused = [change["field"] for change in changes if change["outcome"] == "refused"]
    if failure:
        outcome, msg = "failed", str(result.get("msg") or failure["message"])
    else:
        outcome = "changed" if changed else "refused" if refused else "unchanged"
        msg = "; ".join(_refusal(change) for change in changes if change["outcome"] == "refused")
    return {
        "id": server["id"],
        "name": server["name"],
        "outcome": outcome,
        "changed_fields": changed,
        "refused_fields": refused,
        "changes": changes,
        "restart_required": bool(result.get("restart_required")) and not untouched,
        "failure": failure,
        "msg": msg,
    }


def _not_made(change: Mapping[str, Any]) -> dict[str, Any]:
    if change["outcome"] != "changed":
        return dict(change)
    return {**change, "outcome": "skipped", "after": change["before"]}


def _failure(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What went wrong; also where the module ended without saying so in its own way."""
    if result.get("failure"):
        return dict(result["failure"])
    if "changes" in result and not result.get("failed"):
        return None
    return {
        "code": "internal",
        "http_status": None,
        "operation": None,
        "message": str(result.get("msg") or "the module ended without a result"),
        "retryable": False,
        "partial": bool(result.get("changed")),
        "state": "unknown",
    }


def _refusal(change: Mapping[str, Any]) -> str:
    unit = f" {change['unit']}" if change.get("unit") else ""
    return f"{change['field']} stays at {change['after']}{unit} instead of {change['wanted']}{unit}: {change['said']}"


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"fleet_outcomes": fleet_outcomes}
