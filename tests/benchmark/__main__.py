# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run all benchmarks: `python -m tests.benchmark`, see README.md."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .ci_servers import CiBench
from .figures import Figure, Goal
from .fleet import FleetBench
from .panel import Panel
from .playbooks import TOP, Playbooks
from .report import as_text
from .scale import LATENCIES_MS, QUICK, SLOW_MS, Scale
from .tasks import TaskBench

PARTS = ("fleet", "plan", "growth", "loops", "hosts", "single", "inventory", "ci")


def main() -> int:
    options = _options()
    scale = QUICK if options.quick else Scale()
    options.output.mkdir(parents=True, exist_ok=True)
    started, load = time.monotonic(), _load()

    def show(line: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {line}", flush=True)

    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, Panel(servers=1) as panel:
        figures = _measure(panel, Playbooks(Path(scratch)), scale, options.only, show)
    results = {
        "circumstances": {**_machine(), "load before": load, "load after": _load()},
        "quick": options.quick,
        "took_s": round(time.monotonic() - started),
        "figures": [figure.to_plain() for figure in figures],
    }
    table = as_text(results)
    (options.output / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    (options.output / "table.txt").write_text(table, encoding="utf-8")
    print(f"\n{table}\nwritten to {options.output}")
    return 0


def _measure(
    panel: Panel, playbooks: Playbooks, scale: Scale, parts: list[str], show: Callable[[str], None]
) -> list[Figure]:
    fleet = FleetBench(panel, playbooks, scale, show)
    tasks = TaskBench(panel, playbooks, scale, show)
    figures: list[Figure] = []
    for latency_ms in LATENCIES_MS:
        if "fleet" in parts or "loops" in parts:
            figures += fleet.change(latency_ms)
        if "loops" in parts:
            figures += tasks.loops(latency_ms, fleet.seconds_per_server(latency_ms))
        if "hosts" in parts:
            figures += tasks.hosts(latency_ms)
        if "single" in parts:
            figures += tasks.single(latency_ms)
    if "fleet" in parts:
        figures += fleet.change(SLOW_MS)
    if "plan" in parts:
        figures += fleet.plan()
    if "growth" in parts:
        figures += fleet.growth()
    if "inventory" in parts:
        figures += _inventory(playbooks, scale.inventory, show)
    if "ci" in parts:
        figures += CiBench(playbooks, scale, show).provision()
    return figures


def _inventory(playbooks: Playbooks, servers: int, show: Callable[[str], None]) -> list[Figure]:
    """Measure the inventory's graph against Constructable, see `inventory.py`."""
    show(f"inventory of {servers} servers, by the plugin and by Constructable")
    found = playbooks.file("inventory.json")
    module = "tests.benchmark.inventory"
    command = [sys.executable, "-m", module, f"--servers={servers}", f"--output={found}"]
    playbooks.run(command, folder=TOP)
    works: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))["workloads"]
    return [
        Figure(
            f"inventory / Constructable: {name}",
            f"{servers} hosts, processor time",
            [work["ratio"]],
            goal=Goal(work["goal"]) if work["goal"] else None,
        )
        for name, work in works.items()
    ]


def _machine() -> dict[str, Any]:
    return {
        "machine": f"{platform.machine()} with {os.cpu_count()} processors",
        "Python": platform.python_version(),
        **{name: version(name) for name in ("ansible-core", "requests", "aiohttp")},
    }


def _load() -> str:
    """Return the load average of the last minute. Other programs distort the figures."""
    return f"{os.getloadavg()[0]:.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small fleets and few runs")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
