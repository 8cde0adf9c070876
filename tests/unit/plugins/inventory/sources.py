# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Panels without a network, and source files that are parsed as Ansible parses them."""

from __future__ import annotations

import copy
import functools
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible import constants
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.doc_fragments import constructed, inventory_cache

from ansible_collections.vpsfleet.panels.plugins.doc_fragments import inventory as all_panels
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Request,
    Response,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _server_hosts
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import read_yaml
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    answer,
    response_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    TOKEN,
    package,
    page,
    server,
)

NAME = "vpsfleet.panels.virtfusion"
HOST = "panel.example.com"


class FakePanel:
    """A panel that only answers what an inventory asks."""

    def __init__(self, *servers: Mapping[str, Any], packages: list[dict[str, Any]] | None = None):
        self.servers = list(servers)
        self.packages = [package()] if packages is None else packages
        #: What the full list shows of a server; else it shows all.
        self.row: Any = None
        #: Instead of any answer.
        self.fault: Reply | None = None
        self.requests: list[str] = []
        self.tokens: set[str] = set()

    def answer(self, path: str, request: Request) -> Response:
        query = dict(request.query)
        self.requests.append(path)
        self.tokens.add(request.headers["Authorization"].removeprefix("Bearer "))
        if self.fault:
            return response_of(self.fault)
        if path == "/packages":
            return answer(200, {"data": self.packages})
        if path == "/servers":
            assert query["type"] == "full"
            desired = query.get("hypervisorId[]")
            rows = [raw for raw in self.servers if not desired or raw["hypervisorId"] in desired]
            number, size = query["page"], query["results"]
            shown = [self.row(raw) if self.row else raw for raw in rows]
            return answer(
                200,
                page(
                    *shown[(number - 1) * size : number * size],
                    number=number,
                    pages=max(1, -(-len(rows) // size)),
                    total=len(rows),
                ),
            )
        for raw in self.servers:
            if path == f"/servers/{raw['id']}" and not raw.get("gone"):
                return answer(200, {"data": raw})
        return answer(404, {"msg": "server not found"})


class FakeNetwork:
    """Stands in for the real network, for the panels of one kind.

    :param panels: fake panels by a part of their address; each keeps its ``requests``.
    """

    def __init__(self, **panels: Any) -> None:
        self.panels: dict[str, Any] = panels
        #: What the connections were made from.
        self.settings: list[dict[str, Any]] = []
        self.open = 0

    @property
    def panel(self) -> Any:
        """The panel of the tests that need only one."""
        return next(iter(self.panels.values()))

    @property
    def requests(self) -> list[Any]:
        """Everything that was asked of any panel."""
        return [request for panel in self.panels.values() for request in panel.requests]

    def backend(self, **settings: Any) -> FakeNetwork:
        """Open a connection."""
        self.settings.append(settings)
        self.open += 1
        return self

    def send(self, request: Request) -> Response:
        """Let the panel answer that is at the address."""
        raise NotImplementedError

    def close(self) -> None:
        self.open -= 1


class Network(FakeNetwork):
    """VirtFusion panels, by their host names."""

    def __init__(self) -> None:
        super().__init__(**{HOST: FakePanel(server())})

    def send(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        assert parts.hostname in self.panels, f"nobody is at {request.url}"
        answered: Response = self.panels[parts.hostname].answer(
            parts.path.removeprefix("/api/v1"), request
        )
        return answered


class Parsed:
    """The result of parsing a source file."""

    def __init__(self, inventory: InventoryData, warnings: list[str]) -> None:
        self.inventory = inventory
        self.warnings = warnings

    @property
    def hosts(self) -> dict[str, dict[str, Any]]:
        """The variables of each host."""
        own = {"inventory_file", "inventory_dir"}
        return {
            name: {key: value for key, value in host.vars.items() if key not in own}
            for name, host in self.inventory.hosts.items()
        }

    @property
    def groups(self) -> dict[str, list[str]]:
        """The hosts of each group."""
        return {
            name: [host.name for host in group.hosts]
            for name, group in self.inventory.groups.items()
            if name not in ("all", "ungrouped")
        }


class Sources:
    """Writes and parses source files.

    :cvar name: of the plugin.
    :cvar file: name of a source file.
    :cvar connection: options of the connection to the panel of the tests.
    :cvar secret: what must not be in any message.
    """

    name = NAME
    file = "virtfusion.yml"
    connection: tuple[str, ...] = (f"api_url: https://{HOST}", f"api_token: {TOKEN}")
    secret = TOKEN

    def __init__(self, folder: Path, network: FakeNetwork) -> None:
        self.folder = folder
        self.network = network
        self.loader = DataLoader()

    def parse(
        self,
        text: str = "",
        *,
        connection: bool = True,
        cache: bool = True,
        inventory: InventoryData | None = None,
        extra: Mapping[str, Any] | None = None,
        name: str = "",
        later: Callable[[InventoryData], None] = lambda _inventory: None,
    ) -> Parsed:
        """Parse a source file of these lines, with the connection to the panel of the tests.

        :param later: adds what sources have that are read afterwards.
        """
        lines = [f"plugin: {self.name}"]
        if connection:
            lines += self.connection
        path = self.folder / (name or self.file)
        path.write_text("\n".join([*lines, text]), encoding="utf-8")
        plugin, warnings = self.plugin()
        found = inventory or InventoryData()
        if extra is not None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("ansible.plugins.inventory.load_extra_vars", lambda loader: extra)
                plugin.parse(found, self.loader, str(path), cache=cache)
        else:
            plugin.parse(found, self.loader, str(path), cache=cache)
        assert self.network.open == 0
        later(found)
        found.reconcile_inventory()
        return Parsed(found, warnings)

    def fail(self, text: str = "", **options: Any) -> str:
        """Parse a source file that must fail; return why. No secret is in the message."""
        with pytest.raises(AnsibleError) as caught:
            self.parse(text, **options)
        assert self.secret not in str(caught.value)
        assert self.network.open == 0
        return str(caught.value)

    def refused(self, text: str = "", **options: Any) -> str:
        """Parse a source file that must be refused before anything is sent; return why."""
        message = self.fail(text, **options)
        assert self.network.requests == []
        return message

    def plugin(self) -> tuple[Any, list[str]]:
        """Return the plugin as Ansible loads it, and the warnings that it will give."""
        module = importlib.import_module(
            f"ansible_collections.vpsfleet.panels.plugins.inventory.{self.name.rpartition('.')[2]}"
        )
        constants.config.initialize_plugin_configuration_definitions(
            "inventory", self.name, copy.deepcopy(_options(module.DOCUMENTATION))
        )
        plugin = module.InventoryModule()
        plugin._load_name = plugin._original_path = self.name
        plugin._redirected_names = []
        plugin.display = _Display()
        return plugin, plugin.display.warnings


class _Display:
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def vvv(self, message: str) -> None:
        pass


@functools.cache
def _options(documentation: str) -> dict[str, Any]:
    """Return a plugin's options, merged with the options of its fragments as Ansible merges them."""
    own: dict[str, dict[str, Any]] = read_yaml(documentation)["options"]
    options: dict[str, Any] = {}
    for fragment in (constructed, inventory_cache, all_panels):
        options |= read_yaml(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    return options | {name: {**options.get(name, {}), **own[name]} for name in own}


def marked_unsafe(value: Any) -> bool:
    """Whether no text in a value can be taken for a template."""
    if isinstance(value, dict):
        return all(marked_unsafe(item) for pair in value.items() for item in pair[1:])
    if isinstance(value, list):
        return all(map(marked_unsafe, value))
    return not isinstance(value, str) or _server_hosts.unsafe(value) is value
