# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Phones, server flavors and jobs as Huawei Cloud sends them, and the connection options."""

from __future__ import annotations

from typing import Any

from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    CPH,
    OLD,
    PROJECT,
    REGION,
    SERVER_ID,
    TOKEN,
    get,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step

JOBS = f"{CPH}/cloud-phone/jobs"
OFFERINGS = f"{CPH}/server-model-offerings"
PHONE_ID = "f0000000000000000000000000000001"
REQUEST_ID = "a0000000000000000000000000000001"
JOB_ID = "b0000000000000000000000000000001"
IMEI = "001234567890123"

#: Options that every module run needs.
CONNECTION = {"region": REGION, "project_id": PROJECT, "auth_token": TOKEN}
#: The query of the first page.
FIRST = {"offset": 0, "limit": 100}


def listed(url: str, *rows: dict[str, Any], **filters: Any) -> Step:
    """Expect a read of a list that fits on one page, with filters."""
    key = url.rpartition("/")[2].replace("-", "_")
    return get(url, {key: list(rows), "count": len(rows)}, {**filters, **FIRST})


def named(name: str, number: int = 7, **changes: Any) -> dict[str, Any]:
    """Return a server with a name, as the list shows it."""
    return server(f"5e{number:030}", server_name=name, **changes)


def phone(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a running phone as the list shows it."""
    return {
        "phone_id": f"f{number:031}",
        "phone_name": f"phones-07-{number:05}",
        "server_id": SERVER_ID,
        "phone_model_name": OLD[1],
        "status": 2,
        "type": 0,
        "imei": IMEI,
        "vnc_enable": "true",
        "has_encrypt": False,
        "volume_mode": 0,
        "metadata": {"order_id": "CS0000", "product_id": "p-1"},
        **changes,
    }


def server_model(name: str, **changes: Any) -> dict[str, Any]:
    """Return a server flavor for cloud phones."""
    return {
        "server_model_name": name,
        "server_type": "Hi1616",
        "cpu": 64,
        "memory": 256,
        "extend_spec": {"gpu_count": 2},
        "disk_max_num": 0,
        "product_type": 0,
        "free_size": 20,
        **changes,
    }


def job(number: int = 1, status: int = 2, **changes: Any) -> dict[str, Any]:
    """Return a job of a server that succeeded."""
    return {
        "job_id": f"b{number:031}",
        "server_id": SERVER_ID,
        "begin_time": "2026-01-15T15:00:26Z",
        "end_time": "2026-01-15T15:01:49Z" if status != 1 else None,
        "status": status,
        "error_code": None,
        "error_msg": None,
        "execute_msg": "",
        **changes,
    }


def jobs_of(request_id: str, *rows: dict[str, Any]) -> Step:
    """Expect a read of a request's jobs."""
    return get(JOBS, {"jobs": list(rows)}, {"request_ids": request_id, **FIRST})
