# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The package of a VirtFusion server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..._core.argspec import ArgumentSpec, check_ranges, one_of
from ..._core.changes import Comparison, FieldOutcome, Reply
from ..._core.converge import Converged, Resource, View, refuse, results
from ..._core.errors import Code, PanelError, invalid, unreadable
from ..._core.fields import Schema
from ..client import VirtFusion
from .package import (
    ASPECTS,
    PACKAGE,
    SERVER_ASPECTS,
    find_package,
    read_info,
    unknown_aspects,
)
from .server_view import SERVER_KEYS, read_server, restart_needs

_ASPECTS = [aspect.name for aspect in ASPECTS]

#: A server's network can be missing or null (virtfusion 1.4). A missing value cannot be compared.
_UNSEEN = dict.fromkeys(unknown_aspects({}), "the panel does not show its current value")

#: The options that select a server's desired package and aspects.
PACKAGE_TARGET = ArgumentSpec(
    {
        "package_id": {"type": "int"},
        "package_name": {"type": "str"},
        "aspects": {"type": "list", "elements": "str", "choices": _ASPECTS, "default": _ASPECTS},
    }
)

#: The options that control the change.
PACKAGE_MANNER = ArgumentSpec(
    {
        "on_refused": {"type": "str", "choices": ["fail", "warn", "ignore"], "default": "warn"},
        "allow_disabled": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 10},
    }
)

#: The options of a package change, except for the selection of the server.
PACKAGE_CHANGE = one_of("package_id", "package_name") + PACKAGE_TARGET + PACKAGE_MANNER


class ServerPackage(Resource):
    """A server that must have the resources of a package.

    Resources are compared, since no read shows a server's package (virtfusion 2.6).

    :param server: the projected server if it was just read; saves the first read.
    :param package: the package if it was already read.
    """

    key = "server"
    shown = results(server=SERVER_KEYS, package=PACKAGE, restart_required=None, info=None)
    schema = Schema(
        *(replace(field, unseen=_UNSEEN.get(name, "")) for name, field in SERVER_ASPECTS.items())
    )

    def __init__(
        self,
        client: VirtFusion,
        params: Mapping[str, Any],
        *,
        server: View | None = None,
        package: Mapping[str, Any] | None = None,
    ) -> None:
        if not params["aspects"]:
            raise invalid("aspects must name at least one aspect", "omit it to select all eleven")
        check_ranges(params, {"wait_timeout": (0, None), "package_id": (1, None)})
        self._client = client
        self._params = params
        self._aspects = frozenset(params["aspects"])
        self._seen = server
        self._server: View = {}
        self._package: dict[str, Any] = dict(package or {})
        self.settle_s = float(params["wait_timeout"])

    def read(self) -> View:
        seen, self._seen = self._seen, None
        self._server = seen or read_server(self._client, self._params, self._server)
        return self._server

    def desired(self) -> Mapping[str, Any]:
        if not self._package:
            self._package = find_package(
                self._client, self._params["package_id"], self._params["package_name"]
            )
        missing = sorted(self._aspects & unknown_aspects(self._package))
        if missing:
            error = unreadable(f"the panel does not show its {', '.join(missing)}")
            error.action = f"read package {self._package['id']}"
            raise error
        return {
            aspect.name: self._package[aspect.name]
            for aspect in ASPECTS
            if aspect.name in self._aspects
        }

    def permit(self, comparison: Comparison) -> None:
        if not self._package["enabled"] and not self._params["allow_disabled"]:
            raise PanelError(
                Code.REFUSED,
                "the package is disabled",
                action=self._doing(),
                hint="enable it in the panel, choose another, or set allow_disabled",
            )
        self._fail_on_refused(comparison)

    def apply(self, comparison: Comparison) -> Reply:
        # All flags are sent: an omitted flag is true (virtfusion 2.1). Values not shown are left unchanged.
        chosen = self._aspects - unknown_aspects(self._server)
        flags = {aspect.flag: aspect.name in chosen for aspect in ASPECTS}
        return read_info(
            self._client.change_package(self._server["id"], self._package["id"], flags)
        )

    def conclude(self, converged: Converged) -> dict[str, Any]:
        self._fail_on_refused(converged.comparison)
        server = self.name(converged.before)
        warnings = about_unknown_lines(server, converged.reply)
        if self._params["on_refused"] == "warn":
            warnings += [
                f"{server}: {change.refusal()}"
                for change in converged.comparison.with_outcome(FieldOutcome.REFUSED)
            ]
        return {
            "package": self._package,
            "info": list(converged.reply.lines),
            "warnings": warnings,
        }

    def aftermath(self, converged: Converged) -> dict[str, Any]:
        return restart_needs(converged)

    def _fail_on_refused(self, comparison: Comparison) -> None:
        """Fail before writing if an aspect is known to be refused and on_refused is fail."""
        if self._params["on_refused"] == "fail":
            refuse(comparison, self._doing(), "leave those aspects out, or set on_refused to warn")

    def _doing(self) -> str:
        return f"change server {self._server['id']} to package {self._package['id']} ({self._package['name']})"


def about_unknown_lines(server: str, reply: Reply) -> list[str]:
    """Return a warning for each unknown line in the panel's response to a package change."""
    return [
        f"{server}: the panel sent the unknown message {line!r}; please report it"
        for line in reply.unknown
    ]
