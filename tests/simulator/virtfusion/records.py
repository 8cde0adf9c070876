# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that make up the panel's state.

They do not have the published shapes: each value is stored once (a server's memory in `resources`), and the views
render it wherever the panel shows it. Records are plain dictionaries, which the control path can show, patch and
hash. Times are ISO 8601 strings with offset; the views convert them.
"""

from __future__ import annotations

from typing import Any, TypedDict


class Resources(TypedDict):
    """The eleven aspects of a package change (virtfusion 2.5)."""

    backupPlan: int | None
    cpuCores: int
    memory: int
    """MB."""
    storage: int
    """Primary disk, GB."""
    readIops: int | None
    writeIops: int | None
    readBytes: int | None
    """Bytes per second."""
    writeBytes: int | None
    speedIn: int | None
    """Primary network, kB/s; 0 = no cap."""
    speedOut: int | None
    traffic: int | None
    """GB per period; 0 = unlimited."""


class Deferred(TypedDict):
    """A change that becomes readable only after some reads (fault `slow_apply`)."""

    resource: str
    value: Any
    reads: int


class Task(TypedDict):
    """A change that waits for a power transition."""

    id: int
    action: str
    payload: dict[str, Any]
    created: str


class Disk(TypedDict):
    """A disk. The capacity and the limits of the primary one are in `resources`."""

    id: int
    capacity: int
    profile: int
    status: int
    enabled: bool
    created: str
    updated: str


class Ipv4(TypedDict):
    """An address of a server."""

    id: int
    block: int
    address: str


class Ipv6(TypedDict):
    """A subnet of a server."""

    id: int
    block: int
    subnet: str


class Allowed(TypedDict):
    """A whitelist entry."""

    id: int
    type: int
    ip: str
    mask: int


class Interface(TypedDict):
    """A network interface. The speeds of the primary one are in `resources`."""

    id: int
    tag: int
    name: str
    mac: str
    ipv4: list[Ipv4]
    ipv6: list[Ipv6]
    whitelist: list[Allowed]
    firewallEnabled: bool
    rulesets: list[int]


class TrafficBlock(TypedDict):
    """Extra traffic bought for one month of the server."""

    id: int
    month: int
    traffic: int
    added: str


class Vnc(TypedDict):
    """Port and credentials of the console."""

    port: int
    password: str
    token: str


class Section(TypedDict):
    """One section of custom XML."""

    xml: str
    enabled: bool


class Server(TypedDict):
    """A server."""

    id: int
    uuid: str
    name: str
    hostname: str | None
    ownerId: int
    hypervisorId: int
    packageId: int | None
    """The package last set. The panel never shows it (virtfusion 2.6)."""
    commissionStatus: int
    """0 nothing, 1 in progress, 2 paused, or failed where `state` says so, 3 done (virtfusion 3.3)."""
    state: str
    suspended: bool
    protected: bool
    buildFailed: bool
    built: str | None
    created: str
    updated: str
    deleteAt: str | None
    doNotDisturb: bool
    powered: bool
    guestAgent: bool
    """False: the agent in the machine is silent, and a password reset does nothing (virtfusion 3.1)."""
    hiddenReads: int
    """Reads of the built server that do not show its addresses yet (switch `address_reads`)."""
    overlay: dict[str, Any]
    """Values laid over the single read, by path: `{"network": [], "network.interfaces.0.inAverage": null}`.
    Clients guard against falsy traffic, null speeds and an empty network (OBSERVED, virtfusion 1.4)."""
    resources: Resources
    live: dict[str, int]
    """Memory and cores of the running machine. A power transition copies them from `resources`."""
    deferred: list[Deferred]
    cpuThrottle: int
    backupAccess: str
    osTemplateId: int
    passwordSerial: int
    """Number of password changes. The encrypted password is derived from it."""
    disks: list[Disk]
    primary: Interface
    secondary: Interface | None
    tasks: list[Task]
    lastTask: str | None
    trafficBlocks: list[TrafficBlock]
    vnc: Vnc
    customXml: dict[str, Section]
    sshKeys: list[int]
    packId: int | None


class Package(TypedDict):
    """A package, in the published shape (times apart)."""

    id: int
    name: str
    description: str | None
    enabled: bool
    memory: int
    primaryStorage: int
    traffic: int
    cpuCores: int
    primaryNetworkSpeedIn: int
    primaryNetworkSpeedOut: int
    primaryDiskType: str
    backupPlanId: int
    primaryStorageReadBytesSec: int | None
    primaryStorageWriteBytesSec: int | None
    primaryStorageReadIopsSec: int | None
    primaryStorageWriteIopsSec: int | None
    primaryStorageProfile: int
    primaryNetworkProfile: int
    created: str
    serverLimit: int | None
    """How many servers may have the package; None: any number. The panel does not show it."""


class Usage(TypedDict):
    """The usage of a user in one self-service month."""

    serverHours: int
    serverTokens: float
    addonTokens: float


class User(TypedDict):
    """A user. No read shows the relation string and the credit flag."""

    id: int
    admin: bool
    extRelationId: int | None
    relStr: str | None
    selfService: int
    selfServiceHourlyCredit: bool
    selfServiceHourlyGroupProfiles: list[int]
    selfServiceResourceGroupProfiles: list[int]
    selfServiceHourlyResourcePack: int | None
    name: str
    email: str
    timezone: str
    suspended: bool
    twoFactorAuth: bool
    currency: str | None
    created: str
    updated: str
    serverLimit: int | None
    """How many servers the user may own; None: any number. The panel does not show it."""
    usage: dict[str, Usage]
    """By month, `YYYY-MM`."""


class Group(TypedDict):
    """A hypervisor group."""

    id: int
    name: str
    description: str | None
    distributionType: int
    enabled: bool
    default: bool
    ipv4Block: int
    """The IP block of the servers of the group."""
    created: str
    updated: str


class Hypervisor(TypedDict):
    """A hypervisor with its limits; 0 = no limit."""

    id: int
    name: str
    ip: str
    groupId: int
    enabled: bool
    maintenance: bool
    prohibit: bool
    reachable: bool
    """False: the panel cannot read the live state of its servers."""
    maxServers: int
    maxCpu: int
    maxMemory: int
    maxStorage: int
    storageType: int
    otherStorage: list[dict[str, Any]]
    created: str
    updated: str


class IpBlock(TypedDict):
    """A block of addresses. An IPv4 block consists of ranges."""

    id: int
    type: int
    name: str
    gateway: str
    netmask: str | None
    subnet: str | None
    resolver1: str
    resolver2: str
    ranges: list[list[str]]
    created: str
    updated: str


class SshKey(TypedDict):
    """A public key of a user."""

    id: int
    userId: int
    name: str
    publicKey: str
    enabled: bool
    created: str
    updated: str


class Pack(TypedDict):
    """A user's self-service resource pack."""

    id: int
    pid: int
    userId: int
    name: str
    enabled: bool
    limits: dict[str, int]


class Credit(TypedDict):
    """Tokens added to a user's balance."""

    id: int
    userId: int
    tokens: float
    reference1: int | None
    reference2: str | None


class Job(TypedDict):
    """A job in the queue."""

    id: int
    jobId: int
    action: str
    serverId: int
    hypervisorId: int
    polls: int
    """Remaining polls until it is done."""
    totalPolls: int
    pausedPolls: int
    """How many polls a build is paused for before it goes on (fault `pause_job`)."""
    dueAt: str
    """Virtual time at which it is done without polls."""
    fail: bool
    failed: bool
    started: str
    updated: str
    finished: str | None
    payload: dict[str, Any]
