# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a server gets values back: by one package where one fits, else with single writes."""

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


def way(
    desired: dict[str, Any], *packages: dict[str, Any], allow_disabled: bool = False
) -> PackageRestorePlan:
    """The way back of a server that had two cores, 2048 MB and no cap."""
    offered = [PACKAGE.project(raw) for raw in packages]
    before = {**NOW, **desired}
    return find_restore_plan(desired, NOW, before, offered, allow_disabled=allow_disabled)


def reported(found: PackageRestorePlan) -> tuple[Any, set[str], set[str], set[str]]:
    """The package, what it gives, what is set singly, and what stays."""
    chosen = found.package["id"] if found.package else None
    singly = set(found.values) - found.by_package
    return chosen, set(found.by_package), singly, {change.field.name for change in found.impossible}


def test_one_package_that_gives_all_is_one_write():
    desired = {"memory": 2048, "primary_network_inbound_speed": 0}
    assert reported(way(desired, package(id=1, memory=1), package(id=2))) == (
        2,
        set(desired),
        set(),
        set(),
    )


def test_of_several_packages_the_likeliest_counts():
    packages = (package(id=1, traffic=5), package(id=2), package(id=3))
    assert reported(way({"memory": 2048}, *packages))[0] == 2


def test_a_package_that_gives_too_little_is_not_needed_for_what_can_be_set_singly():
    desired = {"memory": 2048, "cpu": 3, "backup_plan": None, "primary_network_traffic": 0}
    assert reported(way(desired, package(id=2))) == (None, set(), set(desired), set())


def test_a_package_gives_what_only_packages_give_and_the_rest_is_set_singly():
    desired = {"memory": 3000, "cpu": 2, "primary_network_inbound_speed": 0}
    packages = (package(id=1, cpu=7), package(id=2), package(id=3, primary_network_inbound_speed=9))
    by_package = {"cpu", "primary_network_inbound_speed"}
    assert reported(way(desired, *packages)) == (2, by_package, {"memory"}, set())


def test_what_no_package_gives_stays():
    found = way({"memory": 2048, "primary_network_outbound_speed": 7}, package(id=2))
    assert reported(found) == (None, set(), {"memory"}, {"primary_network_outbound_speed"})
    assert (
        found.impossible[0].message == "the panel takes it from a package only, and none gives it"
    )
    assert (found.impossible[0].before, found.impossible[0].after) == (0, 0)


def test_what_two_packages_give_only_one_by_one_stays_in_part():
    desired = {"primary_network_inbound_speed": 1, "primary_network_outbound_speed": 2}
    packages = (
        package(id=1, primary_network_inbound_speed=1),
        package(id=2, primary_network_outbound_speed=2),
    )
    found = way(desired, *packages)
    assert reported(found)[0] == 1
    assert found.impossible[0].message == "no package gives it together with the rest"


@pytest.mark.parametrize(("allowed", "chosen"), [(False, None), (True, 2)])
def test_a_disabled_package_serves_only_where_it_may(allowed, chosen):
    desired = {"primary_network_inbound_speed": 0}
    found = way(desired, package(id=2, enabled=False), allow_disabled=allowed)
    assert reported(found)[0] == chosen
    if not allowed:
        assert "only the package Cloud 4 gives it, and it is disabled" in str(
            found.impossible[0].message
        )


def test_a_disk_never_shrinks_whatever_a_package_gives():
    found = way({"primary_disk_size": 20}, package(id=2, primary_disk_size=20))
    assert reported(found) == (None, set(), set(), {"primary_disk_size"})
    assert found.impossible[0].message == "VirtFusion never makes a disk smaller"


def test_a_value_that_the_panel_takes_from_a_package_only():
    # A package may give less memory than can be set (virtfusion 1.4).
    assert reported(way({"memory": 128})) == (None, set(), set(), {"memory"})
    assert reported(way({"memory": 128}, package(id=2, memory=128)))[0] == 2
