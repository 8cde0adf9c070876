# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Self service of a user: profiles, access, the hourly pack, credit (virtfusion 5.1, 5.2)."""

from __future__ import annotations

from ..exchange import Reply
from . import refusals
from .call import Call, data, new_routes, nothing
from .seed import PACK_LIMITS
from .users import PROFILES

routes = new_routes()

MOST_REFERENCE = 2**63 - 1


@routes.add("POST", "/selfService/hourlyGroupProfile/byUserExtRelationId/{extRelationId}")
def add_hourly_profile(call: Call) -> Reply:
    """Add an hourly group profile to a user."""
    return _add_profile(call, call.user()["selfServiceHourlyGroupProfiles"])


@routes.add("POST", "/selfService/resourceGroupProfile/byUserExtRelationId/{extRelationId}")
def add_resource_profile(call: Call) -> Reply:
    """Add a resource group profile to a user."""
    return _add_profile(call, call.user()["selfServiceResourceGroupProfiles"])


@routes.add(
    "DELETE", "/selfService/hourlyGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}"
)
def remove_hourly_profile(call: Call) -> Reply:
    """Remove an hourly group profile."""
    return _remove_profile(call, call.user()["selfServiceHourlyGroupProfiles"])


@routes.add(
    "DELETE", "/selfService/resourceGroupProfile/{profileId}/byUserExtRelationId/{extRelationId}"
)
def remove_resource_profile(call: Call) -> Reply:
    """Remove a resource group profile."""
    return _remove_profile(call, call.user()["selfServiceResourceGroupProfiles"])


@routes.add("PUT", "/selfService/access/byUserExtRelationId/{extRelationId}")
def sync_access(call: Call) -> Reply:
    """Set the level of self service from the profiles; false does nothing visible (INFERRED)."""
    user = call.user()
    sync = call.boolean("syncToProfiles", required=True)
    call.check()
    if sync:
        hourly = bool(user["selfServiceHourlyGroupProfiles"])
        packs = bool(user["selfServiceResourceGroupProfiles"])
        user["selfService"] = hourly + 2 * packs
        call.touch(user)
    return nothing(204)


@routes.add("PUT", "/selfService/hourlyResourcePack/byUserExtRelationId/{extRelationId}")
def set_hourly_pack(call: Call) -> Reply:
    """Set the hourly resource pack."""
    user = call.user()
    pack = call.integer("packId", low=1)
    call.check()
    if pack not in PACK_LIMITS:
        raise refusals.errors(422, "Invalid resource pack")
    user["selfServiceHourlyResourcePack"] = pack
    call.touch(user)
    return nothing(204)


@routes.add("POST", "/selfService/credit/byUserExtRelationId/{extRelationId}")
def add_credit(call: Call) -> Reply:
    """Add tokens to the user's balance. A negative number subtracts (OBSERVED since 6.0.0)."""
    user = call.user()
    tokens = call.decimal("tokens")
    reference = call.integer("reference_1", high=MOST_REFERENCE, required=False)
    text = call.text("reference_2", required=False)
    call.check()
    number = call.state.next_id("credit")
    call.state.credits[number] = {
        "id": number,
        "userId": user["id"],
        "tokens": tokens,
        "reference1": reference or None,
        "reference2": text or None,
    }
    return data({"id": number}, 201)


@routes.add("DELETE", "/selfService/credit/{creditId}")
def cancel_credit(call: Call) -> Reply:
    """Cancel a credit. A second call gets 404 (INFERRED)."""
    credit = call.record(call.state.credits, "creditId", "credit")
    del call.state.credits[credit["id"]]
    return nothing(204)


def _profile(call: Call) -> int:
    profile = call.integer("profileId", low=1)
    call.check()
    if profile not in PROFILES:
        raise refusals.errors(422, "Invalid profile")
    return profile


def _add_profile(call: Call, profiles: list[int]) -> Reply:
    profile = _profile(call)
    if profile not in profiles:
        profiles.append(profile)
    return nothing(204)


def _remove_profile(call: Call, profiles: list[int]) -> Reply:
    profile = call.number("profileId", "profile")
    if profile not in profiles:
        raise refusals.not_found("profile")
    profiles.remove(profile)
    return nothing(204)
