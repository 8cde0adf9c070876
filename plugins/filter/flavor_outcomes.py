# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what a flavor change has returned into one plain row for each server."""

from __future__ import annotations

DOCUMENTATION = r"""
name: flavor_outcomes
short_description: Tell from the result of a flavor change what became of each server
version_added: 0.1.0
author: vpsfleet.panels contributors (@vpsfleet)
description:
  - Takes the registered result of a task with M(vpsfleet.panels.huaweicloud_cph_server_flavor) and makes
    one row for each server that it was about.
  - A task that was skipped has touched no server.
positional: _input, servers
options:
  _input:
    description:
      - The registered variable, of a loop over O(servers) or of one task whose C(server_ids) were
        those of O(servers).
    type: dict
    required: true
  servers:
    description:
      - The servers in the order of the task, each with C(id), C(name) and the flavor that it should have,
        C(server_model_name) and C(phone_model_name). Rows that the filter has made will do.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: vpsfleet.panels.fleet_table
    plugin_type: filter
  - plugin: vpsfleet.panels.fleet_totals
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Change some servers
  vpsfleet.panels.huaweicloud_cph_server_flavor:
    server_ids: "{{ servers | map(attribute='id') }}"
    server_model_name: physical.rx1.xlarge.special
    phone_model_name: rx1.cp.sp.c6.d12.e6v6
  register: change
  ignore_errors: true

- name: Show what became of each
  ansible.builtin.debug:
    msg: "{{ change | vpsfleet.panels.flavor_outcomes(servers) }}"
"""

RETURN = r"""
_value:
  description: One row for each server, in the order of O(servers).
  type: list
  elements: dict
  contains:
    id:
      description: Id of the server.
      type: str
    name:
      description: Name of the server.
      type: str
    server_model_name:
      description: The server flavor that it should have.
      type: str
    phone_model_name:
      description: The phone flavor that it should have.
      type: str
    outcome:
      description:
        - V(failed); V(skipped) if nothing was ordered because something else failed; V(refused) if nothing
          was ordered because an order is open; V(changed) if the server has got its flavor or an order for it;
          else V(unchanged).
      type: str
    changes:
      description:
        - The rows of the module's C(changes) for what was not as it should be, with the outcome V(changed),
          V(ordered), V(refused), V(skipped) or V(failed).
      type: list
      elements: dict
    order_id:
      description: Id of the order, null where there is none or where several are open.
      type: str
    order_state:
      description: State of the order, V(unknown) where orders cannot be read, null where there is none.
      type: str
    open_orders:
      description: Ids of the orders that keep another one from being placed.
      type: list
      elements: str
    pending_payment:
      description: Whether an order waits for its payment.
      type: bool
    pay_until:
      description: Until when it can be paid, null where that is not known.
      type: str
    failure:
      description: The module's C(failure) for a server that failed, else null.
      type: dict
    msg:
      description: The failure, or what the module has warned of about this server; else empty.
      type: str
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._task_failure import SILENT, failure_of

Row = Mapping[str, Any]
NEEDED = ("id", "name", "server_model_name", "phone_model_name")


def flavor_outcomes(result: Any, servers: Iterable[Any]) -> list[dict[str, Any]]:
    """Return one row for each server.

    :param result: what the task registered.
    :raises AnsibleFilterError: when these are no servers, or not those of the task.
    """
    servers = list(servers)
    if not all(isinstance(server, Mapping) and set(NEEDED) <= set(server) for server in servers):
        raise AnsibleFilterError(
            f"flavor_outcomes needs servers, each with {', '.join(NEEDED[:-1])} and {NEEDED[-1]}"
        )
    if not isinstance(result, Mapping):
        raise AnsibleFilterError("flavor_outcomes takes the registered result of a flavor change")
    if "results" in result:
        pairs = _pairs(result["results"], servers)
        warnings = _warnings(
            result
        )  # older ansible-cores gather there what the turns of a loop warn of
        return [
            _row({**one, "warnings": _warnings(one) + warnings}, one, server)
            for one, server in pairs
        ]
    if "servers" in result:
        pairs = _pairs(result["servers"], servers)
        return [_row(result, reported, server) for reported, server in pairs]
    return [_row(result, {}, server) for server in servers]


def _pairs(results: Sequence[Row], servers: Sequence[Row]) -> list[tuple[Row, Row]]:
    ids = [result.get("server", {}).get("id") for result in results]
    same = len(ids) == len(servers) and all(
        found in (None, server["id"]) for found, server in zip(ids, servers, strict=True)
    )
    if not same:
        raise AnsibleFilterError("flavor_outcomes: the task was about other servers")
    return list(zip(results, servers, strict=True))


def _row(result: Row, reported: Row, server: Row) -> dict[str, Any]:
    """The row of one server.

    :param result: what the task returned.
    :param reported: what it returned about this server, without ``changes`` where it told nothing.
    """
    seen = "changes" in reported
    changes = [row for row in (reported if seen else server).get("changes", ()) if _differed(row)]
    if not seen:
        changes = [{**row, "outcome": "skipped", "after": row["before"]} for row in changes]
    outcome = _outcome(result, reported, server, changes)
    failed = outcome == "failed"
    return {
        **{name: server[name] for name in NEEDED},
        "outcome": outcome,
        "changes": [_change(row, outcome, reported) for row in changes],
        "order_id": reported.get("order_id"),
        "order_state": reported.get("order_state"),
        "open_orders": list(reported.get("open_orders") or ()),
        "pending_payment": bool(reported.get("pending_payment")),
        "pay_until": reported.get("pay_until"),
        "failure": failure_of(result, reported=False) if failed else None,
        "msg": str(result.get("msg") or SILENT) if failed else _said(result, outcome, server),
    }


def _outcome(result: Row, reported: Row, server: Row, changes: Sequence[Row]) -> str:
    if result.get("skipped"):
        return "skipped"
    settled = "changes" in reported and all(row["outcome"] == "changed" for row in changes)
    if not settled and _blamed(result, server):
        return "failed"
    if settled:
        return "changed" if changes else "unchanged"
    if reported.get("open_orders"):
        return "refused"
    # The loop may say by `changed_when` that nothing changed; an order has a state in any case.
    return "skipped" if reported.get("order_state") is None else "changed"


def _blamed(result: Row, server: Row) -> bool:
    """Whether the task failed because of this server.

    A failure names the servers that it is about by id; one that names none is about all.
    """
    if not {"changes", "servers"} & set(result):
        return True
    if not result.get("failed") and not result.get("failure"):
        return False
    ids = [reported["server"]["id"] for reported in result.get("servers", ())]
    msg = str(result.get("msg"))
    return server["id"] in msg or not any(server_id in msg for server_id in ids)


def _differed(change: Row) -> bool:
    return bool(change["before"] != change["desired"])


def _change(change: Row, outcome: str, reported: Row) -> dict[str, Any]:
    """One field: it changed, or what became of it follows from what became of the server."""
    if change["outcome"] == "changed":
        return dict(change)
    if outcome == "refused":
        message = f"nothing is ordered while an order is open: {', '.join(reported['open_orders'])}"
        return {**change, "outcome": outcome, "message": message}
    return {**change, "outcome": "ordered" if outcome == "changed" else outcome}


def _said(result: Row, outcome: str, server: Row) -> str:
    if outcome == "skipped":
        return "nothing was ordered, because the run stopped before"
    return "; ".join(warning for warning in _warnings(result) if server["id"] in warning)


def _warnings(result: Row) -> list[str]:
    return [str(warning) for warning in result.get("warnings") or ()]


class FilterModule:
    """The filter, for Ansible."""

    def filters(self) -> dict[str, Any]:
        return {"flavor_outcomes": flavor_outcomes}
