# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages: read only, not paged."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import Call, data, new_routes
from .records import Package
from .times import zulu

routes = new_routes()


@routes.add("GET", "/packages")
def list_packages(call: Call) -> Reply:
    """Return all packages, including disabled ones."""
    return data([_view(package) for package in call.state.packages.values()])


@routes.add("GET", "/packages/{packageId}")
def read_package(call: Call) -> Reply:
    """Return one package."""
    return data(_view(call.package()))


def _view(package: Package) -> dict[str, Any]:
    shown: dict[str, Any] = {**package, "created": zulu(package["created"])}
    del shown["serverLimit"]
    return shown
