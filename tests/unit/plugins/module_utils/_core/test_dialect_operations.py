# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the declarations of operations."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.dialect import (
    Catalogue,
    Effect,
    acts,
    creates,
    destroys,
    reads,
    sets,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError

SHOW = reads("show", "GET /a/{one}/b/{two}", "show {two} of {one}", query="page per", body="size")


def test_a_declaration_is_parsed():
    assert (SHOW.method, SHOW.path, SHOW.effect) == ("GET", "/a/{one}/b/{two}", Effect.READ)
    assert (SHOW.query, SHOW.body) == (("page", "per"), ("size",))
    assert SHOW.placeholders == ("one", "two")
    assert SHOW.describe({"one": 1, "two": 2}) == "show 2 of 1"


@pytest.mark.parametrize(
    ("declare", "effect"),
    [
        (reads, Effect.READ),
        (sets, Effect.SET),
        (creates, Effect.CREATE),
        (acts, Effect.ACTION),
        (destroys, Effect.DESTROY),
    ],
)
def test_each_function_declares_its_effect_for_any_http_method(declare, effect):
    operation = declare("name", "POST /x", "do it")
    assert operation.effect is effect
    assert operation.reads is (effect is Effect.READ)
    assert (operation.query, operation.body) == ((), ())


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (7, "/a/7/b/x"),
        ("a/b", "/a/a%2Fb/b/x"),
        ("../7", "/a/..%2F7/b/x"),
        ("?a=b#c", "/a/%3Fa%3Db%23c/b/x"),
        ("ü %", "/a/%C3%BC%20%25/b/x"),
        ("{two}", "/a/%7Btwo%7D/b/x"),
    ],
)
def test_each_part_of_a_path_is_encoded(value, path):
    assert SHOW.url_path({"one": value, "two": "x"}) == path


@pytest.mark.parametrize("value", [None, "", ".", "..", "...", " ", "\t"])
def test_a_path_value_that_leads_to_another_path_is_refused(value):
    with pytest.raises(PanelError, match="one must not be") as caught:
        SHOW.url_path({"one": value, "two": "x"})
    assert caught.value.code.value == "validation"


@given(st.text())
def test_no_path_value_changes_other_segments(value):
    try:
        path = SHOW.url_path({"one": value, "two": "x"})
    except PanelError:
        return
    except UnicodeEncodeError:  # a lone surrogate: not encodable
        return
    url = urlsplit(f"https://panel.example.com{path}")
    assert (url.netloc, url.query, url.fragment) == ("panel.example.com", "", "")
    first, second = url.path.removeprefix("/a/").rsplit("/b/", 1)
    assert (unquote(first), second) == (value, "x")
    assert "/" not in first


def test_two_operations_cannot_share_a_name():
    with pytest.raises(ValueError, match="share a name"):
        Catalogue(SHOW, reads("show", "GET /c", "show"))


def test_a_catalogue_is_a_mapping():
    catalogue = Catalogue(SHOW)
    assert dict(catalogue) == {"show": SHOW}
    assert len(catalogue) == 1


def test_a_body_can_allow_undeclared_keys():
    assert sets("edit", "POST /a", "edit a", body="name *").open_body
    assert not sets("edit", "POST /a", "edit a", body="name").open_body
