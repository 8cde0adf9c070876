# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of CI servers: they fit, they are read back, and no two pipelines share one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._ci_server.names import (
    LONGEST_NAME,
    MOST_SERVERS,
    Mark,
    Names,
    code_of,
    lease_end,
)

NAMES = Names("ci")
WIDEST = Names("a" * 16)


@given(st.text(min_size=1).filter(str.strip), st.integers(1, MOST_SERVERS))
def test_any_pipeline_has_a_name_that_fits_and_is_read_back(pipeline, number):
    code = code_of(pipeline)
    name = WIDEST.name(code, number, 99_999_999_999)
    assert len(name) <= LONGEST_NAME
    assert WIDEST.mark(name) == Mark(code, number, 99_999_999_999)
    assert WIDEST.key_code(WIDEST.key_name(code)) == code
    assert code_of(pipeline) == code


@given(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip))
def test_different_pipelines_have_different_codes(one, other):
    assert (code_of(one) == code_of(other)) == (one == other)


def test_plain_names_stay_and_others_are_encoded():
    assert code_of("4711") == "4711"
    assert code_of("shop-main-12") == "shop-main-12"
    assert code_of("feature/Login").startswith("feature-logi-x")
    assert code_of("Main") != code_of("main") == "main"
    assert code_of("日本").startswith("x")


def test_a_pipeline_cannot_pose_as_an_encoded_one():
    encoded = code_of("feature/Login")
    assert code_of(encoded) != encoded
    assert code_of(code_of("日本")) != code_of("日本")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ci",
        "ci.4711",
        "ci.4711.1",
        "ci.4711.1.0",
        "ci.4711.1.soon",
        "ci.4711.0.1700000000",
        "ci.4711.1.1700000000.x",
        "ci.A.1.1700000000",
        "cix.4711.1.1700000000",
        "x.ci.4711.1.1700000000",
        "ci.4711.1.1700000000\n",
    ],
)
def test_other_names_are_none_of_ours(name):
    assert NAMES.mark(name) is None


@pytest.mark.parametrize("prefix", ["", "c", "Ci", "1ci", "ci-", "ci.x", "ci x", "c" * 17, "*"])
def test_a_prefix_that_could_match_others_is_refused(prefix):
    with pytest.raises(PanelError, match="prefix must be"):
        Names(prefix)


def test_a_key_of_another_prefix_has_no_pipeline():
    assert NAMES.key_code(None) is None
    assert NAMES.key_code("laptop") is None
    assert NAMES.key_code("cix.4711") is None
    assert NAMES.key_code("ci.4711.1.1700000000") is None


def test_a_lease_is_rounded_up():
    assert lease_end(1000.01, 60) == 1061
