# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test errors: their sentences and their results."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import (
    Code,
    PanelError,
    invalid,
    unreadable,
)


@pytest.mark.parametrize(
    ("error", "msg"),
    [
        (PanelError(Code.LOCKED, "busy", action="read server 7"), "Cannot read server 7: busy"),
        (
            PanelError(Code.LOCKED, "busy", action="read server 7", hint="wait"),
            "Cannot read server 7: busy (wait)",
        ),
        (invalid("period is wrong"), "period is wrong"),
        (invalid("period is wrong", "use 0"), "period is wrong (use 0)"),
        (unreadable("no id", "check"), "no id (check)"),
    ],
)
def test_the_message_names_the_action_the_error_and_a_hint(error, msg):
    assert error.msg == str(error) == msg


def test_hints_are_joined():
    error = PanelError(Code.TRANSPORT, "lost")
    error.add_hint("one")
    error.add_hint("two")
    assert error.msg == "lost (one; two)"


def test_a_failure_has_all_its_keys():
    error = PanelError(
        Code.TRANSPORT,
        "lost",
        operation="set",
        http_status=502,
        retryable=True,
        partial=True,
        uncertain=True,
    )
    assert error.failure() == {
        "code": "transport",
        "http_status": 502,
        "operation": "set",
        "message": "lost",
        "retryable": True,
        "partial": True,
        "state": "unknown",
    }
    assert invalid("no").failure() == {
        "code": "validation",
        "http_status": None,
        "operation": None,
        "message": "no",
        "retryable": False,
        "partial": False,
        "state": "known",
    }


@pytest.mark.parametrize("partial", [False, True])
def test_a_failed_result_has_changed_only_after_a_change(partial):
    error = PanelError(Code.REFUSED, "no", partial=partial, result={"refused": [1]})
    result = error.to_result()
    assert result["changed"] is partial
    assert result["refused"] == [1]
    assert (result["msg"], result["failure"]) == ("no", error.failure())


def test_errors_share_no_result():
    learnt = {"a": 1}
    error = PanelError(Code.REFUSED, "no", result=learnt)
    error.result["b"] = 2
    assert learnt == {"a": 1}


def test_codes_are_plain_strings():
    assert [code for code in Code if not code.value.replace("_", "").isalpha()] == []
    assert all(code.value == code.name.lower() for code in Code)
