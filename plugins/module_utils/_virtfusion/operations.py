# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All 85 operations of the VirtFusion Global API that the vendor publishes.

An effect describes how the panel behaves, whatever the HTTP verb: a firewall ruleset is set, a
password reset is an action. A test compares this table with the published API in both directions.
"""

from __future__ import annotations

from .._core.dialect import Catalogue, acts, creates, destroys, reads, sets, tries

_SERVER = "/servers/{server_id}"
_FIREWALL = _SERVER + "/firewall/{interface}"
_GROUP = "/compute/hypervisors/groups/{group_id}"
#: ``{user}`` is an external relation id, or a relation string where relStr is true (virtfusion 6).
_USER = "/users/{user}"
_BY_USER = "byUserExtRelationId/{user}"
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

_CONNECTION = (reads("connect", "GET /connect", "connect to the panel"),)

_COMPUTE = (
    reads("list_hypervisors", "GET /compute/hypervisors", "list the hypervisors", query=_PAGE),
    reads(
        "get_hypervisor",
        "GET /compute/hypervisors/{hypervisor_id}",
        "read hypervisor {hypervisor_id}",
    ),
    reads(
        "list_hypervisor_groups",
        "GET /compute/hypervisors/groups",
        "list the hypervisor groups",
        query=_PAGE,
    ),
    reads("get_hypervisor_group", f"GET {_GROUP}", "read hypervisor group {group_id}"),
    reads(
        "list_hypervisor_group_resources",
        f"GET {_GROUP}/resources",
        "read the resources of hypervisor group {group_id}",
        query=_PAGE,
    ),
)

_SERVERS = (
    reads(
        "list_servers", "GET /servers", "list the servers", query="type hypervisorId[] results page"
    ),
    reads("list_user_servers", "GET /servers/user/{user_id}", "list the servers of user {user_id}"),
    creates("create_server", "POST /servers", "create a server", body=_NEW_SERVER),
    # With dryRun the request only reports whether the panel would accept it (virtfusion 1.6).
    tries(
        "try_create_server",
        "POST /servers",
        "try to create a server",
        query="dryRun",
        body=_NEW_SERVER,
    ),
    reads("get_server", f"GET {_SERVER}", "read server {server_id}", query="remoteState"),
    destroys("delete_server", f"DELETE {_SERVER}", "delete server {server_id}", query="delay"),
    acts(
        "build_server",
        f"POST {_SERVER}/build",
        "build server {server_id}",
        body="operatingSystemId name hostname sshKeys vnc ipv6 email swap",
    ),
    sets(
        "change_server_package",
        f"PUT {_SERVER}/package/{{package_id}}",
        "change server {server_id} to package {package_id}",
        body=PACKAGE_FLAGS,
    ),
    reads(
        "list_server_templates",
        f"GET {_SERVER}/templates",
        "list the templates for server {server_id}",
    ),
    sets("suspend_server", f"POST {_SERVER}/suspend", "suspend server {server_id}"),
    sets("unsuspend_server", f"POST {_SERVER}/unsuspend", "unsuspend server {server_id}"),
    acts(
        "reset_server_password",
        f"POST {_SERVER}/resetPassword",
        "reset the password of server {server_id}",
        body="user sendMail",
    ),
    reads("get_server_vnc", f"GET {_SERVER}/vnc", "read the VNC details of server {server_id}"),
    # The published key is "action"; panels of version 7.0 use "vnc" instead (virtfusion 1.8).
    acts(
        "set_server_vnc", f"POST {_SERVER}/vnc", "switch VNC of server {server_id}", body="action"
    ),
    sets(
        "change_server_owner",
        f"PUT {_SERVER}/owner/{{user_id}}",
        "give server {server_id} to user {user_id}",
    ),
    sets(
        "modify_server_name", f"PUT {_SERVER}/modify/name", "rename server {server_id}", body="name"
    ),
    sets(
        "modify_server_memory",
        f"PUT {_SERVER}/modify/memory",
        "change the memory of server {server_id}",
        body="memory",
    ),
    sets(
        "modify_server_cpu_cores",
        f"PUT {_SERVER}/modify/cpuCores",
        "change the CPU cores of server {server_id}",
        body="cores",
    ),
    sets(
        "modify_server_cpu_throttle",
        f"PUT {_SERVER}/modify/cpuThrottle",
        "throttle the CPU of server {server_id}",
        query="sync",
        body="percent",
    ),
    sets(
        "modify_server_traffic",
        f"PUT {_SERVER}/modify/traffic",
        "change the traffic allowance of server {server_id}",
        body="traffic",
    ),
    sets(
        "set_server_custom_xml",
        f"POST {_SERVER}/customXML",
        "set the custom XML of server {server_id}",
        body=(
            "domain os devices features clock cpuTune domainEnabled osEnabled devicesEnabled "
            "featuresEnabled clockEnabled cpuTuneEnabled"
        ),
    ),
)

_BACKUPS = (
    sets(
        "change_server_backup_plan",
        f"PUT {_SERVER}/backups/plan/{{plan_id}}",
        "change the backup plan of server {server_id}",
    ),
    sets(
        "set_server_backup_access",
        f"PUT {_SERVER}/backupManager/access",
        "set the backup access of server {server_id}",
        body="type",
    ),
    reads(
        "list_server_backups",
        "GET /backups/server/{server_id}",
        "list the backups of server {server_id}",
    ),
)

_POWER = (
    sets("boot_server", f"POST {_SERVER}/power/boot", "boot server {server_id}"),
    sets("shutdown_server", f"POST {_SERVER}/power/shutdown", "shut down server {server_id}"),
    acts("restart_server", f"POST {_SERVER}/power/restart", "restart server {server_id}"),
    sets("poweroff_server", f"POST {_SERVER}/power/poweroff", "power off server {server_id}"),
)

_NETWORK = (
    reads(
        "get_firewall",
        f"GET {_FIREWALL}",
        "read the {interface} firewall of server {server_id}",
        query="sync",
    ),
    sets(
        "enable_firewall",
        f"POST {_FIREWALL}/enable",
        "enable the {interface} firewall of server {server_id}",
        query="sync",
    ),
    sets(
        "disable_firewall",
        f"POST {_FIREWALL}/disable",
        "disable the {interface} firewall of server {server_id}",
        query="sync",
    ),
    sets(
        "apply_firewall_rulesets",
        f"POST {_FIREWALL}/rules",
        "apply rulesets to the {interface} firewall of server {server_id}",
        query="sync",
        body="rulesets",
    ),
    sets(
        "add_server_whitelist",
        f"POST {_SERVER}/networkWhitelist",
        "add to the whitelist of server {server_id}",
        body="interface ip cidr",
    ),
    destroys(
        "remove_server_whitelist",
        f"DELETE {_SERVER}/networkWhitelist",
        "remove from the whitelist of server {server_id}",
        body="interface ip",
    ),
    creates(
        "add_server_ipv4_quantity",
        f"POST {_SERVER}/ipv4Qty",
        "add IPv4 addresses to server {server_id}",
        body="interface quantity",
    ),
    sets(
        "add_server_ipv4",
        f"POST {_SERVER}/ipv4",
        "add IPv4 addresses to server {server_id}",
        body="interface ip",
    ),
    destroys(
        "remove_server_ipv4",
        f"DELETE {_SERVER}/ipv4",
        "remove IPv4 addresses from server {server_id}",
        body="interface ip",
    ),
)

_TRAFFIC = (
    reads("get_server_traffic", f"GET {_SERVER}/traffic", "read the traffic of server {server_id}"),
    reads(
        "list_traffic_blocks",
        f"GET {_SERVER}/traffic/blocks",
        "list the traffic blocks of server {server_id}",
    ),
    creates(
        "add_traffic_block",
        f"POST {_SERVER}/traffic/blocks",
        "add a traffic block to server {server_id}",
        body="month amount",
    ),
    destroys(
        "remove_traffic_block",
        f"DELETE {_SERVER}/traffic/blocks/{{block_id}}",
        "remove a traffic block from server {server_id}",
    ),
)

_IP_BLOCKS = (
    reads("list_ip_blocks", "GET /connectivity/ipblocks", "list the IP blocks", query=_PAGE),
    reads("get_ip_block", "GET /connectivity/ipblocks/{block_id}", "read IP block {block_id}"),
    creates(
        "add_ip_block_range",
        "POST /connectivity/ipblocks/{block_id}/ipv4",
        "add a range to IP block {block_id}",
        body="type start end",
    ),
)

_MEDIA = (
    reads("get_iso", "GET /media/iso/{iso_id}", "read ISO {iso_id}"),
    reads(
        "list_package_templates",
        "GET /media/templates/fromServerPackageSpec/{package_id}",
        "list the templates for package {package_id}",
    ),
)

_PACKAGES = (
    reads("list_packages", "GET /packages", "list the packages"),
    reads("get_package", "GET /packages/{package_id}", "read package {package_id}"),
)

_SERVICES = (
    reads("get_dns_service", "GET /dns/services/{service_id}", "read DNS service {service_id}"),
    reads("get_queue_item", "GET /queue/{queue_id}", "read queue item {queue_id}"),
)

_SSH_KEYS = (
    reads(
        "list_user_ssh_keys", "GET /ssh_keys/user/{user_id}", "list the SSH keys of user {user_id}"
    ),
    reads("get_ssh_key", "GET /ssh_keys/{key_id}", "read SSH key {key_id}"),
    creates("add_ssh_key", "POST /ssh_keys", "add an SSH key", body="userId name publicKey"),
    destroys("delete_ssh_key", "DELETE /ssh_keys/{key_id}", "delete SSH key {key_id}"),
)

_USERS = (
    creates(
        "create_user",
        "POST /users",
        "create a user",
        body=(
            "name email selfService selfServiceHourlyCredit selfServiceHourlyGroupProfiles "
            "selfServiceResourceGroupProfiles selfServiceHourlyResourcePack extRelationId "
            "relStr sendMail"
        ),
    ),
    reads("get_user", f"GET {_USER}/byExtRelation", "read user {user}", query="relStr"),
    sets(
        "modify_user",
        f"PUT {_USER}/byExtRelation",
        "modify user {user}",
        query="relStr",
        body=(
            "name email selfService selfServiceHourlyCredit selfServiceHourlyGroupProfiles "
            "selfServiceResourceGroupProfiles selfServiceHourlyResourcePack enabled"
        ),
    ),
    destroys("delete_user", f"DELETE {_USER}/byExtRelation", "delete user {user}", query="relStr"),
    acts(
        "reset_user_password",
        f"POST {_USER}/byExtRelation/resetPassword",
        "reset the password of user {user}",
        query="relStr",
    ),
    acts(
        "create_login_tokens",
        f"POST {_USER}/authenticationTokens",
        "make login tokens for user {user}",
        query="relStr",
    ),
    acts(
        "create_server_login_tokens",
        f"POST {_USER}/serverAuthenticationTokens/{{server_id}}",
        "make login tokens for user {user} and server {server_id}",
        query="relStr",
    ),
)

_SELF_SERVICE = (
    reads("list_currencies", "GET /selfService/currencies", "list the currencies"),
    reads(
        "get_selfservice_report",
        f"GET /selfService/report/{_BY_USER}",
        "read the self-service report of user {user}",
        query="period currency relStr",
    ),
    reads(
        "get_selfservice_usage",
        f"GET /selfService/usage/{_BY_USER}",
        "read the usage of user {user}",
        query="period[] range relStr",
    ),
    reads(
        "get_selfservice_hourly_stats",
        f"GET /selfService/hourlyStats/{_BY_USER}",
        "read the hourly statistics of user {user}",
        query="period[] range relStr",
    ),
    creates(
        "add_selfservice_credit",
        f"POST /selfService/credit/{_BY_USER}",
        "add credit to user {user}",
        query="relStr",
        body="tokens reference_1 reference_2",
    ),
    destroys(
        "cancel_selfservice_credit",
        "DELETE /selfService/credit/{credit_id}",
        "cancel credit {credit_id}",
    ),
    acts(
        "sync_selfservice_access",
        f"PUT /selfService/access/{_BY_USER}",
        "set the self-service access of user {user}",
        query="relStr",
        body="syncToProfiles",
    ),
    sets(
        "add_hourly_group_profile",
        f"POST /selfService/hourlyGroupProfile/{_BY_USER}",
        "add an hourly group profile to user {user}",
        query="relStr",
        body="profileId",
    ),
    destroys(
        "remove_hourly_group_profile",
        f"DELETE /selfService/hourlyGroupProfile/{{profile_id}}/{_BY_USER}",
        "remove hourly group profile {profile_id} from user {user}",
        query="relStr",
    ),
    sets(
        "add_resource_group_profile",
        f"POST /selfService/resourceGroupProfile/{_BY_USER}",
        "add a resource group profile to user {user}",
        query="relStr",
        body="profileId",
    ),
    destroys(
        "remove_resource_group_profile",
        f"DELETE /selfService/resourceGroupProfile/{{profile_id}}/{_BY_USER}",
        "remove resource group profile {profile_id} from user {user}",
        query="relStr",
    ),
    sets(
        "set_hourly_resource_pack",
        f"PUT /selfService/hourlyResourcePack/{_BY_USER}",
        "set the hourly resource pack of user {user}",
        query="relStr",
        body="packId",
    ),
    creates(
        "add_resource_pack",
        f"POST /selfService/resourcePack/{_BY_USER}",
        "add a resource pack to user {user}",
        query="relStr",
        body="packId enabled",
    ),
    reads(
        "get_resource_pack",
        "GET /selfService/resourcePack/{pack_id}",
        "read resource pack {pack_id}",
        query="withServers",
    ),
    sets(
        "modify_resource_pack",
        "PUT /selfService/resourcePack/{pack_id}",
        "modify resource pack {pack_id}",
        body="enabled",
    ),
    destroys(
        "delete_resource_pack",
        "DELETE /selfService/resourcePack/{pack_id}",
        "delete resource pack {pack_id}",
        query="disable",
    ),
    destroys(
        "delete_resource_pack_servers",
        "DELETE /selfService/resourcePackServers/{pack_id}",
        "delete the servers of resource pack {pack_id}",
        query="delay",
    ),
    sets(
        "suspend_resource_pack_servers",
        "POST /selfService/resourcePackServers/{pack_id}/suspend",
        "suspend the servers of resource pack {pack_id}",
    ),
    sets(
        "unsuspend_resource_pack_servers",
        "POST /selfService/resourcePackServers/{pack_id}/unsuspend",
        "unsuspend the servers of resource pack {pack_id}",
    ),
)

OPERATIONS = Catalogue(
    *_CONNECTION,
    *_COMPUTE,
    *_SERVERS,
    *_BACKUPS,
    *_POWER,
    *_NETWORK,
    *_TRAFFIC,
    *_IP_BLOCKS,
    *_MEDIA,
    *_PACKAGES,
    *_SERVICES,
    *_SSH_KEYS,
    *_USERS,
    *_SELF_SERVICE,
)
