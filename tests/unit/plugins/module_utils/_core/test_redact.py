# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret leaves in a text."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.redact import (
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


def test_of_two_secrets_the_longer_one_is_masked_whole():
    assert Redactor(["abc", "abcdef"]).text("abcdef abc") == f"{MASK} {MASK}"


def test_without_secrets_texts_stay():
    assert Redactor(["", ""]).text("a b c") == "a b c"


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
        ("", "an address without a host"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url, shown):
    assert origin(url) == shown
