# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One successful call for each published operation, on a seeded panel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SERVER = 12
"""A server with overrides, IPv4, a secondary interface and an owner with an external ID."""

UNBUILT = 8
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFakeKeyForTheSimulatorOnlyAAAAAAAAAAAAAAAAA"

Values = dict[str, Any]


@dataclass(frozen=True)
class PublishedCall:
    """Values for path, query and body, and calls to send before."""

    path: Values = field(default_factory=dict)
    query: Values = field(default_factory=dict)
    body: Any = None
    before: tuple[tuple[str, str, Any], ...] = ()


def _server(
    body: Any = None, before: tuple[tuple[str, str, Any], ...] = (), **more: Any
) -> PublishedCall:
    return PublishedCall({"serverId": SERVER, **more}, body=body, before=before)


def _user(
    body: Any = None, before: tuple[tuple[str, str, Any], ...] = (), **more: Any
) -> PublishedCall:
    return PublishedCall({"extRelationId": 1001, **more}, body=body, before=before)


_FIREWALL: dict[str, Any] = {"interface": "primary"}
_ADDRESSES = {"interface": "primary", "ip": ["10.20.200.1", "10.20.200.2"]}
_ALLOWED = {"interface": "primary", "ip": "10.0.0.10", "cidr": 32}
_BLOCK = {"month": 12, "amount": 100}
_SERVER_PATH = f"/servers/{SERVER}"

CALLS: dict[str, PublishedCall] = {
    "GET /connect": PublishedCall(),
    "GET /compute/hypervisors/groups": PublishedCall(),
    "GET /compute/hypervisors/groups/{hypervisorGroupId}": PublishedCall({"hypervisorGroupId": 1}),
    "GET /compute/hypervisors/groups/{hypervisorGroupId}/resources": PublishedCall(
        {"hypervisorGroupId": 1}
    ),
    "GET /compute/hypervisors": PublishedCall(query={"results": 2}),
    "GET /compute/hypervisors/{hypervisorId}": PublishedCall({"hypervisorId": 1}),
    "POST /servers/{serverId}/firewall/{interface}/disable": _server(**_FIREWALL),
    "POST /servers/{serverId}/firewall/{interface}/enable": _server(**_FIREWALL),
    "GET /servers/{serverId}/firewall/{interface}": _server(**_FIREWALL),
    "POST /servers/{serverId}/firewall/{interface}/rules": _server(
        {"rulesets": [1, 2]}, **_FIREWALL
    ),
    "POST /servers/{serverId}/traffic/blocks": _server(_BLOCK),
    "GET /servers/{serverId}/traffic/blocks": _server(
        before=(("POST", f"{_SERVER_PATH}/traffic/blocks", _BLOCK),)
    ),
    "DELETE /servers/{serverId}/traffic/blocks/{blockId}": _server(
        before=(("POST", f"{_SERVER_PATH}/traffic/blocks", _BLOCK),), blockId=1
    ),
    "PUT /servers/{serverId}/modify/traffic": _server({"traffic": 1000}),
    "POST /servers/{serverId}/networkWhitelist": _server(_ALLOWED),
    "DELETE /servers/{serverId}/networkWhitelist": _server(
        {"interface": "primary", "ip": "10.0.0.10"},
        before=(("POST", f"{_SERVER_PATH}/networkWhitelist", _ALLOWED),),
    ),
    "POST /servers/{serverId}/ipv4Qty": _server({"interface": "primary", "quantity": 2}),
    "POST /servers/{serverId}/ipv4": _server(_ADDRESSES),
    "DELETE /servers/{serverId}/ipv4": _server(
        _ADDRESSES, before=(("POST", f"{_SERVER_PATH}/ipv4", _ADDRESSES),)
    ),
    "POST /servers/{serverId}/power/boot": _server(),
    "POST /servers/{serverId}/power/shutdown": _server(),
    "POST /servers/{serverId}/power/restart": _server(),
    "POST /servers/{serverId}/power/poweroff": _server(),
    "PUT /servers/{serverId}/backupManager/access": _server({"type": "full"}),
    "GET /servers/{serverId}": _server(),
    "DELETE /servers/{serverId}": PublishedCall({"serverId": SERVER}, {"delay": 0}),
    "PUT /servers/{serverId}/backups/plan/{planId}": _server(planId=1),
    "POST /servers/{serverId}/build": PublishedCall(
        {"serverId": UNBUILT},
        body={"operatingSystemId": 49, "name": "new", "hostname": "new.example.com", "swap": 512},
    ),
    "PUT /servers/{serverId}/package/{packageId}": _server({"cpu": True}, packageId=2),
    "POST /servers": PublishedCall(
        body={
            "packageId": 1,
            "userId": 2,
            "hypervisorId": 1,
            "ipv4": 1,
            "networkSpeedInbound": 200,
            "firewallRulesets": [1, 2],
            "additionalStorage1Enable": True,
            "additionalStorage1Capacity": 10,
        }
    ),
    "GET /servers": PublishedCall(),
    "PUT /servers/{serverId}/modify/name": _server({"name": "Server 1"}),
    "POST /servers/{serverId}/resetPassword": _server({"user": "root", "sendMail": False}),
    "GET /servers/user/{userId}": PublishedCall({"userId": 2}),
    "GET /servers/{serverId}/templates": _server(),
    "POST /servers/{serverId}/suspend": _server(),
    "PUT /servers/{serverId}/modify/cpuThrottle": _server({"percent": 50}),
    "GET /servers/{serverId}/traffic": _server(),
    "POST /servers/{serverId}/unsuspend": _server(
        before=(("POST", f"{_SERVER_PATH}/suspend", None),)
    ),
    "POST /servers/{serverId}/vnc": _server({"action": "enable"}),
    "GET /servers/{serverId}/vnc": _server(),
    "PUT /servers/{serverId}/owner/{newOwnerId}": _server(newOwnerId=1),
    "PUT /servers/{serverId}/modify/memory": _server({"memory": 1024}),
    "PUT /servers/{serverId}/modify/cpuCores": _server({"cores": 4}),
    "POST /servers/{serverId}/customXML": _server({"domain": "<xml/>", "domainEnabled": True}),
    "POST /connectivity/ipblocks/{blockId}/ipv4": PublishedCall(
        {"blockId": 3}, body={"type": "range", "start": "10.40.0.7", "end": "10.40.0.9"}
    ),
    "GET /connectivity/ipblocks": PublishedCall(),
    "GET /connectivity/ipblocks/{blockId}": PublishedCall({"blockId": 1}),
    "GET /backups/server/{serverId}": _server(
        before=(("PUT", f"{_SERVER_PATH}/backups/plan/1", None),)
    ),
    "GET /dns/services/{serviceId}": PublishedCall({"serviceId": 1}),
    "GET /media/iso/{isoId}": PublishedCall({"isoId": 1}),
    "GET /media/templates/fromServerPackageSpec/{serverPackageId}": PublishedCall(
        {"serverPackageId": 1}
    ),
    "GET /packages": PublishedCall(),
    "GET /packages/{packageId}": PublishedCall({"packageId": 5}),
    "GET /queue/{queueId}": PublishedCall(
        {"queueId": 1},
        before=(
            ("POST", f"/servers/{UNBUILT}/build", {"operatingSystemId": 49}),
            ("GET", "/queue/1", None),
        ),
    ),
    "POST /ssh_keys": PublishedCall(body={"userId": 2, "name": "Key", "publicKey": KEY}),
    "DELETE /ssh_keys/{keyId}": PublishedCall({"keyId": 1}),
    "GET /ssh_keys/{keyId}": PublishedCall({"keyId": 1}),
    "GET /ssh_keys/user/{userId}": PublishedCall({"userId": 1}),
    "DELETE /users/{extRelationId}/byExtRelation": PublishedCall(
        {"extRelationId": 77},
        before=(("POST", "/users", {"name": "A", "email": "a@example.com", "extRelationId": 77}),),
    ),
    "PUT /users/{extRelationId}/byExtRelation": _user({"name": "Jon Doe", "selfService": 3}),
    "GET /users/{extRelationId}/byExtRelation": _user(),
    "POST /users/{extRelationId}/authenticationTokens": _user(),
    "POST /users/{extRelationId}/serverAuthenticationTokens/{serverId}": _user(serverId=SERVER),
    "POST /users/{extRelationId}/byExtRelation/resetPassword": _user(),
    "POST /users": PublishedCall(
        body={"name": "Jon Doe", "email": "jon@example.com", "extRelationId": 5, "selfService": 1}
    ),
    "POST /selfService/credit/byUserExtRelationId/{extRelationId}": _user(
        {"tokens": 100, "reference_1": 400, "reference_2": "text"}
    ),
    "POST /selfService/hourlyGroupProfile/byUserExtRelationId/{extRelationId}": _user(
        {"profileId": 1}
    ),
    "POST /selfService/resourceGroupProfile/byUserExtRelationId/{extRelationId}": _user(
        {"profileId": 1}
    ),
    "POST /selfService/resourcePack/byUserExtRelationId/{extRelationId}": _user(
        {"packId": 1, "enabled": True}
    ),
    "GET /selfService/hourlyStats/byUserExtRelationId/{extRelationId}": PublishedCall(
        {"extRelationId": 1002}
    ),
    "PUT /selfService/access/byUserExtRelationId/{extRelationId}": _user({"syncToProfiles": True}),
    "DELETE /selfService/hourlyGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}": _user(
        before=(
            ("POST", "/selfService/hourlyGroupProfile/byUserExtRelationId/1001", {"profileId": 1}),
        ),
        profileId=1,
    ),
    "DELETE /selfService/resourceGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}": _user(
        before=(
            (
                "POST",
                "/selfService/resourceGroupProfile/byUserExtRelationId/1001",
                {"profileId": 1},
            ),
        ),
        profileId=1,
    ),
    "GET /selfService/report/byUserExtRelationId/{extRelationId}": PublishedCall(
        {"extRelationId": 1002}
    ),
    "PUT /selfService/hourlyResourcePack/byUserExtRelationId/{extRelationId}": _user({"packId": 1}),
    "GET /selfService/usage/byUserExtRelationId/{extRelationId}": PublishedCall(
        {"extRelationId": 1002}
    ),
    "DELETE /selfService/credit/{creditId}": PublishedCall(
        {"creditId": 1},
        before=(("POST", "/selfService/credit/byUserExtRelationId/1001", {"tokens": 1}),),
    ),
    "DELETE /selfService/resourcePackServers/{packId}": PublishedCall({"packId": 1}),
    "DELETE /selfService/resourcePack/{packId}": PublishedCall({"packId": 1}),
    "GET /selfService/resourcePack/{packId}": PublishedCall({"packId": 1}),
    "PUT /selfService/resourcePack/{packId}": PublishedCall({"packId": 1}, body={"enabled": False}),
    "GET /selfService/currencies": PublishedCall(),
    "POST /selfService/resourcePackServers/{packId}/suspend": PublishedCall({"packId": 1}),
    "POST /selfService/resourcePackServers/{packId}/unsuspend": PublishedCall({"packId": 1}),
}
