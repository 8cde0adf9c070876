# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion panel, as the work for CI servers sees it."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from typing import Any

from ...module_utils._core.argspec import ArgumentSpec, check_ranges
from ...module_utils._core.clock import PanelTime
from ...module_utils._core.errors import Code, PanelError
from ...module_utils._core.fields import pick
from ...module_utils._virtfusion.argspec import FIND_USER
from ...module_utils._virtfusion.client import Raw, VirtFusion
from ...module_utils._virtfusion.resources.infrastructure import read_resources
from ...module_utils._virtfusion.resources.server_build import has_failed, in_building
from ...module_utils._virtfusion.resources.server_create import (
    RANGES,
    create,
    enabled_package,
    ignored_dry_run,
    try_to_create,
)
from ...module_utils._virtfusion.resources.server_view import ROW, SERVER
from ...module_utils._virtfusion.resources.template import (
    find_template,
    package_templates,
    server_templates,
)
from ...module_utils._virtfusion.resources.user import read_user, user_request
from ...module_utils._virtfusion.resources.user_access import keys_of
from .._ci_server.ci_panel import Build, CiKey, CiRow, CiSight
from .._fleet.change import ItemSessions
from .._fleet.wording import are, counted

IPV4, IPV6, BOTH = NETWORKS = ["ipv4", "ipv6", "both"]

#: The options that select the owner of the servers. No user ID: the key of an owner is chosen when it is made for CI.
OWNER_OPTIONS = FIND_USER
#: The options that describe the servers.
ORDER_OPTIONS = ArgumentSpec(
    {
        "package_id": {"type": "int"},
        "package_name": {"type": "str"},
        "template_id": {"type": "int"},
        "template_name": {"type": "str"},
        "hypervisor_group_id": {"type": "int"},
        "network": {"type": "str", "choices": NETWORKS, "default": IPV4},
    },
    mutually_exclusive=[("package_id", "package_name"), ("template_id", "template_name")],
    required_if=[
        ("state", "present", ["pipeline"]),
        ("state", "present", ["package_id", "package_name"], True),
        ("state", "present", ["template_id", "template_name"], True),
        ("state", "present", ["hypervisor_group_id"]),
    ],
)

#: What the panel shows of a server's package and place, with its name in messages.
_SHOWN = {
    "cpu": "number of cores",
    "memory": "memory in MB",
    "hypervisor_group_id": "hypervisor group",
}

#: What to do about a server that a panel created in a dry run.
_IGNORED_DRY_RUN = (
    "the janitor deletes it after its grace_time; this version of the panel cannot be used"
)

#: What a panel without room, or with a used-up quota, refuses a create with. INFERRED (virtfusion 1.3, 1.6).
_REFUSALS = (Code.VALIDATION, Code.CONFLICT, Code.REFUSED)

#: What to do without an owner.
_MAKE_OWNER = "make a user of the panel that owns CI servers only"


class VirtFusionCi:
    """The panel.

    :param params: the options of an action for CI servers. Those of an order may be missing.
    """

    role = "virtfusion_ci_server"

    def __init__(
        self, sessions: ItemSessions[VirtFusion], address: str, params: Mapping[str, Any]
    ) -> None:
        self.address = address
        self._sessions = sessions
        self._params = params
        check_ranges(params, {name: rule for name, rule in RANGES.items() if name in params})
        if params.get("template_id") is not None:
            check_ranges(params, {"template_id": (1, None)})

    @property
    def time(self) -> PanelTime:
        """The panel's clock."""
        return self._sessions.session.panel_time

    def owner_id(self) -> int:
        """Return the ID of the owner. :raises PanelError: ``refused``, the owner is an administrator."""
        return self._owner_id

    @cached_property
    def _owner_id(self) -> int:
        try:
            user = read_user(self._sessions.client, user_request(self._params))
        except PanelError as error:
            if error.absent:
                error.add_hint(_MAKE_OWNER)
            raise
        if user.get("admin"):
            raise PanelError(
                Code.REFUSED,
                "it is an administrator",
                action=f"use user {user['id']} as the owner of CI servers",
                hint=_MAKE_OWNER,
            )
        return int(user["id"])

    def servers(self) -> list[CiRow]:
        """Return all servers."""
        with self._sessions.for_item() as (client, _session):
            return [_row(raw) for raw in client.servers()]

    def own_servers(self) -> list[CiRow]:
        """Return the servers of the owner, without the time of creation."""
        with self._sessions.for_item() as (client, _session):
            rows = [_row(raw) for raw in client.user_servers(self._owner_id)]
        # The owner of the list is more certain than a row without an owner, which would be taken for another user's.
        return [
            row if row.owner_id is not None else replace(row, owner_id=self._owner_id)
            for row in rows
        ]

    def server(self, server_id: int) -> CiSight | None:
        """Return a server, or None if the panel responds ``server not found``."""
        with self._sessions.for_item() as (client, _session):
            raw = client.find("get_server", path={"server_id": server_id})
        return None if raw is None else self._sight(raw)

    def check_order(self) -> None:
        """Refuse a package or a template that cannot be used, and a template that is not for the package."""
        self._check_template()

    @cached_property
    def _package(self) -> Mapping[str, Any]:
        return enabled_package(self._sessions.client, self._params)

    def other_order(self, sight: CiSight) -> str | None:
        """Return why a server is not one that the options ask for. What the panel does not show is not compared.

        No response names the package of a server, so its size is compared (virtfusion 2.5, 2.6).
        """
        desired = {name: self._package.get(name) for name in ("cpu", "memory")}
        desired["hypervisor_group_id"] = self._params["hypervisor_group_id"]
        for name, value in desired.items():
            shown = sight.shown.get(name)
            if None not in (value, shown) and value != shown:
                return f"its {_SHOWN[name]} is {shown}, and the task requires {value}"
        template = sight.shown.get("os_template_id")
        if sight.build is not Build.DONE or template is None or template in self._template_ids:
            return None
        asked = self._params["template_name"] or self._params["template_id"]
        return f"it is built with template {template}, and the task requires template {asked}"

    @cached_property
    def _template_ids(self) -> frozenset[int]:
        """The templates that are meant, one for each architecture."""
        name = self._params["template_name"]
        if name is None:
            return frozenset({int(self._params["template_id"])})
        rows = package_templates(self._sessions.client, self._package["id"])
        named = {arch: [row for row in rows if row.get("arch") == arch] for arch in _archs(rows)}
        found = [
            find_template(same, name)["id"]
            for same in named.values()
            if any(name in (row["full_name"], row["short_name"]) for row in same)
        ]
        return frozenset(map(int, found))

    def _check_template(self) -> None:
        """Refuse a template that the package does not offer for any architecture (virtfusion 1.11)."""
        package = self._package
        templates = package_templates(self._sessions.client, package["id"])
        name, template_id = self._params["template_name"], self._params["template_id"]
        if name is not None:
            named = [row for row in templates if name in (row["full_name"], row["short_name"])]
            # The architecture is known once a server exists. Until then the name must be clear for each.
            for arch in _archs(named):
                find_template([row for row in named if row.get("arch") == arch], name)
            if not named:
                find_template(templates, name)  # its error names similar templates
        elif not any(row["id"] == template_id for row in templates):
            raise PanelError(
                Code.NOT_FOUND,
                f"it is not among the {counted(len(templates), 'template')} for package {package['id']}"
                f" ({package['name']})",
                action=f"find template {template_id}",
                hint="virtfusion_template_info lists them",
            )

    def template(self, server_id: int) -> int:
        """Return the ID of the template for a server, whose hypervisor decides the architecture."""
        name = self._params["template_name"]
        if name is None:
            return int(self._params["template_id"])
        with self._sessions.for_item() as (client, _session):
            return int(find_template(server_templates(client, server_id), name)["id"])

    def no_room(self, count: int) -> str | None:
        """Return why the panel has no room: the resources of the group are used up, or a dry run is refused."""
        return self._full_group(count) or self._refused_dry_run()

    def _full_group(self, count: int) -> str | None:
        group_id = self._params["hypervisor_group_id"]
        try:
            rows = read_resources(self._sessions.client, group_id)
        except PanelError as error:
            if error.code is Code.FORBIDDEN:
                return None  # the token may create servers and not see the hypervisors
            raise
        room = [_room(row, self._package) for row in rows]
        if any(each is None for each in room):
            return None
        free = sum(each for each in room if each is not None)
        if free >= count:
            return None
        return (
            f"hypervisor group {group_id} has room for {counted(free, 'server')} with package"
            f" {self._package['name']}, and {count} {are(count)} needed"
        )

    def _refused_dry_run(self) -> str | None:
        """Return why the panel would refuse one more server."""
        try:
            created = try_to_create(self._sessions.client, self._body(), "a server")
        except PanelError as error:
            if error.code in _REFUSALS:
                return f"the panel refuses a server: {error.message}"
            raise
        if created is not None:
            raise ignored_dry_run(created, "a server", _IGNORED_DRY_RUN)
        return None

    def _body(self) -> dict[str, Any]:
        return {
            "packageId": self._package["id"],
            "userId": self._owner_id,
            "hypervisorId": self._params["hypervisor_group_id"],
            "ipv4": 0 if self._params["network"] == IPV6 else 1,
        }

    def create(self) -> int:
        """Create a server without a name, and return its ID."""
        with self._sessions.for_item() as (client, _session):
            return int(create(client, self._body())["id"])

    def rename(self, server_id: int, name: str) -> None:
        """Rename a server, in one attempt: during a wait, another client may rename it."""
        with self._sessions.for_item() as (client, session):
            session.resends = False
            client.send("modify_server_name", path={"server_id": server_id}, body={"name": name})

    def build(self, server_id: int, name: str, key_id: int, template: int) -> None:
        """Start a build, in one attempt. The name is sent: the effect of omitting it is unknown (virtfusion 1.7)."""
        with self._sessions.for_item() as (client, session):
            body = {
                "operatingSystemId": template,
                "name": name,
                "sshKeys": [key_id],
                "email": False,
                **({} if self._params["network"] == IPV4 else {"ipv6": True}),
            }
            session.resends = False
            answer = client.one("build_server", path={"server_id": server_id}, body=body)
            password = pick(answer, "settings.decryptedPassword")
            if isinstance(password, str) and password:
                session.hide(password)

    def delete(self, server_id: int) -> None:
        """Delete a server at once, in one attempt: during a wait, another client may renew its lease.

        Without a delay in the request, the panel waits five minutes (virtfusion 3.5).
        """
        with self._sessions.for_item() as (client, session):
            session.resends = False
            client.send("delete_server", path={"server_id": server_id}, query={"delay": 0})

    def ssh_keys(self) -> list[CiKey]:
        """Return the SSH keys of the owner."""
        with self._sessions.for_item() as (client, _session):
            return [
                CiKey(key["id"], key.get("name"), key["public_key"], _seconds(key.get("created")))
                for key in keys_of(client, self._owner_id)
            ]

    def add_key(self, name: str, public_key: str) -> None:
        """Add an SSH key to the owner."""
        body = {"userId": self._owner_id, "name": name, "publicKey": public_key}
        with self._sessions.for_item() as (client, _session):
            client.send("add_ssh_key", body=body)

    def remove_key(self, key_id: int) -> None:
        """Remove an SSH key."""
        with self._sessions.for_item() as (client, _session):
            client.send("delete_ssh_key", path={"key_id": key_id})

    def _sight(self, raw: Raw) -> CiSight:
        view = SERVER.project(raw)
        ipv4 = tuple(_canonical(view.get("ipv4_addresses") or ()))
        ipv6 = tuple(_canonical(_ipv6_addresses(raw)))
        network = self._params.get("network", IPV4)
        addresses = {IPV4: ipv4, IPV6: ipv6, BOTH: (*ipv4, *ipv6) if ipv4 and ipv6 else ()}[network]
        return CiSight(
            view["id"],
            view["name"],
            view.get("owner_id"),
            _seconds(view.get("created")),
            protected=bool(view.get("protected")),
            build=_build(view),
            addresses=addresses,
            shown={name: view.get(name) for name in (*_SHOWN, "os_template_id")},
        )


def _archs(templates: Iterable[Mapping[str, Any]]) -> set[Any]:
    return {row.get("arch") for row in templates}


def _row(raw: Raw) -> CiRow:
    view = ROW.project(raw)
    return CiRow(view["id"], view["name"], view.get("owner_id"), _seconds(view.get("created")))


def _build(view: Mapping[str, Any]) -> Build:
    if has_failed(view):
        return Build.FAILED
    if in_building(view):
        return Build.RUNNING
    if view.get("built") is None and view.get("commission_status") != 3:
        return Build.NONE
    return Build.RUNNING if view.get("tasks_active") else Build.DONE


def _seconds(value: Any) -> float | None:
    """Return a time as seconds since the epoch, or None if it is missing or has no zone (virtfusion 1.5)."""
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(timezone.utc).timestamp()


def _room(row: Mapping[str, Any], package: Mapping[str, Any]) -> int | None:
    """Return how many servers a hypervisor takes, None if that is not limited or not shown."""
    if row.get("enabled") is False or row.get("prohibit"):
        return 0
    needs = {"servers": 1, "memory": package.get("memory"), "cpu": package.get("cpu")}
    rooms = [
        max(0, row[name]["free"]) // need
        for name, need in needs.items()
        if need and row.get(name) and row[name]["free"] is not None
    ]
    return min(rooms, default=None)


def _canonical(addresses: Iterable[Any]) -> Iterator[str]:
    """Yield addresses in their shortest form, in which ssh looks for them in known_hosts. Other texts are dropped."""
    for address in addresses:
        with contextlib.suppress(ValueError):
            yield str(ipaddress.ip_address(str(address)))


def _ipv6_addresses(raw: Raw) -> tuple[str, ...]:
    """Return the IPv6 addresses of a server. Of a subnet without addresses the first one is taken. INFERRED."""
    found: list[str] = []
    subnets = pick(raw, "network.interfaces[0].ipv6")
    for subnet in subnets if isinstance(subnets, list) else ():
        if not isinstance(subnet, Mapping):
            continue
        listed = [
            str(each.get("address") if isinstance(each, Mapping) else each)
            for each in subnet.get("addresses") or ()
        ]
        if listed:
            found += listed
            continue
        # The address after that of a single one is another server's.
        first = 0 if str(subnet.get("cidr")) == "128" else 1
        with contextlib.suppress(ValueError):
            base = str(subnet.get("subnet")).partition("/")[0]
            found.append(str(ipaddress.IPv6Address(base) + first))
    return tuple(found)
