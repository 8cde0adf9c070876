# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud phones: list and detail (huaweicloud_cph 3.1)."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import Call, new_routes
from .records import Phone
from .refusals import CpsError

routes = new_routes()

CPH = "/v1/{project_id}/cloud-phone"
MOST_PHONES = 200
DETAIL_ONLY = ("custom_property", "phone_data_volume")
"""OBSERVED in the SDK's model of the detail; that of a row has neither (huaweicloud_cph 3.1)."""


@routes.add("GET", f"{CPH}/phones")
def list_phones(call: Call) -> Reply:
    """Return the phones that pass all filters."""
    query, status, kind = call.query, call.optional_number("status"), call.optional_number("type")
    name, wanted = query.get("phone_name", "").lower(), query.get("server_id", "")
    servers = call.servers() if wanted == "" else [call.find_server(wanted)]
    shown = [
        phone
        for server in servers
        if server is not None
        for phone in call.state.phones_of(server["server_id"])
        if name in phone["phone_name"].lower()
        and status in (None, phone["status"])
        and kind in (None, 0)
    ]
    page = [_view(call, phone) for phone in call.offset_page(shown, most=MOST_PHONES)]
    if call.switches.is_set("list_count", "absent"):
        return Reply(200, {"phones": page})
    return Reply(200, {"count": len(shown), "phones": page})


@routes.add("GET", f"{CPH}/phones/{{phone_id}}")
def show_phone(call: Call) -> Reply:
    """Return one phone, flat beside the request id."""
    phone = call.state.phones.get(call.path["phone_id"])
    if phone is None or call.find_server(phone["server_id"]) is None:
        raise CpsError("CPS.0005")
    properties = '{"com.cph.mainkeys":0,"ro.hardware":"sim","persist.radio.imsi":"001010000000000"}'
    return Reply(
        200,
        {
            **_view(call, phone),
            "property": properties,
            "custom_property": phone["custom_property"],
            "access_infos": [
                {
                    "type": "ADB",
                    "device_ip": "192.0.2.10",
                    "phone_ip": "10.237.0.62",
                    "listen_port": 5555,
                    "access_ip": "198.51.100.10",
                    "access_port": 15555,
                    "public_ip": "198.51.100.10",
                    "intranet_ip": "10.237.0.61",
                    "server_ip": "10.237.0.61",
                }
            ],
            "phone_data_volume": phone["phone_data_volume"],
        },
    )


def _view(call: Call, phone: Phone) -> dict[str, Any]:
    """Return the common part of a phone. `vnc_enable` is a boolean as text (huaweicloud_cph 3.1)."""
    server = call.state.servers[phone["server_id"]]
    metadata = {key: server["metadata"][key] for key in ("order_id", "product_id")}
    shown = {name: value for name, value in phone.items() if name not in DETAIL_ONLY}
    return {
        **shown,
        "vnc_enable": "true",
        "type": 0,
        "traffic_type": "direct",
        # The mode of a phone with its own volume is INFERRED.
        "volume_mode": int(phone["phone_data_volume"] is not None),
        "availability_zone": server["availability_zone"],
        "metadata": metadata,
        "has_encrypt": False,
    }
