# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the self-service settings of a user: profiles, hourly pack, level."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources import (
    selfservice_user,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_user import (
    SelfserviceAccess,
    SelfserviceProfile,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_selfservice_access,
    virtfusion_selfservice_hourly_resource_pack,
    virtfusion_selfservice_profile,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    BY_STRING,
    DONE,
    NO_USER,
    USER_BY_STRING,
    delete,
    post,
    shown,
    user,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    Step,
    answer,
    get,
    interrupted,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task

HOURLY = "/selfService/hourlyGroupProfile/byUserExtRelationId/1042"
PACK = "/selfService/hourlyResourcePack/byUserExtRelationId/1042"
ACCESS = "/selfService/access/byUserExtRelationId/1042"
PROFILE = virtfusion_selfservice_profile.ARGUMENTS
LEVEL = virtfusion_selfservice_access.ARGUMENTS
UNKNOWN = answer(422, {"errors": ["Invalid profile"]})


def having(*ids: int) -> Step:
    """A read of the user, who has these hourly profiles."""
    return shown(user(selfServiceHourlyGroupProfiles=list(ids)))


def profiles(*steps: Step, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Give hourly profiles to user 1042, or take them away."""
    wishes = {"type": "hourly", **BY_ID, **options}
    return run_task(SelfserviceProfile, PROFILE, *steps, check_mode=check_mode, **wishes)


def fail_profiles(*steps: Step, **options: Any) -> Any:
    """The same, which must fail."""
    return fail_task(SelfserviceProfile, PROFILE, *steps, **{"type": "hourly", **BY_ID, **options})


# --- profiles --------------------------------------------------------------------------------


def test_only_missing_profiles_are_added():
    result = profiles(
        having(1, 5),
        post(HOURLY, DONE, {"profileId": 2}),
        post(HOURLY, DONE, {"profileId": 3}),
        having(1, 2, 3, 5),
        profile_ids=[3, 2, 1, 3],
    )
    assert result["changed"] is True
    assert result["diff"]["before"] == {"hourly_group_profiles": [1, 5]}
    assert result["diff"]["after"] == {"hourly_group_profiles": [1, 2, 3, 5]}


def test_only_existing_profiles_are_removed():
    path = "/selfService/hourlyGroupProfile/2/byUserExtRelationId/1042"
    result = profiles(
        having(1, 2), delete(path, DONE), having(1), profile_ids=[2, 9], state="absent"
    )
    assert result["user"]["hourly_group_profiles"] == [1]


@pytest.mark.parametrize(("state", "ids"), [("present", [2, 1]), ("absent", [3, 4])])
def test_nothing_is_sent_without_a_difference(state, ids):
    assert profiles(having(1, 2), profile_ids=ids, state=state)["changed"] is False


def test_check_mode_predicts_the_change():
    predicted = profiles(having(1), profile_ids=[2], check_mode=True)
    real = profiles(having(1), post(HOURLY, DONE), having(1, 2), profile_ids=[2])
    for name in ("changed", "diff", "changes"):
        assert predicted[name] == real[name]


def test_resource_profiles_are_another_list():
    path = "/selfService/resourceGroupProfile/byUserExtRelationId/acme%2Feu%20west"
    run_task(
        SelfserviceProfile,
        PROFILE,
        get(USER_BY_STRING, ok(user())),
        post(path, DONE, {"profileId": 4}, {"relStr": "true"}),
        get(USER_BY_STRING, ok(user(selfServiceResourceGroupProfiles=[4]))),
        type="resource",
        profile_ids=[4],
        **BY_STRING,
    )


def test_a_profile_that_is_refused_after_another_is_named():
    error = fail_profiles(
        having(1),
        post(HOURLY, DONE, {"profileId": 2}),
        post(HOURLY, UNKNOWN, {"profileId": 99}),
        having(1, 2),
        profile_ids=[2, 99],
    )
    assert error.partial is True
    assert error.msg == (
        "Cannot add an hourly group profile to user 1042: Invalid profile (the profile is 99)"
    )


def test_an_ignored_profile_fails_the_task():
    error = fail_profiles(having(1), post(HOURLY, DONE), having(1), profile_ids=[99])
    assert error.code.value == "refused"


def test_after_a_lost_response_only_the_rest_is_sent():
    result = profiles(
        having(),
        post(HOURLY, interrupted(), {"profileId": 1}),
        having(1),
        post(HOURLY, DONE, {"profileId": 2}),
        having(1, 2),
        profile_ids=[1, 2],
    )
    assert result["changed"] is True


@pytest.mark.parametrize(
    ("ids", "words"),
    [([], "profile_ids is empty"), ([1, 0], "profile_ids must be a positive number")],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_wrong_profiles_are_refused_and_nothing_is_sent(ids, words, check_mode):
    assert words in fail_profiles(profile_ids=ids, check_mode=check_mode).msg


def test_a_panel_that_shows_no_profiles_cannot_be_compared():
    raw = user()
    del raw["selfServiceHourlyGroupProfiles"]
    error = fail_profiles(shown(raw), profile_ids=[1])
    assert error.code.value == "protocol"
    assert "does not show hourly_group_profiles of user 3" in error.msg


# --- the hourly resource pack ----------------------------------------------------------------


def set_pack(*steps: Step, **options: Any) -> dict[str, Any]:
    """Set the hourly resource pack of user 1042 to 6."""
    spec = virtfusion_selfservice_hourly_resource_pack.ARGUMENTS
    wishes = {"hourly_resource_pack": 6, **BY_ID, **options}
    return run_task(selfservice_user.SelfserviceHourlyResourcePack, spec, *steps, **wishes)


def test_the_pack_is_set():
    before, after = shown(user()), shown(user(selfServiceHourlyResourcePack=6))
    result = set_pack(before, put(PACK, DONE, {"packId": 6}), after)
    predicted = set_pack(before, check_mode=True)
    assert result["changed"] is True
    assert result["diff"] == predicted["diff"]
    assert result["user"]["hourly_resource_pack"] == 6


def test_the_desired_pack_is_left_unchanged():
    assert set_pack(shown(user(selfServiceHourlyResourcePack=6)))["changed"] is False


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_pack_needs_an_id(check_mode):
    error = fail_task(
        selfservice_user.SelfserviceHourlyResourcePack,
        virtfusion_selfservice_hourly_resource_pack.ARGUMENTS,
        hourly_resource_pack=0,
        check_mode=check_mode,
        **BY_ID,
    )
    assert "hourly_resource_pack must be a positive number" in error.msg


# --- the level -------------------------------------------------------------------------------


def sync(*steps: Step, check_mode: bool = False) -> dict[str, Any]:
    """Let the level of user 1042 follow the profiles."""
    return run_task(SelfserviceAccess, LEVEL, *steps, check_mode=check_mode, **BY_ID)


@pytest.mark.parametrize(
    ("before", "after", "changed"), [(0, 1, True), (1, 1, False), (3, 1, True)]
)
def test_two_reads_show_whether_the_level_changed(before, after, changed):
    result = sync(
        shown(user(selfService=before)),
        put(ACCESS, DONE, {"syncToProfiles": True}),
        shown(user(selfService=after)),
    )
    assert result["changed"] is changed
    assert result["user"]["self_service"] == "hourly"
    assert bool(result["diff"]["before"]) is changed


@pytest.mark.parametrize(
    ("hourly", "packs", "word"),
    [([], [], "disabled"), ([1], [], "hourly"), ([], [4], "resource_packs"), ([1], [4], "both")],
)
def test_check_mode_predicts_the_level_from_the_profiles(hourly, packs, word):
    raw = user(selfServiceHourlyGroupProfiles=hourly, selfServiceResourceGroupProfiles=packs)
    result = sync(shown(raw), check_mode=True)
    assert result["user"]["self_service"] == word
    assert result["changed"] is (word != "hourly")


def test_a_missing_user_fails():
    predicted = run_task(SelfserviceAccess, LEVEL, shown(NO_USER), check_mode=True, **BY_ID)
    assert (predicted["changed"], predicted["changes"]) == (True, [])
    error = fail_task(SelfserviceAccess, LEVEL, shown(NO_USER), **BY_ID)
    assert error.code.value == "not_found"


@pytest.mark.parametrize("fault", [interrupted(), answer(502, HTML)])
def test_the_level_is_not_set_twice(fault):
    error = fail_task(SelfserviceAccess, LEVEL, shown(user()), put(ACCESS, fault), **BY_ID)
    assert error.failure()["state"] == "unknown"


def test_the_level_is_unknown_if_the_second_read_fails():
    error = fail_task(
        SelfserviceAccess, LEVEL, shown(user()), put(ACCESS, DONE), shown(answer(403)), **BY_ID
    )
    assert error.failure()["state"] == "unknown"
    assert "reading the level afterwards failed" in error.msg
