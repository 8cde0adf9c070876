# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the SSH keys of a user."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.user_access import (
    SshKey,
    SshKeyInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_ssh_key,
    virtfusion_ssh_key_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    DONE,
    NO_USER,
    delete,
    key,
    post,
    public_key,
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
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)

KEYS = "/ssh_keys/user/3"
KEY = public_key()
OTHER = public_key(seed="b")
ADDED = answer(201, {"data": {"id": 9, "name": "laptop", "type": "OpenSSH"}})
TWICE = answer(422, {"errors": ["Public key already exists"]})


def keys(*rows: Any) -> Step:
    """A read of the user's keys."""
    return get(KEYS, ok(list(rows)))


def bring(*steps: Step, check_mode: bool = False, **changes: Any) -> dict[str, Any]:
    """Bring the key of user 3 into a state."""
    options = {"user_id": 3, "public_key": KEY, "name": "laptop", **changes}
    return run_task(SshKey, virtfusion_ssh_key.ARGUMENTS, *steps, check_mode=check_mode, **options)


def fail(*steps: Step, **changes: Any) -> PanelError:
    """Bring the key of user 3 into a state, which must fail."""
    options = {"user_id": 3, "public_key": KEY, "name": "laptop", **changes}
    return fail_task(SshKey, virtfusion_ssh_key.ARGUMENTS, *steps, **options)


# --- reading ---------------------------------------------------------------------------------


def test_all_keys_are_read():
    result = run_task(
        SshKeyInfo,
        virtfusion_ssh_key_info.ARGUMENTS,
        shown(user()),
        keys(key(1, "a", KEY), key(2, "b", OTHER, enabled=0)),
        **BY_ID,
    )
    assert [view["enabled"] for view in result["ssh_keys"]] == [True, False]
    assert result["ssh_keys"][0]["public_key"] == KEY


# --- identity: type and blob -------------------------------------------------------------------


@pytest.mark.parametrize("line", [KEY, f"{KEY} ada@laptop", f"  {KEY}\tada \n"])
def test_the_comment_is_ignored(line):
    result = bring(keys(key(1, "laptop", f"{KEY} another")), public_key=line)
    assert result["changed"] is False


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ssh-ed25519",
        KEY.split()[1],
        f"{KEY}\n{OTHER}",
        f'command="true" {KEY}',
        KEY[:-10],
        KEY.replace("ssh-ed25519", "ssh-rsa"),
        "ssh-ed25519 not/base64!",
        "ssh-ed25519 AAAA",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize("check_mode", [False, True])
def test_an_invalid_public_key_is_refused_and_nothing_is_sent(line, check_mode):
    error = fail(public_key=line, check_mode=check_mode)
    assert error.code.value == "validation"
    assert error.msg.startswith("public_key ")


@pytest.mark.parametrize("kind", ["ssh-rsa", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com"])
def test_every_type_of_key_is_accepted(kind):
    line = public_key(kind)
    bring(keys(key(1, "laptop", line)), public_key=line)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"user_id": 0}, "user_id must be a positive number, not 0"),
        ({"name": " "}, "name is empty"),
        ({"name": "laptop "}, "name must not begin or end with white space: 'laptop '"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_sent(options, words):
    assert fail(**options).msg == words


def test_a_missing_user_fails():
    error = fail(shown(NO_USER), user_id=None, **BY_ID)
    assert error.code.value == "not_found"


# --- adding ----------------------------------------------------------------------------------


def test_a_key_is_added():
    result = bring(
        keys(key(1, "laptop", OTHER)),
        post("/ssh_keys", ADDED, {"userId": 3, "name": "laptop", "publicKey": f"{KEY} ada"}),
        keys(key(1, "laptop", OTHER), key(9, "laptop", KEY)),
        public_key=f" {KEY} ada ",
    )
    assert result["changed"] is True
    assert result["ssh_key"]["id"] == 9


def test_check_mode_predicts_what_adding_does():
    predicted = bring(keys(), check_mode=True)
    real = bring(keys(), post("/ssh_keys", ADDED), keys(key(9, "laptop", KEY)))
    for name in ("changed", "diff", "changes"):
        assert predicted[name] == real[name]


@pytest.mark.parametrize("fault", [interrupted(), answer(502, HTML)])
def test_adding_is_never_sent_twice(fault):
    error = fail(keys(), post("/ssh_keys", fault))
    assert error.failure()["state"] == "unknown"


# --- another name ----------------------------------------------------------------------------


def test_a_renamed_key_is_added_before_the_old_one_is_removed():
    result = bring(
        keys(key(1, "desktop", KEY)),
        post("/ssh_keys", ADDED, {"userId": 3, "name": "laptop", "publicKey": KEY}),
        delete("/ssh_keys/1", DONE),
        keys(key(9, "laptop", KEY)),
    )
    assert outcomes(result) == {"state": "unchanged", "name": "changed"}
    assert result["diff"]["before"] == {"name": "desktop"}
    assert result["ssh_key"]["id"] == 9


def test_the_old_key_is_removed_first_if_the_panel_refuses_duplicates():
    result = bring(
        keys(key(1, "desktop", KEY)),
        post("/ssh_keys", TWICE),
        delete("/ssh_keys/1", DONE),
        post("/ssh_keys", ADDED, {"userId": 3, "name": "laptop", "publicKey": KEY}),
        keys(key(9, "laptop", KEY)),
    )
    assert result["changed"] is True


def test_a_key_is_restored_if_the_panel_refuses_its_new_name():
    error = fail(
        keys(key(1, "desktop", KEY)),
        post("/ssh_keys", answer(422, {"errors": ["bad name"]})),
        delete("/ssh_keys/1", DONE),
        post("/ssh_keys", answer(422, {"errors": ["bad name"]})),
        post("/ssh_keys", ADDED, {"userId": 3, "name": "desktop", "publicKey": KEY}),
        keys(key(9, "desktop", KEY)),
    )
    assert "bad name" in error.msg
    assert error.partial is True


@pytest.mark.parametrize("fault", [answer(403), interrupted()])
def test_the_old_key_stays_if_the_new_one_is_not_added(fault):
    error = fail(keys(key(1, "desktop", KEY)), post("/ssh_keys", fault))
    assert error.partial is False


def test_a_failed_removal_after_adding_is_partial():
    error = fail(
        keys(key(1, "desktop", KEY)),
        post("/ssh_keys", ADDED),
        delete("/ssh_keys/1", answer(403)),
        keys(key(1, "desktop", KEY), key(9, "laptop", KEY)),
    )
    assert error.partial is True


def test_a_lost_removal_after_adding_is_finished():
    result = bring(
        keys(key(1, "desktop", KEY)),
        post("/ssh_keys", ADDED),
        delete("/ssh_keys/1", answer(502, HTML)),
        keys(key(1, "desktop", KEY), key(9, "laptop", KEY)),
        delete("/ssh_keys/1", DONE),
        keys(key(9, "laptop", KEY)),
    )
    assert result["changed"] is True
    assert result["ssh_key"]["id"] == 9


def test_leftovers_of_an_earlier_run_are_removed():
    result = bring(
        keys(key(9, "laptop", KEY), key(1, "desktop", KEY)),
        delete("/ssh_keys/1", DONE),
        keys(key(9, "laptop", KEY)),
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


# --- removing --------------------------------------------------------------------------------


def test_every_copy_of_a_key_is_removed():
    result = bring(
        keys(key(1, "a", KEY), key(2, "b", OTHER), key(3, "c", KEY)),
        delete("/ssh_keys/1", DONE),
        delete("/ssh_keys/3", DONE),
        keys(key(2, "b", OTHER)),
        state="absent",
        name=None,
    )
    assert result["changed"] is True
    assert known(result["ssh_key"]) == {"state": "absent", "public_key": KEY}


def test_a_key_without_a_name_is_a_protocol_error():
    nameless = key(1, "laptop", KEY)
    del nameless["name"]
    assert fail(keys(nameless)).code.value == "protocol"


def test_a_missing_key_is_not_removed():
    assert bring(keys(key(2, "b", OTHER)), state="absent", name=None)["changed"] is False


def test_a_lost_removal_is_verified():
    result = bring(
        keys(key(1, "a", KEY)),
        delete("/ssh_keys/1", interrupted()),
        keys(),
        keys(),
        state="absent",
        name=None,
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1
