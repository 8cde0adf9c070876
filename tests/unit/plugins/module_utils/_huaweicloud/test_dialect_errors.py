# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the error responses of the services, in every known shape."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Fault
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.credentials import (
    Account,
    Token,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.dialect import (
    HuaweiCloudDialect,
    rejection_of,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import HTML, answer


def cps(code, status=400):
    return answer(status, {"request_id": "r1", "error_code": code, "error_msg": "it says"})


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        (cps("CPS.0015", 404), "not_found", "it says [CPS.0015, request r1]"),
        (cps("CPS.0015", 400), "not_found", "it says [CPS.0015, request r1]"),
        (cps("CPS0005"), "not_found", "it says [CPS.0005, request r1]"),
        (cps("CPS.0001", 403), "forbidden", "it says [CPS.0001, request r1]"),
        (cps("CPS.0001", 400), "forbidden", "it says [CPS.0001, request r1]"),
        (cps("CPS.0002"), "validation", "it says [CPS.0002, request r1]"),
        (cps("CPS.1028"), "conflict", "it says [CPS.1028, request r1]"),
        (cps("CPS.0062", 200), "refused", "it says [CPS.0062, request r1]"),
        (cps("CPS.9999", 200), "refused", "it says [CPS.9999, request r1]"),
        (cps("APIGW.0301", 401), "auth", "it says [APIGW.0301, request r1]"),
        (cps("APIG.0301", 401), "auth", "it says [APIGW.0301, request r1]"),
        (cps("APIGW.0101", 404), "protocol", "it says [APIGW.0101, request r1]"),
        (cps("APIG.0308", 429), "rate_limited", "it says [APIGW.0308, request r1]"),
        (cps("CBC.0150", 403), "forbidden", "it says [CBC.0150, request r1]"),
        (
            answer(
                401, {"error": {"code": 401, "message": "wrong password", "title": "Unauthorized"}}
            ),
            "auth",
            "wrong password",
        ),
        (
            answer(403, {"error_msg": "no right", "error_code": "IAM.0101"}, x_request_id="h1"),
            "forbidden",
            "no right [IAM.0101, request h1]",
        ),
        (
            answer(400, {"code": "X.1", "message": "third\nshape."}),
            "validation",
            "third shape [X.1]",
        ),
        (answer(400, {"errorCode": "Y", "errorMsg": "camel"}), "validation", "camel [Y]"),
        (answer(400, {"error": "a word"}), "validation", "a word"),
        (answer(502, HTML), "transport", "the panel failed (HTTP 502)"),
        (answer(503, "upstream busy"), "transport", "upstream busy (HTTP 503)"),
        (answer(401), "auth", "the panel did not accept the credentials (HTTP 401)"),
        (answer(404, "{"), "not_found", "the panel has no such object (HTTP 404)"),
        (cps("CPS.9999", 404), "not_found", "it says [CPS.9999, request r1]"),
        (cps("CBC.0101", 404), "not_found", "it says [CBC.0101, request r1]"),
        (cps("CPS.0156", 404), "not_found", "it says [CPS.0156, request r1]"),
        (cps("CPS.0159", 400), "not_found", "it says [CPS.0159, request r1]"),
        (answer(200, {"error_msg": "it says", "order_id": None}), "refused", "it says"),
    ],
)
def test_a_refusal_is_understood(reply, code, message):
    rejection = rejection_of(reply)
    assert (rejection.code.value, rejection.message) == (code, message)


@pytest.mark.parametrize(
    ("reply", "absent"),
    [
        (answer(404), False),
        (answer(404, HTML), False),
        (answer(404, "{"), False),
        (answer(404, []), False),
        (answer(404, {}), False),
        (answer(404, {"detail": "Not Found"}), False),
        (answer(404, {"message": "no route", "code": "404"}), False),
        (answer(404, {"error": {"code": 404, "message": "no path", "title": "Not Found"}}), False),
        (cps("APIGW.0103", 404), False),
        (cps("X.0015", 404), False),
        (cps("CPS.0015", 404), True),
        (cps("CPS0005", 404), True),
        (cps("CBC.0101", 404), True),
    ],
)
def test_only_a_404_of_the_service_proves_that_an_object_is_absent(reply, absent):
    dialect = HuaweiCloudDialect(Account(Token("secret"), "cn-north-4"))
    assert dialect.says_absent(dialect.operations["show_server"], reply) is absent


@pytest.mark.parametrize(
    "body",
    [
        {"request_id": "r", "servers": []},
        {"request_id": "r", "error_code": None, "error_msg": None},
        {"request_id": "r", "error_code": "", "error_msg": ""},
        {"request_id": "r", "code": "an answer may have one"},
        {
            "job_id": "j",
            "status": -1,
            "error_code": "CPS.0005",
            "error_msg": "the phone is missing",
        },
        [],
        None,
    ],
    ids=["list", "null", "empty", "code", "job", "array", "nothing"],
)
def test_a_success_is_not_an_error(body):
    assert rejection_of(answer(200, body)) is None


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (cps("APIGW.0301", 401), None),
        (cps("APIGW.0308", 429), Fault.RATE_LIMITED),
        (cps("CPS.0003", 500), Fault.SERVER_ERROR),
        (cps("CPS.0042", 400), Fault.SERVER_ERROR),
        (cps("CPS.0062"), None),
        (cps("APIGW.0201", 504), Fault.SERVER_ERROR),
        (cps("APIGW.0201", 413), None),
        (answer(429), Fault.RATE_LIMITED),
    ],
)
def test_only_what_may_pass_is_sent_again(reply, fault):
    assert rejection_of(reply).fault is fault


def test_a_wrong_signature_warns_of_the_lock():
    assert "lock an access key" in rejection_of(cps("APIGW.0301", 401)).hint


def test_a_redirect_names_options_that_exist():
    rejection = rejection_of(answer(302, location="https://elsewhere.example.com/login?x=1"))
    assert "x=1" not in rejection.message
    assert "cph_endpoint" in rejection.hint


def test_a_message_for_the_authorised_is_not_repeated():
    body = {
        "error_code": "PAP5.0012",
        "error_msg": "denied",
        "encoded_authorization_message": "opaque",
    }
    assert "opaque" not in rejection_of(answer(403, body)).message


def test_a_long_message_is_cut():
    assert len(rejection_of(answer(400, {"error_code": "A", "error_msg": "x" * 999})).message) < 420
