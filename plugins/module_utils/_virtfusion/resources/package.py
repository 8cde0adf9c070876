# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A VirtFusion package."""

from __future__ import annotations

from typing import Any

from ..._core.argspec import ArgumentSpec
from ..._core.fields import Field, Schema, boolean, integer, text
from ..._core.runner import Query
from ..._core.select import exactly_one, named, positive
from ..client import VirtFusion
from .aspects import PACKAGE_ASPECTS

#: Old panels do not send ``enabled``; all of their packages are enabled.
PACKAGE = Schema(
    Field("id", "id", integer, required=True),
    Field("name", "name", text, required=True),
    Field("description", "description", text),
    Field("enabled", "enabled", boolean, absent=True),
    *PACKAGE_ASPECTS.values(),
    Field("primary_disk_type", "primaryDiskType", text),
    Field("primary_storage_profile", "primaryStorageProfile", integer),
    Field("primary_network_profile", "primaryNetworkProfile", integer),
    Field("created", "created", text),
)


def find_package(client: VirtFusion, package_id: int | None, name: str | None) -> dict[str, Any]:
    """Return the one package with that ID, or else with that name, projected."""
    if package_id is not None:
        return PACKAGE.project(client.package(positive("package_id", package_id)))
    desired = named("package_name", name)
    rows = [PACKAGE.project(raw) for raw in client.packages()]
    return dict(exactly_one(rows, desired, what="package", option="package_id"))


#: The options of virtfusion_package_info.
PACKAGE_INFO_OPTIONS = ArgumentSpec(
    {
        "package_id": {"type": "int"},
        "package_name": {"type": "str"},
        "enabled": {"type": "bool"},
    },
    mutually_exclusive=[("package_id", "package_name")],
)


class PackageInfo(Query[VirtFusion]):
    """One package, or all of them."""

    def read(self) -> dict[str, Any]:
        package_id, name = self._params["package_id"], self._params["package_name"]
        if package_id is not None or name is not None:
            packages = [find_package(self._client, package_id, name)]
        else:
            packages = [PACKAGE.project(raw) for raw in self._client.packages()]
        enabled = self._params["enabled"]
        return {
            "packages": [package for package in packages if enabled in (None, package["enabled"])]
        }
