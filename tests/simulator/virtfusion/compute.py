# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hypervisors, hypervisor groups and their free resources."""

from __future__ import annotations

from ..exchange import Reply
from .call import Call, data, new_routes
from .compute_views import group_view, hypervisor_row, hypervisor_view, resources_row
from .paging import paginated

routes = new_routes()


@routes.add("GET", "/compute/hypervisors/groups")
def list_groups(call: Call) -> Reply:
    """Return one page of hypervisor groups."""
    groups = list(call.state.groups.values())
    return paginated(call, "/compute/hypervisors/groups", groups, group_view)


@routes.add("GET", "/compute/hypervisors/groups/{hypervisorGroupId}")
def read_group(call: Call) -> Reply:
    """Return one group."""
    return data(group_view(call.record(call.state.groups, "hypervisorGroupId", "hypervisor group")))


@routes.add("GET", "/compute/hypervisors/groups/{hypervisorGroupId}/resources")
def read_group_resources(call: Call) -> Reply:
    """Return one page of a group's hypervisors with their resources. Free addresses are those of the group's block."""
    state = call.state
    group = call.record(state.groups, "hypervisorGroupId", "hypervisor group")
    members = [item for item in state.hypervisors.values() if item["groupId"] == group["id"]]
    block = group["ipv4Block"]
    free = state.addresses_in(block) - len(state.taken(block))
    return paginated(
        call,
        f"/compute/hypervisors/groups/{group['id']}/resources",
        members,
        lambda hypervisor: resources_row(state, hypervisor, free),
    )


@routes.add("GET", "/compute/hypervisors")
def list_hypervisors(call: Call) -> Reply:
    """Return one page of hypervisors."""
    hypervisors = list(call.state.hypervisors.values())
    return paginated(
        call,
        "/compute/hypervisors",
        hypervisors,
        lambda hypervisor: hypervisor_row(call.state, hypervisor),
    )


@routes.add("GET", "/compute/hypervisors/{hypervisorId}")
def read_hypervisor(call: Call) -> Reply:
    """Return one hypervisor."""
    hypervisor = call.record(call.state.hypervisors, "hypervisorId", "hypervisor")
    return data(hypervisor_view(call.state, hypervisor))
