# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packages of plugin_utils run on the controller only; among them, too, imports go down."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    PLUGINS,
    UTILS,
    imports_of,
    name_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import differences, refuse

CONTROLLER = PLUGINS / "plugin_utils"
LOWER = "plugins.module_utils."
HERE = "plugins.plugin_utils."

#: The bulk engine, from the ground up: a file imports from lower lines only.
ENGINE = [
    {
        *(
            "durable_file",
            "health_check",
            "identity",
            "progress",
            "rollback_folders",
            "selection",
            "stop",
            "wording",
        ),
    },
    {"change", "commands", "csv_text", "row_text", "run_lock", "run_store"},
    {"growth", "results", "settings", "shared_rate", "table"},
    {"earlier"},
    {"groups", "journal", "plan_file", "final_check", "terms"},
    {"approvals", "journal_loss", "report_page.markup"},
    {
        "report_page.change_lines",
        "report_page.facts",
        "report_page.growth_table",
        "report_page.timeline",
    },
    {"report_page.outcomes"},
    {"report_page.server_table"},
    {"report_page.page"},
    {"report"},
    {"decide", "rollback", "windows"},
    {"converging", "run_folder"},
    {"report_merge", "run_report"},
    {
        "fleet_result",
        "late_report",
        "run_copies",
        "run_info",
        "run_screen",
        "run_sum",
    },
    {"batch_run", "read_only_run"},
    {"engine"},
    {"folder_steps"},
    {"fleet_module"},
]

PANELS = sorted(path.parent.name for path in UTILS.glob("_*/client.py"))
PACKAGES = sorted(path.name for path in CONTROLLER.glob("_*") if (path / "__init__.py").exists())


def _files(*packages: str) -> list[Path]:
    return [path for package in packages for path in sources(CONTROLLER / package)]


def _rank(name: str) -> int:
    ranks = [rank for rank, names in enumerate(ENGINE) if name in names]
    return ranks[0] if ranks else len(ENGINE)  # the test above names such a file


def _in_engine(path: Path) -> str:
    """Return the name of a file of the engine, such as ``report_page.page``."""
    parts = path.relative_to(CONTROLLER / "_fleet").with_suffix("").parts
    return ".".join(parts)


def test_a_package_is_the_engine_or_about_one_subject():
    assert "_fleet" in PACKAGES
    refuse(
        set(PACKAGES) - {"_awx", "_ci_server", "_fleet", *PANELS},
        "Name these packages of plugin_utils after a panel in module_utils, or add them here:",
    )


def test_the_engine_has_each_file_in_its_place():
    there = {_in_engine(path) for path in _files("_fleet") if path.stem != "__init__"}
    refuse(
        differences(set().union(*ENGINE), there, "ENGINE"),
        "Give each file of plugins/plugin_utils/_fleet a place in ENGINE, after the files that it imports:",
    )


def test_imports_inside_the_engine_go_down_only():
    own = f"{HERE}_fleet."
    upwards = [
        f"{name_of(path)} imports {dotted}"
        for path in _files("_fleet")
        if path.stem != "__init__"
        for dotted in imports_of(path)
        if dotted.startswith(own) and _rank(dotted.removeprefix(own)) >= _rank(_in_engine(path))
    ]
    refuse(upwards, "Remove these imports, or give the importing file a later place in ENGINE:")


def test_a_package_imports_the_core_the_engine_and_its_own_panel():
    wrong = []
    for path in _files(*PACKAGES):
        package = path.relative_to(CONTROLLER).parts[0]
        allowed = [f"{LOWER}_core.", f"{HERE}_fleet."]
        if package == "_ci_server":
            allowed.append(f"{HERE}_ci_server.")
        elif package != "_fleet":
            allowed += [f"{LOWER}{package}.", f"{HERE}{package}."]
        if package in PANELS:
            allowed.append(f"{HERE}_ci_server.")
        wrong += [
            f"{name_of(path)} imports {dotted}"
            for dotted in imports_of(path)
            if dotted.startswith(("plugins.", "tests.", "ansible"))
            and not dotted.startswith(tuple(allowed))
        ]
    refuse(wrong, "Import only _core, the engine and the package's own panel here:")


def test_the_engine_names_no_panel():
    named = [
        f"{name_of(path)}: {word}"
        for path in _files("_fleet")
        for word in ("huawei", *(panel[1:] for panel in PANELS))
        if word in path.read_text(encoding="utf-8").lower()
    ]
    refuse(named, "Move what concerns one panel to the package of that panel:")


def test_packages_begin_empty():
    begins = [CONTROLLER / package / "__init__.py" for package in PACKAGES]
    assert [name_of(path) for path in begins if path.read_bytes()] == []


def test_only_the_health_check_and_the_ssh_client_start_processes():
    starters = [
        name_of(path)
        for path in sources(PLUGINS)
        if {"subprocess", "pty"} & {dotted.split(".")[0] for dotted in imports_of(path)}
    ]
    assert starters == [
        "plugins/plugin_utils/_ci_server/ssh_client.py",
        "plugins/plugin_utils/_fleet/health_check.py",
    ]
