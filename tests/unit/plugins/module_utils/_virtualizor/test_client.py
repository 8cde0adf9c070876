# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the client: responses and submissions."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.session import UncertainWrite
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.operations import (
    OPERATIONS,
    SUBMIT_FLAGS,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.panel import VIRTUALIZOR
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Response,
    answer,
    interrupted,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import (
    KEY,
    PASS,
    PanelScript,
    listed,
    options,
    read,
    submit,
    user_plan,
)

EDIT = "edituser_plans&uplid=5"


def client(*steps):
    """Return a client and its scripted panel."""
    script = PanelScript(*steps)
    params = options(CONNECTION, retries=1)
    session = VIRTUALIZOR.session(params, check_mode=False, clock=FakeClock(), backend=script)
    return VIRTUALIZOR.client(session), script


def edit(reply, **body):
    """Submit the form of user plan 5."""
    panel, script = client(submit(EDIT, reply))
    done = panel.send("edit_user_plan", path={"user_plan_id": 5}, body=body)
    return done, script


# --- reading ---------------------------------------------------------------------------------


def test_a_record_knows_its_operation():
    panel, _script = client(read("user_plans", listed("plans", user_plan()), {"reslen": 200}))
    (record,) = panel.user_plans()
    assert record["uplid"] == "5"
    assert (record.action, record.operation) == ("list the user plans", "list_user_plans")


@pytest.mark.parametrize("empty", [[], {}])
def test_an_empty_list_is_accepted(empty):
    assert client(read("user_plans", {"plans": empty}))[0].user_plans() == []


def test_filters_are_sent_in_the_query():
    panel, _script = client(read("users", {"users": []}, {"email": "a@b.c", "reslen": 200}))
    assert panel.users(email="a@b.c") == []


@pytest.mark.parametrize(
    "shown", [{"title": "Admin Panel", "vs": 3}, {"title": "Panneau d'administration"}, {}]
)
def test_another_page_instead_of_a_list_is_an_error(shown):
    panel, _script = client(read("user_plans", shown))
    with pytest.raises(
        PanelError, match=r"^Cannot list the user plans: the panel responds with"
    ) as e:
        panel.user_plans()
    assert e.value.code is Code.PROTOCOL
    assert shown.get("title", "its page 'Page'") in e.value.msg
    assert "permissions" in e.value.hint


@pytest.mark.parametrize("value", ["none", 5, {"1": "x"}, None])
def test_a_list_of_other_values_is_an_error(value):
    panel, _script = client(read("user_plans", {"plans": value}))
    with pytest.raises(PanelError, match="the list of user plans has an unexpected format"):
        panel.user_plans()


def test_a_refused_read_names_the_permissions():
    panel, _script = client(read("user_plans", {"error": ["Nicht erlaubt"]}))
    with pytest.raises(PanelError, match="Nicht erlaubt") as caught:
        panel.user_plans()
    assert caught.value.code is Code.REFUSED
    assert "permissions of their administrator ACL" in caught.value.msg


@pytest.mark.parametrize("shown", [{}, {"user_plans": []}, {"user_plans": {"uplid": "6"}}])
def test_a_form_without_the_record_is_empty(shown):
    assert client(read(EDIT, shown))[0].user_plan_form(5) == {}


def test_a_form_shows_one_record():
    panel, _script = client(read(EDIT, {"user_plans": user_plan(total_iops_sec="9")}))
    assert panel.user_plan_form(5)["total_iops_sec"] == "9"


@pytest.mark.parametrize("empty", [[], {}])
def test_a_missing_vps_is_none(empty):
    assert client(read("editvs&vpsid=4", {"vps": empty}))[0].server(4) is None


# --- writing ---------------------------------------------------------------------------------


def test_a_submission_is_a_form_with_its_flag():
    done, script = edit({"done": True}, plan_name="a b", priority=2, sgs=[0, 2], band_suspend=True)
    assert done is True
    (request,) = script.requests
    assert request.content == (
        b"edituser_plans=1&plan_name=a+b&priority=2&sgs%5B%5D=0&sgs%5B%5D=2&band_suspend=1"
    )
    assert request.content_type == "application/x-www-form-urlencoded"


def test_a_write_has_its_credentials_only_in_the_query():
    script = edit({"done": True}, plan_name="a")[1]
    assert script.authorised == [{"api": "json", "adminapikey": KEY, "adminapipass": PASS}]
    assert KEY.encode() not in script.requests[0].content


@pytest.mark.parametrize("flag", SUBMIT_FLAGS.items(), ids=str)
def test_each_flag_is_a_field_of_its_form(flag):
    name, field = flag
    assert field in OPERATIONS[name].body
    assert not OPERATIONS[name].reads


@pytest.mark.parametrize(
    "shown",
    [{"done": 17}, {"done": "1"}, {"done": {"done": True}}, {"done_msg": "saved"}],
)
def test_done_is_a_success(shown):
    edit(shown, plan_name="a")


@pytest.mark.parametrize("shown", [{}, {"done": False}, {"done": []}, {"user_plans": {}}])
def test_neither_done_nor_an_error_is_an_unknown_state(shown):
    with pytest.raises(
        PanelError, match=r"^Cannot change user plan 5: the panel ignored"
    ) as caught:
        edit(shown, plan_name="a")
    assert caught.value.failure() == {
        "code": "protocol",
        "http_status": None,
        "operation": "edit_user_plan",
        "message": "the panel ignored the submission: it reports neither success nor an error",
        "retryable": False,
        "partial": False,
        "state": "unknown",
    }


def test_other_messages_are_reported():
    with pytest.raises(PanelError, match=r"nor an error \(Session .* is over\)") as caught:
        edit({"message": {"text": f"Session {KEY} is over"}}, plan_name="a")
    assert KEY not in caught.value.msg


@pytest.mark.parametrize("done", [True, 1, "1", {"done": True}, {"5": {}}])
def test_an_error_beside_done_is_an_error_that_leaves_the_effect_open(done):
    with pytest.raises(PanelError, match="Cannot change user plan 5: No name") as caught:
        edit({"done": done, "error": {"no_plan_name": "No name"}}, plan_name="")
    assert (caught.value.code, caught.value.uncertain) == (Code.VALIDATION, True)


@pytest.mark.parametrize("done", [None, False, 0, "", "0", []])
def test_an_error_without_done_is_a_refusal(done):
    with pytest.raises(PanelError, match="Cannot change user plan 5: No name") as caught:
        edit({"done": done, "error": {"no_plan_name": "No name"}}, plan_name="")
    assert (caught.value.code, caught.value.uncertain) == (Code.VALIDATION, False)


def test_a_deletion_needs_no_done():
    panel, _script = client(submit("user_plans", {}, {"delete": 5}))
    assert panel.send("delete_user_plan", body={"delete": 5}) is None


def test_an_addition_is_never_repeated():
    panel, script = client(submit("adduser_plans", interrupted()))
    with pytest.raises(PanelError, match="may have created it") as caught:
        panel.send("add_user_plan", body={"plan_name": "a", "priority": 0})
    assert len(script.requests) == 1
    assert caught.value.uncertain
    assert not isinstance(caught.value, UncertainWrite)


@pytest.mark.parametrize("reply", [answer(200), answer(200, "<html>"), answer(200, "{")])
def test_an_edit_with_an_unreadable_response_is_verified(reply: Response):
    with pytest.raises(UncertainWrite):
        edit(reply, plan_name="a")
