# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the restore plan of a server: one package change if possible, single writes otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.package import (
    PACKAGE,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_view import (
    SERVER,
)
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._virtfusion.restore_plan import (
    PackageRestorePlan,
    find_restore_plan,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import package, server

NOW = SERVER.project(server(memory=8192, cpu=8, primary_network_inbound_speed=500))


def plan_for(
    desired: dict[str, Any], *packages: dict[str, Any], allow_disabled: bool = False
) -> PackageRestorePlan:
    """Return the restore plan of a server that had 2 cores, 2048 MB and no speed limit."""
    offered = [PACKAGE.project(raw) for raw in packages]
    before = {**NOW, **desired}
    return find_restore_plan(desired, NOW, before, offered, allow_disabled=allow_disabled)


def parts(found: PackageRestorePlan) -> tuple[Any, set[str], set[str], set[str]]:
    """Return the package ID, its fields, the fields of single writes and the impossible fields."""
    chosen = found.package["id"] if found.package else None
    single = set(found.values) - found.by_package
    return chosen, set(found.by_package), single, {change.field.name for change in found.impossible}


def test_a_package_with_all_values_needs_one_write():
    desired = {"memory": 2048, "primary_network_inbound_speed": 0}
    assert parts(plan_for(desired, package(id=1, memory=1), package(id=2))) == (
        2,
        set(desired),
        set(),
        set(),
    )


def test_the_closest_of_several_packages_is_used():
    packages = (package(id=1, traffic=5), package(id=2), package(id=3))
    assert parts(plan_for({"memory": 2048}, *packages))[0] == 2


def test_single_writes_replace_an_incomplete_package():
    desired = {"memory": 2048, "cpu": 3, "backup_plan": None, "primary_network_traffic": 0}
    assert parts(plan_for(desired, package(id=2))) == (None, set(), set(desired), set())


def test_a_package_and_single_writes_are_combined():
    desired = {"memory": 3000, "cpu": 2, "primary_network_inbound_speed": 0}
    packages = (package(id=1, cpu=7), package(id=2), package(id=3, primary_network_inbound_speed=9))
    by_package = {"cpu", "primary_network_inbound_speed"}
    assert parts(plan_for(desired, *packages)) == (2, by_package, {"memory"}, set())


def test_a_package_only_value_without_a_package_is_impossible():
    found = plan_for({"memory": 2048, "primary_network_outbound_speed": 7}, package(id=2))
    assert parts(found) == (None, set(), {"memory"}, {"primary_network_outbound_speed"})
    assert (
        found.impossible[0].message
        == "only a package can set it, and no package has the earlier value"
    )
    assert (found.impossible[0].before, found.impossible[0].after) == (0, 0)


def test_values_of_two_packages_cannot_be_combined():
    desired = {"primary_network_inbound_speed": 1, "primary_network_outbound_speed": 2}
    packages = (
        package(id=1, primary_network_inbound_speed=1),
        package(id=2, primary_network_outbound_speed=2),
    )
    found = plan_for(desired, *packages)
    assert parts(found)[0] == 1
    assert (
        found.impossible[0].message == "no package has the earlier value together with the others"
    )


@pytest.mark.parametrize(("allowed", "chosen"), [(False, None), (True, 2)])
def test_a_disabled_package_is_used_only_if_allowed(allowed, chosen):
    desired = {"primary_network_inbound_speed": 0}
    found = plan_for(desired, package(id=2, enabled=False), allow_disabled=allowed)
    assert parts(found)[0] == chosen
    if not allowed:
        assert "only the package Cloud 4 has the earlier value, and it is disabled" in str(
            found.impossible[0].message
        )


def test_a_package_never_shrinks_a_disk():
    found = plan_for({"primary_disk_size": 20}, package(id=2, primary_disk_size=20))
    assert parts(found) == (None, set(), set(), {"primary_disk_size"})
    assert found.impossible[0].message == "VirtFusion never makes a disk smaller"


def test_memory_below_the_minimum_needs_a_package():
    # A package can have less memory than a single write accepts (virtfusion 1.4).
    assert parts(plan_for({"memory": 128})) == (None, set(), set(), {"memory"})
    assert parts(plan_for({"memory": 128}, package(id=2, memory=128)))[0] == 2
