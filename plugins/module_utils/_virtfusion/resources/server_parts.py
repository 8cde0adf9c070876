# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of a VirtFusion server: its backups and the access to them, its firewalls, and its custom XML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.parsers import expat

from ..._core.argspec import ArgumentSpec, positive
from ..._core.changes import Comparison
from ..._core.converge import Converged, View, apply_each, results
from ..._core.errors import invalid, unreadable
from ..._core.fields import Field, Schema, boolean, identifier, integer, text
from ..._core.runner import Query
from ..argspec import FIND_SERVER
from ..client import Raw, VirtFusion
from .server_view import ServerPart, find_server_id


def under_way(value: Any) -> bool:
    """Return whether a backup is running. The panel sends false if not; other values are not published."""
    return value not in (None, False, 0, "", "0")


BACKUP = Schema(
    Field("id", "id", identifier, required=True),
    Field("server_id", "serverId", integer),
    Field("storage_id", "storage.id", integer),
    Field("storage_name", "storage.name", text),
    Field("storage_enabled", "storage.enabled", boolean),
    Field("complete", "complete", boolean),
    Field("in_progress", "progress", under_way),
    Field("restoring", "restoring", boolean),
    Field("deleting", "deleting", boolean),
    Field("delete_after", "deleteAfter", text),
    Field("created", "created", text),
    Field("updated", "updated", text),
)


def read_backups(client: VirtFusion, server_id: int) -> list[dict[str, Any]]:
    """Return the backups of a server; the list is not paged."""
    rows = client.rows("list_server_backups", path={"server_id": server_id})
    return [BACKUP.project(row) for row in rows]


class BackupInfo(Query[VirtFusion]):
    """The backups of one server."""

    def read(self) -> dict[str, Any]:
        server_id = find_server_id(self._client, self._params)
        return {"backups": read_backups(self._client, server_id)}


WORDS = ["inherit", "disabled", "scheduled", "view_restore", "full", "manual"]

#: The options of virtfusion_server_backup_access.
BACKUP_ACCESS_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "access": {"type": "str", "required": True, "choices": WORDS},
        "known_access": {"type": "str", "choices": WORDS},
    }
)


class BackupAccess(ServerPart):
    """A server with a desired access of its owner to backups.

    No read shows the access (virtfusion 10, operation 22). Its current value is the one set by this
    task, else the one stated by the caller, else unknown, which differs from every desired value.
    """

    key = "backup_access"
    shown = results(backup_access=("server_id", "access"))
    schema = Schema(Field("access", "access", text))
    settle_s = 0.0

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        super().__init__(client, params)
        self._known = params["known_access"]

    def read(self) -> View:
        self._client.server(self._server_id)  # check mode must fail if it does not exist
        return {"server_id": self._server_id, "access": self._known}

    def desired(self) -> Mapping[str, Any]:
        return {"access": self._params["access"]}

    def apply(self, comparison: Comparison) -> None:
        self._send("set_server_backup_access", {"type": self._params["access"]})
        self._known = self._params["access"]

    def name(self, view: View) -> str:
        return f"backup access of server {view['server_id']}"


def firewall_rules(value: Any) -> list[Any]:
    """Return the rules as the panel sends them; their shape is not published."""
    return list(value.values() if isinstance(value, Mapping) else value or ())


def rulesets_behind(value: Any) -> list[int] | None:
    """Return the rulesets that produced the rules: empty if there are no rules, else None (virtfusion 1.10)."""
    return None if firewall_rules(value) else []


FIREWALL = Schema(
    Field("enabled", "enabled", boolean, required=True),
    Field("rules", "rules", firewall_rules, required=True),
)


def read_firewall(client: VirtFusion, server_id: int, interface: str) -> Raw:
    """Return a firewall. ``sync`` is never sent: it would apply the rules (virtfusion 1.10)."""
    return client.one("get_firewall", path={"server_id": server_id, "interface": interface})


#: The options of virtfusion_server_firewall.
SERVER_FIREWALL_OPTIONS = FIND_SERVER + ArgumentSpec(
    {
        "interface": {"type": "str", "choices": ["primary", "secondary"], "default": "primary"},
        "enabled": {"type": "bool"},
        "rulesets": {"type": "list", "elements": "int"},
        "only_if_empty": {"type": "bool", "default": False},
        "sync": {"type": "bool", "default": False},
    },
    required_one_of=[("enabled", "rulesets")],
)


class ServerFirewall(ServerPart):
    """A firewall that must be enabled or disabled and have the desired rulesets."""

    key = "firewall"
    shown = results(firewall=("server_id", "interface", *FIREWALL, "rulesets"))
    schema = Schema(*FIREWALL.values(), Field("rulesets", "rules", rulesets_behind))

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        if params["only_if_empty"] and not params["rulesets"]:
            raise invalid("only_if_empty needs rulesets", "name the rulesets to apply")
        for ruleset in params["rulesets"] or ():
            positive("rulesets", ruleset)
        super().__init__(client, params)
        self._interface = params["interface"]
        self._rules: list[Any] = []
        self._applied: list[int] | None = None

    def read(self) -> View:
        raw = read_firewall(self._client, self._server_id, self._interface)
        view = self.schema.project(raw)
        self._rules = view["rules"]
        if self._applied:
            view["rulesets"] = self._applied
        return {"server_id": self._server_id, "interface": self._interface, **view}

    def desired(self) -> Mapping[str, Any]:
        keep = self._params["only_if_empty"] and self._rules
        options = ("enabled",) if keep else ("enabled", "rulesets")
        return {
            option: self._params[option] for option in options if self._params[option] is not None
        }

    def apply(self, comparison: Comparison) -> None:
        # Rules come first, so that the firewall is never enabled with the old ones.
        writers: Mapping[str, Callable[[Any], object]] = {
            "rulesets": self._apply_rulesets,
            "enabled": lambda on: self._write("enable_firewall" if on else "disable_firewall"),
        }
        apply_each(comparison, writers)

    def name(self, view: View) -> str:
        return f"{view['interface']} firewall of server {view['server_id']}"

    def _apply_rulesets(self, rulesets: list[int]) -> None:
        self._write("apply_firewall_rulesets", body={"rulesets": rulesets})
        self._applied = rulesets

    def _write(self, operation: str, **request: Any) -> None:
        path = {"server_id": self._server_id, "interface": self._interface}
        query = {"sync": "true"} if self._params["sync"] else {}
        self._client.send(operation, path=path, query=query, **request)


#: Name of each section in options and results, and in the panel's API.
SECTIONS: Mapping[str, str] = {
    "domain": "domain",
    "os": "os",
    "devices": "devices",
    "features": "features",
    "clock": "clock",
    "cpu_tune": "cpuTune",
}

#: Each option and its key in the request, which is flat; the response to the read is nested.
_KEYS: Mapping[str, str] = {
    **SECTIONS,
    **{f"{name}_enabled": f"{key}Enabled" for name, key in SECTIONS.items()},
}


def xml_text(value: Any) -> str:
    """Return XML without surrounding white space, which a panel may strip; null is empty."""
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return (value or "").strip()


#: PHP sends ``[]`` for an empty section or an empty map of sections (virtfusion 1.4).
CUSTOM_XML = Schema(
    *(Field(name, f"{key}.xml", xml_text, absent="") for name, key in SECTIONS.items()),
    *(
        Field(f"{name}_enabled", f"{key}.enabled", boolean, absent=False)
        for name, key in SECTIONS.items()
    ),
)

SWITCHES = {f"{name}_enabled": {"type": "bool"} for name in SECTIONS}
TEXTS = {name: {"type": "str", "blank": True} for name in SECTIONS}

#: The options of virtfusion_server_custom_xml.
SERVER_CUSTOM_XML_OPTIONS = FIND_SERVER + ArgumentSpec(
    {**TEXTS, **SWITCHES}, required_one_of=[(*TEXTS, *SWITCHES)]
)


class ServerCustomXml(ServerPart):
    """A server with desired sections of custom XML.

    Every request sends all sections: whether the panel keeps an omitted one is unknown
    (virtfusion 10, operation 43). Results show only sections named in options: XML may hold secrets.
    """

    key = "custom_xml"
    shown = results(custom_xml=("server_id", *CUSTOM_XML), restart_required=None)
    schema = CUSTOM_XML

    def __init__(self, client: VirtFusion, params: Mapping[str, Any]) -> None:
        self._asked = {name: params[name] for name in _KEYS if params[name] is not None}
        for name in set(SECTIONS) & set(self._asked):
            self._asked[name] = _checked(name, self._asked[name])
        super().__init__(client, params)
        self._all: View = {}

    def read(self) -> View:
        raw = self._client.server(self._server_id)
        if "customXML" not in raw:
            raise unreadable(f"the panel does not show the custom XML of server {self._server_id}")
        self._all = CUSTOM_XML.project(raw["customXML"])
        named = (name for name in SECTIONS if {name, f"{name}_enabled"} & set(self._asked))
        shown = {key: self._all[key] for name in named for key in (name, f"{name}_enabled")}
        return {"server_id": self._server_id, **shown}

    def desired(self) -> Mapping[str, Any]:
        return self._asked

    def apply(self, comparison: Comparison) -> None:
        values = {**self._all, **self._asked}
        body = {key: values[name] for name, key in _KEYS.items()}
        self._send("set_server_custom_xml", body)

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        return {"restart_required": converged.comparison.changed}

    def name(self, view: View) -> str:
        return f"custom XML of server {view['server_id']}"


def _checked(name: str, xml: str) -> str:
    """Return a section that is valid inside an element. :raises PanelError: ``validation``."""
    section = xml_text(xml)
    # Prefixes such as qemu: are declared outside the section, so namespaces are not checked.
    parser = expat.ParserCreate()
    try:
        parser.Parse(f"<section>\n{section}\n</section>", True)
    except expat.ExpatError as error:
        message, line = expat.ErrorString(error.code), error.lineno - 1
        raise invalid(f"{name} is not well-formed XML: {message}, in line {line}") from None
    return section
