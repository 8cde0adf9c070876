# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Virtualizor VPS: its projection, how one is found, and how many are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..._core.argspec import ArgumentSpec, named, positive
from ..._core.errors import invalid, unreadable
from ..._core.fields import NOT_SHOWN, Field, Schema, pick, text
from ..._core.paging import OddRow, read_row, whole
from ..._core.runner import Query
from ..._core.select import exactly_one, with_id
from ..argspec import VIRTUALIZATIONS
from ..client import Virtualizor
from ..pages import ROWS
from ..values import decimal_number, is_whole, whole_number
from .plan import VALUES, differing, read_plans

#: Live states by the panel's numbers (virtualizor 3.4).
STATES: Mapping[int, str] = {0: "off", 1: "on", 2: "suspended"}

_FEWEST_ROWS, _MOST_ROWS = 50, 1000


def state(value: Any) -> str | None:
    """Return the name of a live state, or None for an unknown number."""
    return STATES.get(whole_number(value)) if is_whole(value) else None


def is_set(value: Any) -> bool:
    """Return whether a VPS has a mark, such as a lock. The value of the mark does not matter."""
    return value not in (None, 0, "0", "", [])  # 0 == False


def addresses(value: Any) -> list[str]:
    """Return the addresses of a VPS, which come as a map by ID or as PHP's list (virtualizor 3.4)."""
    rows = value.values() if isinstance(value, Mapping) else value or ()
    return [str(row["ip"] if isinstance(row, Mapping) else row) for row in rows]


def ipv4_addresses(value: Any) -> list[str]:
    """Return the IPv4 addresses of a VPS, in the panel's order."""
    return [address for address in addresses(value) if ":" not in address]


def ipv6_addresses(value: Any) -> list[str]:
    """Return the IPv6 addresses of a VPS, in the panel's order."""
    return [address for address in addresses(value) if ":" in address]


def further_addresses(value: Any) -> list[str]:
    """Return addresses of a kind that few panels show, and whose form is only observed (virtualizor 3.4)."""
    rows = list(value.values()) if isinstance(value, Mapping) else value
    if not isinstance(rows, list):
        return []
    texts = [row.get("ip") if isinstance(row, Mapping) else row for row in rows]
    return [text for text in texts if text and isinstance(text, str)]


class Ipv6Field(Field):
    """The IPv6 addresses of a VPS, which are among all addresses, in a map of their own, or in both."""

    def read(self, raw: Any) -> Any:
        """Return the addresses, each once. See :meth:`Field.read`."""
        mixed = super().read(raw)
        own = further_addresses(pick(raw, "ips6"))
        if mixed is NOT_SHOWN and not own:
            return NOT_SHOWN
        return list(dict.fromkeys([*([] if mixed is NOT_SHOWN else mixed), *own]))


#: For a row of the list and for the form. Passwords and disks have no field, so they are never shown
#: (virtualizor 3.4, 5).
VPS = Schema(
    Field("id", "vpsid", whole_number, required=True),
    Field("vps_name", "vps_name", text, absent=None),
    Field("uuid", "uuid", text, absent=None),
    Field("hostname", "hostname", text, absent=None),
    Field("plan_id", "plid", whole_number, required=True),
    Field("user_id", "uid", whole_number),
    Field("email", "email", text),
    Field("server_id", "serid", whole_number),
    Field("server_name", "server_name", text),
    Field("virt", "virt", text),
    Field("os_id", "osid", whole_number),
    Field("os_name", "os_name", text),
    Field("state", "machine_status", state),
    Field("suspended", "suspended", is_set),
    Field("suspend_reason", "suspend_reason", text),
    Field("locked", "locked", is_set),
    *VALUES.values(),
    Field("used_bandwidth", "used_bandwidth", decimal_number, "GB"),
    Field("ipv4_addresses", "ips", ipv4_addresses),
    Ipv6Field("ipv6_addresses", "ips", ipv6_addresses),
    Field("ipv6_subnets", "ips6_subnet", further_addresses),
    Field("internal_addresses", "ips_int", further_addresses),
)

#: The field of each option that selects a VPS, and the parameter of the panel's search (virtualizor 3.4).
FOUND_BY: Mapping[str, str] = {
    "vps_id": "id",
    "vps_uuid": "uuid",
    "vps_name": "vps_name",
    "hostname": "hostname",
}
SEARCHED_BY: Mapping[str, str] = {
    "id": "vpsid",
    "vps_name": "vpsname",
    "hostname": "vpshostname",
}


def find_vps(
    rows: Sequence[Mapping[str, Any]], by: str, desired: Any, option: str = "vps_id"
) -> dict[str, Any]:
    """Return the one VPS with that field, exactly. :raises PanelError: ``not_found`` or ``ambiguous``."""
    if by != "id":
        return dict(exactly_one(rows, desired, what="VPS", option=option, by=by))
    return with_id(rows, desired, "VPS")


def find_vps_id(client: Virtualizor, params: Mapping[str, Any]) -> int:
    """Return the ID of the one VPS that the options name.

    The panel's search may match parts of names (virtualizor 3.4), or ignore some letters. So if a search
    finds no exact match, all VPSs are read.
    """
    if params["vps_id"] is not None:
        return positive("vps_id", params["vps_id"])
    option = next((name for name in FOUND_BY if params[name] is not None), "hostname")
    by, desired = FOUND_BY[option], named(option, params[option])
    search = {SEARCHED_BY[by]: desired} if by in SEARCHED_BY else {}
    rows = [row for row in read_rows(client, search) if row[by] == desired] if search else []
    return int(find_vps(rows or read_rows(client, {}), by, desired)["id"])


def read_rows(
    client: Virtualizor,
    search: Mapping[str, Any],
    rows: int = ROWS,
    workers: int = 1,
    *,
    odd_rows: bool = False,
) -> list[dict[str, Any]]:
    """Return the VPSs that a search of the panel finds, projected.

    :param odd_rows: whether a VPS with an unreadable value is returned as an :class:`OddRow`.
    :raises PanelError: a VPS has an unreadable value, and ``odd_rows`` is not set.
    """
    raws = client.servers(rows=rows, workers=workers, **search)
    found = [read_row(VPS, raw, "VPS", "hostname", "vps_name") for raw in raws]
    return found if odd_rows else list(map(whole, found))


def read_vps(client: Virtualizor, vps_id: int) -> dict[str, Any]:
    """Return one VPS as its form shows it. :raises PanelError: ``not_found``."""
    raw = client.server(vps_id)
    view = VPS.project(raw) if raw else {}
    return with_id([view] if "id" in view else [], vps_id, "VPS")


def with_live_states(
    client: Virtualizor, rows: Sequence[dict[str, Any]], workers: int = 1
) -> list[dict[str, Any]]:
    """Return VPSs with the state that their nodes report. The list can have an old one (virtualizor 3.4)."""
    states = client.server_states([row["id"] for row in rows], workers=workers)
    return [{**row, "state": STATES.get(states.get(row["id"], -1))} for row in rows]


def with_plans(client: Virtualizor, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return VPSs with the name of their plan, and with the values in which they differ from it."""
    plans = {plan["id"]: plan for plan in read_plans(client)}
    return [
        {
            **row,
            "plan_name": plans[row["plan_id"]]["plan_name"] if row["plan_id"] in plans else None,
            "off_plan": differing(row, plans.get(row["plan_id"], {})),
        }
        for row in rows
    ]


@dataclass(frozen=True)
class VpsFilter:
    """Filters for VPSs. None is no filter."""

    plan_ids: Sequence[int] | None = None
    user_ids: Sequence[int] | None = None
    server_ids: Sequence[int] | None = None
    virts: Sequence[str] | None = None
    suspended: bool | None = None

    def __post_init__(self) -> None:
        """Refuse an invalid ID. :raises PanelError: ``validation``."""
        # There is no user 0, but a server of that ID, the master; a VPS without a plan has plan 0.
        for name, numbers, lowest in (
            ("plan_ids", self.plan_ids, 0),
            ("user_ids", self.user_ids, 1),
            ("server_ids", self.server_ids, 0),
        ):
            for number in numbers or ():
                if number < lowest:
                    raise invalid(f"{name} contains {number}, which is not an ID")

    def search(self) -> dict[str, Any]:
        """Return the filters that the panel's search supports: one value of each kind (virtualizor 3.4)."""
        desired = {"plid": self.plan_ids, "vserid": self.server_ids, "vstype": self.virts}
        # To the panel, 0 means no filter.
        search = {
            key: some[0] for key, some in desired.items() if some and len(some) == 1 and some[0]
        }
        if self.suspended is not None:
            search["vsstatus"] = "s" if self.suspended else "u"
        return search

    def accepts(self, view: Mapping[str, Any]) -> bool:
        """Return whether a VPS passes all filters, since the panel may have ignored some of them.

        An :class:`OddRow` passes a filter whose value cannot be read.

        :raises PanelError: ``protocol`` if the panel does not show the value of a filter.
        """
        suspended = None if self.suspended is None else (self.suspended,)
        for allowed, field in (
            (self.plan_ids, "plan_id"),
            (self.user_ids, "user_id"),
            (self.server_ids, "server_id"),
            (self.virts, "virt"),
            (suspended, "suspended"),
        ):
            if allowed is None or (field not in view and isinstance(view, OddRow)):
                continue
            if field not in view:
                raise unreadable(f"the panel does not show the {field} of VPS {view['id']}")
            if view[field] not in allowed:
                return False
        return True


#: The options of virtualizor_vps_info.
VPS_INFO_OPTIONS = ArgumentSpec(
    {
        "vps_ids": {"type": "list", "elements": "int", "aliases": ["vps_id"]},
        "vps_uuids": {"type": "list", "elements": "str", "aliases": ["vps_uuid"]},
        "vps_names": {"type": "list", "elements": "str", "aliases": ["vps_name"]},
        "hostnames": {"type": "list", "elements": "str", "aliases": ["hostname"]},
        "plan_ids": {"type": "list", "elements": "int"},
        "user_ids": {"type": "list", "elements": "int"},
        "server_ids": {"type": "list", "elements": "int"},
        "virts": {
            "type": "list",
            "elements": "str",
            "choices": list(VIRTUALIZATIONS),
            "aliases": ["virt"],
        },
        "suspended": {"type": "bool"},
        "live_state": {"type": "bool", "default": False},
        "compare_with_plan": {"type": "bool", "default": False},
        "page_size": {"type": "int", "default": 200},
    },
    mutually_exclusive=[("vps_ids", "vps_uuids", "vps_names", "hostnames")],
)


class VpsInfo(Query[Virtualizor]):
    """Some VPSs, or all of them."""

    def __init__(self, client: Virtualizor, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._filter = VpsFilter(
            params["plan_ids"],
            params["user_ids"],
            params["server_ids"],
            params["virts"],
            params["suspended"],
        )
        for number in params["vps_ids"] or ():
            positive("vps_ids", number)
        if not _FEWEST_ROWS <= params["page_size"] <= _MOST_ROWS:
            raise invalid(
                f"page_size must be from {_FEWEST_ROWS} to {_MOST_ROWS}, not {params['page_size']}"
            )

    def read(self) -> dict[str, Any]:
        rows = list(filter(self._filter.accepts, self._named()))
        if self._params["live_state"]:
            rows = with_live_states(self._client, rows)
        if self._params["compare_with_plan"]:
            rows = with_plans(self._client, rows)
        return {"vps": rows}

    def _named(self) -> list[dict[str, Any]]:
        """Return the VPSs that the options name, in their order, or all that the search finds."""
        for option, by in FOUND_BY.items():
            desired = self._params[f"{option}s"]
            if desired is not None:
                rows = self._searched(by, desired)
                return [find_vps(rows, by, value, "vps_ids") for value in desired]
        return read_rows(self._client, self._filter.search(), self._params["page_size"])

    def _searched(self, by: str, desired: Sequence[Any]) -> list[dict[str, Any]]:
        """Return VPSs among which the named ones are, if there are any: one is searched, several are not."""
        if len(desired) == 1 and by in SEARCHED_BY:
            rows = read_rows(self._client, {SEARCHED_BY[by]: desired[0]})
            found = [row for row in rows if row[by] == desired[0]]
            if found:
                return found
        return read_rows(self._client, {}, self._params["page_size"]) if desired else []
