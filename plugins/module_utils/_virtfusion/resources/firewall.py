# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The firewall of a VirtFusion server's interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, positive
from ..._core.changes import Comparison
from ..._core.converge import View, apply_each, results
from ..._core.errors import invalid
from ..._core.fields import Field, Schema, boolean
from ..argspec import FIND_SERVER
from ..client import Raw, VirtFusion
from .server_view import ServerPart


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
