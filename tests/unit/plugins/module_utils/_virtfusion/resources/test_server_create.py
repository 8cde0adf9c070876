# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the creation of servers and its failures."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server import (
    Server,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import (
    package,
    page,
    row,
    server,
)

NEW = {"server_name": "web70", "package_id": 3, "user_id": 4, "hypervisor_group_id": 2}
BODY = {"packageId": 3, "userId": 4, "hypervisorId": 2, "ipv4": 1}
DRY = {"dryRun": "true"}


def make(*steps: Step, **options):
    return run_task(Server, ARGUMENTS, *steps, **{**NEW, **options})


def fail_to_make(*steps: Step, **options):
    return fail_task(Server, ARGUMENTS, *steps, **{**NEW, **options})


def listed(*rows) -> Step:
    return get("/servers", answer(200, page(*rows)))


def post(reply, body=None, query=None) -> Step:
    return Step("POST", "/servers", reply, query, body)


def made(**changes):
    """Return the response to a creation: no name, not built (virtfusion 1.6)."""
    fresh = {"id": 70, "name": "", "state": "allocated", "commissionStatus": 0, "built": None}
    return server(**{**fresh, **changes})


ASKED = (listed(), get("/servers/user/4", ok([])), get("/packages/3", ok(package())))
DRY_RUN = post(ok({"dryRun": "success"}), BODY, DRY)
CREATED = post(answer(201, {"data": made()}), BODY, {})
RENAMED = put("/servers/70/modify/name", answer(201), {"name": "web70"})
READ_AGAIN = get("/servers/70", ok(made(name="web70")))


def test_a_server_is_made_and_named():
    result = make(*ASKED, DRY_RUN, CREATED, RENAMED, READ_AGAIN)
    assert result["changed"] is True
    assert (result["server"]["id"], result["server"]["name"]) == (70, "web70")
    assert result["server"]["present"] is True
    assert outcomes(result) == {"present": "changed", "name": "changed", "owner_id": "changed"}
    assert result["restart_required"] is False
    assert result["diff"]["before_header"] == "server (web70)"


def test_a_server_that_another_client_names_meanwhile_is_still_created():
    named = put("/servers/70/modify/name", answer(409, {"msg": "already so"}))
    result = make(*ASKED, DRY_RUN, CREATED, named, READ_AGAIN, READ_AGAIN)
    assert result["changed"] is True
    assert outcomes(result) == {"present": "changed", "name": "unchanged", "owner_id": "unchanged"}


def test_check_mode_sends_a_dry_run_and_creates_nothing():
    predicted = make(*ASKED, DRY_RUN, check_mode=True)
    real = make(*ASKED, DRY_RUN, CREATED, RENAMED, READ_AGAIN)
    for key in ("changed", "diff", "changes", "refused", "restart_required"):
        assert predicted[key] == real[key]
    assert predicted["api_calls"]["write"] == 0


def test_an_existing_server_is_not_created_again():
    result = make(listed(row(7, "web70")), get("/servers/7", ok(server(name="web70"))))
    assert result["changed"] is False
    assert result["api_calls"] == {"read": 2, "write": 0, "retried": 0, "waited_s": 0.0}


@pytest.mark.parametrize("check_mode", [False, True])
def test_no_server_is_created_with_a_name_that_the_panel_may_shorten(check_mode):
    error = fail_to_make(listed(), server_name="web70 ", check_mode=check_mode)
    assert error.msg == "server_name must not begin or end with white space: 'web70 '"


def test_a_duplicate_name_creates_no_server():
    error = fail_to_make(listed(row(7, "web70"), row(8, "web70")))
    assert error.code.value == "ambiguous"
    assert "7, 8" in error.msg


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({"ipv4_count": 0}, {"ipv4": 0}),
        ({"memory": 4096}, {"memory": 4096}),
        ({"cpu": 4}, {"cpuCores": 4}),
        ({"primary_network_traffic": 0}, {"traffic": 0}),
        ({"primary_disk_size": 80}, {"storage": 80}),
        ({"primary_network_inbound_speed": 0}, {"networkSpeedInbound": 0}),
        ({"primary_network_outbound_speed": 12500}, {"networkSpeedOutbound": 12500}),
        ({"primary_storage_profile": 2}, {"storageProfile": 2}),
        ({"primary_network_profile": 1}, {"networkProfile": 1}),
        ({"firewall_rulesets": [1, 2]}, {"firewallRulesets": [1, 2]}),
        ({"firewall_rulesets": []}, {"firewallRulesets": [-1]}),
        ({"hypervisor_asset_groups": [3]}, {"hypervisorAssetGroups": [3]}),
        ({"hypervisor_asset_groups": []}, {"hypervisorAssetGroups": [-1]}),
        (
            {"additional_storages": []},
            {"additionalStorage1Enable": False, "additionalStorage2Enable": False},
        ),
        (
            {"additional_storages": [{"capacity": 50, "profile": None}]},
            {
                "additionalStorage1Enable": True,
                "additionalStorage1Capacity": 50,
                "additionalStorage2Enable": False,
            },
        ),
        (
            {
                "additional_storages": [
                    {"capacity": 50, "profile": 1},
                    {"capacity": 60, "profile": 0},
                ]
            },
            {
                "additionalStorage1Enable": True,
                "additionalStorage1Capacity": 50,
                "additionalStorage1Profile": 1,
                "additionalStorage2Enable": True,
                "additionalStorage2Capacity": 60,
                "additionalStorage2Profile": 0,
            },
        ),
    ],
    ids=str,
)
def test_the_request_contains_only_set_options(options, sent):
    body = {**BODY, **sent}
    make(*ASKED, post(ok({"dryRun": "success"}), body, DRY), check_mode=True, **options)


def test_package_and_user_have_several_selectors():
    result = make(
        listed(),
        get("/users/1042/byExtRelation", ok({"id": 4, "name": "Ada"})),
        get("/packages", ok([package()])),
        DRY_RUN,
        check_mode=True,
        package_id=None,
        package_name="Cloud 4",
        user_id=None,
        ext_relation_id=1042,
    )
    assert result["diff"]["after"] == {"present": True, "name": "web70", "owner_id": 4}


def test_other_options_are_set_afterwards_and_the_suspension_last():
    done = made(name="web70", suspended=True, backup_plan=2, **{"cpu.throttle": 10, "memory": 4096})
    body = {**BODY, "memory": 4096}
    result = make(
        *ASKED,
        post(ok({"dryRun": "success"}), body, DRY),
        post(answer(201, {"data": made(memory=4096)}), body, {}),
        RENAMED,
        put("/servers/70/modify/cpuThrottle", answer(201), {"percent": 10}),
        put("/servers/70/backups/plan/2", answer(201)),
        Step("POST", "/servers/70/suspend", answer(204)),
        get("/servers/70", ok(done)),
        memory=4096,
        cpu_throttle=10,
        backup_plan=2,
        suspended=True,
    )
    assert set(outcomes(result).values()) == {"changed"}


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_creation_needs_the_required_options(check_mode):
    error = fail_to_make(
        listed(row(7, "web71")),
        check_mode=check_mode,
        package_id=None,
        user_id=None,
    )
    assert error.code.value == "not_found"
    assert "did you mean 'web71'?; to create it, set package_id and user_id" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("key", "steps"),
    [
        ({"server_id": 70}, [get("/servers/70", answer(404, {"msg": "server not found"}))]),
        ({"server_uuid": "no-such"}, [listed(row(7, "web07"))]),
    ],
)
def test_a_server_is_created_only_by_name(key, steps, check_mode):
    error = fail_to_make(*steps, check_mode=check_mode, server_name=None, **key)
    assert error.code.value == "not_found"
    assert "set server_name to create a server, so that the next run can find it" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_missing_user_gets_no_server(check_mode):
    error = fail_to_make(
        listed(),
        get("/servers/user/4", answer(404, {"msg": "user not found"})),
        check_mode=check_mode,
    )
    assert (
        error.msg == "Cannot list the servers of user 4: user not found (check user_id or owner_id)"
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_no_server_is_made_of_a_disabled_package(check_mode):
    error = fail_to_make(
        *ASKED[:2], get("/packages/3", ok(package(enabled=False))), check_mode=check_mode
    )
    assert error.code.value == "refused"
    assert error.msg.startswith("Cannot create a server with package 3 (Cloud 4): ")


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_refusal_fails_in_check_mode_too(check_mode):
    refused = answer(422, {"errors": ["Invalid or disabled firewall ruleset"]})
    error = fail_to_make(*ASKED, post(refused, None, DRY), check_mode=check_mode)
    assert error.msg == "Cannot try to create a server: Invalid or disabled firewall ruleset"
    assert (error.code.value, error.operation) == ("validation", "try_create_server")
    assert (error.partial, error.uncertain) == (False, False)


def test_a_panel_that_creates_a_server_in_a_dry_run_is_reported():
    error = fail_to_make(*ASKED, post(answer(201, {"data": made()}), BODY, DRY), check_mode=True)
    assert error.code.value == "protocol"
    assert error.partial is True
    assert error.result["server"]["id"] == 70
    assert "created server 70" in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("reply", [answer(504, "timeout"), answer(500, "oops"), interrupted()])
def test_a_dry_run_without_a_response_is_not_sent_again(check_mode, reply):
    # A panel that ignores dryRun may have created the server.
    error = fail_to_make(*ASKED, post(reply, BODY, DRY), check_mode=check_mode, retries=5)
    assert (error.operation, error.uncertain) == ("try_create_server", True)
    assert "may have created it: check the panel before you run this again" in error.msg


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"server_name": ""}, "server_name must have 1 to 63 characters"),
        ({"server_name": "x" * 64}, "server_name must have 1 to 63 characters"),
        ({"package_id": 0}, "package_id must be at least 1, not 0"),
        ({"user_id": -4}, "user_id must be at least 1, not -4"),
        ({"ipv4_count": -1}, "ipv4_count must be at least 0, not -1"),
        ({"hypervisor_group_id": 0}, "hypervisor_group_id must be at least 1, not 0"),
        ({"primary_disk_size": 0}, "primary_disk_size must be at least 1, not 0"),
        ({"memory": 255}, "memory must be at least 256, not 255"),
        ({"cpu": 601}, "cpu must be from 1 to 600, not 601"),
        ({"primary_network_traffic": 10**9}, "primary_network_traffic must be from 0 to 999999999"),
        ({"firewall_rulesets": [-1]}, "firewall_rulesets must be IDs, not [-1] (an empty list"),
        ({"hypervisor_asset_groups": [0]}, "hypervisor_asset_groups must be IDs"),
        (
            {"additional_storages": [{"capacity": 1, "profile": None}] * 3},
            "additional_storages must be at most 2, not 3",
        ),
        (
            {"additional_storages": [{"capacity": 0, "profile": None}]},
            "capacity must be at least 1, not 0",
        ),
    ],
    ids=str,
)
def test_an_invalid_option_sends_nothing(wrong, words):
    error = fail_to_make(**wrong)
    assert error.code.value == "validation"
    assert words in error.msg


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [interrupted(), answer(502, "<html>"), answer(201, "<html>")])
def test_a_creation_is_never_sent_twice_once_it_may_have_arrived(lost):
    error = fail_to_make(*ASKED, DRY_RUN, post(lost, BODY, {}))
    assert error.uncertain is True
    assert "check the panel before you run this again" in error.msg
    assert "a new server would have no name and the owner 4" in error.msg


def test_a_created_server_beside_an_error_is_uncertain():
    both = answer(201, {"data": made(), "errors": ["no free IPv4"]})
    error = fail_to_make(*ASKED, DRY_RUN, post(both, BODY, {}), listed(), wait_timeout=0)
    assert error.uncertain is True
    assert "no free IPv4" in error.msg
    assert "check the panel before you run this again" in error.msg


def test_a_response_without_the_created_server_is_uncertain():
    error = fail_to_make(*ASKED, DRY_RUN, post(answer(201), BODY, {}))
    assert error.uncertain is True
    assert "a new server would have no name and the owner 4" in error.msg


def test_a_refused_creation_is_known_not_to_have_happened():
    refused = post(answer(422, {"errors": ["No"]}), BODY, {})
    error = fail_to_make(*ASKED, DRY_RUN, refused, listed())
    assert (error.partial, error.uncertain) == (False, False)


def test_a_failed_renaming_reports_the_new_id():
    error = fail_to_make(
        *ASKED,
        DRY_RUN,
        CREATED,
        put("/servers/70/modify/name", answer(422, {"errors": ["Invalid name"]})),
        get("/servers/70", ok(made())),
    )
    assert error.msg.startswith("Cannot rename server 70: Invalid name (")
    assert "continue with server_id=70" in error.msg
    result = error.to_result()
    assert (result["changed"], result["failure"]["partial"]) == (True, True)
    assert (result["server"]["id"], result["server"]["name"]) == (70, "")
    assert outcomes(result) == {"present": "changed", "name": "unchanged", "owner_id": "changed"}


@pytest.mark.parametrize("name", ["web70", ""])
def test_a_lost_renaming_is_repeated_only_if_it_had_no_effect(name):
    again = [] if name else [RENAMED]
    result = make(
        *ASKED,
        DRY_RUN,
        CREATED,
        put("/servers/70/modify/name", interrupted()),
        get("/servers/70", ok(made(name=name))),
        *again,
        READ_AGAIN,
    )
    assert result["changed"] is True
    assert result["server"]["name"] == "web70"
