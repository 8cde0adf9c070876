# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test error messages of the panel."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.dialect import (
    code_of,
    hint_for,
    read_document,
    refusal,
    remark,
)

NOTICE = (
    b"<br />\n<b>Notice</b>:  Undefined index: {$a['b']} in <b>/x.php</b> on line <b>2</b><br />\n"
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": ["One is wrong.", "Two is wrong"]}, "One is wrong.; Two is wrong"),
        ({"error": {"no_plan_name": "No name"}}, "No name"),
        ({"error": "Just a text"}, "Just a text"),
        ({"error": {"a": ["x", {"b": "y"}]}}, "x; y"),
        ({"errors": ["One"]}, "One"),
        ({"error": True}, "the panel gives no reason"),
        ({"error": {"fatal_error_text": "Broken"}}, "Broken"),
        ({"fatal_error_heading": "Fatal Error", "fatal_error_text": "No"}, "Fatal Error: No"),
        ({"fatal_error_text": "No", "done": True, "error": ["x"]}, "No"),
        ({"error_heading": "Sorry", "error_msg": "No way"}, "Sorry: No way"),
        (
            {"error": ["The <b>Email</b> &amp; <a href='x'>more</a>\n exists."]},
            "The Email & more exists",
        ),
        *(({"error": empty, "done": 1}, "") for empty in ([], {}, "", " ", None, False)),
        ({"done": True}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_each_shape_of_an_error_is_one_line(body, message):
    assert refusal(body) == message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"ath_fail": "x"}, Code.AUTH),
        ({"slave_cant": "x"}, Code.FORBIDDEN),
        ({"slave_cant_exp": "x"}, Code.FORBIDDEN),
        ({"err_locked_vps": "x"}, Code.LOCKED),
        ({"err_vps_locked": "x"}, Code.LOCKED),
        ({"vm_locked_install_script": "x"}, Code.LOCKED),
        ({"vm_locked_of_a_later_version": "x"}, Code.LOCKED),
        ({"rescue_edit_no_allowed": "x"}, Code.CONFLICT),
        ({"emailexist": "x"}, Code.CONFLICT),
        ({"email_exist": "x"}, Code.CONFLICT),
        ({"invalid_email": "x"}, Code.VALIDATION),
        *(
            ({name: "x"}, Code.REFUSED)
            for name in (
                *("err_rescue", "email_exists", "inv_email", "no_user_type", "no_swap"),
                *("no_burst", "err_suspended", "user_has_vps", "denied", "no_new", "less_ram"),
            )
        ),
        ({"plannameexist": "x"}, Code.CONFLICT),
        ({"space_per_vm_err": "x"}, Code.VALIDATION),
        ({"something_new": "x"}, Code.REFUSED),
        (["Plan Name already exists"], Code.REFUSED),
        ("Authentication failed, api call stopped", Code.REFUSED),
    ],
)
def test_the_code_comes_from_the_key_and_never_from_the_message(error, code):
    assert code_of({"error": error}) is code


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        ({"vps_is_locked_now": "Gesperrt"}, "it may be locked"),
        (["The VPS is Locked"], "it may be locked"),
        ({"err_suspended": "x"}, "it may be suspended"),
        ("This VPS has been suspended", "it may be suspended"),
        ({"something_new": "not in RESCUE mode"}, "it may be in rescue mode"),
        ({"less_ram": "too little RAM"}, ""),
    ],
)
def test_words_of_an_unknown_error_give_a_hint_and_no_code(error, hint):
    assert code_of({"error": error}) is Code.REFUSED
    assert hint_for({"error": error}).startswith(hint)
    assert bool(hint_for({"error": error})) is bool(hint)


def test_credentials_are_masked_in_any_message():
    hashed = "ab12cd34" + "0123456789abcdef" * 2
    message = refusal(
        {"error": f"bad /index.php?act=x&adminapikey=k1&adminapipass=p1&apikey={hashed}&page=1"}
    )
    assert message == (
        "bad /index.php?act=x&adminapikey=********&adminapipass=********&apikey=********&page=1"
    )
    assert refusal({"error": f"who is {hashed}?"}) == "who is ********?"


def test_a_remark_is_a_message_next_to_a_result():
    assert remark({"message_text": "Look out", "message": {"a": "b"}}) == "Look out; b"
    assert remark([]) == ""


@pytest.mark.parametrize("before", [b"", NOTICE, NOTICE * 3, b"\xef\xbb\xbf", b"  \n"])
@pytest.mark.parametrize("body", [b'{"plans":{"1":{"a":"{"}}}', b'{"done":true}\n\n'])
def test_json_is_found_behind_notices(before, body):
    document = read_document(Response(200, {}, before + body))
    assert set(document) in ({"plans"}, {"done"})


@pytest.mark.parametrize(
    "body", [b"<html><script>var a = {};</script></html>", b'{"a":', b"oops", b'{"a":1} and more']
)
def test_text_without_json_is_none(body):
    with pytest.raises(ValueError, match=r".+"):
        read_document(Response(200, {}, body))
