# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Columns: the field in the form, the kind of value, and the key in the record.

Names differ between request and response (virtualizor 2.3, 3.2). A field that is not sent becomes 0 or empty, both
when a record is added (virtualizor 2.2) and, unless a switch prevents it, when it is edited (virtualizor 2.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .call import Call, decimal, scalar
from .php_input import array
from .php_output import serialize
from .state import Row, whole

VIRTS = (
    *("openvz", "xen", "xenhvm", "kvm", "xcp", "xcphvm", "lxc"),
    *("proxo", "proxk", "proxl", "vzk", "vzo"),
)
"""Virtualization values. DOCUMENTED (virtualizor 2.6)."""

Kind = Literal["text", "int", "decimal", "percent", "flag", "ids", "virts", "serialized"]
LISTS = ("ids", "virts", "serialized")


@dataclass(frozen=True)
class Column:
    """A column of a table and the field of the form that sets it."""

    name: str
    kind: Kind = "int"
    field: str = ""
    """The name in the request, if it differs."""
    default: str = "0"
    newer: bool = False
    """Only newer panels have it (virtualizor 2.3)."""

    @property
    def request(self) -> str:
        """Return the name in the request."""
        return self.field or self.name


def values(call: Call, columns: Sequence[Column], old: Row | None) -> Row:
    """Return the values of these columns from the form. `old` is the edited record, None for a new one."""
    keep = old is not None and call.switch("omitted_on_edit") == "keep"
    result: Row = {}
    for column in columns:
        if old is not None and keep and not _sent(call, column):
            result[column.name] = old[column.name]
        else:
            result[column.name] = _value(call, column)
    return result


def _sent(call: Call, column: Column) -> bool:
    """Return whether the form has a column. For a list of blanks only, a switch decides (virtualizor 2.5)."""
    if not call.sent(column.request):
        return False
    if column.kind in LISTS and not call.array(column.request):
        return call.switch("empty_array_clears") == "true"
    return True


def _value(call: Call, column: Column) -> str:
    """Return the field as the database stores it."""
    given = call.form.get(column.request)
    if column.kind in LISTS:
        return _list(column, [item for item in array(given) or [] if item.strip()])
    if given is None:
        return column.default
    text = scalar(given).strip()
    if column.kind == "int":
        return str(whole(text))
    if column.kind == "decimal":
        return f"{decimal(text):g}"
    if column.kind == "percent":
        return f"{decimal(text):.2f}"
    if column.kind == "flag":
        return "0" if text in ("", "0") else "1"
    return text


def _list(column: Column, items: list[str]) -> str:
    if column.kind == "serialized":
        return serialize(items)
    if column.kind == "virts":
        return ",".join(item for item in items if item in VIRTS)
    return ",".join(str(whole(item)) for item in items)


LIMITS = (
    Column("aclid", field="acl_id"),
    Column("inhouse_billing", "flag"),
    Column("max_cost", "decimal"),
    Column("num_vs"),
    Column("num_users"),
    Column("space"),
    Column("ram"),
    Column("burst"),
    Column("bandwidth"),
    Column("cpu"),
    Column("cores"),
    Column("cpu_percent"),
    Column("num_cores"),
    Column("num_ipv4"),
    Column("num_ipv6"),
    Column("num_ipv6_subnet"),
    Column("allowed_virts", "virts"),
    Column("network_speed"),
    Column("upload_speed"),
    Column("sg", "ids", field="sgs"),
    Column("mg", "ids", field="mgs"),
    Column("dnsplid", field="dnsplan_id"),
    # DOCUMENTED by the published example, which does not send it and shows 1.
    Column("service_period", default="1"),
    Column("band_suspend", "flag"),
)
"""The common limits of user plans and users, in the order of the published record."""

NEWER_LIMITS = (
    Column("space_per_vm", newer=True),
    Column("total_iops_sec", newer=True),
    Column("read_bytes_sec", newer=True),
    Column("write_bytes_sec", newer=True),
    Column("num_ip_int", newer=True),
)
"""The columns that newer panels add to a user plan (virtualizor 2.1)."""

USER_PLAN = (
    Column("plan_name", "text", default=""),
    Column("type", field="priority"),
    *LIMITS,
    *NEWER_LIMITS,
)

PLAN = (
    Column("plan_name", "text", default=""),
    Column("virt", "text", field="cplan", default=""),
    Column("ips"),
    Column("ips6"),
    Column("ips6_subnet"),
    Column("ips_int"),
    Column("space", field="disk_space"),
    Column("inodes"),
    Column("ram", field="guaranteed_ram"),
    Column("burst", field="burst_ram"),
    Column("swap", field="swapram"),
    Column("cpu", field="cpu_units"),
    Column("cores", field="cpu_cores"),
    Column("cpu_percent", "percent", field="percent_cpu", default="0.00"),
    Column("bandwidth"),
    Column("network_speed"),
    Column("upload_speed"),
    Column("nic_type", "text", default=""),
    Column("io", field="priority"),
    Column("virtio", "flag"),
    Column("band_suspend", "flag"),
    Column("dns_nameserver", "serialized"),
    Column("ppp", "flag"),
    Column("tuntap", "flag"),
    Column("control_panel", "text"),
    Column("mgs", "ids"),
    Column("cpu_mode", "text", default=""),
    Column("kvm_cache", "text"),
    Column("io_mode", "text"),
    Column("osreinstall_limit"),
    Column("total_iops_sec"),
    Column("read_bytes_sec"),
    Column("write_bytes_sec"),
    Column("vnc", "flag"),
    Column("admin_managed", "flag"),
    Column("speed_cap", "text", default=""),
    Column("bpid"),
    Column("ippoolid", "ids"),
)
"""The columns of a VPS plan, except those for one kind of virtualization only (virtualizor 3.1, 3.2)."""
