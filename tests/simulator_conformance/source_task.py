# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories of a simulator: whatever the panel does, they have each server once, or are refused."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.vpsfleet.panels.plugins.plugin_utils import _panel_inventory
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import Sources
from tests.simulator.process import Simulator

from .module_task import OK, ModuleTask, Options, PanelClock, State, TaskRunner, shown

PLUGINS = "ansible_collections.vpsfleet.panels.plugins.inventory"


@dataclass(frozen=True)
class SourceTask(ModuleTask):
    """A source file. Its module is the name of the plugin, and its hosts are named by the IDs of their servers.

    :param ids: the IDs of the servers that pass its filters, by the simulator's own records.
    """

    ids: Callable[[State], set[str]] = lambda state: set()


class SourceRunner(TaskRunner):
    """Parses source files in this process, as Ansible does.

    :param folder: of the source files.
    """

    def __init__(
        self, simulator: Simulator, panel: str, folder: Path, patch: pytest.MonkeyPatch
    ) -> None:
        super().__init__(simulator, panel)
        # Nothing here is sent on another network than that of the simulator.
        self._sources = Sources(folder, SimpleNamespace(open=0))
        patch.setattr(_panel_inventory, "SystemClock", lambda: PanelClock(self.control))
        patch.setattr(constants, "INVENTORY_ANY_UNPARSED_IS_FAILED", False)
        self._usual: dict[str, Any] = {}

    def outcome(self, task: ModuleTask, switches: Options, fault: Options | None = None) -> str:
        """Parse a source file. Its inventory must be the same as without switches and faults.

        :returns: `ok`, the error without its hint, or what is not true.
        """
        assert isinstance(task, SourceTask)
        usual = self._usual.get(task.name)
        if usual is None and (switches or fault):
            self.outcome(task, {})
            usual = self._usual[task.name]
        self._prepare(task, switches)
        if fault:
            self.control.fault(**fault)
        self.control.clear_log()
        try:
            found = self._parse(task)
        except AnsibleError as error:
            return str(error).partition(" (")[0]
        self._usual.setdefault(task.name, found)
        untrue = ["an inventory writes"] if self.control.counters()["writes"] else self.spared()
        hosts, ids = set(found["hosts"]), task.ids(self.state())
        if hosts != ids:
            untrue.append(f"lost are {ids - hosts}, and nobody has {hosts - ids}")
        elif usual and found != usual:
            different = [key for key in found if found[key] != usual[key]]
            untrue.append(f"other values in {different}")
        return shown(untrue, found) or OK

    def _parse(self, task: SourceTask) -> dict[str, Any]:
        plugin = importlib.import_module(f"{PLUGINS}.{task.module}").InventoryModule
        own = {name: value for name, value in self.connection.items() if name in plugin.own}
        self._sources.name, self._sources.file = plugin.NAME, plugin.file_names[0]
        text = yaml.safe_dump({**own, "hostnames": ["id"], **task.options})
        parsed = self._sources.parse(text, connection=False)
        return {"hosts": parsed.hosts, "groups": parsed.groups, "warnings": parsed.warnings}
