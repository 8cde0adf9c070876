# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VPSs and VPS plans as a Virtualizor panel sends them, and changes of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.resources.vps_plan import (
    VpsPlan,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtualizor_vps_plan import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import Step
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    fail_task,
    listed,
    read,
    run_task,
    submit,
)

FORM = "editvs&vpsid=17"
MOVE = "managevps&vpsid=17"

#: Values of a plan and of a VPS. Both use the same names (virtualizor 3.1, 3.4).
_VALUES = {
    "space": "40",
    "ram": "2048",
    "burst": "0",
    "swap": "1024",
    "cpu": "1000",
    "cores": "2",
    "cpu_percent": "100.00",
    "io": "3",
    "bandwidth": "2000",
    "network_speed": "12800",
    "upload_speed": "-1",
}
#: Secrets that no text may contain.
SECRETS = ("FAKE-vnc", "FAKE-crypted", "FAKE-salt")


def vps(vpsid: int = 17, **changes: Any) -> dict[str, Any]:
    """Return a VPS as the list and its form show it, secrets included."""
    record = {
        "vpsid": str(vpsid),
        "vps_name": f"v{1000 + vpsid}",
        "uuid": f"00000000-0000-4000-8000-{vpsid:012}",
        "serid": 1,
        "server_name": "ams-1",
        "plid": "2",
        "uid": "12",
        "email": "ada@example.com",
        "osid": "270",
        "os_name": "ubuntu-24.04-x86_64",
        "hostname": f"web{vpsid}.example.com",
        "virt": "kvm",
        **_VALUES,
        "used_bandwidth": "12.50",
        "suspended": "0",
        "suspend_reason": "",
        "locked": "0",
        "machine_status": "1",
        "ips": {"301": "192.0.2.17", "302": "2001:db8::17"},
        "vnc": "1",
        "vnc_passwd": SECRETS[0],
        "disks": {"170": {"did": "170", "size": "40", "path": "/dev/vg/v1017-0"}},
        "data": {"crypted_pass": SECRETS[1], "crypted_salt": SECRETS[2]},
    }
    return {**record, **changes}


def plan(plid: int = 3, name: str = "KVM 4G", **changes: Any) -> dict[str, Any]:
    """Return a VPS plan with the values of :func:`vps`."""
    own = {"plid": str(plid), "plan_name": name, "virt": "kvm", "is_enabled": "1"}
    rest = {"ips": "1", "nic_type": "virtio", "virtio": "1", "ubc": "a:0:{}", "band_suspend": "0"}
    return {**own, **_VALUES, "total_iops_sec": "0", **rest, **changes}


def form(record: Mapping[str, Any] | None) -> Step:
    """Expect a read of the form of VPS 17. ``None`` means that it does not exist."""
    return read(FORM, {"vps": record or {}, "plans": {}, "servers": {}})


def plans(*records: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> Step:
    """Expect a read of the list of VPS plans."""
    return read("plans", listed("plans", *records, by="plid"), query)


def servers(*records: Mapping[str, Any], query: Mapping[str, Any] | None = None) -> Step:
    """Expect a read of the list of VPSs."""
    return read("vs", listed("vs", *records, by="vpsid"), query)


def states(**by_id: int) -> Step:
    """Expect a read of live states: ``states(v17=1)``."""
    ids = [name.removeprefix("v") for name in by_id]
    shown = {key: {"status": by_id[f"v{key}"], "used_cpu": "0.00"} for key in ids}
    return read(f"vs&vs_status={'%2C'.join(ids)}", {"status": shown})


def change(reply: Any, *, apply_plan: bool = True, plid: int = 3) -> Step:
    """Expect a change of the plan with exactly these fields."""
    values = {"apply_plan": 1} if apply_plan else {}
    return submit(MOVE, reply, {"editvps": 1, "theme_edit": 1, "plid": plid, **values})


#: The response to a change of the plan (virtualizor 3.5).
DONE = {"done": {"done": True}, "vs_info": {"vpsid": "17"}}


def move(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Change VPS 17 to plan 3, unless the options name others."""
    return run_task(VpsPlan, ARGUMENTS, *steps, check_mode=check_mode, **_with_ids(changes))


def fail_move(*steps: Step, **changes: Any) -> PanelError:
    """Change VPS 17 to plan 3, which must fail; return the error."""
    return fail_task(VpsPlan, ARGUMENTS, *steps, **_with_ids(changes))


def _with_ids(changes: dict[str, Any]) -> dict[str, Any]:
    named = {"vps_id", "vps_uuid", "vps_name", "hostname"} & set(changes)
    target = {} if "plan_name" in changes else {"plan_id": 3}
    return {"wait_timeout": 0, **({} if named else {"vps_id": 17}), **target, **changes}
