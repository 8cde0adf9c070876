# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the Virtualizor admin API that this collection uses.

All operations use one path, ``/index.php``; the query parameter ``act`` selects one. A form needs its
own flag in the body: without it the panel shows the form and saves nothing (virtualizor 2.2, 4.1);
see :data:`SUBMIT_FLAGS`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .._core.dialect import Catalogue, creates, destroys, reads, sets

_ACT = "/index.php?act="
_PAGE = "page reslen"

#: The limits of user plans and users, by request parameter (virtualizor 2.3).
_LIMITS = (
    "priority dnsplan_id acl_id num_vs num_users inhouse_billing max_cost space space_per_vm ram "
    "burst bandwidth cpu cores cpu_percent num_cores num_ipv4 num_ipv6 num_ipv6_subnet num_ip_int "
    "network_speed upload_speed total_iops_sec read_bytes_sec write_bytes_sec band_suspend "
    "service_period allowed_virts[] sgs[] mgs[]"
)

#: ``*``: fields unknown to this collection. They are sent back as read, since an edit may reset
#: omitted fields (virtualizor 2.5).
_AND_UNKNOWN = " *"

# One operation a line, to read as a table.
# fmt: off
OPERATIONS = Catalogue(
    reads("list_user_plans", f"GET {_ACT}user_plans", "list the user plans", query=_PAGE),
    reads(
        "get_user_plan_form", f"GET {_ACT}edituser_plans&uplid={{user_plan_id}}",
        "read the form of user plan {user_plan_id}",
    ),
    creates(
        "add_user_plan", f"POST {_ACT}adduser_plans", "add a user plan",
        body=f"adduser_plans plan_name {_LIMITS}",
    ),
    sets(
        "edit_user_plan", f"POST {_ACT}edituser_plans&uplid={{user_plan_id}}", "change user plan {user_plan_id}",
        body=f"edituser_plans uplid plan_name {_LIMITS}{_AND_UNKNOWN}",
    ),
    destroys("delete_user_plan", f"POST {_ACT}user_plans", "delete a user plan", body="delete"),
    reads("list_users", f"GET {_ACT}users", "list the users", query=f"{_PAGE} uid email"),
    sets(
        "edit_user", f"POST {_ACT}edituser&uid={{user_id}}", "change user {user_id}",
        body=f"edituser uid newemail fname lname uplid {_LIMITS}{_AND_UNKNOWN}",
    ),
    reads("list_plans", f"GET {_ACT}plans", "list the VPS plans", query=f"{_PAGE} planname ptype"),
    reads(
        "list_vps", f"GET {_ACT}vs", "list the VPSs",
        query=f"{_PAGE} search vpsid vpsname vpshostname vsstatus vstype vserid vsgid user plid",
    ),
    reads("get_vps_status", f"GET {_ACT}vs&vs_status={{vps_ids}}", "read the states of the VPSs"),
    reads("get_vps", f"GET {_ACT}editvs&vpsid={{vps_id}}", "read VPS {vps_id}"),
    # Neither disks nor addresses: an incomplete list of either deletes the rest (virtualizor 3.5).
    sets(
        "change_vps_plan", f"POST {_ACT}managevps&vpsid={{vps_id}}", "change the plan of VPS {vps_id}",
        body="editvps theme_edit plid apply_plan ram cores bandwidth",
    ),
)
# fmt: on

#: The flag that submits the form of a write (virtualizor 2.2, 2.3, 3.5, 3.6).
SUBMIT_FLAGS: Mapping[str, str] = {
    "add_user_plan": "adduser_plans",
    "edit_user_plan": "edituser_plans",
    "edit_user": "edituser",
    "change_vps_plan": "editvps",
}
