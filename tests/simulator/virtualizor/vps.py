# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of VPSs and its actions: power, suspension, locks, deletion (virtualizor 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .acts import Acts, Handler
from .answers import Refused
from .call import Call, ids
from .paging import like, page_of
from .state import Row, State, whole
from .tasks import note_task

acts = Acts()

OFF, ON, SUSPENDED = 0, 1, 2
"""Live status in `vs_status`. OBSERVED."""

POWER = {"start": ON, "stop": OFF, "restart": ON, "poweroff": OFF}

TEMPLATES = {
    "100": {"osid": "100", "name": "debian-12-x86_64", "distro": "debian"},
    "270": {"osid": "270", "name": "ubuntu-24.04-x86_64", "distro": "ubuntu"},
}

INTERNAL = ("status", "rescue", "busy_with")
"""Columns that no answer shows."""


@acts.page("vs", "Virtual Servers")
def list_vps(call: Call) -> dict[str, Any]:
    """Return one page with maps for its IDs. Filters count with `search=1`, `vpsid` always.

    That `owners` holds the owners of the page only is INFERRED.
    """
    state = call.state
    number = call.number("vpsid")
    candidates = [state.vs[number]] if number in state.vs else [] if number else state.vs.values()
    rows = [row for row in candidates if _passes(call, row)]
    shown = page_of(call, rows, "vpsid", lambda row: record(state, row))
    return {
        "vs": shown,
        "ostemplates": TEMPLATES,
        "servers": nodes(state),
        "owners": {row["uid"]: row["email"] for row in shown.values()},
        "plans": {row["plid"]: row["plan_name"] for row in state.plans.values()},
        "backup_plans": {},
    }


@acts.read("vs", "vs_status")
def show_status(call: Call) -> dict[str, Any]:
    """Return the live state of some VPSs, id → status."""
    found = [
        call.state.vs[number] for number in ids(call.text("vs_status")) if number in call.state.vs
    ]
    return {
        "status": {
            row["vpsid"]: {
                "status": row["status"],
                "used_cpu": "0.00",
                "used_ram": 0,
                "used_disk": 0,
            }
            for row in found
        }
    }


def _power(action: str) -> Handler:
    def handler(call: Call) -> dict[str, Any]:
        """Execute a power action at once. A suspended VPS cannot be started (INFERRED)."""
        row = _one(call)
        if call.fails_inside():
            return {"done": False, "done_msg": f"The VPS could not {action}", **_shown(call, row)}
        if row["status"] == SUSPENDED and POWER[action] == ON:
            raise Refused("start_failed")
        if row["status"] != SUSPENDED:
            row["status"] = POWER[action]
        if call.switch("machine_status") == "live":
            row["machine_status"] = str(row["status"])
        note_task(call, row, action)
        return {
            "done": True,
            "done_msg": f"The {action} signal has been sent to the VPS",
            **_shown(call, row),
        }

    return handler


for _action in POWER:
    acts.write("vs", "action", _action)(_power(_action))


@acts.write("vs", "suspend")
def suspend_vps(call: Call) -> dict[str, Any]:
    """Suspend by a comma list."""
    reason = call.text("suspend_reason")

    def change(row: Row) -> None:
        row.update(suspended="1", suspend_reason=reason, status=SUSPENDED, machine_status="2")

    return _each(call, "suspend", change)


@acts.write("vs", "unsuspend")
def unsuspend_vps(call: Call) -> dict[str, Any]:
    """Unsuspend by a comma list. The VPSs start."""

    def change(row: Row) -> None:
        if row["suspended"] != "0":
            row.update(suspended="0", suspend_reason="", status=ON, machine_status="1")

    return _each(call, "unsuspend", change)


@acts.write("vs", "suspend_net")
def suspend_network(call: Call) -> dict[str, Any]:
    """Suspend the network (OBSERVED call). The column `nw_suspended` is INFERRED."""
    return _each(call, "suspend_net", lambda row: row.update(nw_suspended="1"))


@acts.write("vs", "unsuspend_net")
def unsuspend_network(call: Call) -> dict[str, Any]:
    """Unsuspend the network."""
    return _each(call, "unsuspend_net", lambda row: row.update(nw_suspended="0"))


@acts.write("vs", "bwreset")
def reset_bandwidth(call: Call) -> dict[str, Any]:
    """Reset the traffic counter; `done` is 1 (OBSERVED)."""
    answer = _each(call, "bwreset", lambda row: row.update(used_bandwidth="0.00"))
    return {"done": int(answer["done"])}


@acts.write("vs", "action", "lock")
def lock_vps(call: Call) -> dict[str, Any]:
    """Lock a VPS with a reason (OBSERVED call). That a locked one is accepted is INFERRED."""
    return _locked(call, "1", call.text("reason"))


@acts.write("vs", "action", "unlock")
def unlock_vps(call: Call) -> dict[str, Any]:
    """Unlock a VPS."""
    return _locked(call, "0", "")


@acts.write("vs", "delete")
def delete_vps(call: Call) -> dict[str, Any]:
    """Delete by a comma list."""

    def change(row: Row) -> None:
        for column in ("ram", "space"):
            call.state.resized(whole(row["serid"]), column, -whole(row[column]))
        del call.state.vs[int(row["vpsid"])]

    return _each(call, "delete", change)


@acts.page("servers", "Servers")
def list_servers(call: Call) -> dict[str, Any]:
    """Return the nodes. Their key is `servs` here (OBSERVED, virtualizor 4.4)."""
    return {"servs": nodes(call.state)}


def record(state: State, row: Row) -> Row:
    """Return a VPS as a row of the list: its columns and joined ones. `serid` is a number (virtualizor 3.4)."""
    shown = {name: value for name, value in row.items() if name not in INTERNAL}
    return {
        **shown,
        "serid": whole(row["serid"]),
        "os_name": TEMPLATES.get(str(row["osid"]), {}).get("name", ""),
        "email": state.user_of(row).get("email", ""),
        "server_name": state.node_of(row).get("server_name", ""),
    }


def nodes(state: State) -> dict[str, Row]:
    """Return the nodes with their free resources."""
    return {
        row["serid"]: {
            **row,
            "ram": str(whole(row["total_ram"]) - state.used(number, "ram")),
            "space": str(whole(row["total_space"]) - state.used(number, "space")),
        }
        for number, row in state.servers.items()
    }


def _passes(call: Call, row: Row) -> bool:
    if call.text("search") != "1":
        return True
    wanted = {name: call.text(name) for name in _FILTERS}
    return all(not text or _FILTERS[name](call.state, row, text) for name, text in wanted.items())


_FILTERS: dict[str, Callable[[State, Row, str], bool]] = {
    "vpsname": lambda state, row, text: like(str(row["vps_name"] or ""), text),
    "vpsip": lambda state, row, text: any(like(ip, text) for ip in row["ips"].values()),
    "vpshostname": lambda state, row, text: like(str(row["hostname"] or ""), text),
    "vsstatus": lambda state, row, text: row["suspended"] == ("1" if text == "s" else "0"),
    "vstype": lambda state, row, text: row["virt"] == text,
    "user": lambda state, row, text: like(state.user_of(row).get("email", ""), text),
    "vsgid": lambda state, row, text: state.node_of(row).get("sgid") == text,
    "vserid": lambda state, row, text: row["serid"] == text,
    "serid": lambda state, row, text: row["serid"] == text,
    "plid": lambda state, row, text: row["plid"] == text,
}
"""Filters of a search. Parts of names match (INFERRED). `speedcap` and `bpid` are ignored."""


def _one(call: Call) -> Row:
    row = call.state.vs.get(call.number("vpsid"))
    if row is None:
        raise Refused("no_vps")
    if is_locked(row):
        raise Refused("err_locked_vps")
    return row


def is_locked(row: Row) -> bool:
    """Return whether an administrator or a running operation has locked a VPS."""
    return bool(whole(row["locked"]) or row["busy_with"])


def _locked(call: Call, locked: str, reason: str) -> dict[str, Any]:
    row = call.state.vs.get(call.number("vpsid"))
    if row is None:
        raise Refused("no_vps")
    if call.fails_inside():
        return {"done": False, **_shown(call, row)}
    row.update(locked=locked, lock_reason=reason)
    return {"done": True, **_shown(call, row)}


def _shown(call: Call, row: Row) -> dict[str, Any]:
    return {"vs": {row["vpsid"]: record(call.state, row)}}


def _each(call: Call, parameter: str, change: Callable[[Row], None]) -> dict[str, Any]:
    rows = [
        call.state.vs[number] for number in ids(call.text(parameter)) if number in call.state.vs
    ]
    if not rows:
        raise Refused("no_vps")
    if any(is_locked(row) for row in rows):
        raise Refused("err_locked_vps")
    if call.fails_inside():
        return {"done": False}
    for row in rows:
        change(row)
        note_task(call, row, f"{parameter}vps")
    return {"done": True}
