# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the creation, change and deletion of users."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.user import (
    USER as SCHEMA,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.user import (
    User,
    UserInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_user,
    virtfusion_user_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    BY_STRING,
    DONE,
    NO_USER,
    USER,
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
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)

NEW = {"name": "Ada Byron", "email": "ada@example.com"}
SERVERS = "/servers/user/3"
TAKEN = answer(409, {"errors": ["user with specified email already exists"]})
ECHO = answer(201, {"data": {"name": "Ada Byron", "email": "x", "selfService": 1, "enabled": True}})


def created(**changes: Any) -> Any:
    """Return the response to a create, the only one with the password."""
    return answer(201, {"data": {**user(**changes), "password": "only-once"}})


def bring(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Bring user 1042 into a state."""
    return run_task(
        User, virtfusion_user.ARGUMENTS, *steps, check_mode=check_mode, **{**BY_ID, **changes}
    )


def fail(*steps: Step, **changes: Any) -> PanelError:
    """Bring user 1042 into a state, which must fail."""
    return fail_task(User, virtfusion_user.ARGUMENTS, *steps, **{**BY_ID, **changes})


# --- reading ---------------------------------------------------------------------------------


def test_a_user_is_read():
    result = run_task(
        UserInfo,
        virtfusion_user_info.ARGUMENTS,
        shown(user(selfService=3, suspended=True)),
        **BY_ID,
    )
    assert result["user"]["self_service"] == "both"
    assert result["user"]["enabled"] is False
    assert "suspended" not in result["user"]


@pytest.mark.parametrize(
    ("level", "word"),
    [(0, "disabled"), ("1", "hourly"), (2, "resource_packs"), (4, "4"), (None, None)],
)
def test_a_known_level_is_a_string_and_an_unknown_one_a_number(level, word):
    assert SCHEMA.project(user(selfService=level))["self_service"] == word


@pytest.mark.parametrize(
    "shape", [[2, 1], ["2", "1"], [{"id": 2, "name": "x"}, {"id": 1}], {"0": 1, "3": 2}]
)
def test_profiles_may_come_in_any_shape(shape):
    view = SCHEMA.project(user(selfServiceHourlyGroupProfiles=shape))
    assert view["hourly_group_profiles"] == [1, 2]


@pytest.mark.parametrize("shape", [None, [], False])
def test_no_profiles_may_come_in_any_shape(shape):
    assert SCHEMA.project(user(selfServiceHourlyGroupProfiles=shape))["hourly_group_profiles"] == []


@pytest.mark.parametrize("shape", [[{"name": "x"}], ["x"], 7])
def test_profiles_without_an_id_are_a_protocol_error(shape):
    with pytest.raises(PanelError) as caught:
        SCHEMA.project(user(selfServiceHourlyGroupProfiles=shape))
    assert caught.value.code.value == "protocol"


def test_a_relation_string_goes_into_the_path_as_one_part():
    run_task(
        UserInfo,
        virtfusion_user_info.ARGUMENTS,
        get(USER_BY_STRING, ok(user()), {"relStr": "true"}),
        **BY_STRING,
    )


def test_a_missing_user_cannot_be_read():
    error = fail_task(UserInfo, virtfusion_user_info.ARGUMENTS, shown(NO_USER), **BY_ID)
    assert error.msg == "Cannot read user 1042: ext_relation_id not found"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ext_relation_id": 0}, "ext_relation_id must be from 1 to 18446744073709551615, not 0"),
        ({"ext_relation_id": None, "relation_string": "  "}, "relation_string is empty"),
        ({"ext_relation_id": None, "relation_string": ".."}, "relation_string must not be '..'"),
        ({"name": " "}, "name is empty"),
        ({"name": " Ada"}, "name must not begin or end with white space: ' Ada'"),
        ({"email": "a@example.com "}, "email must not begin or end with white space"),
        ({"email": ""}, "email is empty"),
        ({"email": "ada"}, "email is not an e-mail address: 'ada'"),
        ({"hourly_group_profiles": [1, 0]}, "hourly_group_profiles must be a positive number"),
        ({"resource_group_profiles": [-1]}, "resource_group_profiles must be a positive number"),
        ({"hourly_resource_pack": 0}, "hourly_resource_pack must be a positive number"),
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_wrong_value_is_refused_and_nothing_is_sent(options, words, check_mode):
    error = fail(check_mode=check_mode, **options)
    assert error.code.value == "validation"
    assert words in error.msg


# --- creating --------------------------------------------------------------------------------


def test_a_create_contains_only_set_options():
    result = bring(
        shown(NO_USER),
        post("/users", created(), {**NEW, "extRelationId": 1042, "sendMail": False}),
        shown(user()),
        **NEW,
    )
    assert result["changed"] is True
    assert result["diff"]["before"] == {"state": "absent", "name": None, "email": None}
    assert result["diff"]["after"] == {"state": "present", **NEW}
    assert result["user"]["id"] == 3
    assert "password" not in str(result)


def test_every_value_has_its_key():
    body = {
        **NEW,
        "relStr": "acme/eu west",
        "selfService": 3,
        "selfServiceHourlyCredit": True,
        "selfServiceHourlyGroupProfiles": [1, 2],
        "selfServiceResourceGroupProfiles": [4],
        "selfServiceHourlyResourcePack": 6,
        "sendMail": True,
    }
    bring(
        get(USER_BY_STRING, NO_USER),
        post("/users", created(), body),
        get(
            USER_BY_STRING,
            ok(
                user(
                    selfService=3,
                    selfServiceResourceGroupProfiles=[4],
                    selfServiceHourlyResourcePack=6,
                )
            ),
        ),
        **{**NEW, **BY_STRING, "ext_relation_id": None},
        self_service="both",
        hourly_credit=True,
        hourly_group_profiles=[2, 1, 2],
        resource_group_profiles=[4],
        hourly_resource_pack=6,
        send_mail=True,
    )


def test_check_mode_predicts_what_a_create_does():
    wishes = {**NEW, "self_service": "hourly", "hourly_group_profiles": [2, 1]}
    predicted = bring(shown(NO_USER), check_mode=True, **wishes)
    real = bring(shown(NO_USER), post("/users", created()), shown(user()), **wishes)
    for key in ("changed", "diff", "changes", "refused"):
        assert predicted[key] == real[key]


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_relation_of_a_new_user_that_the_panel_may_trim_is_refused(check_mode):
    padded = {"ext_relation_id": None, "relation_string": "crm-7 "}
    look = get("/users/crm-7%20/byExtRelation", NO_USER, {"relStr": "true"})
    error = fail(look, check_mode=check_mode, **NEW, **padded)
    assert error.code.value == "validation"
    assert "relation_string must not begin or end with white space: 'crm-7 '" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("missing", ["name", "email"])
def test_a_create_needs_name_and_email(check_mode, missing):
    wishes = {name: value for name, value in NEW.items() if name != missing}
    error = fail(shown(NO_USER), check_mode=check_mode, **wishes)
    assert error.msg.startswith(f"{missing} must be set: there is no such user yet")
    assert error.code.value == "validation"


def test_the_password_is_returned_only_on_request():
    result = bring(
        shown(NO_USER), post("/users", created()), shown(user()), return_password=True, **NEW
    )
    assert result["password"] == "only-once"


@pytest.mark.parametrize("reply", [answer(201, {"data": user()}), answer(204)])
def test_a_create_without_a_password_succeeds(reply):
    result = bring(
        shown(NO_USER), post("/users", reply), shown(user()), return_password=True, **NEW
    )
    assert result["password"] is None
    assert result["changed"] is True


def test_the_password_is_returned_if_the_read_fails():
    error = fail(
        shown(NO_USER),
        post("/users", created()),
        shown(answer(403)),
        return_password=True,
        **NEW,
    )
    assert error.to_result()["password"] == "only-once"
    assert error.to_result()["changed"] is True


def test_the_password_is_returned_if_the_panel_ignores_profiles():
    error = fail(
        shown(NO_USER),
        post("/users", created()),
        shown(user()),
        return_password=True,
        hourly_group_profiles=[1, 2, 99],
        **NEW,
    )
    result = error.to_result()
    assert result["failure"]["code"] == "refused"
    assert result["failure"]["partial"] is True
    assert result["password"] == "only-once"
    assert [row["field"] for row in result["refused"]] == ["hourly_group_profiles"]


def test_a_disabled_user_is_created_and_then_disabled():
    result = bring(
        shown(NO_USER),
        post("/users", created(), {**NEW, "extRelationId": 1042, "sendMail": False}),
        put(USER, ECHO, {"enabled": False}),
        shown(user(suspended=True)),
        enabled=False,
        **NEW,
    )
    assert result["api_calls"]["write"] == 2
    assert result["user"]["enabled"] is False


def test_a_create_that_cannot_disable_is_partial_and_keeps_the_password():
    error = fail(
        shown(NO_USER),
        post("/users", created()),
        put(USER, answer(403)),
        shown(user()),
        enabled=False,
        return_password=True,
        **NEW,
    )
    assert error.partial is True
    assert error.to_result()["password"] == "only-once"


def test_disabling_a_new_user_is_sent_again_after_a_lost_answer():
    result = bring(
        shown(NO_USER),
        post("/users", created()),
        put(USER, answer(502, HTML)),
        shown(user()),
        put(USER, ECHO, {"enabled": False}),
        shown(user(suspended=True)),
        enabled=False,
        return_password=True,
        **NEW,
    )
    assert result["changed"] is True
    assert result["password"] == "only-once"


def test_a_user_with_the_same_email_is_not_taken_over():
    error = fail(shown(NO_USER), post("/users", TAKEN), shown(NO_USER), **NEW)
    assert error.code.value == "conflict"
    assert "user with specified email already exists" in error.msg
    assert "not taken over" in error.msg


@pytest.mark.parametrize("fault", [interrupted(), answer(502, HTML), answer(200, HTML)])
def test_a_create_is_never_sent_twice(fault):
    error = fail(shown(NO_USER), post("/users", fault), **NEW)
    assert error.failure()["state"] == "unknown"
    assert "check the panel before you run this again" in error.msg


@pytest.mark.parametrize("shown_id", [2**64 - 1, str(2**64 - 1)])
def test_an_external_relation_id_has_64_bits(shown_id):
    path = f"/users/{2**64 - 1}/byExtRelation"
    reply = get(path, ok(user(extRelationId=shown_id)))
    result = bring(reply, ext_relation_id=2**64 - 1)
    assert result["user"]["ext_relation_id"] == 2**64 - 1
    error = fail(ext_relation_id=2**64)
    assert error.code.value == "validation"


# --- changing --------------------------------------------------------------------------------


def test_nothing_is_sent_without_a_difference():
    result = bring(
        shown(user()),
        self_service="hourly",
        hourly_group_profiles=[2, 1],
        resource_group_profiles=[],
        enabled=True,
        hourly_credit=True,
        **NEW,
    )
    assert result["changed"] is False
    assert result["api_calls"]["write"] == 0


def test_only_differences_are_sent_in_one_request():
    result = bring(
        shown(user()),
        put(USER, ECHO, {"name": "Ada Lovelace", "enabled": False}),
        shown(user(name="Ada Lovelace", suspended=True)),
        name="Ada Lovelace",
        email="ada@example.com",
        enabled=False,
    )
    assert outcomes(result) == {
        "state": "unchanged",
        "name": "changed",
        "email": "unchanged",
        "enabled": "changed",
    }
    assert result["diff"]["before"] == {"name": "Ada Byron", "enabled": True}


def test_hidden_values_are_sent_with_other_changes():
    bring(
        shown(user()),
        put(USER, ECHO, {"selfService": 0, "selfServiceHourlyCredit": False}),
        shown(user(selfService=0)),
        self_service="disabled",
        hourly_credit=False,
    )


def test_an_ignored_profile_fails_the_task():
    error = fail(
        shown(user()),
        put(USER, ECHO, {"selfServiceHourlyGroupProfiles": [1, 99]}),
        shown(user(selfServiceHourlyGroupProfiles=[1])),
        hourly_group_profiles=[99, 1],
    )
    assert error.code.value == "refused"
    assert "hourly_group_profiles stays at [1] instead of [1, 99]" in error.msg


def test_a_duplicate_email_is_explained():
    error = fail(shown(user()), put(USER, TAKEN), shown(user()), email="other@example.com")
    assert error.code.value == "conflict"
    assert "not taken over" in error.msg


def test_a_lost_change_is_verified():
    result = bring(
        shown(user()),
        put(USER, interrupted()),
        shown(user(name="A")),
        shown(user(name="A")),
        name="A",
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


# --- deleting --------------------------------------------------------------------------------


def test_a_user_without_servers_is_deleted():
    result = bring(
        shown(user()), get(SERVERS, ok([])), delete(USER, DONE), shown(NO_USER), state="absent"
    )
    assert result["changed"] is True
    assert known(result["user"]) == {"state": "absent", "ext_relation_id": 1042}


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_user_whose_id_is_null_is_a_protocol_error(state):
    error = fail(shown(user(id=None)), state=state)
    assert error.code.value == "protocol"


def test_a_missing_user_is_not_deleted():
    assert bring(shown(NO_USER), state="absent")["changed"] is False


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_user_with_servers_is_not_deleted(check_mode):
    rows = [{"id": number} for number in range(1, 13)]
    error = fail(shown(user()), get(SERVERS, ok(rows)), state="absent", check_mode=check_mode)
    assert error.code.value == "refused"
    assert "user 3 (Ada Byron): the user owns servers (12): 1, 2, 3" in error.msg
    assert "10 …" in error.msg


def test_force_deletes_a_user_with_servers():
    result = bring(shown(user()), delete(USER, DONE), shown(NO_USER), state="absent", force=True)
    assert result["changed"] is True


def test_a_lost_deletion_is_verified():
    result = bring(
        shown(user()),
        get(SERVERS, ok([])),
        delete(USER, interrupted()),
        shown(NO_USER),
        shown(NO_USER),
        state="absent",
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1
