# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All 85 operations of the VirtFusion Global API that the vendor publishes.

An effect describes how the panel behaves, whatever the HTTP verb: a firewall ruleset is set, a
password reset is an action. A test compares this table with the published API in both directions.
"""

from __future__ import annotations

from collections.abc import Callable

from .._core.dialect import Catalogue, Operation, acts, creates, destroys, reads, sets, tries


def _on(place: str, noun: str, shared_query: str = "") -> Callable[..., Operation]:
    """Return a function that declares an operation on one kind of object.

    :param place: the path of the object, with ``*`` for the rest of an operation's path.
    :param noun: the object in messages, after the words of the operation.
    :param shared_query: the query parameters of all its operations.
    """

    def declare(
        kind: Callable[..., Operation],
        name: str,
        request: str,
        phrase: str,
        body: str = "",
        query: str = "",
    ) -> Operation:
        method, *rest = request.split(" ")
        path = place.replace("*", "".join(rest))
        query = f"{query} {shared_query}"
        return kind(name, f"{method} {path}", f"{phrase} {noun}", query=query, body=body)

    return declare


_group = _on("/compute/hypervisors/groups/{group_id}*", "hypervisor group {group_id}")
_server = _on("/servers/{server_id}*", "server {server_id}")
_firewall = _on(
    "/servers/{server_id}/firewall/{interface}*",
    "{interface} firewall of server {server_id}",
    "sync",
)
#: ``{user}`` is an external relation id, or a relation string where relStr is true (virtfusion 6).
_user = _on("/users/{user}/*", "user {user}", "relStr")
_self_service = _on("/selfService/*/byUserExtRelationId/{user}", "user {user}", "relStr")
_pack = _on("/selfService/resourcePack*", "resource pack {pack_id}")

_PAGE = "results page"

#: The eleven flags of a package change (virtfusion 2).
PACKAGE_FLAGS = (
    "backupPlan cpu memory primaryDiskReadIOPS primaryDiskReadThroughput primaryDiskSize "
    "primaryDiskWriteIOPS primaryDiskWriteThroughput primaryNetworkInboundSpeed "
    "primaryNetworkOutboundSpeed primaryNetworkTraffic"
)

_NEW_SERVER = (
    "packageId userId hypervisorId ipv4 storage traffic memory cpuCores "
    "networkSpeedInbound networkSpeedOutbound storageProfile networkProfile "
    "firewallRulesets hypervisorAssetGroups additionalStorage1Enable "
    "additionalStorage2Enable additionalStorage1Profile additionalStorage2Profile "
    "additionalStorage1Capacity additionalStorage2Capacity"
)

_CUSTOM_XML = (
    "domain os devices features clock cpuTune domainEnabled osEnabled devicesEnabled "
    "featuresEnabled clockEnabled cpuTuneEnabled"
)

#: The keys of both a new user and a change of a user.
_USER_KEYS = (
    "name email selfService selfServiceHourlyCredit selfServiceHourlyGroupProfiles "
    "selfServiceResourceGroupProfiles selfServiceHourlyResourcePack"
)

# One operation a line, to read as a table.
# fmt: off
OPERATIONS = Catalogue(
    reads("connect", "GET /connect", "connect to the panel"),
    # Hypervisors
    reads("list_hypervisors", "GET /compute/hypervisors", "list the hypervisors", query=_PAGE),
    reads("get_hypervisor", "GET /compute/hypervisors/{hypervisor_id}", "read hypervisor {hypervisor_id}"),
    reads("list_hypervisor_groups", "GET /compute/hypervisors/groups", "list the hypervisor groups", query=_PAGE),
    _group(reads, "get_hypervisor_group", "GET", "read"),
    _group(reads, "list_hypervisor_group_resources", "GET /resources", "read the resources of", query=_PAGE),
    # Servers
    reads("list_servers", "GET /servers", "list the servers", query="type hypervisorId[] results page"),
    reads("list_user_servers", "GET /servers/user/{user_id}", "list the servers of user {user_id}"),
    creates("create_server", "POST /servers", "create a server", body=_NEW_SERVER),
    # With dryRun the request only reports whether the panel would accept it (virtfusion 1.6).
    tries("try_create_server", "POST /servers", "try to create a server", query="dryRun", body=_NEW_SERVER),
    _server(reads, "get_server", "GET", "read", query="remoteState"),
    _server(destroys, "delete_server", "DELETE", "delete", query="delay"),
    _server(
        acts, "build_server", "POST /build", "build", "operatingSystemId name hostname sshKeys vnc ipv6 email swap",
    ),
    sets(
        "change_server_package",
        "PUT /servers/{server_id}/package/{package_id}",
        "change server {server_id} to package {package_id}",
        body=PACKAGE_FLAGS,
    ),
    _server(reads, "list_server_templates", "GET /templates", "list the templates for"),
    _server(sets, "suspend_server", "POST /suspend", "suspend"),
    _server(sets, "unsuspend_server", "POST /unsuspend", "unsuspend"),
    _server(acts, "reset_server_password", "POST /resetPassword", "reset the password of", "user sendMail"),
    _server(reads, "get_server_vnc", "GET /vnc", "read the VNC details of"),
    # The published key is "action"; a panel of version 7.0.0 takes "vnc" instead (virtfusion 1.8).
    _server(acts, "set_server_vnc", "POST /vnc", "switch VNC of", "action"),
    sets(
        "change_server_owner", "PUT /servers/{server_id}/owner/{user_id}", "give server {server_id} to user {user_id}",
    ),
    _server(sets, "modify_server_name", "PUT /modify/name", "rename", "name"),
    _server(sets, "modify_server_memory", "PUT /modify/memory", "change the memory of", "memory"),
    _server(sets, "modify_server_cpu_cores", "PUT /modify/cpuCores", "change the CPU cores of", "cores"),
    _server(
        sets, "modify_server_cpu_throttle", "PUT /modify/cpuThrottle", "throttle the CPU of", "percent", query="sync",
    ),
    _server(sets, "modify_server_traffic", "PUT /modify/traffic", "change the traffic allowance of", "traffic"),
    _server(sets, "set_server_custom_xml", "POST /customXML", "set the custom XML of", _CUSTOM_XML),
    # Backups
    _server(sets, "change_server_backup_plan", "PUT /backups/plan/{plan_id}", "change the backup plan of"),
    _server(sets, "set_server_backup_access", "PUT /backupManager/access", "set the backup access of", "type"),
    reads("list_server_backups", "GET /backups/server/{server_id}", "list the backups of server {server_id}"),
    # Power
    _server(sets, "boot_server", "POST /power/boot", "boot"),
    _server(sets, "shutdown_server", "POST /power/shutdown", "shut down"),
    _server(acts, "restart_server", "POST /power/restart", "restart"),
    _server(sets, "poweroff_server", "POST /power/poweroff", "power off"),
    # Network
    _firewall(reads, "get_firewall", "GET", "read the"),
    _firewall(sets, "enable_firewall", "POST /enable", "enable the"),
    _firewall(sets, "disable_firewall", "POST /disable", "disable the"),
    _firewall(sets, "apply_firewall_rulesets", "POST /rules", "apply rulesets to the", "rulesets"),
    _server(sets, "add_server_whitelist", "POST /networkWhitelist", "add to the whitelist of", "interface ip cidr"),
    _server(
        destroys, "remove_server_whitelist", "DELETE /networkWhitelist", "remove from the whitelist of", "interface ip",
    ),
    _server(creates, "add_server_ipv4_quantity", "POST /ipv4Qty", "add IPv4 addresses to", "interface quantity"),
    _server(sets, "add_server_ipv4", "POST /ipv4", "add IPv4 addresses to", "interface ip"),
    _server(destroys, "remove_server_ipv4", "DELETE /ipv4", "remove IPv4 addresses from", "interface ip"),
    # Traffic
    _server(reads, "get_server_traffic", "GET /traffic", "read the traffic of"),
    _server(reads, "list_traffic_blocks", "GET /traffic/blocks", "list the traffic blocks of"),
    _server(creates, "add_traffic_block", "POST /traffic/blocks", "add a traffic block to", "month amount"),
    _server(destroys, "remove_traffic_block", "DELETE /traffic/blocks/{block_id}", "remove a traffic block from"),
    # IP blocks
    reads("list_ip_blocks", "GET /connectivity/ipblocks", "list the IP blocks", query=_PAGE),
    reads("get_ip_block", "GET /connectivity/ipblocks/{block_id}", "read IP block {block_id}"),
    creates(
        "add_ip_block_range",
        "POST /connectivity/ipblocks/{block_id}/ipv4",
        "add a range to IP block {block_id}",
        body="type start end",
    ),
    # Media, packages, services
    reads("get_iso", "GET /media/iso/{iso_id}", "read ISO {iso_id}"),
    reads(
        "list_package_templates",
        "GET /media/templates/fromServerPackageSpec/{package_id}",
        "list the templates for package {package_id}",
    ),
    reads("list_packages", "GET /packages", "list the packages"),
    reads("get_package", "GET /packages/{package_id}", "read package {package_id}"),
    reads("get_dns_service", "GET /dns/services/{service_id}", "read DNS service {service_id}"),
    reads("get_queue_item", "GET /queue/{queue_id}", "read queue item {queue_id}"),
    # SSH keys
    reads("list_user_ssh_keys", "GET /ssh_keys/user/{user_id}", "list the SSH keys of user {user_id}"),
    reads("get_ssh_key", "GET /ssh_keys/{key_id}", "read SSH key {key_id}"),
    creates("add_ssh_key", "POST /ssh_keys", "add an SSH key", body="userId name publicKey"),
    destroys("delete_ssh_key", "DELETE /ssh_keys/{key_id}", "delete SSH key {key_id}"),
    # Users
    creates("create_user", "POST /users", "create a user", body=f"{_USER_KEYS} extRelationId relStr sendMail"),
    _user(reads, "get_user", "GET byExtRelation", "read"),
    _user(sets, "modify_user", "PUT byExtRelation", "modify", f"{_USER_KEYS} enabled"),
    _user(destroys, "delete_user", "DELETE byExtRelation", "delete"),
    _user(acts, "reset_user_password", "POST byExtRelation/resetPassword", "reset the password of"),
    _user(acts, "create_login_tokens", "POST authenticationTokens", "make login tokens for"),
    acts(
        "create_server_login_tokens",
        "POST /users/{user}/serverAuthenticationTokens/{server_id}",
        "make login tokens for user {user} and server {server_id}",
        query="relStr",
    ),
    # Self service
    reads("list_currencies", "GET /selfService/currencies", "list the currencies"),
    _self_service(
        reads, "get_selfservice_report", "GET report", "read the self-service report of", query="period currency",
    ),
    _self_service(reads, "get_selfservice_usage", "GET usage", "read the usage of", query="period[] range"),
    _self_service(
        reads,
        "get_selfservice_hourly_stats",
        "GET hourlyStats",
        "read the hourly statistics of",
        query="period[] range",
    ),
    _self_service(creates, "add_selfservice_credit", "POST credit", "add credit to", "tokens reference_1 reference_2"),
    destroys("cancel_selfservice_credit", "DELETE /selfService/credit/{credit_id}", "cancel credit {credit_id}"),
    _self_service(acts, "sync_selfservice_access", "PUT access", "set the self-service access of", "syncToProfiles"),
    _self_service(
        sets, "add_hourly_group_profile", "POST hourlyGroupProfile", "add an hourly group profile to", "profileId",
    ),
    _self_service(
        destroys,
        "remove_hourly_group_profile",
        "DELETE hourlyGroupProfile/{profile_id}",
        "remove hourly group profile {profile_id} from",
    ),
    _self_service(
        sets, "add_resource_group_profile", "POST resourceGroupProfile", "add a resource group profile to", "profileId",
    ),
    _self_service(
        destroys,
        "remove_resource_group_profile",
        "DELETE resourceGroupProfile/{profile_id}",
        "remove resource group profile {profile_id} from",
    ),
    _self_service(
        sets, "set_hourly_resource_pack", "PUT hourlyResourcePack", "set the hourly resource pack of", "packId",
    ),
    _self_service(creates, "add_resource_pack", "POST resourcePack", "add a resource pack to", "packId enabled"),
    _pack(reads, "get_resource_pack", "GET /{pack_id}", "read", query="withServers"),
    _pack(sets, "modify_resource_pack", "PUT /{pack_id}", "modify", "enabled"),
    _pack(destroys, "delete_resource_pack", "DELETE /{pack_id}", "delete", query="disable"),
    _pack(destroys, "delete_resource_pack_servers", "DELETE Servers/{pack_id}", "delete the servers of", query="delay"),
    _pack(sets, "suspend_resource_pack_servers", "POST Servers/{pack_id}/suspend", "suspend the servers of"),
    _pack(sets, "unsuspend_resource_pack_servers", "POST Servers/{pack_id}/unsuspend", "unsuspend the servers of"),
)
# fmt: on
