# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All 85 operations of the VirtFusion Global API that the vendor publishes.

The effects are the facts of how the panel behaves, not of the HTTP verb: a firewall ruleset is
set, a password reset is an action. A test compares this table with the published API, both ways.
"""

from __future__ import annotations

from .._core.operations import Catalogue, Effect, Operation

READ, SET, CREATE, ACTION, DESTROY = (
    Effect.READ,
    Effect.SET,
    Effect.CREATE,
    Effect.ACTION,
    Effect.DESTROY,
)

_SERVER = "/servers/{server_id}"
_FIREWALL = _SERVER + "/firewall/{interface}"
_USER = "/users/{user}"
_SELF = "/selfService"
_BY_USER = "byUserExtRelationId/{user}"
_HYPERVISORS = "/compute/hypervisors"
_GROUP = _HYPERVISORS + "/groups/{group_id}"
_PAGE = ("results", "page")
_REL = ("relStr",)

#: The eleven flags of a package change, in the order of the published example (facts 2).
PACKAGE_FLAGS = (
    "backupPlan",
    "cpu",
    "memory",
    "primaryDiskReadIOPS",
    "primaryDiskReadThroughput",
    "primaryDiskSize",
    "primaryDiskWriteIOPS",
    "primaryDiskWriteThroughput",
    "primaryNetworkInboundSpeed",
    "primaryNetworkOutboundSpeed",
    "primaryNetworkTraffic",
)


def _server(
    name: str, method: str, path: str, effect: Effect, phrase: str, **declared: tuple[str, ...]
) -> Operation:
    return Operation(
        name, method, _SERVER + path, effect, phrase + " server {server_id}", **declared
    )


_CONNECTION = (Operation("connect", "GET", "/connect", READ, "connect to the panel"),)

_COMPUTE = (
    Operation("list_hypervisors", "GET", _HYPERVISORS, READ, "list the hypervisors", query=_PAGE),
    Operation(
        "get_hypervisor",
        "GET",
        _HYPERVISORS + "/{hypervisor_id}",
        READ,
        "read hypervisor {hypervisor_id}",
    ),
    Operation(
        "list_hypervisor_groups",
        "GET",
        _HYPERVISORS + "/groups",
        READ,
        "list the hypervisor groups",
        query=_PAGE,
    ),
    Operation("get_hypervisor_group", "GET", _GROUP, READ, "read hypervisor group {group_id}"),
    Operation(
        "list_hypervisor_group_resources",
        "GET",
        _GROUP + "/resources",
        READ,
        "read the resources of hypervisor group {group_id}",
        query=_PAGE,
    ),
)

_SERVERS = (
    Operation(
        "list_servers",
        "GET",
        "/servers",
        READ,
        "list the servers",
        query=("type", "hypervisorId[]", *_PAGE),
    ),
    Operation(
        "list_user_servers",
        "GET",
        "/servers/user/{user_id}",
        READ,
        "list the servers of user {user_id}",
    ),
    Operation(
        "create_server",
        "POST",
        "/servers",
        CREATE,
        "create a server",
        query=("dryRun",),
        body=(
            "packageId",
            "userId",
            "hypervisorId",
            "ipv4",
            "storage",
            "traffic",
            "memory",
            "cpuCores",
            "networkSpeedInbound",
            "networkSpeedOutbound",
            "storageProfile",
            "networkProfile",
            "firewallRulesets",
            "hypervisorAssetGroups",
            "additionalStorage1Enable",
            "additionalStorage2Enable",
            "additionalStorage1Profile",
            "additionalStorage2Profile",
            "additionalStorage1Capacity",
            "additionalStorage2Capacity",
        ),
    ),
    _server("get_server", "GET", "", READ, "read", query=("remoteState",)),
    _server("delete_server", "DELETE", "", DESTROY, "delete", query=("delay",)),
    _server(
        "build_server",
        "POST",
        "/build",
        ACTION,
        "build",
        body=("operatingSystemId", "name", "hostname", "sshKeys", "vnc", "ipv6", "email", "swap"),
    ),
    Operation(
        "change_server_package",
        "PUT",
        _SERVER + "/package/{package_id}",
        SET,
        "change server {server_id} to package {package_id}",
        body=PACKAGE_FLAGS,
    ),
    _server("list_server_templates", "GET", "/templates", READ, "list the templates for"),
    _server("suspend_server", "POST", "/suspend", SET, "suspend"),
    _server("unsuspend_server", "POST", "/unsuspend", SET, "unsuspend"),
    _server(
        "reset_server_password",
        "POST",
        "/resetPassword",
        ACTION,
        "reset the password of",
        body=("user", "sendMail"),
    ),
    _server("get_server_vnc", "GET", "/vnc", READ, "read the VNC details of"),
    # The published key is "action"; panels of 7.0 take "vnc" instead (facts 1.8).
    _server("set_server_vnc", "POST", "/vnc", ACTION, "switch VNC of", body=("action",)),
    Operation(
        "change_server_owner",
        "PUT",
        _SERVER + "/owner/{user_id}",
        SET,
        "give server {server_id} to user {user_id}",
    ),
    _server("modify_server_name", "PUT", "/modify/name", SET, "rename", body=("name",)),
    _server(
        "modify_server_memory",
        "PUT",
        "/modify/memory",
        SET,
        "change the memory of",
        body=("memory",),
    ),
    _server(
        "modify_server_cpu_cores",
        "PUT",
        "/modify/cpuCores",
        SET,
        "change the CPU cores of",
        body=("cores",),
    ),
    _server(
        "modify_server_cpu_throttle",
        "PUT",
        "/modify/cpuThrottle",
        SET,
        "throttle the CPU of",
        query=("sync",),
        body=("percent",),
    ),
    _server(
        "modify_server_traffic",
        "PUT",
        "/modify/traffic",
        SET,
        "change the traffic allowance of",
        body=("traffic",),
    ),
    _server(
        "set_server_custom_xml",
        "POST",
        "/customXML",
        SET,
        "set the custom XML of",
        body=(
            "domain",
            "os",
            "devices",
            "features",
            "clock",
            "cpuTune",
            "domainEnabled",
            "osEnabled",
            "devicesEnabled",
            "featuresEnabled",
            "clockEnabled",
            "cpuTuneEnabled",
        ),
    ),
)

_BACKUPS = (
    _server(
        "change_server_backup_plan",
        "PUT",
        "/backups/plan/{plan_id}",
        SET,
        "change the backup plan of",
    ),
    _server(
        "set_server_backup_access",
        "PUT",
        "/backupManager/access",
        SET,
        "set the backup access of",
        body=("type",),
    ),
    Operation(
        "list_server_backups",
        "GET",
        "/backups/server/{server_id}",
        READ,
        "list the backups of server {server_id}",
    ),
)

_POWER = (
    _server("boot_server", "POST", "/power/boot", SET, "boot"),
    _server("shutdown_server", "POST", "/power/shutdown", SET, "shut down"),
    _server("restart_server", "POST", "/power/restart", ACTION, "restart"),
    _server("poweroff_server", "POST", "/power/poweroff", SET, "power off"),
)

_NETWORK = (
    Operation(
        "get_firewall",
        "GET",
        _FIREWALL,
        READ,
        "read the {interface} firewall of server {server_id}",
        query=("sync",),
    ),
    Operation(
        "enable_firewall",
        "POST",
        _FIREWALL + "/enable",
        SET,
        "enable the {interface} firewall of server {server_id}",
        query=("sync",),
    ),
    Operation(
        "disable_firewall",
        "POST",
        _FIREWALL + "/disable",
        SET,
        "disable the {interface} firewall of server {server_id}",
        query=("sync",),
    ),
    Operation(
        "apply_firewall_rulesets",
        "POST",
        _FIREWALL + "/rules",
        SET,
        "apply rulesets to the {interface} firewall of server {server_id}",
        query=("sync",),
        body=("rulesets",),
    ),
    _server(
        "add_server_whitelist",
        "POST",
        "/networkWhitelist",
        SET,
        "add to the whitelist of",
        body=("interface", "ip", "cidr"),
    ),
    _server(
        "remove_server_whitelist",
        "DELETE",
        "/networkWhitelist",
        DESTROY,
        "remove from the whitelist of",
        body=("interface", "ip"),
    ),
    _server(
        "add_server_ipv4_quantity",
        "POST",
        "/ipv4Qty",
        CREATE,
        "add IPv4 addresses to",
        body=("interface", "quantity"),
    ),
    _server(
        "add_server_ipv4", "POST", "/ipv4", SET, "add IPv4 addresses to", body=("interface", "ip")
    ),
    _server(
        "remove_server_ipv4",
        "DELETE",
        "/ipv4",
        DESTROY,
        "remove IPv4 addresses from",
        body=("interface", "ip"),
    ),
)

_TRAFFIC = (
    _server("get_server_traffic", "GET", "/traffic", READ, "read the traffic of"),
    _server("list_traffic_blocks", "GET", "/traffic/blocks", READ, "list the traffic blocks of"),
    _server(
        "add_traffic_block",
        "POST",
        "/traffic/blocks",
        CREATE,
        "add a traffic block to",
        body=("month", "amount"),
    ),
    _server(
        "remove_traffic_block",
        "DELETE",
        "/traffic/blocks/{block_id}",
        DESTROY,
        "remove a traffic block from",
    ),
)

_IP_BLOCKS = (
    Operation(
        "list_ip_blocks", "GET", "/connectivity/ipblocks", READ, "list the IP blocks", query=_PAGE
    ),
    Operation(
        "get_ip_block", "GET", "/connectivity/ipblocks/{block_id}", READ, "read IP block {block_id}"
    ),
    Operation(
        "add_ip_block_range",
        "POST",
        "/connectivity/ipblocks/{block_id}/ipv4",
        CREATE,
        "add a range to IP block {block_id}",
        body=("type", "start", "end"),
    ),
)

_MEDIA = (
    Operation("get_iso", "GET", "/media/iso/{iso_id}", READ, "read ISO {iso_id}"),
    Operation(
        "list_package_templates",
        "GET",
        "/media/templates/fromServerPackageSpec/{package_id}",
        READ,
        "list the templates for package {package_id}",
    ),
)

_PACKAGES = (
    Operation("list_packages", "GET", "/packages", READ, "list the packages"),
    Operation("get_package", "GET", "/packages/{package_id}", READ, "read package {package_id}"),
)

_SERVICES = (
    Operation(
        "get_dns_service",
        "GET",
        "/dns/services/{service_id}",
        READ,
        "read DNS service {service_id}",
    ),
    Operation("get_queue_item", "GET", "/queue/{queue_id}", READ, "read queue item {queue_id}"),
)

_SSH_KEYS = (
    Operation(
        "list_user_ssh_keys",
        "GET",
        "/ssh_keys/user/{user_id}",
        READ,
        "list the SSH keys of user {user_id}",
    ),
    Operation("get_ssh_key", "GET", "/ssh_keys/{key_id}", READ, "read SSH key {key_id}"),
    Operation(
        "add_ssh_key",
        "POST",
        "/ssh_keys",
        CREATE,
        "add an SSH key",
        body=("userId", "name", "publicKey"),
    ),
    Operation("delete_ssh_key", "DELETE", "/ssh_keys/{key_id}", DESTROY, "delete SSH key {key_id}"),
)

_PROFILE_FIELDS = (
    "name",
    "email",
    "selfService",
    "selfServiceHourlyCredit",
    "selfServiceHourlyGroupProfiles",
    "selfServiceResourceGroupProfiles",
    "selfServiceHourlyResourcePack",
)

#: ``{user}`` is an external relation id, or a relation string where relStr is true (facts 6).
_USERS = (
    Operation(
        "create_user",
        "POST",
        "/users",
        CREATE,
        "create a user",
        body=(*_PROFILE_FIELDS, "extRelationId", "relStr", "sendMail"),
    ),
    Operation("get_user", "GET", _USER + "/byExtRelation", READ, "read user {user}", query=_REL),
    Operation(
        "modify_user",
        "PUT",
        _USER + "/byExtRelation",
        SET,
        "modify user {user}",
        query=_REL,
        body=(*_PROFILE_FIELDS, "enabled"),
    ),
    Operation(
        "delete_user", "DELETE", _USER + "/byExtRelation", DESTROY, "delete user {user}", query=_REL
    ),
    Operation(
        "reset_user_password",
        "POST",
        _USER + "/byExtRelation/resetPassword",
        ACTION,
        "reset the password of user {user}",
        query=_REL,
    ),
    Operation(
        "create_login_tokens",
        "POST",
        _USER + "/authenticationTokens",
        ACTION,
        "make login tokens for user {user}",
        query=_REL,
    ),
    Operation(
        "create_server_login_tokens",
        "POST",
        _USER + "/serverAuthenticationTokens/{server_id}",
        ACTION,
        "make login tokens for user {user} and server {server_id}",
        query=_REL,
    ),
)

_SELF_SERVICE = (
    Operation("list_currencies", "GET", _SELF + "/currencies", READ, "list the currencies"),
    Operation(
        "get_selfservice_report",
        "GET",
        f"{_SELF}/report/{_BY_USER}",
        READ,
        "read the self-service report of user {user}",
        query=("period", "currency", *_REL),
    ),
    Operation(
        "get_selfservice_usage",
        "GET",
        f"{_SELF}/usage/{_BY_USER}",
        READ,
        "read the usage of user {user}",
        query=("period[]", "range", *_REL),
    ),
    Operation(
        "get_selfservice_hourly_stats",
        "GET",
        f"{_SELF}/hourlyStats/{_BY_USER}",
        READ,
        "read the hourly statistics of user {user}",
        query=("period[]", "range", *_REL),
    ),
    Operation(
        "add_selfservice_credit",
        "POST",
        f"{_SELF}/credit/{_BY_USER}",
        CREATE,
        "add credit to user {user}",
        query=_REL,
        body=("tokens", "reference_1", "reference_2"),
    ),
    Operation(
        "cancel_selfservice_credit",
        "DELETE",
        _SELF + "/credit/{credit_id}",
        DESTROY,
        "cancel credit {credit_id}",
    ),
    Operation(
        "sync_selfservice_access",
        "PUT",
        f"{_SELF}/access/{_BY_USER}",
        ACTION,
        "set the self-service access of user {user}",
        query=_REL,
        body=("syncToProfiles",),
    ),
    Operation(
        "add_hourly_group_profile",
        "POST",
        f"{_SELF}/hourlyGroupProfile/{_BY_USER}",
        SET,
        "add an hourly group profile to user {user}",
        query=_REL,
        body=("profileId",),
    ),
    Operation(
        "remove_hourly_group_profile",
        "DELETE",
        f"{_SELF}/hourlyGroupProfile/{{profile_id}}/{_BY_USER}",
        DESTROY,
        "remove hourly group profile {profile_id} from user {user}",
        query=_REL,
    ),
    Operation(
        "add_resource_group_profile",
        "POST",
        f"{_SELF}/resourceGroupProfile/{_BY_USER}",
        SET,
        "add a resource group profile to user {user}",
        query=_REL,
        body=("profileId",),
    ),
    Operation(
        "remove_resource_group_profile",
        "DELETE",
        f"{_SELF}/resourceGroupProfile/{{profile_id}}/{_BY_USER}",
        DESTROY,
        "remove resource group profile {profile_id} from user {user}",
        query=_REL,
    ),
    Operation(
        "set_hourly_resource_pack",
        "PUT",
        f"{_SELF}/hourlyResourcePack/{_BY_USER}",
        SET,
        "set the hourly resource pack of user {user}",
        query=_REL,
        body=("packId",),
    ),
    Operation(
        "add_resource_pack",
        "POST",
        f"{_SELF}/resourcePack/{_BY_USER}",
        CREATE,
        "add a resource pack to user {user}",
        query=_REL,
        body=("packId", "enabled"),
    ),
    Operation(
        "get_resource_pack",
        "GET",
        _SELF + "/resourcePack/{pack_id}",
        READ,
        "read resource pack {pack_id}",
        query=("withServers",),
    ),
    Operation(
        "modify_resource_pack",
        "PUT",
        _SELF + "/resourcePack/{pack_id}",
        SET,
        "modify resource pack {pack_id}",
        body=("enabled",),
    ),
    Operation(
        "delete_resource_pack",
        "DELETE",
        _SELF + "/resourcePack/{pack_id}",
        DESTROY,
        "delete resource pack {pack_id}",
        query=("disable",),
    ),
    Operation(
        "delete_resource_pack_servers",
        "DELETE",
        _SELF + "/resourcePackServers/{pack_id}",
        DESTROY,
        "delete the servers of resource pack {pack_id}",
        query=("delay",),
    ),
    Operation(
        "suspend_resource_pack_servers",
        "POST",
        _SELF + "/resourcePackServers/{pack_id}/suspend",
        SET,
        "suspend the servers of resource pack {pack_id}",
    ),
    Operation(
        "unsuspend_resource_pack_servers",
        "POST",
        _SELF + "/resourcePackServers/{pack_id}/unsuspend",
        SET,
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
