# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources of a VirtFusion server that can be set one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..client import VirtFusion


def size_writers(client: VirtFusion, server_id: int) -> Mapping[str, Callable[[Any], object]]:
    """Return the functions that each set one resource of a server, without a package."""
    path = {"server_id": server_id}

    def put(operation: str, key: str) -> Callable[[Any], object]:
        return lambda value: client.send(operation, path=path, body={key: value})

    return {
        "memory": put("modify_server_memory", "memory"),
        "cpu": put("modify_server_cpu_cores", "cores"),
        "primary_network_traffic": put("modify_server_traffic", "traffic"),
        "backup_plan": lambda plan: client.send(
            "change_server_backup_plan", path={**path, "plan_id": plan or 0}
        ),
    }
