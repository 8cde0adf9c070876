# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The flavors of servers and phones, and what is on sale (huaweicloud_cph 3.1)."""

from __future__ import annotations

import json
from typing import Any

from ..exchange import Reply
from .call import Call, new_routes
from .records import PhoneModel, ServerModel

routes = new_routes()

CPH = "/v1/{project_id}/cloud-phone"
AVAILABILITY_ZONES = ("cn-north-4a", "cn-north-4b")
MOST_OFFERINGS = 1000


@routes.add("GET", f"{CPH}/server-models")
def list_server_models(call: Call) -> Reply:
    """Return the server flavors, paged by marker. Older services have no pages."""
    wanted = call.optional_number("product_type")
    rows = [row for row in _listed(call) if wanted in (None, row["product_type"])]
    if call.switches.is_set("server_models_paging", "none"):
        return Reply(200, {"server_models": [_server_model(row) for row in rows]})
    page, info = call.marker_page(rows, lambda row: row["server_model_name"], most=100)
    return Reply(200, {"server_models": [_server_model(row) for row in page], "page_info": info})


@routes.add("GET", f"{CPH}/phone-models")
def list_phone_models(call: Call) -> Reply:
    """Return the phone flavors with their server flavors, paged by offset and without a count."""
    status = call.number("status", -1, low=0, high=1)
    private = call.switches.is_set("private_flavors", "listed")
    rows = [
        row
        for row in call.state.phone_models.values()
        if (row["listed"] or private) and status in (-1, row["status"])
    ]
    return Reply(200, {"phone_models": [_phone_model(row) for row in call.offset_page(rows)]})


@routes.add("GET", "/v1/{project_id}/server-model-offerings")
def list_offerings(call: Call) -> Reply:
    """Return the server flavors on sale by zone. The call is newer than the others and has its own path."""
    rows = [
        {
            "available_zone": zone,
            "model_name": row["server_model_name"],
            "sell_status": "available" if row["free_size"] else "sellout",
        }
        for row in _listed(call)
        for zone in AVAILABILITY_ZONES
    ]
    page, info = call.marker_page(
        rows, lambda row: f"{row['model_name']}@{row['available_zone']}", most=MOST_OFFERINGS
    )
    return Reply(200, {"models": page, "count": len(rows), "page_info": info})


def _listed(call: Call) -> list[ServerModel]:
    private = call.switches.is_set("private_flavors", "listed")
    return [row for row in call.state.server_models.values() if row["listed"] or private]


def _server_model(row: ServerModel) -> dict[str, Any]:
    """Return a row of the list. `extend_spec` is an object here."""
    return {
        "server_model_name": row["server_model_name"],
        "server_type": row["server_type"],
        "cpu": row["cpu"],
        "memory": row["memory"],
        "extend_spec": {
            "cpu": f"2 * {row['server_type']} ({row['cpu'] // 2} cores)",
            "memory": f"{row['memory']} GB DDR4",
            "disk": row["disk"],
            "network_interface": "2 * 2 * 10GE",
            "gpu": "2 * simulated GPU",
            "bms_flavor": row["server_model_name"],
            "gpu_count": 2,
            "numa_count": 4,
            "os_volume": {"size": 220, "volume_type": "GPSSD"},
        },
        "disk_max_num": row["disk_max_num"],
        "product_type": row["product_type"],
        "free_size": row["free_size"],
    }


def _phone_model(row: PhoneModel) -> dict[str, Any]:
    """Return a row of the list. `extend_spec` is JSON in a string, and `cpu` a float as in the sample."""
    spec = {
        "cpu": f"{row['cpu']} cores",
        "memory": f"{row['memory']} MB",
        "disk": f"{row['disk']} GB",
    }
    return {
        "server_model_name": row["server_model_name"],
        "phone_model_name": row["phone_model_name"],
        "status": row["status"],
        "cpu": float(row["cpu"]),
        "memory": row["memory"],
        "disk": row["disk"],
        "resolution": "720x1280",
        "extend_spec": json.dumps(spec),
        "spec_code": f"{row['phone_model_name']}.linux",
        "phone_capacity": row["phone_capacity"],
        "image_label": "cloud_game" if row["product_type"] else "cloud_phone",
        "product_type": row["product_type"],
        "phone_model_version": 0,
        "dpi": 320,
        "fps": "30",
        "volume_mode": 0,
        "render_fps": 30,
        "stream_fps": 30,
    }
