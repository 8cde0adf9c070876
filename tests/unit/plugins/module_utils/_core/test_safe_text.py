# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that secrets are masked in any text."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import (
    MASK,
    Redactor,
    origin,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the token 7|abc/d is wrong", f"the token {MASK} is wrong"),
        ("GET /?key=7%7Cabc%2Fd&x=1", f"GET /?key={MASK}&x=1"),
        ("Authorization: Bearer somebody.elses", f"Authorization: Bearer {MASK}"),
        ("bearer eyJ.a-b_c~d+e/f==", f"bearer {MASK}"),
        ("Basic dXNlcjpwYXNz", f"Basic {MASK}"),
        ("nothing to hide", "nothing to hide"),
        ("", ""),
    ],
)
def test_secrets_are_masked_in_each_form(text, shown):
    assert Redactor(["7|abc/d"]).text(text) == shown


def test_a_secret_that_contains_another_is_masked_completely():
    assert Redactor(["abc", "abcdef"]).text("abcdef abc") == f"{MASK} {MASK}"


def test_text_without_secrets_stays_unchanged():
    assert Redactor(["", ""]).text("a b c") == "a b c"


SECRET = 'a/b+c=d&e<f>g"h 7|~xyz'

#: Encodings that servers apply to repeated text.
ESCAPED = {
    "URL": quote(SECRET, safe=""),
    "URL, lower case": re.sub("%..", lambda match: match[0].lower(), quote(SECRET, safe="")),
    "URL, all but slashes": quote(SECRET),
    "form": quote_plus(SECRET),
    "HTML": html.escape(SECRET),
    "HTML, by number": "".join(f"&#{ord(c)};" if not c.isalnum() else c for c in SECRET),
    "HTML, by hexadecimal number": "".join(
        f"&#X{ord(c):X};" if not c.isalnum() else c for c in SECRET
    ),
    "JSON": json.dumps(SECRET)[1:-1],
    "JSON of PHP": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "JSON, ASCII": "".join(f"\\u{ord(c):04X}" if not c.isalnum() else c for c in SECRET),
    "Python": repr(SECRET)[1:-1],
    "Base64": b64encode(SECRET.encode()).decode(),
    "Base64 of user and password": b64encode(f"me:{SECRET}".encode()).decode(),
    "Base64 of a header": b64encode(f"Bearer {SECRET}\n".encode()).decode(),
    "Base64 for URLs": urlsafe_b64encode(SECRET.encode()).decode(),
    "cut off": SECRET[:14],
}


@pytest.mark.parametrize("form", ESCAPED)
def test_secrets_are_masked_however_they_are_escaped(form):
    shown = Redactor([SECRET]).text(f"before {ESCAPED[form]} after")
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert MASK in shown
    # In Base64 the first and the last characters depend on the neighbouring bytes.
    left = shown.removeprefix("before ").removesuffix(" after").replace(MASK, "")
    assert len(left) <= (12 if form.startswith("Base64") else 0)


def test_an_undecoded_body_is_masked():
    body = json.dumps({"errors": [f"wrong: {SECRET}"]}).encode()
    assert json.loads(Redactor([SECRET]).content(body)) == {"errors": [f"wrong: {MASK}"]}
    assert Redactor([SECRET]).content(b"\xff\xfe") == b"\xff\xfe"


SECRETS = st.text(st.characters(codec="ascii", exclude_characters="* \n"), min_size=4)


@given(secret=SECRETS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_no_secret_survives(secret, before, after):
    redactor = Redactor([secret])
    for form in (secret, quote(secret, safe="")):
        assert form not in redactor.text(before + form + after)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://panel.example.com/api/v1?key=x", "https://panel.example.com"),
        ("http://user:secret@panel.example.com:8443/", "http://panel.example.com:8443"),
        ("//cdn.example.com/x", "cdn.example.com"),
        ("/login", "an address without a host"),
        ("http://[oops", "an address that cannot be read"),
        ("", "an address without a host"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, shown):
    assert origin(url) == shown
