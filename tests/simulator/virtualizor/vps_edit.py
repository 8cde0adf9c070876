# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Edits of a VPS: plan, values, disks and addresses (virtualizor 3.5).

Unlike the forms of plans and users, these acts keep values that were not sent (OBSERVED, virtualizor 2.5).
"""

from __future__ import annotations

from typing import Any

from .acts import Acts
from .answers import Refused
from .call import Call, decimal
from .php_input import Value
from .state import Row, fake_secret, whole
from .tasks import note_task
from .vps import is_locked, nodes, record

acts = Acts()

FROM_PLAN = (
    *("ram", "swap", "burst", "cores", "cpu", "cpu_percent", "io"),
    *("bandwidth", "network_speed", "upload_speed", "space"),
)
"""Columns that a plan sets on a VPS when its values are applied."""

FIELDS = {
    "ram": "ram",
    "swapram": "swap",
    "burst": "burst",
    "cores": "cores",
    "cpu": "cpu",
    "cpu_percent": "cpu_percent",
    "priority": "io",
    "bandwidth": "bandwidth",
    "network_speed": "network_speed",
    "upload_speed": "upload_speed",
}
"""Column by field of the form. The names of ram, cores and bandwidth are OBSERVED, the others INFERRED."""


@acts.page("editvs", "Edit VPS")
def show_vps(call: Call) -> dict[str, Any]:
    """Return a condensed form. `vps` is empty for an unknown ID (OBSERVED).

    `vps.stats.status` is the live state (OBSERVED key; the values are INFERRED from `vs_status`).
    """
    row = call.state.vs.get(call.query_number("vpsid"))
    stats = {"stats": {"status": row["status"]}} if row else {}
    return {
        "vps": {**record(call.state, row), **stats} if row else {},
        "plans": {plan["plid"]: plan for plan in call.state.plans.values()},
        "servers": nodes(call.state),
        "stats": {"cpu": {}, "net": {}},
    }


@acts.submit("editvs", "editvps")
def edit_vps(call: Call) -> dict[str, Any]:
    """Save a VPS. `done` is true.

    Billing modules move a VPS with this act: `plid` and the values of the plan (OBSERVED, virtualizor 3.5).
    """
    if call.fails_inside():
        return {"done": {"done": False}, **show_vps(call)}
    row = _saved(call, with_values=call.switch("editvs_plan") == "values")
    return {"done": True, **show_vps(call), **_echo(call, row)}


@acts.page("managevps", "Manage VPS")
def show_managed_vps(call: Call) -> dict[str, Any]:
    """Return the other, condensed form."""
    row = call.state.vs.get(call.query_number("vpsid"))
    data = {row["vpsid"]: {**record(call.state, row), "used_ram": "0"}} if row else {}
    return {
        "vps": record(call.state, row) if row else {},
        # OBSERVED key: the VPS by ID, with its usage (the columns of which are INFERRED).
        "vps_data": data,
        "disks": row["disks"] if row else {},
        "ips": row["ips"] if row else {},
    }


@acts.submit("managevps", "editvps")
def manage_vps(call: Call) -> dict[str, Any]:
    """Save a VPS. `done` is an object that contains another `done` (OBSERVED)."""
    if call.fails_inside():
        return {"done": {"done": False}, **show_managed_vps(call)}
    asked = call.field("apply_plan") not in ("", "0")
    apply_plan = asked and call.switch("apply_plan") == "obeyed"
    with_values = apply_plan or call.switch("managevps_plan") == "values"
    row = _saved(call, with_values=with_values)
    done: dict[str, Any] = {"done": True}
    if call.field("rootpass"):
        done["change_pass_msg"] = "The root password will be changed at the next start"
    return {"done": done, **show_managed_vps(call), **_echo(call, row)}


def _saved(call: Call, *, with_values: bool) -> Row:
    """Validate the form, then change the VPS. A refused form changes nothing."""
    row = call.state.vs.get(call.query_number("vpsid"))
    if row is None:
        raise Refused("no_vps")
    _refuse_if_barred(row)
    changed = {**row, "disks": {key: dict(disk) for key, disk in row["disks"].items()}}
    _set_plan(call, changed, with_values)
    _set_values(call, changed)
    _set_disks(call, changed)
    _set_addresses(call, changed)
    if changed["disks"] != row["disks"]:
        changed["space"] = str(sum(whole(disk["size"]) for disk in changed["disks"].values()))
    _fit(call, row, changed)
    for column in ("ram", "space"):
        by = whole(changed[column]) - whole(row[column])
        call.state.resized(whole(row["serid"]), column, by)
    resized = any(changed[column] != row[column] for column in FROM_PLAN)
    row.update(changed)
    note_task(call, row, "resizevps" if resized else "editvps_callback")
    return row


def _refuse_if_barred(row: Row) -> None:
    """Refuse to edit a VPS that is locked or in rescue mode.

    The names are OBSERVED for managevps, and INFERRED for editvs (virtualizor 3.5).
    """
    if row["busy_with"]:
        raise Refused(f"vm_locked_{row['busy_with']}")
    if is_locked(row):
        raise Refused("err_vps_locked")
    if whole(row["rescue"]):
        raise Refused("rescue_edit_no_allowed")


def _set_plan(call: Call, changed: Row, with_values: bool) -> None:
    """Set the plan and, on request, its values, even if the VPS has the plan already."""
    if not call.sent("plid"):
        return
    number = whole(call.field("plid"))
    plan = call.state.plans.get(number)
    if plan is None and number:
        raise Refused("no_plan")
    changed["plid"] = str(number)
    if plan is None or not with_values:
        return
    for column in FROM_PLAN:
        changed[column] = plan[column]
    primary = next(iter(changed["disks"].values()), None)
    if primary is not None:
        others = sum(whole(disk["size"]) for disk in changed["disks"].values())
        others -= whole(primary["size"])
        primary["size"] = _grown(primary, whole(plan["space"]) - others)


def _set_values(call: Call, changed: Row) -> None:
    if call.field("hostname"):
        changed["hostname"] = call.field("hostname")
    for field, column in FIELDS.items():
        if call.sent(field):
            given = call.field(field)
            number = f"{decimal(given):.2f}" if column == "cpu_percent" else str(whole(given))
            changed[column] = number


def _set_disks(call: Call, changed: Row) -> None:
    """Set the sizes of disks. An array lists all disks: a missing one is deleted (OBSERVED).

    An entry means the disk with its key, or else the disk at its position. A single value resizes the first disk
    (INFERRED).
    """
    sent = call.form.get("space")
    if sent is None:
        return
    disks: dict[str, Row] = changed["disks"]
    keys = list(disks)
    if not keys:
        return
    if not isinstance(sent, dict):
        disks[keys[0]]["size"] = _grown(disks[keys[0]], whole(sent))
        return
    kept = {}
    for position, (key, value) in enumerate(sent.items()):
        place = key if key in disks else keys[position] if position < len(keys) else None
        if place is not None:
            kept[place] = {**disks[place], "size": _grown(disks[place], _size(value))}
    changed["disks"] = {key: kept[key] for key in keys if key in kept} or disks


def _size(value: Value) -> int:
    return whole(value.get("size", "") if isinstance(value, dict) else value)


def _grown(disk: Row, size: int) -> str:
    """Return the new size. A disk cannot shrink (OBSERVED)."""
    if size < whole(disk["size"]):
        raise Refused("err_space")
    return str(size)


def _set_addresses(call: Call, changed: Row) -> None:
    """Set the addresses: `ips` replaces all of them, `num_ips` sets their number (OBSERVED, virtualizor 3.5)."""
    wanted = call.array("ips")
    if wanted:
        known = {address: key for key, address in changed["ips"].items()}
        changed["ips"] = {
            known.get(address) or str(call.state.next_id("ip")): address for address in wanted
        }
    elif call.sent("num_ips"):
        count = max(0, whole(call.field("num_ips")))
        kept = dict(list(changed["ips"].items())[:count])
        while len(kept) < count:
            key, address = call.state.new_address()
            kept[key] = address
        changed["ips"] = kept


def _fit(call: Call, row: Row, changed: Row) -> None:
    """Refuse the change if the node lacks room (OBSERVED errors)."""
    number = whole(row["serid"])
    node = call.state.servers.get(number)
    if node is None:
        return
    problems = []
    for column, text in (("ram", "less_ram"), ("space", "less_space")):
        more = whole(changed[column]) - whole(row[column])
        if more > 0 and call.state.used(number, column) + more > whole(node[f"total_{column}"]):
            problems.append(text)
    if problems:
        raise Refused(*problems)


def _echo(call: Call, row: Row) -> dict[str, Any]:
    """Return `vs_info`, which echoes a new root password. INFERRED from the answer of addvs (virtualizor 5)."""
    info = {"vpsid": row["vpsid"], "hostname": row["hostname"]}
    if call.field("rootpass"):
        info["rootpass"] = call.field("rootpass")
        row["data"] = {**row["data"], "crypted_pass": fake_secret("crypted-pass", info["rootpass"])}
    return {"vs_info": info}
