# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test argument specifications."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import (
    ArgumentSpec,
    connection,
    one_of,
    text_option,
)


def test_options_and_rules_are_merged():
    first = ArgumentSpec(
        {"a": {"type": "int"}},
        mutually_exclusive=[("a", "b")],
        required_if=[("a", 1, ("b",))],
        required_by={"a": "b"},
        created=["a"],
    )
    second = ArgumentSpec(
        {"b": {"type": "str"}},
        required_one_of=[("a", "b")],
        required_together=[("a", "b")],
        required_by={"b": "a"},
    )
    assert asdict(first + second) == {
        "options": {"a": {"type": "int"}, "b": {"type": "str"}},
        "mutually_exclusive": [("a", "b")],
        "required_one_of": [("a", "b")],
        "required_together": [("a", "b")],
        "required_if": [("a", 1, ("b",))],
        "required_by": {"a": "b", "b": "a"},
        "created": ("a",),
    }


def test_a_duplicate_option_is_refused():
    with pytest.raises(ValueError, match="declared twice: a, b"):
        ArgumentSpec({"a": {}, "b": {}}) + ArgumentSpec({"b": {}, "a": {}, "c": {}})


def test_one_of_means_exactly_one():
    rule = one_of("a", "b")
    assert rule.mutually_exclusive == rule.required_one_of == [("a", "b")]


def test_each_connection_option_has_an_environment_variable():
    options = connection("TOY", {"api_url": text_option("TOY_API_URL")}).options
    assert set(options) == {
        "api_url",
        "validate_certs",
        "ca_path",
        "timeout",
        "total_timeout",
        "max_response_size",
        "max_pages",
        "retries",
        "retry_budget",
        "rate_limit",
    }
    for name, option in options.items():
        assert option["env"] == [f"TOY_{name.upper()}"]


def test_the_defaults_are_safe():
    options = connection("TOY", {"api_key": text_option("TOY_API_KEY", secret=True)}).options
    assert options["validate_certs"]["default"] is True
    assert [name for name, option in options.items() if option.get("no_log")] == ["api_key"]


def test_a_string_can_have_several_variables():
    assert text_option("TOY_NEW", "TOY_OLD", required=True) == {
        "type": "str",
        "env": ["TOY_NEW", "TOY_OLD"],
        "required": True,
    }


def test_a_panel_can_have_its_own_timeouts():
    assert connection("TOY", {}, timeout_s=60).options["timeout"]["default"] == 60
