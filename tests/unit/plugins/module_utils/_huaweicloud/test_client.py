# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the login, the search for the project, signatures, and complete reads of lists."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Query, run
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.credentials import (
    Keys,
    choose_account,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.dialect import (
    HuaweiCloudDialect,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.panel import HUAWEICLOUD
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.signer import (
    authorization,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    BSS,
    CPH,
    IAM,
    ORDERS,
    PHONE_MODELS,
    PROJECT,
    REGION,
    SERVER_MODELS,
    SERVERS,
    SHOW,
    fail_task,
    get,
    options,
    pair,
    post,
    run_task,
    server,
    signed,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    ScriptedBackend,
    answer,
    interrupted,
)

LOGIN, PROJECTS = f"{IAM}/v3/auth/tokens", f"{IAM}/v3/projects"
USER = {"auth_token": None, "user_name": "ops", "password": "pass-word-1", "domain_name": "acme"}
KEYS = {"auth_token": None, "access_key": "AKEXAMPLE", "secret_key": "SKEXAMPLE"}
EXPIRED = answer(401, {"error_code": "APIGW.0301", "error_msg": "decrypt token fail bought-1"})


def reading(what):
    """A task that reads something through the client."""

    class Reading(Query):
        def __init__(self, client, params):
            self._client = client

        def read(self):
            return {"found": what(self._client)}

    return Reading


ONE = reading(lambda client: client.server(SHOW.rpartition("/")[2])["server_id"])
ALL = reading(lambda client: [row["server_id"] for row in client.servers()])


def bought(token, project=PROJECT):
    described = {"token": {"project": {"id": project}, "expires_at": "2026-01-02T00:00:00.000000Z"}}
    return answer(201, described, x_subject_token=token)


def login_body(scope):
    who = {"name": "ops", "password": "pass-word-1", "domain": {"name": "acme"}}
    identity = {"methods": ["password"], "password": {"user": who}}
    return {"auth": {"identity": identity, "scope": scope}}


def run_seen(work, *steps, **changes):
    """Run a task; return the requests that it sent."""
    backend = ScriptedBackend(*steps, base="")
    run(HUAWEICLOUD, work, options(CONNECTION, **changes), clock=FakeClock(), backend=backend)
    backend.assert_finished()
    return backend.requests


# --- who asks --------------------------------------------------------------------------------


def test_a_token_is_shown():
    (request,) = run_seen(ONE, get(SHOW, server()), auth_token="given-token")
    assert request.headers["X-Auth-Token"] == "given-token"
    assert "Authorization" not in request.headers


def test_a_token_from_a_password_has_the_project():
    login = post(LOGIN, bought("bought-1"), login_body({"project": {"name": REGION}}))
    first, second = run_seen(ONE, login, get(SHOW, server()), project_id=None, **USER)
    assert "X-Auth-Token" not in first.headers
    assert dict(first.query) == {"nocatalog": "true"}
    assert second.headers["X-Auth-Token"] == "bought-1"


def test_a_password_buys_a_token_for_the_project_that_is_set():
    login = post(LOGIN, bought("bought-1"), login_body({"project": {"id": PROJECT}}))
    run_seen(ONE, login, get(SHOW, server()), **USER)


def test_orders_need_a_token_for_the_account():
    work = reading(lambda client: client.order("CS1")["order_id"])
    login = post(LOGIN, bought("bought-2"), login_body({"domain": {"name": "acme"}}))
    asked = get(f"{ORDERS}/details/CS1", {"order_info": {"order_id": "CS1"}})
    requests = run_seen(work, login, asked, bss_endpoint=BSS, **USER)
    assert requests[1].headers["X-Auth-Token"] == "bought-2"


def test_a_token_that_was_bought_is_replaced_once():
    steps = (
        post(LOGIN, bought("bought-1")),
        get(SHOW, EXPIRED),
        post(LOGIN, bought("bought-2")),
        get(SHOW, server()),
    )
    assert run_seen(ONE, *steps, **USER)[3].headers["X-Auth-Token"] == "bought-2"


def test_a_token_that_was_bought_is_replaced_only_once_and_never_shown():
    login, again = (post(LOGIN, bought(token)) for token in ("bought-1", "bought-2"))
    error = fail_task(ONE, CONNECTION, login, get(SHOW, EXPIRED), again, get(SHOW, EXPIRED), **USER)
    assert error.code.value == "auth"
    assert "bought-1" not in error.msg


def test_a_token_that_was_given_is_not_replaced():
    assert fail_task(ONE, CONNECTION, get(SHOW, EXPIRED)).code.value == "auth"


def test_a_write_is_not_repeated_for_a_new_token():
    work = reading(lambda client: client.change_flavor("s", "m", "p", auto_pay=True))
    steps = (post(LOGIN, bought("bought-1")), post(f"{SERVERS}/change-server-model", EXPIRED))
    assert fail_task(work, CONNECTION, *steps, **USER).code.value == "auth"


def test_a_wrong_password_is_one_sentence():
    wrong = {
        "error": {
            "code": 401,
            "message": "The username or password is wrong.",
            "title": "Unauthorized",
        }
    }
    error = fail_task(ONE, CONNECTION, post(LOGIN, answer(401, wrong)), **USER)
    assert error.msg.startswith("Cannot log in: The username or password is wrong (")


def test_a_login_without_a_token_is_an_error():
    error = fail_task(ONE, CONNECTION, post(LOGIN, answer(201, {"token": {}})), **USER)
    assert (error.code.value, error.operation) == ("protocol", "create_token")


# --- signatures ------------------------------------------------------------------------------


def test_the_signed_request_is_the_sent_request():
    query = {"server_name": "a b/é", "offset": 0, "limit": 100}
    work = reading(lambda client: client.servers({"server_name": "a b/é"}))
    sent = f"{SERVERS}?limit=100&offset=0&server_name=a%20b%2F%C3%A9"
    (request,) = run_seen(work, get(sent, {"servers": []}), **KEYS)
    assert (request.url, dict(request.query)) == (sent, {})
    headers = dict(request.headers)
    claimed = headers.pop("Authorization")
    headers.pop("Accept")
    assert sorted(headers) == ["Host", "X-Project-Id", "X-Sdk-Date"]
    assert claimed == authorization(
        "GET",
        request.url.split(".com")[1].split("?")[0],
        sent.split("?")[1],
        headers,
        b"",
        access_key="AKEXAMPLE",
        secret_key="SKEXAMPLE",
    )
    assert query["limit"] == 100


def test_a_body_is_signed_with_its_type():
    work = reading(lambda client: client.change_flavor("s", "m", "p", auto_pay=True))
    place = post(f"{SERVERS}/change-server-model", {"order_id": "CS1"})
    (request,) = run_seen(work, place, security_token="STS", **KEYS)
    assert (
        "SignedHeaders=content-type;host;x-project-id;x-sdk-date;x-security-token,"
        in (request.headers["Authorization"])
    )
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Security-Token"] == "STS"


def test_each_attempt_has_a_new_signature():
    account = choose_account(options(CONNECTION, **KEYS))
    clock = FakeClock(1_767_225_600.0)
    dialect = HuaweiCloudDialect(account, clock)
    request = Request("GET", SHOW, service="cph")
    first = dialect.authorise(request)
    clock.sleep(7)
    second = dialect.authorise(request)
    assert first.headers["X-Sdk-Date"] == "20260101T000000Z"
    assert second.headers["X-Sdk-Date"] == "20260101T000007Z"
    assert first.headers["Authorization"] != second.headers["Authorization"]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("https://cph.example.com", "cph.example.com"),
        ("https://cph.example.com:443", "cph.example.com:443"),
    ],
)
def test_the_host_is_signed_as_it_is_sent(address, host):
    account = choose_account(options(CONNECTION, **KEYS))
    request = HuaweiCloudDialect(account).authorise(
        Request("GET", f"{address}/v1/x", service="cph")
    )
    assert request.headers["Host"] == host


def test_orders_are_signed_for_the_account():
    account = choose_account(options(CONNECTION, domain_id="d1", **KEYS))
    request = HuaweiCloudDialect(account).authorise(Request("GET", ORDERS, service="bss"))
    assert request.headers["X-Domain-Id"] == "d1"
    assert "X-Project-Id" not in request.headers


def test_keys_are_secret():
    dialect = HuaweiCloudDialect(choose_account(options(CONNECTION, security_token="STS", **KEYS)))
    assert isinstance(dialect.account.credentials, Keys)
    assert set(dialect.secrets()) == {"AKEXAMPLE", "SKEXAMPLE", "STS"}


def test_an_access_key_that_the_gateway_repeats_is_masked():
    message = "Get secretKey failed,ak:AKEXAMPLE,err:ak not exist"
    reply = answer(401, {"error_code": "APIGW.0301", "error_msg": message})
    error = fail_task(ONE, CONNECTION, get(SHOW, reply), **KEYS)
    assert "AKEXAMPLE" not in error.msg
    assert "ak:********" in error.msg


# --- the project -----------------------------------------------------------------------------


def projects(*ids):
    return get(signed(PROJECTS, {"name": REGION}), {"projects": [{"id": each} for each in ids]})


def test_the_project_of_the_region_is_looked_up_once():
    work = reading(
        lambda client: [client.server("1")["server_id"], client.server("2")["server_id"]]
    )
    steps = (get(f"{SERVERS}/1", server()), get(f"{SERVERS}/2", server()))
    requests = run_seen(work, projects(PROJECT), *steps, project_id=None, **KEYS)
    assert "X-Project-Id" not in requests[0].headers
    assert requests[1].headers["X-Project-Id"] == PROJECT


def test_no_project_is_an_error():
    error = fail_task(ONE, CONNECTION, projects(), project_id=None, **KEYS)
    assert error.code.value == "not_found"
    assert "set project_id" in error.msg


@pytest.mark.parametrize("project_id", [None, "", {}])
def test_a_project_without_an_id_is_an_error(project_id):
    error = fail_task(ONE, CONNECTION, projects(project_id), project_id=None, **KEYS)
    assert error.code.value == "protocol"


def test_several_projects_are_an_error_that_names_them():
    error = fail_task(ONE, CONNECTION, projects("1" * 32, "2" * 32), project_id=None, **KEYS)
    assert error.code.value == "ambiguous"
    assert "1" * 32 in error.msg
    assert "2" * 32 in error.msg


@pytest.mark.parametrize(
    "region", ["cn-north-4_sub", "", "cn north", "evil.example.com/x", "CN-NORTH-4"]
)
def test_a_region_is_a_part_of_a_host_name(region):
    error = fail_task(ONE, CONNECTION, region=region)
    assert "region must be the name of a region" in error.msg


@pytest.mark.parametrize("option", ["cph_endpoint", "iam_endpoint", "bss_endpoint"])
@pytest.mark.parametrize("address", ["cph.example.com", "https://user:pw@cph.example.com"])
def test_an_invalid_address_is_reported_without_its_value(option, address):
    error = fail_task(ONE, CONNECTION, **{option: address})
    assert option in error.msg
    assert "pw" not in error.msg


def test_addresses_can_be_set():
    work = reading(lambda client: client.session.base_urls)
    found = run_task(
        work,
        CONNECTION,
        cph_endpoint="http://127.0.0.1:8080/",
        iam_endpoint="https://iam.example.com/v3",
    )["found"]
    assert found == {"cph": "http://127.0.0.1:8080", "iam": "https://iam.example.com"}


# --- lists -----------------------------------------------------------------------------------


def page(start, count, total=None):
    rows = [server(f"{number:032d}") for number in range(start, start + count)]
    return {"servers": rows, **({} if total is None else {"count": total})}


def asked(offset, body, url=SERVERS, **filters):
    return get(url, body, {**filters, "offset": offset, "limit": 100})


def test_counted_pages_are_read_to_the_end():
    steps = (
        asked(0, page(0, 100, 230)),
        asked(100, page(100, 100, 230)),
        asked(200, page(200, 30, 230)),
    )
    assert len(run_task(ALL, CONNECTION, *steps)["found"]) == 230


@pytest.mark.parametrize("total", [100.5, "100.5", -1, True, "many", "9" * 5000, []])
def test_a_count_that_is_no_number_of_rows_does_not_end_the_pages(total):
    steps = (asked(0, page(0, 100, total)), asked(99, page(99, 31, total)))
    assert len(run_task(ALL, CONNECTION, *steps)["found"]) == 130


@pytest.mark.parametrize("total", ["130", 130.0, "130.0"])
def test_a_count_is_a_number_of_any_type(total):
    steps = (asked(0, page(0, 100, total)), asked(100, page(100, 30, total)))
    assert len(run_task(ALL, CONNECTION, *steps)["found"]) == 130


def test_a_list_that_moved_is_read_again():
    gone = (asked(0, page(0, 100, 101)), asked(100, page(0, 0, 100)))
    again = (asked(0, page(1, 100, 100)),)
    assert len(run_task(ALL, CONNECTION, *gone, *again)["found"]) == 100


def test_pages_without_a_count_end_with_a_short_one():
    steps = (asked(0, page(0, 100)), asked(99, page(99, 3)))
    assert len(run_task(ALL, CONNECTION, *steps)["found"]) == 102


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param(page(100, 50), id="a row was removed"),
        pytest.param(page(0, 0), id="rows were removed up to the page"),
        pytest.param(
            answer(400, {"error_code": "CPS.0002", "error_msg": "offset"}),
            id="an offset behind the end may be an error",
        ),
    ],
)
def test_a_list_without_a_count_that_moved_is_read_again(moved):
    steps = (asked(0, page(0, 100)), asked(99, moved), asked(0, page(1, 99)))
    assert len(run_task(ALL, CONNECTION, *steps)["found"]) == 99


def test_a_count_under_filters_does_not_hide_that_the_list_moved():
    work = reading(lambda client: client.servers({"status": 5}))
    moved = (asked(0, page(0, 100, 130), status=5), asked(99, page(100, 30, 130), status=5))
    again = (asked(0, page(1, 100, 130), status=5), asked(99, page(100, 30, 130), status=5))
    assert len(run_task(work, CONNECTION, *moved, *again)["found"]) == 129


@pytest.mark.parametrize("past", [{"error_code": "CPS.0002", "error_msg": "offset"}, page(0, 0)])
def test_a_counted_list_that_shrank_is_read_again(past):
    response = answer(400, past) if "error_code" in past else past
    gone = (asked(0, page(0, 100, 101)), asked(100, response))
    again = (asked(0, page(1, 100, 100)),)
    assert len(run_task(ALL, CONNECTION, *gone, *again)["found"]) == 100


def test_a_wrong_filter_is_an_error():
    wrong = answer(400, {"error_code": "CPS.0002", "error_msg": "limit"})
    assert fail_task(ALL, CONNECTION, asked(0, wrong)).code.value == "validation"


def test_pages_that_repeat_are_noticed():
    steps = (asked(0, page(0, 100)), asked(99, page(0, 100)))
    assert "repeat" in fail_task(ALL, CONNECTION, *steps).msg


@pytest.mark.parametrize("body", [{}, {"servers": None}, {"servers": ["x"]}, {"servers": {}}])
def test_an_answer_without_its_list_is_an_error(body):
    error = fail_task(ALL, CONNECTION, asked(0, body))
    assert error.code.value == "protocol"
    assert error.msg.startswith("Cannot list the cloud phone servers: ")


MODELS = reading(lambda client: client.server_models())
PROJECT_OF = reading(lambda client: client.project_id())


@pytest.mark.parametrize("body", ["null", '""', "1.5", "true", "[]"])
@pytest.mark.parametrize(
    ("work", "url", "options"),
    [
        (ALL, SERVERS, {}),
        (MODELS, SERVER_MODELS, {}),
        (PROJECT_OF, f"{PROJECTS}?name={REGION}", {"project_id": None, **KEYS}),
    ],
    ids=["pages", "chain", "projects"],
)
def test_a_list_that_is_no_object_is_an_error(work, url, options, body):
    error = fail_task(work, CONNECTION, get(url, answer(200, body)), **options)
    assert error.code.value == "protocol"


def test_phone_flavors_may_be_named_in_the_singular():
    work = reading(lambda client: len(client.phone_models()))
    steps = (asked(0, {"phone_model": [pair(("a", "b"))]}, PHONE_MODELS),)
    assert run_task(work, CONNECTION, *steps)["found"] == 1


def chained(query, names, following):
    rows = [{"server_model_name": name, "product_type": 0} for name in names]
    return get(SERVER_MODELS, {"server_models": rows, **following}, query)


@pytest.mark.parametrize(
    "last",
    [
        {},
        {"page_info": {}},
        {"page_info": {"next_marker": None}},
        {"page_info": {"next_marker": ""}},
    ],
)
def test_server_flavors_name_their_next_page(last):
    work = reading(lambda client: [row["server_model_name"] for row in client.server_models()])
    steps = (
        chained({"limit": 100}, ["a", "b"], {"page_info": {"next_marker": "b"}}),
        chained({"limit": 100, "marker": "b"}, ["c"], last),
    )
    assert run_task(work, CONNECTION, *steps)["found"] == ["a", "b", "c"]


def test_the_jobs_of_a_request_are_asked_for_by_its_id():
    request_id = "0" * 32
    work = reading(lambda client: [job["job_id"] for job in client.jobs(request_id)])
    jobs = f"{CPH}/cloud-phone/jobs"
    step = asked(0, {"jobs": [{"job_id": "j1"}]}, jobs, request_ids=request_id)
    assert run_task(work, CONNECTION, step)["found"] == ["j1"]


def test_a_failed_job_is_not_a_failed_request():
    work = reading(lambda client: client.job("j1")["error_code"])
    job = {"job_id": "j1", "status": -1, "error_code": "CPS.0005", "error_msg": "gone"}
    assert run_task(work, CONNECTION, get(f"{CPH}/cloud-phone/jobs/j1", job))["found"] == "CPS.0005"


def test_reads_are_repeated():
    busy = answer(400, {"error_code": "CPS.0042", "error_msg": "busy"})
    steps = (get(SHOW, interrupted()), get(SHOW, busy), get(SHOW, server()))
    assert run_task(ONE, CONNECTION, *steps)["api_calls"]["retried"] == 2
