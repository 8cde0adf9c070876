# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the calls that restore earlier values of a VirtFusion server.

No read shows the earlier package of a server (virtfusion 2.6). So a package with the same values is
searched. Memory, cores, traffic and the backup plan can be set without a package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...module_utils._core.changes import Change, FieldOutcome
from ...module_utils._core.converge import View
from ...module_utils._core.fields import NOT_SHOWN
from ...module_utils._virtfusion.resources.package import ASPECTS, SERVER_ASPECTS
from ...module_utils._virtfusion.resources.server import RANGES
from .._fleet.converging import RestorePlan

#: The aspects that the panel can set without a package. All others need a package (virtfusion 1.9, 10).
SINGLE = ("memory", "cpu", "primary_network_traffic", "backup_plan")


@dataclass(frozen=True, kw_only=True)
class PackageRestorePlan(RestorePlan):
    """The values to restore, and the requests that set them.

    :param package: the package that sets some of the values, ``None`` if none is needed.
    :param by_package: the aspects that the package sets. The others are set one by one.
    """

    package: View | None = None
    by_package: frozenset[str] = frozenset()


def find_restore_plan(
    desired: Mapping[str, Any],
    server: View,
    before: View,
    packages: Sequence[View],
    *,
    allow_disabled: bool,
) -> PackageRestorePlan:
    """Choose how to restore values of a server.

    A package with all values needs one write. Otherwise a package sets the values that need one, and
    the others are set one by one.

    :param desired: the values, by aspect.
    :param server: the server as it is now.
    :param before: the server before the change, if known. It decides between several suitable packages.
    :param allow_disabled: whether a disabled package may be used.
    """
    usable = [package for package in packages if package["enabled"] or allow_disabled]
    reachable = {
        name: value
        for name, value in desired.items()
        if SERVER_ASPECTS[name].obstacle(server.get(name), value) is None
    }
    package = _best(usable, reachable, before)
    given = _given_by(package, reachable) if package else frozenset()
    possible = {
        name: value
        for name, value in reachable.items()
        if name in given or _can_be_set_singly(name, value)
    }
    impossible = tuple(
        Change(
            SERVER_ASPECTS[name],
            server.get(name),
            value,
            server.get(name),
            FieldOutcome.REFUSED,
            _why_not(name, value, packages) if name in reachable else SERVER_ASPECTS[name].why_not,
        )
        for name, value in desired.items()
        if name not in possible
    )
    return PackageRestorePlan(
        values=possible, package=package, by_package=given, impossible=impossible
    )


def _best(packages: Sequence[View], desired: View, before: View) -> View | None:
    """Return the package to use, ``None`` if single writes restore as many values."""
    needing = {name for name, value in desired.items() if not _can_be_set_singly(name, value)}

    def rank(package: View) -> tuple[bool, int, int, int, int]:
        given = _given_by(package, desired)
        return (
            len(given) == len(desired),
            len(given & needing),
            len(given),
            len(_given_by(package, before)),
            -int(package["id"]),
        )

    best = max(packages, key=rank, default=None)
    if best is None:
        return None
    given = _given_by(best, desired)
    return best if given and (len(given) == len(desired) or given & needing) else None


def _given_by(package: View, values: View) -> frozenset[str]:
    """Return the aspects in which a package has exactly these values."""
    return frozenset(
        aspect.name
        for aspect in ASPECTS
        if aspect.name in values and package.get(aspect.name, NOT_SHOWN) == values[aspect.name]
    )


def _can_be_set_singly(name: str, value: Any) -> bool:
    if name not in SINGLE:
        return False
    lowest, highest = RANGES[name]
    return lowest <= (value or 0) and (highest is None or (value or 0) <= highest)


def _why_not(name: str, value: Any, packages: Sequence[View]) -> str:
    """Return why no request sets this value."""
    giving = [package for package in packages if name in _given_by(package, {name: value})]
    usable = [package for package in giving if package["enabled"]]
    if usable:
        return "no package has the earlier value together with the others"
    if giving:
        return f"only the package {giving[0]['name']} has the earlier value, and it is disabled (see allow_disabled)"
    return "only a package can set it, and no package has the earlier value"
