# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that every Virtualizor module has."""

from __future__ import annotations

from .._core.argspec import ArgumentSpec, connection, text_option

#: How a request proves who asks (virtualizor 1.2).
API_AUTH = ("pair", "hash", "both")

#: The panel is slow: other clients had to wait longer than 15 seconds (virtualizor 4.5).
_TIMEOUT_S = 60

CONNECTION: ArgumentSpec = connection(
    "VIRTUALIZOR",
    {
        "api_url": text_option("VIRTUALIZOR_API_URL", required=True),
        "api_key": text_option("VIRTUALIZOR_API_KEY", secret=True),
        "api_pass": text_option("VIRTUALIZOR_API_PASS", required=True, secret=True),
        "api_auth": {
            **text_option("VIRTUALIZOR_API_AUTH"),
            "choices": list(API_AUTH),
            "default": API_AUTH[0],
        },
    },
    timeout_s=_TIMEOUT_S,
)

#: Kinds of user plans and users: 0 normal user, 1 admin, 2 cloud (virtualizor 2.3).
PRIORITIES = (0, 1, 2)
ADMIN = 1

#: What ``allowed_virts`` may name (virtualizor 2.6).
VIRTUALIZATIONS = (
    *("openvz", "xen", "xenhvm", "kvm", "xcp", "xcphvm", "lxc"),
    *("proxo", "proxk", "proxl", "vzk", "vzo"),
)

#: Limits that are whole numbers and never below zero.
AMOUNTS = (
    *("dnsplan_id", "acl_id", "num_vs", "num_users", "space", "space_per_vm", "ram", "burst"),
    *("bandwidth", "cpu", "cores", "num_cores", "num_ipv4", "num_ipv6", "num_ipv6_subnet"),
    *("num_ip_int", "network_speed", "total_iops_sec", "read_bytes_sec", "write_bytes_sec"),
)

#: What a user plan and a user have in common, under the vendor's names.
LIMIT_OPTIONS = ArgumentSpec(
    {
        "priority": {"type": "int", "choices": list(PRIORITIES)},
        **{name: {"type": "int"} for name in AMOUNTS},
        "upload_speed": {"type": "int"},
        "service_period": {"type": "int"},
        "cpu_percent": {"type": "float"},
        "max_cost": {"type": "float"},
        "inhouse_billing": {"type": "bool"},
        "band_suspend": {"type": "bool"},
        "allowed_virts": {"type": "list", "elements": "str", "choices": list(VIRTUALIZATIONS)},
        "sgs": {"type": "list", "elements": "int"},
        "mgs": {"type": "list", "elements": "int"},
    }
)
