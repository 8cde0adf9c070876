# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that operations have modules and resources have tests, and that the page of operations is up to date."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from types import ModuleType

from ansible_collections.vpsfleet.panels.tests.unit.support.collection import (
    COLLECTION,
    PLUGINS,
    TOP,
    imports_of,
    sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.documented import modules
from ansible_collections.vpsfleet.panels.tests.unit.support.rules import refuse


def _table() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "operations_table", TOP / "ci" / "operations_table.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


TABLE = _table()


def test_each_operation_has_a_module():
    users = TABLE.users()
    assert users
    refuse(
        (name for name in users if not users[name]),
        "Write a module that uses these operations, or correct ci/operations_table.py:",
    )


def test_an_operation_that_nobody_uses_is_found():
    assert TABLE.Reach({"no_such_operation"}).of_file(TABLE.PANEL / "client.py") == set()


def test_the_sample_of_a_failure_names_an_operation_of_its_module():
    users = TABLE.users()
    samples = {
        module.name: module.returned["failure"]["sample"]["operation"]
        for module in modules()
        if module.group == "virtfusion" and module.name != TABLE.ANY_CALL
    }
    assert any(samples.values())
    refuse(
        (
            f"{name}: {operation}"
            for name, operation in samples.items()
            if operation and f":ansplugin:`{COLLECTION}.{name}#module`" not in users[operation]
        ),
        "Correct the sample of failure in RETURN, these modules do not use its operation:",
    )


def untested(resources: Iterable[str]) -> list[str]:
    """Return the resources that no unit test imports and after which none is named."""
    tests = sources(TOP / "tests/unit/plugins/module_utils")
    imported = frozenset().union(*(imports_of(path) for path in tests))
    names = {path.stem for path in tests}
    return [
        dotted
        for dotted in sorted(resources)
        if dotted not in imported
        and not any(name.startswith(f"test_{dotted.rpartition('.')[2]}") for name in names)
    ]


def test_each_resource_of_a_module_has_a_unit_test():
    resources = {
        dotted
        for path in sources(PLUGINS / "modules")
        for dotted in imports_of(path)
        if ".resources." in dotted
    }
    assert resources
    refuse(
        untested(resources),
        "Test these resources in tests/unit/plugins/module_utils/<panel>/resources:",
    )


def test_a_resource_without_a_unit_test_is_found():
    assert untested(["plugins.module_utils._planted.resources.planted"])


def test_the_page_of_the_docs_is_up_to_date():
    page = TABLE.page()
    current = TABLE.PAGE.read_text(encoding="utf-8").splitlines()
    lines = (line.strip() for line in page.splitlines() if line not in current)
    refuse(lines, "Run make format, the page of VirtFusion's operations lacks:")
    assert TABLE.PAGE.read_text(encoding="utf-8") == page, (
        "Run make format, the page of VirtFusion's operations has stale lines."
    )
