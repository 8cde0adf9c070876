# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shapes of a server (virtfusion 3.3, 4): single read, simple row, and row of a user's list.

Key names, types and constant values follow the published examples. Settings that this simulator does not model are
constants.
"""

from __future__ import annotations

from typing import Any

from ..faults import replaced
from .compute_views import hypervisor_resources
from .interface_views import interface_view, user_interface, with_addresses
from .jobs import Progress
from .records import Disk, Server, Task
from .secrets import encrypted
from .state import BACKUP_PLANS, State
from .times import Period, offset, plain

SCREEN = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
"""A console picture of one pixel."""

_HYPERV = (
    "relaxed vapic spinlocks vpindex runtime synic stimer reset vendorId frequencies reenlightenment"
    " tlbflush ipi evmcs"
)


def simple_row(server: Server, progress: Progress) -> dict[str, Any]:
    """Return a row of GET /servers. `commissioned` and `owner` have other names elsewhere."""
    return {
        "id": server["id"],
        "uuid": server["uuid"],
        "name": server["name"],
        "commissioned": progress["commissionStatus"],
        "owner": server["ownerId"],
        "hypervisorId": server["hypervisorId"],
        "suspended": server["suspended"],
        "protected": server["protected"],
        "updated": offset(server["updated"]),
        "created": offset(server["created"]),
    }


def full_view(state: State, server: Server, progress: Progress) -> dict[str, Any]:
    """Return the server object of the create and build answers. The single read adds `remoteState`."""
    view = _full_view(state, server, progress)
    for path, value in server["overlay"].items():
        view = replaced(view, path.split("."), value)
    return view


def _full_view(state: State, server: Server, progress: Progress) -> dict[str, Any]:
    resources = server["resources"]
    return {
        **_identity(server, progress),
        "traffic": {"public": {"countMethod": 1, "currentPeriod": _period(state, server)}},
        "settings": _settings(server),
        "cpu": _cpu(server),
        "customXML": server["customXml"],
        "qemuCommandline": [],
        "qemuAgent": {"os": {"screen": SCREEN}},
        "media": {
            "isoMounted": False,
            "isoType": "local",
            "isoName": "",
            "isoFilename": "",
            "isoUrl": "",
            "isoDownload": False,
        },
        "backupPlan": {
            "id": resources["backupPlan"],
            "name": BACKUP_PLANS.get(resources["backupPlan"] or 0),
        },
        # `enabled` follows a session, not the switch: it stays false (OBSERVED, virtfusion 1.8).
        "vnc": {
            "ip": state.hypervisors[server["hypervisorId"]]["ip"],
            "port": server["vnc"]["port"],
            "enabled": False,
        },
        "network": _network(state, server),
        "storage": [_disk(server, slot, disk) for slot, disk in enumerate(server["disks"])],
        "hypervisorAssets": [],
        "hypervisor": _hypervisor(state, server["hypervisorId"]),
        "owner": _owner(state, server["ownerId"]),
        "sshKeys": _keys(state, server),
        "sharedUsers": [],
        "tasks": {
            "active": progress["active"],
            "lastOn": plain(server["lastTask"]) if server["lastTask"] else None,
            "actions": {"pending": [_task(task) for task in server["tasks"]]},
        },
    }


def user_row(state: State, server: Server, progress: Progress) -> dict[str, Any]:
    """Return a row of GET /servers/user/{userId}: a third shape, partly in snake case."""
    resources = server["resources"]
    return {
        "id": server["id"],
        "ownerId": server["ownerId"],
        "hypervisorId": server["hypervisorId"],
        "name": server["name"],
        "hostname": server["hostname"],
        "commissionStatus": progress["commissionStatus"],
        "uuid": server["uuid"],
        "state": progress["state"],
        "rebuild": False,
        "suspended": server["suspended"],
        "protected": server["protected"],
        "buildFailed": progress["buildFailed"],
        "backup_level": 0,
        "backup_plan": BACKUP_PLANS.get(resources["backupPlan"] or 0),
        "os": {"screen": SCREEN},
        "server_info": {"show": False, "icon": None, "name": None, "label": None},
        "vnc": {
            "expose_details": True,
            "ip": state.hypervisors[server["hypervisorId"]]["ip"],
            "hostname": None,
            "port": server["vnc"]["port"],
            "enabled": 0,
        },
        "resources": {
            "memory": resources["memory"],
            "storage": resources["storage"],
            "traffic": resources["traffic"],
            "cpuCores": resources["cpuCores"],
            "cpu_model": None,
        },
        "network": {"interfaces": [user_interface(state, server)]},
        "config": {"uefi": False, "bootOrder": ["hd", "cdrom"]},
        "media": {"isoMounted": False, "isoName": ""},
    }


def remote_state(state: State, server: Server, with_running: bool) -> Any:
    """Return the hypervisor's view (keys OBSERVED, virtfusion 3.4), or false if the hypervisor is unreachable.

    Memory is in kB, as in libvirt. The values of `state` are not known for certain.
    """
    if not state.hypervisors[server["hypervisorId"]]["reachable"]:
        return False
    running = server["powered"]
    memory = server["live"].get("memory", 0) * 1024 if running else 0
    return {
        **({"running": running} if with_running else {}),
        "state": "running" if running else "shutoff",
        "cpu": 3.5 if running else 0,
        "memory": {
            "actual": memory,
            "unused": memory // 2,
            "available": memory,
            "rss": memory // 2,
            "memtotal": memory,
            "memavailable": memory // 2,
            "memfree": memory // 4,
        },
        "disk": {"vda": _live_disk(server)} if running else {},
        "agent": {"fsinfo": []},
    }


def _live_disk(server: Server) -> dict[str, int]:
    capacity = server["resources"]["storage"] * 1024**3
    return {
        "rd.bytes": 1048576,
        "wr.bytes": 524288,
        "capacity": capacity,
        "physical": capacity // 4,
        "allocation": capacity // 4,
    }


def _identity(server: Server, progress: Progress) -> dict[str, Any]:
    return {
        "id": server["id"],
        "ownerId": server["ownerId"],
        "hypervisorId": server["hypervisorId"],
        "arch": 1,
        "name": server["name"],
        "selfService": 0,
        "selfServiceSettings": [],
        "hostname": server["hostname"],
        "commissionStatus": progress["commissionStatus"],
        "uuid": server["uuid"],
        "state": progress["state"],
        "migratable": True,
        "timezone": "_default",
        "migrateLevel": 0,
        # Weak: no source documents the meaning of the level (INFERRED, virtfusion 3.3).
        "deleteLevel": 1 if server["deleteAt"] else 0,
        "configLevel": 1 if server["state"] == "queued" else 0,
        "backupLevel": 0,
        "elevated": False,
        "elevateId": None,
        "elevate": False,
        "destroyable": True,
        "rebuild": False,
        "suspended": server["suspended"],
        "protected": server["protected"],
        "buildFailed": progress["buildFailed"],
        "primaryNetworkDhcp4": False,
        "primaryNetworkDhcp6": False,
        "built": offset(server["built"]) if server["built"] else None,
        "created": offset(server["created"]),
        "updated": offset(server["updated"]),
    }


def _period(state: State, server: Server) -> dict[str, Any]:
    period = Period.current(server["created"], state.clock.now)
    return {
        "start": period.zulu_start,
        "end": period.zulu_end,
        "limit": server["resources"]["traffic"],
    }


def _settings(server: Server) -> dict[str, Any]:
    resources = server["resources"]
    return {
        "osTemplateInstall": True,
        "osTemplateInstallId": server["osTemplateId"],
        "encryptedPassword": encrypted(f"{server['uuid']}:{server['passwordSerial']}", 228),
        "backupPlan": resources["backupPlan"],
        "uefi": False,
        "uefiType": 0,
        "cloudInit": True,
        "cloudInitType": 1,
        # An empty PHP array until the first build, an object afterwards (DOCUMENTED, virtfusion 1.4).
        "config": _cloud_init() if server["commissionStatus"] else [],
        "userConfig": [],
        "bootOrder": ["hd", "cdrom"],
        "tpmType": 0,
        "networkBoot": False,
        "bootMenu": 1,
        "customISO": 1,
        "securityDriver": 3,
        "memBalloon": {"model": 1, "autoDeflate": 0, "freePageReporting": 0},
        "hyperv": {
            "enabled": False,
            "passthrough": False,
            **dict.fromkeys(_HYPERV.split(), 0),
            "vendorIdValue": "KVM VM",
            "spinlocksValue": 8191,
            "clockEnabled": 0,
        },
        "extended": {"cpuFlags": {"topoext": "1", "svm": "1", "vmx": "1"}},
        "machineType": "inherit",
        "pciPorts": 16,
        "resources": {
            "memory": resources["memory"],
            "storage": resources["storage"],
            "traffic": resources["traffic"],
            "cpuCores": resources["cpuCores"],
        },
    }


def _cloud_init() -> dict[str, Any]:
    return {
        "cloud.init": {
            "on.network": {"netplan_routes_v4": True, "netplan_routes_v6": True},
            "on.network.libvirtrouted": [],
            "on.all": {"user.data": {"runcmd": ["/usr/bin/systemctl start qemu-guest-agent"]}},
            "on.password": {"user.data": []},
            "on.sshkey": {"user.data": []},
        }
    }


def _cpu(server: Server) -> dict[str, Any]:
    return {
        "cores": server["resources"]["cpuCores"],
        "type": "inherit",
        "typeExact": "host-model",
        "shares": 1024,
        "throttle": server["cpuThrottle"],
        "topology": {"enabled": False, "sockets": 1, "cores": 1, "threads": 1, "dies": 1},
    }


def _network(state: State, server: Server) -> dict[str, Any]:
    secondary = server["secondary"]
    return {
        "interfaces": [interface_view(state, server, with_addresses(server), primary=True)],
        "secondaryInterfaces": [interface_view(state, server, secondary, primary=False)]
        if secondary
        else [],
    }


def _disk(server: Server, slot: int, disk: Disk) -> dict[str, Any]:
    primary, resources = slot == 0, server["resources"]
    return {
        "_id": disk["id"],
        "id": slot + 1,
        "cache": None,
        "bus": None,
        "capacity": resources["storage"] if primary else disk["capacity"],
        "drive": "abc"[slot],
        "datastoreDiskId": None,
        "filesystem": None,
        "iops": {
            "read": resources["readIops"] if primary else None,
            "write": resources["writeIops"] if primary else None,
        },
        "bytes": {
            "read": resources["readBytes"] if primary else None,
            "write": resources["writeBytes"] if primary else None,
        },
        "type": "qcow2",
        "profile": disk["profile"],
        "status": disk["status"],
        "enabled": disk["enabled"],
        "primary": primary,
        "created": offset(disk["created"]),
        "updated": offset(disk["updated"]),
        "datastore": [],
        "name": f"{server['uuid']}_{slot + 1}",
        "filename": f"{server['uuid']}_{slot + 1}.img",
        "hypervisorStorageId": None,
        "local": True,
        "locationType": "mountpoint",
        "path": "/home/vf-data/disk",
    }


def _hypervisor(state: State, hypervisor_id: int) -> dict[str, Any]:
    hypervisor = state.hypervisors[hypervisor_id]
    return {
        "id": hypervisor["id"],
        "ip": hypervisor["ip"],
        "hostname": None,
        "port": 8892,
        "maintenance": hypervisor["maintenance"],
        "groupId": hypervisor["groupId"],
        "group": {"name": state.groups[hypervisor["groupId"]]["name"], "icon": None},
        "timezone": "Europe/London",
        "forceIPv6": False,
        "vncListenType": 1,
        "displayName": None,
        "cpuSet": None,
        "nfType": 4,
        "backupStorageType": 2,
        "defaultDiskType": "inherit",
        "defaultDiskCacheType": "inherit",
        "defaultCPU": "inherit",
        "defaultMachineType": "inherit",
        "created": offset(hypervisor["created"]),
        "updated": offset(hypervisor["updated"]),
        "name": hypervisor["name"],
        "dataDir": "/home/vf-data",
        "resources": hypervisor_resources(state, hypervisor),
    }


def _owner(state: State, user_id: int) -> dict[str, Any]:
    """Return the owner. The format of times differs from the user's own read (virtfusion 1.5)."""
    user = state.users[user_id]
    return {
        "id": user["id"],
        "admin": user["admin"],
        "extRelationId": user["extRelationId"],
        "name": user["name"],
        "email": user["email"],
        "timezone": user["timezone"],
        "suspended": user["suspended"],
        "twoFactorAuth": user["twoFactorAuth"],
        "created": offset(user["created"]),
        "updated": offset(user["updated"]),
    }


def _keys(state: State, server: Server) -> list[dict[str, Any]]:
    """Return the SSH keys of a server. The key is `public` here and `publicKey` in its own read (virtfusion 6)."""
    keys = [state.ssh_keys[key_id] for key_id in server["sshKeys"] if key_id in state.ssh_keys]
    return [
        {
            "id": key["id"],
            "ownerId": key["userId"],
            "type": "OpenSSH",
            "name": key["name"],
            "public": key["publicKey"],
            "enabled": key["enabled"],
            "created": offset(key["created"]),
        }
        for key in keys
    ]


def _task(task: Task) -> dict[str, Any]:
    return {
        "id": task["id"],
        "action": task["action"],
        "requires": ["boot", "restart", "shutdown", "poweroff"],
        "collected": False,
        "complete": False,
        "failed": False,
        "payload": task["payload"],
        "created": offset(task["created"]),
    }
