# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test that foreign text has no control characters and can be encoded as UTF-8."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import (
    LONGEST,
    plain,
    shortened,
)

STEERING = {
    "escape": "\x1b[2J",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "new line": "a\nPLAY RECAP",
    "carriage return": "a\rb",
    "C1": "\x9b2J",
    "direction": "\u202e",
    "isolate": "\u2066",
    "line separator": "\u2028",
    "surrogate": "\ud800",
    "invisible": "\u200b",
}


@pytest.mark.parametrize("kind", STEERING)
def test_control_characters_are_replaced(kind):
    shown = plain(f"web{STEERING[kind]}01")
    assert shown.isprintable()
    assert shown.startswith("web")


@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_becomes_one_printable_line(text):
    for shown in (plain(text), shortened(text)):
        assert shown.isprintable()
        shown.encode("utf-8")
    assert len(shortened(text)) <= LONGEST + 1


def test_an_error_message_is_plain():
    name = STEERING["escape"] + STEERING["new line"]
    error = PanelError(Code.REFUSED, f"no {name}", action=f"move {name}", hint=f"ask {name}")
    assert error.msg.isprintable()
    assert error.failure()["message"].isprintable()


def test_a_long_message_is_shortened():
    assert shortened("x" * 5000) == "x" * LONGEST + "…"


@pytest.mark.parametrize("text", ["\\ud800", "a\\uDFFFb", "\\ud83d", "\\udE00\\ud83d"])
def test_lone_surrogates_in_responses_are_replaced(text):
    answer = Response(200, {}, f'{{"name": "{text}", "{text}": ["{text}"]}}'.encode())
    json.dumps(answer.json(), ensure_ascii=False).encode("utf-8")


def test_a_pair_of_surrogates_is_a_letter():
    assert Response(200, {}, b'["\\ud83d\\ude00"]').json() == ["\U0001f600"]
