# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure how long the inventory plugin and Ansible's Constructable take to build the graph.

`python -m tests.benchmark.inventory --servers 10000`, see README.md.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import gc
import json
import os
import platform
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import jinja2

from tests.simulator.process import Simulator

NAME = "vpsfleet.panels.virtfusion"
HERE = "ansible_collections.vpsfleet.panels.plugins.plugin_utils._panel_inventory"
OUTPUT = Path("tests/output/benchmark/inventory/results.json")

KEYED = [
    {"key": f"virtfusion_{field}", "prefix": field}
    for field in ("state", "hypervisor_name", "hypervisor_group_name", "packages", "panel")
]
#: Both return a different value for each host, which is the most expensive case.
COMPOSE = {
    "primary_address": "virtfusion_ipv4_addresses | first",
    "label": "virtfusion_name ~ '-' ~ virtfusion_id",
}
GROUPS = {
    "big": "virtfusion_memory >= 4096",
    "sound": "virtfusion_state == 'complete' and not virtfusion_suspended",
}
#: Equally expensive expressions that only Ansible can evaluate.
HARD = {
    "primary_address": "virtfusion_ipv4_addresses | join(' ') | split | first",
    "label": "virtfusion_name | regex_replace('[^a-z]', '-') ~ virtfusion_id",
}
WORKLOADS: dict[str, dict[str, Any]] = {
    "5 keyed_groups": {"keyed_groups": KEYED},
    "5 keyed_groups, 2 compose, 2 groups": {
        "keyed_groups": KEYED,
        "compose": COMPOSE,
        "groups": GROUPS,
    },
    "the same, compose with templates": {
        "keyed_groups": KEYED,
        "compose": HARD,
        "groups": GROUPS,
    },
}
#: The goal of each workload, as a share of Constructable's time.
GOALS = {"5 keyed_groups": 0.12, "5 keyed_groups, 2 compose, 2 groups": 0.25}


def main() -> int:
    options = _options()
    with (
        tempfile.TemporaryDirectory(prefix="inventory-benchmark-") as scratch,
        Simulator(servers=options.servers, seed=1) as simulator,
    ):
        _find_collections(Path(scratch))
        bench = Bench(Path(scratch), simulator, options.profile)
        results = {
            "circumstances": _circumstances(options.servers),
            "fetch": bench.fetch(),
            "workloads": {name: bench.compare(name) for name in WORKLOADS},
        }
    _print(results)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {options.output}")
    return 0 if all(work["same_graph"] for work in results["workloads"].values()) else 1


class Bench:
    """Builds the same inventory with the plugin and with Constructable, from cached servers.

    :param profile: number of profile lines to print, 0 for none.
    """

    def __init__(self, scratch: Path, simulator: Simulator, profile: int) -> None:
        self._scratch = scratch
        self._simulator = simulator
        self._profile = profile

    def fetch(self) -> dict[str, Any]:
        """Fill the cache; return its cost."""
        self._simulator.control.clear_log()
        started = time.perf_counter()
        self._build("fetch", {})
        return {
            "seconds_with_plain_hosts": round(time.perf_counter() - started, 2),
            "requests": self._simulator.control.counters()["reads"],
        }

    def compare(self, name: str) -> dict[str, Any]:
        """Build one workload with the plugin and with Constructable."""
        reads = self._simulator.control.counters()["reads"]
        fast, graph = self._build(name, WORKLOADS[name])
        with plain_constructable():
            slow, same = self._build(name, WORKLOADS[name])
        assert self._simulator.control.counters()["reads"] == reads, "not from the cache"
        return {
            "plugin": fast,
            "constructable": slow,
            "ratio": round(fast["cpu_s"] / slow["cpu_s"], 4),
            "goal": GOALS.get(name),
            "same_graph": graph == same,
            "groups": len(graph["groups"]),
        }

    def _build(self, name: str, options: dict[str, Any]) -> tuple[dict[str, float], Any]:
        """Build once; return the seconds after the fetch and the graph."""
        source = self._scratch / "virtfusion.yml"
        panel = {
            "name": "sim",
            "api_url": self._simulator.api_url,
            "api_token": self._simulator.token,
        }
        cache = {
            "cache": True,
            "cache_plugin": "ansible.builtin.jsonfile",
            "cache_connection": str(self._scratch / "cache"),
        }
        content = {"plugin": NAME, "panels": [panel], "strict": True, **cache, **options}
        source.write_text(json.dumps(content), encoding="utf-8")
        with stopwatch() as took:
            graph = _graph(_inventory(source))
        if self._profile and options:
            profiler = cProfile.Profile()
            with stopwatch(profiler):
                _inventory(source)
            print(f"\n{name}, {_builder()}:")
            pstats.Stats(profiler).sort_stats("tottime").print_stats(self._profile)
        return took, graph


def _plugin() -> Any:
    from ansible.plugins.loader import inventory_loader

    return inventory_loader.get(NAME, class_only=True)


def _builder() -> str:
    from ansible.plugins.inventory import Constructable

    return "Constructable" if _plugin()._compose is Constructable._compose else "the plugin"


def _inventory(source: Path) -> Any:
    """Read a source with Ansible's inventory manager."""
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader

    return InventoryManager(loader=DataLoader(), sources=[str(source)])


def _graph(inventory: Any) -> dict[str, Any]:
    """Return hosts with their variables, and groups with their hosts and children."""
    hosts = {name: host.vars for name, host in inventory.hosts.items()}
    assert hosts, "the inventory is empty"
    groups = {
        name: (
            sorted(host.name for host in group.hosts),
            sorted(child.name for child in group.child_groups),
        )
        for name, group in inventory.groups.items()
    }
    return {"hosts": hosts, "groups": groups}


@contextlib.contextmanager
def plain_constructable() -> Iterator[None]:
    """Replace this collection's Constructable with Ansible's."""
    from ansible.plugins.inventory import Constructable

    names = ("_compose", "_add_host_to_composed_groups", "_add_host_to_keyed_groups")
    own = {name: getattr(Constructable, name) for name in names}
    with (
        mock.patch.multiple(_plugin(), **own),
        mock.patch.object(sys.modules[HERE], "compiling_once", lambda templar: templar),
    ):
        yield


@contextlib.contextmanager
def stopwatch(profiler: cProfile.Profile | None = None) -> Iterator[dict[str, float]]:
    """Measure only the build of the graph, without the fetch."""
    took: dict[str, float] = {}
    plugin = _plugin()
    build = plugin.build

    def timed(self: Any, servers: Any) -> None:
        gc.collect()
        wall, cpu = time.perf_counter(), time.process_time()
        if profiler:
            profiler.enable()
        build(self, servers)
        if profiler:
            profiler.disable()
        took["cpu_s"] = round(time.process_time() - cpu, 3)
        took["wall_s"] = round(time.perf_counter() - wall, 3)

    with mock.patch.object(plugin, "build", timed):
        yield took


def _circumstances(servers: int) -> dict[str, Any]:
    from ansible.release import __version__

    return {
        "servers": servers,
        "ansible_core": __version__,
        "python": platform.python_version(),
        "jinja2": jinja2.__version__,
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
    }


def _print(results: dict[str, Any]) -> None:
    print(", ".join(f"{name} {value}" for name, value in results["circumstances"].items()))
    fetch = results["fetch"]
    print(f"fetch: {fetch['requests']} requests, {fetch['seconds_with_plain_hosts']} s\n")
    print(f"{'CPU seconds to build the graph':36} {'plugin':>8} {'Ansible':>8} {'ratio':>7}   goal")
    for name, work in results["workloads"].items():
        goal = f"{work['goal']:.0%}" if work["goal"] else "none"
        print(
            f"{name:36} {work['plugin']['cpu_s']:8.2f} {work['constructable']['cpu_s']:8.2f}"
            f" {work['ratio']:7.1%} {goal:>6}"
            f"   {'same graph' if work['same_graph'] else 'ANOTHER GRAPH'}, {work['groups']} groups"
        )


def _find_collections(scratch: Path) -> None:
    """Make Ansible load the collection of this file from any folder."""
    from ansible.plugins.loader import init_plugin_loader

    place = scratch / "ansible_collections" / "vpsfleet"
    place.mkdir(parents=True)
    (place / "panels").symlink_to(Path(__file__).resolve().parents[2])
    init_plugin_loader([str(scratch)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.inventory")
    parser.add_argument("--servers", type=int, default=10000)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument(
        "--profile",
        type=int,
        nargs="?",
        const=15,
        default=0,
        metavar="LINES",
        help="run each once more with cProfile, and print the slowest functions",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
