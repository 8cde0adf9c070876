# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of a panel are cleaned on their way to people."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import Code, PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.safe_text import MASK, Redactor
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.change import FleetItem
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.progress import (
    clean_error,
    clean_lines,
    cleaned,
)

SECRET = "s3cret-0123456789"
HOSTILE = f"a\x1b[2J\nb \u202e{SECRET}"
CLEAN = f"a [2J b  {MASK}"
REDACT = Redactor([SECRET]).text


def test_every_text_of_a_result_is_cleaned_and_nothing_else_is_touched():
    result = {
        "msg": HOSTILE,
        "results": [{"id": 7, "changed": True, "changes": ({"before": None, "message": HOSTILE},)}],
        "totals": {"changed": 1},
        "duration_s": 1.5,
    }
    assert cleaned(result, REDACT) == {
        "msg": CLEAN,
        "results": [{"id": 7, "changed": True, "changes": [{"before": None, "message": CLEAN}]}],
        "totals": {"changed": 1},
        "duration_s": 1.5,
    }


def test_a_path_of_the_operator_is_unchanged():
    paths = {"run_dir": "/srv/a\u00a0b", "next_command": None}
    assert cleaned(paths, REDACT) == paths


def test_an_error_is_cleaned_with_its_result():
    error = PanelError(Code.REFUSED, HOSTILE, action=HOSTILE, hint=HOSTILE, result={"x": [HOSTILE]})
    assert clean_error(error, REDACT) is error
    assert error.msg == f"Cannot {CLEAN}: {CLEAN} ({CLEAN})"
    assert error.failure()["message"] == CLEAN
    assert error.result == {"x": [CLEAN]}


def test_a_line_is_cleaned_before_it_is_shown():
    lines: list[str] = []
    show = clean_lines(lines.append, REDACT)
    assert show is not None
    show(HOSTILE)
    assert lines == [CLEAN]
    assert clean_lines(None, REDACT) is None


@given(st.text())
def test_an_item_with_any_name_can_be_shown_and_written(name):
    item = FleetItem(1, name, (), moved=name)
    assert item.name.isprintable()
    assert str(item.moved).isprintable()
    item.name.encode()
