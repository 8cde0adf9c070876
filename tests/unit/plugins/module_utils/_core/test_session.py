# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the session: check mode, declared operations, counters, errors, secrets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import (
    reads,
    rejection_by_status,
    sets,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import TransportFailure
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    BASE,
    ScriptedBackend,
    Step,
    answer,
    get,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy import (
    SECRET,
    VERBS,
    ToyDialect,
    toy_session,
)

THING = {"thing": 1}


def _read(reply) -> ScriptedBackend:
    return ScriptedBackend(Step("POST", "/things/1", reply))


@pytest.mark.parametrize("effect", VERBS, ids=lambda effect: effect.value)
def test_check_mode_sends_only_reads(effect, clock):
    allowed = effect.value in ("read", "trial")
    steps = [Step(VERBS[effect], "/things/1", answer(200, {}))] if allowed else []
    backend = ScriptedBackend(*steps)
    session = toy_session(backend, clock, check_mode=True)
    if allowed:
        session.call(effect.value, path=THING)
    else:
        with pytest.raises(AssertionError, match="would write in check mode"):
            session.call(effect.value, path=THING)
    assert len(backend.requests) == len(steps)


@pytest.mark.parametrize(
    "extra", [{"query": {"per_page": 1}}, {"body": {"colour": "red"}}, {"query": {"size": 1}}]
)
def test_an_undeclared_parameter_is_never_sent(extra, clock):
    backend = ScriptedBackend()
    with pytest.raises(AssertionError, match="does not declare"):
        toy_session(backend, clock).call("set", path=THING, **extra)


def test_an_open_body_allows_any_key_but_no_undeclared_query(clock):
    declared = sets("edit", "POST /things/{thing}", "edit thing {thing}", body="size *")
    backend = _read(answer(200, {}))
    session = toy_session(backend, clock)
    session.execute(declared, path=THING, body={"colour": "red"})
    assert backend.requests[0].body == {"colour": "red"}
    with pytest.raises(AssertionError, match="edit does not declare colour"):
        session.execute(declared, path=THING, query={"colour": "red"})


def test_a_request_follows_its_declaration(clock):
    backend = ScriptedBackend(Step("POST", "/things/a%2Fb", answer(200, {"a": 1})))
    session = toy_session(backend, clock)
    path, query, body = {"thing": "a/b"}, {"page": 2}, {"size": 3}
    assert session.call("set", path=path, query=query, body=body) == {"a": 1}
    (request,) = backend.requests
    assert request.url == f"{BASE}/things/a%2Fb"
    assert (request.query, request.body) == (query, body)
    assert request.headers == {"Authorization": f"Bearer {SECRET}"}


def test_calls_are_counted_by_effect(clock):
    steps = [Step(verb, "/things/1", answer(204)) for verb in VERBS.values()]
    session = toy_session(ScriptedBackend(*steps), clock)
    for effect in VERBS:
        assert session.call(effect.value, path=THING) is None
    assert session.api_calls() == {"read": 2, "write": 4, "retried": 0, "waited_s": 0.0}


def test_the_rate_limit_counts_as_waiting(clock):
    backend = ScriptedBackend(*[Step("POST", "/things/1", answer(200, {}))] * 3)
    session = toy_session(backend, clock, per_second=4)
    for _call in range(3):
        session.call("read", path=THING)
    assert clock.sleeps == [0.25, 0.25]
    assert session.api_calls()["waited_s"] == 0.5


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (301, "protocol"),
        (400, "validation"),
        (401, "auth"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "protocol"),
        (409, "conflict"),
        (418, "protocol"),
        (422, "validation"),
        (423, "locked"),
        (429, "rate_limited"),
        (500, "transport"),
        (599, "transport"),
    ],
)
def test_each_status_has_a_code(status, code, clock):
    with pytest.raises(PanelError) as caught:
        toy_session(_read(answer(status)), clock, retries=0).call("read", path=THING)
    error = caught.value
    assert (error.code.value, error.http_status, error.operation) == (code, status, "read")
    assert error.msg.startswith("Cannot read thing 1: ")
    assert f"HTTP {status}" in error.msg


@pytest.mark.parametrize("status", [423, 429])
def test_a_caller_that_must_look_first_sends_nothing_again(status, clock):
    session = toy_session(_read(answer(status)), clock)
    session.resends = False
    with pytest.raises(PanelError) as caught:
        session.call("read", path=THING)
    assert caught.value.http_status == status
    assert session.api_calls()["retried"] == 0


def test_a_caller_that_must_look_first_does_not_wait_for_the_pause_of_others(clock):
    """What it has read before would be old after the pause."""
    first = toy_session(_read(answer(429, retry_after="60")), clock, retries=0)
    second = first.sibling()
    second.resends = False
    with pytest.raises(PanelError):
        first.call("read", path=THING)
    begun = clock.now
    with pytest.raises(PanelError, match="it was not sent") as caught:
        second.call("read", path=THING)
    assert (caught.value.code.value, clock.now) == ("rate_limited", begun)


def test_the_panels_message_comes_first(clock):
    with pytest.raises(PanelError) as caught:
        toy_session(_read(answer(404, "no such thing")), clock).call("read", path=THING)
    assert caught.value.message == "no such thing"


@pytest.mark.parametrize(
    "leak",
    [
        SECRET,
        f"key={SECRET}&x=1",
        "s3cret%2Fwith%3Dsigns",
        "Authorization: Bearer other.token-1",
        "authorization: basic dXNlcjpwYXNz",
    ],
)
def test_an_error_shows_no_secret(leak, clock):
    with pytest.raises(PanelError) as caught:
        toy_session(_read(answer(422, f"bad request: {leak}")), clock).call("read", path=THING)
    shown = repr(caught.value.to_result())
    for secret in (SECRET, "s3cret", "other.token-1", "dXNlcjpwYXNz"):
        assert secret not in shown
    assert "bad request" in shown


def test_a_transport_failure_shows_no_secret(clock):
    failure = TransportFailure(f"lost /?key={SECRET}", sent=True)
    with pytest.raises(PanelError) as caught:
        toy_session(_read(failure), clock, retries=0).call("read", path=THING)
    assert SECRET not in repr(caught.value.to_result())


def test_a_permanent_failure_is_not_retried(clock):
    failure = TransportFailure("not trusted", sent=False, passing=False, hint="set ca_path")
    with pytest.raises(PanelError, match="set ca_path") as caught:
        toy_session(_read(failure), clock).call("read", path=THING)
    assert caught.value.retryable is False


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://u:p@other.example/login?token=x", "https://other.example"),
        ("/login?token=x", "an address without a host"),
        ("", "an address without a host"),
    ],
)
def test_a_redirect_shows_only_its_host(location, shown):
    rejection = rejection_by_status(answer(302, location=location), "")
    assert shown in rejection.message
    assert "token" not in rejection.message
    assert "u:p" not in rejection.message


@pytest.mark.parametrize(
    ("body", "words"), [("<html>", "an HTML page"), ("OK", "something else"), ("{", "something")]
)
def test_a_body_other_than_json_is_named(body, words, clock):
    with pytest.raises(PanelError, match=f"not JSON but {words}") as caught:
        toy_session(_read(answer(200, body)), clock).call("read", path=THING)
    assert caught.value.code.value == "protocol"


def test_closing_a_session_closes_its_connections(clock):
    backend = ScriptedBackend()
    toy_session(backend, clock).close()
    assert backend.closed


def test_a_fetched_secret_is_masked(clock):
    session = toy_session(ScriptedBackend(), clock)
    assert session.redact("fetched-token") == "fetched-token"
    session.hide("fetched-token")
    assert session.redact(f"fetched-token and {SECRET}") == "******** and ********"


def test_a_secret_that_one_session_fetched_is_masked_in_all(clock):
    session = toy_session(ScriptedBackend(), clock)
    first, second = session.sibling(), session.sibling()
    first.hide("fetched-token")
    for each in (session, first, second, session.sibling()):
        assert each.redact(f"fetched-token and {SECRET}") == "******** and ********"


def test_an_operation_uses_the_url_of_its_service(clock):
    operation = reads("get_bill", "GET /bills/{bill}?act=show", "read a bill", service="bills")
    backend = ScriptedBackend(get("https://bills.example.com/bills/7?act=show", answer(200, {})))
    urls = {"": BASE, "bills": "https://bills.example.com"}
    session = replace(toy_session(backend, clock), base_urls=urls)
    session.execute(operation, path={"bill": 7})
    backend.assert_finished()


def test_hints_name_the_address_option(clock, monkeypatch):
    lost = TransportFailure("connecting timed out", sent=False, hint="check {address}")
    monkeypatch.setattr(ToyDialect, "address", "region")
    for reply, hint in ((lost, "check region"), (answer(200, "<html>"), "region is the address")):
        backend = ScriptedBackend(Step("POST", "/things/7", reply))
        with pytest.raises(PanelError) as caught:
            toy_session(backend, clock, retries=0).call("read", path={"thing": 7})
        assert hint in caught.value.hint


def test_a_panel_can_require_forms(clock, monkeypatch):
    monkeypatch.setattr(ToyDialect, "sends_forms", True)
    backend = ScriptedBackend(Step("POST", "/things/7", answer(200, {})))
    toy_session(backend, clock).call("set", path={"thing": 7}, body={"size": [1, "a b"]})
    (request,) = backend.requests
    assert request.content == b"size=1&size=a+b"
    assert request.content_type == "application/x-www-form-urlencoded"
