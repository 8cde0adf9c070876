# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test builds: when they start, how they end, and their results."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_build import (
    SWAP_SIZES,
    ServerBuild,
)
from ansible_collections.vpsfleet.panels.plugins.modules.virtfusion_server_build import ARGUMENTS
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

BUILT = "2025-01-15T15:00:49+00:00"
LATER = "2025-02-01T12:00:00+00:00"
PASSWORD = "uv1dmfUUaENhNpbrGUwD"

#: The fields before the first build, while one is pending, after a failure and after a success
#: (virtfusion 3.3).
UNBUILT = {"state": "allocated", "commissionStatus": 0, "built": None, "template": 0}
QUEUED = {"state": "queued", "commissionStatus": 1, "built": None, "busy": True}
FAILED = {"state": "failed", "commissionStatus": 2, "built": None}
COMPLETE = {"state": "complete", "commissionStatus": 3, "built": BUILT}

TEMPLATES = [
    {
        "id": 1,
        "name": "Debian",
        "templates": [
            {"id": 46, "name": "Debian", "version": "12 (Bookworm)", "variant": "Minimal"},
            {"id": 56, "name": "Debian", "version": "12 (Bookworm)", "variant": "Desktop"},
            {"id": 8, "name": "Debian", "version": "11 (Bullseye)", "variant": None},
        ],
    },
    {"id": 0, "name": "Other", "templates": [{"id": 5, "name": "openSUSE", "version": "15"}]},
]
LISTED = get("/servers/7/templates", ok(TEMPLATES))


def looks(*, template: int = 46, busy: bool = False, **changes):
    tasks = {"active": busy, "actions": {"pending": []}}
    places = {"settings.osTemplateInstallId": template, "tasks": tasks}
    return server(**places, **changes)


def read(**changes) -> Step:
    return get("/servers/7", ok(looks(**changes)))


def post(body=None, reply=None) -> Step:
    raw = looks(**QUEUED)
    raw["settings"]["decryptedPassword"] = PASSWORD
    return Step("POST", "/servers/7/build", reply or ok(raw), body=body)


def build(*steps: Step, **options):
    return run_task(ServerBuild, ARGUMENTS, *steps, **_with_ids(options))


def fail_to_build(*steps: Step, **options):
    return fail_task(ServerBuild, ARGUMENTS, *steps, **_with_ids(options))


def _with_ids(options):
    template = {} if "template_name" in options else {"template_id": 46}
    return {"server_id": 7, **template, **options}


# --- when there is a build -------------------------------------------------------------------


@pytest.mark.parametrize("rebuild", ["never", "if_different", "always"])
@pytest.mark.parametrize("before", [UNBUILT, FAILED], ids=["unbuilt", "first build failed"])
def test_a_server_that_was_never_built_is_built(before, rebuild):
    before_steps = (read(**before), LISTED)
    predicted = build(*before_steps, check_mode=True, rebuild=rebuild)
    real = build(
        *before_steps,
        post(),
        read(**QUEUED),
        read(**COMPLETE),
        read(**COMPLETE),
        rebuild=rebuild,
    )
    for key in ("changed", "diff", "changes", "template"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert outcomes(real)["built_now"] == "changed"
    assert (real["server"]["state"], real["server"]["built_now"]) == ("complete", True)
    assert "password" not in real
    assert PASSWORD not in str(real)


@pytest.mark.parametrize("rebuild", ["never", "if_different"])
def test_a_server_with_the_template_is_left_alone(rebuild):
    result = build(read(**COMPLETE), LISTED, rebuild=rebuild)
    assert result["changed"] is False
    assert result["server"]["built_now"] is False


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({**COMPLETE, "template": 8}, "it is already built, with template 8"),
        ({**FAILED, "built": BUILT}, "its last build failed, with template 46"),
        ({**COMPLETE, "built": None, "template": 8}, "it is already built, with template 8"),
    ],
    ids=["another template", "a later build failed", "built, but without a date"],
)
def test_no_disk_is_wiped_by_default(before, words, check_mode):
    error = fail_to_build(read(**before), LISTED, check_mode=check_mode)
    assert error.code.value == "refused"
    assert words in error.msg
    assert "set rebuild to if_different" in error.msg


@pytest.mark.parametrize(
    "before", [{**COMPLETE, "template": 8}, {**FAILED, "built": BUILT}], ids=["other", "failed"]
)
def test_a_different_server_is_rebuilt_if_allowed(before):
    steps = (read(**before), LISTED)
    predicted = build(*steps, check_mode=True, rebuild="if_different")
    done = {**COMPLETE, "built": LATER}
    real = build(*steps, post(), read(**done), read(**done), rebuild="if_different")
    assert predicted["diff"] == real["diff"]
    assert real["changed"] is True


def test_a_server_can_be_built_at_every_run():
    steps = (read(**COMPLETE), LISTED)
    predicted = build(*steps, check_mode=True, rebuild="always")
    done = {**COMPLETE, "built": LATER}
    real = build(*steps, post(), read(**done), read(**done), rebuild="always")
    assert predicted["diff"] == real["diff"]
    assert real["diff"]["after"] == {"built_now": True}


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_protected_server_is_not_wiped(check_mode):
    steps = (read(**COMPLETE, protected=True), LISTED)
    error = fail_to_build(*steps, check_mode=check_mode, rebuild="always")
    assert error.code.value == "refused"
    assert "it is protected" in error.msg
    build(*steps, check_mode=True, rebuild="always", allow_protected=True)


def test_a_protected_server_may_be_built_for_the_first_time():
    build(read(**UNBUILT, protected=True), LISTED, check_mode=True)


def test_a_server_with_an_unknown_build_state_is_not_rebuilt():
    raw = looks(**COMPLETE)
    del raw["built"]
    error = fail_to_build(get("/servers/7", ok(raw)))
    assert error.code.value == "protocol"
    assert "does not show built of server 7" in error.msg


# --- a build by another client ---------------------------------------------------------------


def test_a_build_that_is_running_is_waited_for():
    result = build(read(**QUEUED), read(**QUEUED), read(**COMPLETE), LISTED)
    assert result["changed"] is False
    assert result["server"]["state"] == "complete"


def test_a_build_that_is_running_and_fails_is_followed_by_another():
    result = build(read(**QUEUED), read(**FAILED), LISTED, check_mode=True)
    assert result["changed"] is True


def test_an_endless_build_ends_at_the_timeout():
    error = fail_to_build(*[read(**QUEUED)] * 4, wait_timeout=1)
    assert error.code.value == "wait_timeout"
    assert error.msg.startswith("Cannot wait for the build of server 7 (web01): it is still queued")
    assert (error.partial, error.retryable) == (False, True)


def test_without_waiting_a_pending_build_counts_as_done():
    result = build(read(**QUEUED), LISTED, wait=False)
    assert result["changed"] is False


@pytest.mark.parametrize(
    "options", [{"template_id": 8, "rebuild": "if_different"}, {"rebuild": "always"}]
)
def test_without_waiting_a_running_build_locks_the_server(options):
    error = fail_to_build(read(**QUEUED), LISTED, wait=False, **options)
    assert (error.code.value, error.retryable) == ("locked", True)


# --- the end ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "last",
    [
        FAILED,
        {**FAILED, "built": BUILT},
        {**COMPLETE, "buildFailed": True},
        {**FAILED, "buildFailed": True},
    ],
    ids=["state", "an old date", "flag", "both"],
)
def test_a_failed_build_ends_the_waiting(last):
    # The status 2 stands for a running build too, and the flag may be false (virtfusion 3.3).
    steps = (read(**UNBUILT), LISTED, post(), read(**QUEUED), read(**last), read(**last))
    error = fail_to_build(*steps)
    assert error.code.value == "job_failed"
    assert error.msg.startswith(
        "Cannot build server 7 (web01): the panel reports that the build failed"
    )
    result = error.to_result()
    assert (result["changed"], result["failure"]["partial"]) == (True, True)
    assert outcomes(result) == {"os_template_id": "changed", "built_now": "changed"}


REBUILDING = {"state": "complete", "built": BUILT, "buildFailed": True, "busy": False}


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("failed", [True, False])
def test_a_rebuild_that_shows_a_temporary_failure_continues(status, failed):
    going_on = read(**{**REBUILDING, "commissionStatus": status, "buildFailed": failed})
    end = read(**{**COMPLETE, "built": LATER})
    result = build(
        read(**{**COMPLETE, "template": 8}),
        *(LISTED, post(), going_on, going_on, end, end),
        rebuild="always",
    )
    assert result["changed"] is True


@pytest.mark.parametrize("status", [0, 1])
def test_a_rebuild_by_another_client_that_shows_a_failure_is_waited_for(status):
    going_on = read(**{**REBUILDING, "commissionStatus": status})
    end = read(**{**COMPLETE, "built": LATER})
    assert build(going_on, end, LISTED)["changed"] is False


@pytest.mark.parametrize("status", [2, 3])
def test_a_failed_rebuild_does_not_continue(status):
    failed = read(**{**REBUILDING, "commissionStatus": status})
    error = fail_to_build(
        read(**{**COMPLETE, "template": 8}),
        *(LISTED, post(), failed, failed),
        rebuild="always",
    )
    assert error.code.value == "job_failed"


def test_a_paused_build_is_called_paused():
    paused = read(**{**QUEUED, "state": "", "commissionStatus": 2, "busy": False})
    error = fail_to_build(read(**UNBUILT), LISTED, post(), paused, paused, wait_timeout=0)
    assert (error.code.value, error.message) == ("wait_timeout", "it is still paused after 0 s")


def test_status_2_of_a_running_build_is_not_a_failure():
    running = {**QUEUED, "state": "building", "commissionStatus": 2}
    result = build(
        read(**UNBUILT), LISTED, post(), read(**running), read(**COMPLETE), read(**COMPLETE)
    )
    assert result["server"]["state"] == "complete"


def test_the_date_of_the_previous_build_does_not_end_the_waiting():
    before, after = {**COMPLETE, "template": 8}, {**COMPLETE, "built": LATER}
    clock = FakeClock()
    build(
        read(**before),
        LISTED,
        post(),
        read(**{**QUEUED, "built": BUILT}),
        read(**{**COMPLETE, "busy": True}),
        read(**after),
        read(**after),
        rebuild="if_different",
        clock=clock,
    )
    assert clock.sleeps == [0.5, 1.0]


def test_a_new_date_ends_the_waiting_even_if_another_task_runs():
    after = {**COMPLETE, "built": LATER, "busy": True}
    build(read(**UNBUILT), LISTED, post(), read(**after), read(**after))


def test_a_timeout_does_not_stop_the_build():
    queued = read(**QUEUED)
    error = fail_to_build(
        read(**UNBUILT), LISTED, post(), queued, queued, queued, queued, wait_timeout=1
    )
    assert error.code.value == "wait_timeout"
    assert (error.partial, error.retryable) == (True, True)
    assert error.to_result()["server"]["state"] == "queued"


def test_without_waiting_the_task_ends_after_the_panel_accepts():
    result = build(read(**UNBUILT), LISTED, post(), read(**QUEUED), wait=False)
    assert result["changed"] is True
    assert result["server"]["state"] == "queued"


def test_a_failure_while_waiting_reports_the_started_build():
    error = fail_to_build(
        read(**UNBUILT),
        LISTED,
        post(),
        get("/servers/7", answer(403)),
        read(**QUEUED),
        return_password=True,
    )
    assert (error.code.value, error.partial, error.uncertain) == ("forbidden", True, True)
    assert "the panel has accepted the request" in error.msg
    assert error.result["password"] == PASSWORD


@pytest.mark.parametrize("lost", [interrupted(), answer(504), answer(200, "<html>")])
def test_a_build_is_never_sent_twice(lost):
    error = fail_to_build(read(**UNBUILT), LISTED, post(reply=lost))
    assert error.uncertain is True
    assert "check the panel before you run this again" in error.msg


# --- the request -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        ({}, {}),
        ({"hostname": "db.example.com"}, {"hostname": "db.example.com"}),
        ({"vnc": False}, {"vnc": False}),
        ({"ipv6": True}, {"ipv6": True}),
        ({"send_mail": True}, {"email": True}),
        ({"ssh_key_ids": []}, {}),
        *(({"swap": size}, {"swap": size}) for size in (256, 512, 768)),
        ({"swap": 1024}, {"swap": 1}),
        ({"swap": 1536}, {"swap": 1.5}),
        ({"swap": 8192}, {"swap": 8}),
    ],
    ids=str,
)
def test_the_request_contains_the_options_and_current_names(options, sent):
    body = {"operatingSystemId": 46, "name": "web01", "hostname": "web01.example.com", **sent}
    build(read(**UNBUILT), LISTED, post(body), read(**QUEUED), wait=False, **options)


def test_a_server_without_names_is_built_without_them():
    nameless = {**UNBUILT, "name": "", "hostname": None}
    steps = (read(**nameless), LISTED, post({"operatingSystemId": 46}), read(**QUEUED))
    build(*steps, wait=False)


def test_each_swap_size_is_accepted_by_the_panel():
    assert {size if size < 1024 else size / 1024 for size in SWAP_SIZES} == {
        256, 512, 768, 1, 1.5, 2, 3, 4, 5, 6, 8,
    }  # fmt: skip


def test_keys_are_checked_before_they_are_sent():
    key = {"id": 3, "name": "laptop", "publicKey": "ssh-ed25519 AAAA", "enabled": True}
    body = {
        "operatingSystemId": 46,
        "name": "web01",
        "hostname": "web01.example.com",
        "sshKeys": [3],
    }
    steps = (read(**UNBUILT), LISTED, get("/ssh_keys/3", ok(key)))
    build(*steps, post(body), read(**QUEUED), wait=False, ssh_key_ids=[3])


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer(404, {"msg": "ssh key not found"}), "Cannot read SSH key 3: ssh key not found"),
        (
            ok({"id": 3, "name": "a", "publicKey": "ssh-ed25519 AAAA", "enabled": False}),
            "Cannot build server 7 (web01): SSH key 3 is disabled",
        ),
    ],
)
def test_an_unusable_key_fails_the_task(reply, words, check_mode):
    steps = (read(**UNBUILT), LISTED, get("/ssh_keys/3", reply))
    assert fail_to_build(*steps, check_mode=check_mode, ssh_key_ids=[3]).msg == words


def test_the_password_is_returned_on_request():
    steps = (read(**UNBUILT), LISTED, post(), read(**COMPLETE), read(**COMPLETE))
    assert build(*steps, return_password=True)["password"] == PASSWORD
    assert "password" not in build(read(**COMPLETE), LISTED, return_password=True)


# --- templates -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "template_id"),
    [
        ("Debian 12 (Bookworm) Minimal", 46),
        ("Debian 11 (Bullseye)", 8),
        ("openSUSE 15", 5),
    ],
)
def test_a_template_is_found_by_name_version_and_variant(name, template_id):
    result = build(read(**UNBUILT), LISTED, check_mode=True, template_name=name)
    assert result["template"]["id"] == template_id


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"template_name": "Debian 12 (Bookworm)"}, "ambiguous", "46, 56"),
        ({"template_name": "Debian 13"}, "not_found", "Debian 13"),
        ({"template_id": 99}, "not_found", "it is not one of the 4 templates for server 7 (web01)"),
    ],
)
def test_a_template_must_be_available_for_the_server(options, code, words):
    error = fail_to_build(read(**UNBUILT), LISTED, **options)
    assert error.code.value == code
    assert words in error.msg


def test_a_withdrawn_template_is_accepted_if_the_server_has_it():
    there = (read(**COMPLETE, template=99), LISTED)
    assert build(*there, template_id=99)["template"] == {"id": 99}
    error = fail_to_build(*there, template_id=99, rebuild="always")
    assert error.code.value == "not_found"


# --- options ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostname",
    ["web01", "web01.", ".example.com", "-a.example.com", "a_b.example.com", "", "192.0.2.1"],
)
def test_a_host_name_needs_its_domain(hostname):
    error = fail_to_build(hostname=hostname)
    assert error.code.value == "validation"
    assert error.msg.startswith("hostname must be a full domain name")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"template_id": 0}, "template_id must be at least 1, not 0"),
        ({"wait_timeout": -1}, "wait_timeout must be at least 0, not -1"),
        ({"ssh_key_ids": [0]}, "ssh_key_ids must be a positive number, not 0"),
    ],
)
def test_an_invalid_option_sends_nothing(wrong, words):
    assert fail_to_build(**wrong).msg == words
