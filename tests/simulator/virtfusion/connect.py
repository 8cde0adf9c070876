# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection test, and reads of what no operation lists: DNS services, ISOs."""

from __future__ import annotations

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes
from .secrets import encrypted

routes = new_routes()

DNS_SERVICE, ISO = "1", "1"
"""The only ID that exists, of a DNS service and of an ISO."""


@routes.add("GET", "/connect")
def connect(call: Call) -> Reply:
    """Return a bare empty list, which proves that the token is valid (DOCUMENTED)."""
    return Reply(200, [])


@routes.add("GET", "/dns/services/{serviceId}")
def read_dns_service(call: Call) -> Reply:
    """Return a DNS provider account. `config` is a real object here, unlike most empty maps (virtfusion 1.4)."""
    if call.path["serviceId"] != DNS_SERVICE:
        raise refusals.not_found("dns service")
    return data(
        {
            "id": 1,
            "type": 1,
            "name": "Example DNS",
            "username": "456754",
            "url": "https://api.dns.example.com",
            "ip": None,
            "port": 443,
            "password": encrypted("dns", 228),
            "config": {},
            "subAccount": False,
            "capabilities": 1,
            "enabled": True,
            "created": "2024-02-11T11:55:49+00:00",
            "updated": "2024-02-14T22:45:43+00:00",
        }
    )


@routes.add("GET", "/media/iso/{isoId}")
def read_iso(call: Call) -> Reply:
    """Return an ISO image. `config` is JSON inside a string (DOCUMENTED, virtfusion 1.4)."""
    if call.path["isoId"] != ISO:
        raise refusals.not_found("iso")
    return data(
        {
            "id": 1,
            "name": "Rescue",
            "description": None,
            "arch": 1,
            "url": "https://mirror.example.com/rescue.iso",
            "filename": "rescue",
            "enabled": True,
            "config": "[]",
            "global": True,
            "download": True,
            "users": [],
            "created": "2024-03-13T09:34:54+00:00",
            "updated": "2024-04-01T20:34:05+00:00",
        }
    )
