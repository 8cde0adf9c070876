# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the dialect: credentials, addresses, and the meaning of a response."""

from __future__ import annotations

import hashlib

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import (
    Code,
    Fault,
    PanelError,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor import (
    dialect as dialect_file,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.dialect import (
    VirtualizorDialect,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtualizor.panel import (
    VIRTUALIZOR,
    admin_url,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import HTML, answer
from ansible_collections.vpsfleet.panels.tests.unit.support.virtualizor import KEY, PASS, options

LOGIN = '<html><form action="index.php?act=login"><input type="password" name="p"></form></html>'
ASKED = Request("GET", "https://panel.example.com:4085/index.php?act=users", {"page": 2})


def dialect(auth="pair", **changes):
    """Return the dialect for a module's options."""
    return VIRTUALIZOR.dialect(options(CONNECTION, api_auth=auth, **changes))


# --- credentials ------------------------------------------------------------------------------


def test_key_and_pass_are_sent_in_the_query():
    query = dialect().authorise(ASKED).query
    assert query == {"page": 2, "api": "json", "adminapikey": KEY, "adminapipass": PASS}


@pytest.mark.parametrize("auth", ["hash", "both"])
def test_a_hash_is_the_salt_and_the_md5_of_pass_and_salt(auth):
    speaker = dialect(auth, api_key=None if auth == "hash" else KEY)
    query = speaker.authorise(ASKED).query
    salt, digest = query["apikey"][:8], query["apikey"][8:]
    assert digest == hashlib.md5((PASS + salt).encode(), usedforsecurity=False).hexdigest()
    assert salt.isalnum()
    assert salt == salt.lower()
    assert ("adminapikey" in query, "adminapipass" in query) == (auth == "both", auth == "both")


def test_each_attempt_has_its_own_salt():
    speaker = dialect("both")
    hashes = {speaker.authorise(ASKED).query["apikey"] for dummy in range(20)}
    assert len(hashes) == 20


def test_headers_and_body_contain_no_credentials():
    request = dialect("both").authorise(ASKED)
    assert dict(request.headers) == {}
    assert request.body is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"api_key": None}, "api_key is empty"),
        ({"api_key": " "}, "api_key is empty"),
        ({"api_pass": ""}, "api_pass is empty"),
        ({"api_pass": "two words"}, "api_pass contains characters"),
        ({"api_key": "kéy"}, "api_key contains characters"),
        ({"auth": "both", "api_key": None}, "api_key is empty"),
        ({"auth": "hash"}, "api_key is not sent with api_auth=hash"),
        ({"auth": "hash", "api_key": None, "api_pass": " "}, "api_pass is empty"),
    ],
)
def test_invalid_credentials_are_refused_and_not_shown(changes, words):
    with pytest.raises(PanelError, match=words) as caught:
        dialect(**changes)
    assert caught.value.code is Code.VALIDATION
    assert not {"two words", "kéy", KEY, PASS} & set(caught.value.msg.split("'"))


def test_the_credentials_are_secrets():
    assert dialect().secrets() == (KEY, PASS)


# --- address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://panel.example.com", "https://panel.example.com:4085"),
        ("https://panel.example.com/", "https://panel.example.com:4085"),
        ("https://panel.example.com:443", "https://panel.example.com:443"),
        ("https://panel.example.com:4085/index.php", "https://panel.example.com:4085"),
        ("http://192.0.2.7", "http://192.0.2.7:4084"),
        ("https://[2001:db8::7]/", "https://[2001:db8::7]:4085"),
        ("https://proxy.example.com:8443/virt/", "https://proxy.example.com:8443/virt"),
    ],
)
def test_an_address_without_a_port_gets_the_default_port(address, base):
    assert admin_url(address) == base


@pytest.mark.parametrize(
    "address", ["panel.example.com", "ftp://x", "https://u:p@x", "https://x/index.php?act=vs", ""]
)
def test_other_addresses_are_refused(address):
    with pytest.raises(PanelError, match="api_url"):
        admin_url(address)


# --- meaning of a response -------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_redirect_is_an_authentication_failure(status):
    location = f"http://elsewhere.example.com/login?adminapipass={PASS}"
    rejection = dialect().reject(answer(status, location=location))
    assert rejection.code is Code.AUTH
    assert rejection.fault is None
    assert PASS not in f"{rejection.message}{rejection.hint}"
    assert "their permissions" in rejection.hint


@pytest.mark.parametrize("location", ["https://panel.example.com:4085/", "/maintenance.html"])
def test_another_redirect_says_nothing_about_the_credentials(location):
    rejection = dialect().reject(answer(302, location=location))
    assert rejection.code is Code.PROTOCOL
    assert "set api_url to where the API is" in rejection.hint


@pytest.mark.parametrize("page", [LOGIN, "<script>window.location='/sess/'</script>"])
def test_a_login_page_is_an_authentication_failure(page):
    rejection = dialect().reject(answer(200, page))
    assert (rejection.code, rejection.fault) == (Code.AUTH, None)


def test_another_page_is_an_error():
    rejection = dialect().reject(answer(200, HTML))
    assert (rejection.code, rejection.fault) == (Code.PROTOCOL, Fault.UNREADABLE)
    assert "not JSON but an HTML page" in rejection.message


def test_an_empty_response_is_an_error():
    rejection = dialect().reject(answer(200))
    assert (rejection.code, rejection.fault) == (Code.PROTOCOL, Fault.UNREADABLE)


def test_an_error_with_http_200_is_a_refusal():
    rejection = dialect().reject(answer(200, {"error": ["The plan is used"], "done": True}))
    assert (rejection.code, rejection.message) == (Code.REFUSED, "The plan is used")


def test_an_error_of_a_node_leaves_the_effect_open_also_without_done():
    rejection = dialect().reject(answer(200, {"error": {"err_save_slave": "No answer"}}))
    assert rejection.fault is Fault.HALF_DONE


def test_a_lock_is_retryable():
    rejection = dialect().reject(answer(200, {"error": {"err_locked_vps": "locked"}}))
    assert (rejection.code, rejection.fault) == (Code.LOCKED, Fault.LOCKED)


@pytest.mark.parametrize("status", [401, 403])
def test_the_hint_names_the_credentials_in_use(status):
    assert "api_pass" in dialect().reject(answer(status)).hint


def test_a_gateways_page_is_a_server_error():
    rejection = dialect().reject(answer(502, HTML))
    assert rejection.fault is Fault.SERVER_ERROR
    assert rejection.message == "the panel failed (HTTP 502)"


def test_an_error_status_keeps_the_panels_message():
    assert dialect().reject(answer(503, {"error": "Updating"})).message == "Updating (HTTP 503)"
    assert dialect().reject(answer(503, "try later")).message == "try later (HTTP 503)"


def test_a_response_is_parsed_once(monkeypatch):
    speaker = VirtualizorDialect(KEY, PASS, "pair")
    reply = answer(200, {"plans": []})
    assert speaker.reject(reply) is None
    monkeypatch.setattr(dialect_file, "read_document", None)
    assert speaker.decode(reply) == {"plans": []}


def test_other_text_is_handled_by_the_session():
    assert dialect().reject(answer(200, "oops")) is None
    with pytest.raises(ValueError, match="no JSON"):
        dialect().decode(answer(200, "oops"))
