# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hypervisors and hypervisor groups as the panel shows them."""

from __future__ import annotations

from typing import Any

from .records import Group, Hypervisor
from .secrets import encrypted
from .state import State
from .times import offset


def group_view(group: Group) -> dict[str, Any]:
    """Return a hypervisor group in its own read."""
    return {
        "id": group["id"],
        "name": group["name"],
        "label": None,
        "description": group["description"],
        "distributionType": group["distributionType"],
        "enabled": group["enabled"],
        "default": group["default"],
        "created": offset(group["created"]),
        "updated": offset(group["updated"]),
    }


def hypervisor_row(state: State, hypervisor: Hypervisor) -> dict[str, Any]:
    """Return a hypervisor in the list, which has `storage`."""
    row = hypervisor_view(state, hypervisor)
    return {**row, "storage": []}


def hypervisor_view(state: State, hypervisor: Hypervisor) -> dict[str, Any]:
    """Return a hypervisor in the single read. `commissioned` is 3 here and true in the resources (virtfusion 1.4)."""
    number = hypervisor["id"]
    group = group_view(state.groups[hypervisor["groupId"]])
    del group["label"]
    return {
        "id": number,
        "commissioned": 3,
        "ip": hypervisor["ip"],
        "ipAlt": None,
        "hostname": None,
        "port": 8892,
        "sshPort": 22,
        "name": hypervisor["name"],
        "maintenance": hypervisor["maintenance"],
        "enabled": hypervisor["enabled"],
        "nfType": 4,
        "group": group,
        "encryptedToken": encrypted(f"hypervisor:{number}", 1080),
        "maxServers": hypervisor["maxServers"],
        "maxCpu": hypervisor["maxCpu"],
        "maxMemory": hypervisor["maxMemory"],
        "created": offset(hypervisor["created"]),
        "updated": offset(hypervisor["updated"]),
        "networks": [
            {
                "id": number,
                "type": "simpleBridge",
                "bridge": "br0",
                "primary": True,
                "default": True,
                "created": offset(hypervisor["created"]),
                "updated": offset(hypervisor["created"]),
            }
        ],
    }


def resources_row(state: State, hypervisor: Hypervisor, free_ipv4: int) -> dict[str, Any]:
    """Return a row of a group's resources."""
    return {
        "hypervisor": {
            "id": hypervisor["id"],
            "name": hypervisor["name"],
            "enabled": hypervisor["enabled"],
            "prohibit": hypervisor["prohibit"],
            "accept": False,
            "commissioned": True,
        },
        "resources": {
            **hypervisor_resources(state, hypervisor),
            "network": {"total": {"ipv4": {"free": free_ipv4}}},
        },
    }


def hypervisor_resources(state: State, hypervisor: Hypervisor) -> dict[str, Any]:
    """Return the total and free resources of a hypervisor."""
    taken = state.allocated(hypervisor["id"])
    return {
        "servers": {"units": "#", **_balance(hypervisor["maxServers"], taken["servers"])},
        "memory": {"units": "MB", **_balance(hypervisor["maxMemory"], taken["memory"])},
        "cpuCores": {"units": "#", **_balance(hypervisor["maxCpu"], taken["cpuCores"])},
        "localStorage": {
            "enabled": 1,
            "name": "Local (Default mountpoint)",
            "storageType": hypervisor["storageType"],
            "units": "GB",
            **_balance(hypervisor["maxStorage"], taken["storage"]),
        },
        "otherStorage": [
            {**storage, **_balance(storage["max"], 0)} for storage in hypervisor["otherStorage"]
        ],
    }


def _balance(most: int, taken: int) -> dict[str, Any]:
    """Return one resource. Without a limit, `free` is negative and `percent` null (DOCUMENTED, virtfusion 1.4)."""
    percent = round(100 * taken / most, 1) if most else None
    if percent is not None and percent.is_integer():
        percent = int(percent)
    return {"max": most, "allocated": taken, "free": most - taken, "percent": percent}
