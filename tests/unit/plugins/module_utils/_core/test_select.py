# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the selection of objects by name or ID."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.argspec import (
    each_once,
    named,
    positive,
)
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.select import (
    exactly_one,
    name_passes,
)


def _find(name: str, *names: str | None) -> dict:
    rows = [{"id": number, "name": other} for number, other in enumerate(names, 1)]
    return dict(exactly_one(rows, name, what="server", option="server_id"))


def test_a_name_must_match_exactly():
    assert _find("web01", "web02", "web01", "Web01") == {"id": 2, "name": "web01"}


@pytest.mark.parametrize("spelling", ["ABCD-12", "abcd-12", " abcd-12\n"])
def test_a_uuid_matches_in_any_letter_case(spelling):
    rows = [{"id": 1, "uuid": None}, {"id": 2, "uuid": "aBcd-12"}]
    found = exactly_one(rows, spelling, what="server", option="server_id", by="uuid")
    assert found["id"] == 2


@pytest.mark.parametrize(
    ("name", "names", "hint"),
    [
        ("web1", ["web01", "mail"], "did you mean 'web01'?"),
        ("web1", ["web01", "web11"], "did you mean 'web11' or 'web01'?"),
        ("web1", ["mail"], "names are case-sensitive"),
        ("web1", [], "names are case-sensitive"),
        ("WEB01", ["web01"], "did you mean 'web01'? Names are case-sensitive"),
        (" web01 ", ["web01"], "did you mean 'web01'?"),
        ("wbe01", ["web01", "WEB01"], "did you mean 'WEB01' or 'web01'?"),
        ("2", ["mail", "web01"], "2 is the ID of 'web01': set server_id"),
        ("web1", [None, ""], "names are case-sensitive"),
    ],
)
def test_an_unknown_name_is_not_found(name, names, hint):
    with pytest.raises(PanelError) as caught:
        _find(name, *names)
    assert caught.value.code.value == "not_found"
    assert f"none of the {len(names)} has that name" in caught.value.msg
    assert hint in caught.value.msg


def test_a_duplicate_name_is_ambiguous_and_the_ids_are_listed():
    with pytest.raises(PanelError) as caught:
        _find("web01", "web01", "mail", "web01")
    error = caught.value
    assert error.code.value == "ambiguous"
    assert error.msg == (
        "Cannot find the server named 'web01': 2 have that name, with the IDs 1, 3 (set server_id)"
    )


@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=8))
def test_only_an_exact_and_unique_name_is_selected(name, names):
    try:
        found = _find(name, *names)
    except PanelError as error:
        assert names.count(name) != 1
        assert error.code.value == ("ambiguous" if name in names else "not_found")
    else:
        assert found["name"] == name
        assert names.count(name) == 1


@pytest.mark.parametrize(
    ("name", "patterns", "excluded", "passes"),
    [
        ("web01", None, None, True),
        ("web01", ["db*", "web0?"], None, True),
        ("web01", ["db*"], None, False),
        ("web01", ["Web*"], None, False),
        ("web01", [], None, False),
        ("web01", None, [], True),
        ("web01", None, ["*1"], False),
        ("web01", ["web*"], ["*1"], False),
        ("web02", ["web*"], ["*1"], True),
        (None, None, ["web*"], True),
        (None, ["*"], None, True),
        (None, ["?*"], None, False),
        ("", None, [""], False),
    ],
)
def test_a_name_passes_if_one_pattern_matches_and_none_excludes_it(
    name, patterns, excluded, passes
):
    assert name_passes(name, patterns, excluded) is passes


@pytest.mark.parametrize("value", [0, -1])
def test_an_id_is_positive(value):
    with pytest.raises(PanelError, match=f"server_id must be a positive number, not {value}"):
        positive("server_id", value)
    assert positive("server_id", 1) == 1


def test_a_duplicate_entry_is_refused():
    with pytest.raises(PanelError, match="ids names toys twice: 1, 3"):
        each_once("ids", [1, 3, 2, 1, 3, 3], "toys")
    assert each_once("ids", [3, 1], "toys") == [3, 1]


@pytest.mark.parametrize("value", [None, "", " ", "\t"])
def test_an_option_that_is_not_set_names_nothing(value):
    with pytest.raises(PanelError, match="server_name is empty"):
        named("server_name", value)


@pytest.mark.parametrize("names", [(), ("None",), ("",)])
def test_nothing_is_found_by_a_name_that_is_not_set(names):
    rows = [{"id": number, "name": name} for number, name in enumerate(names)]
    with pytest.raises(PanelError, match="is not set") as caught:
        exactly_one(rows, None, what="server", option="server_id")  # type: ignore[arg-type]
    assert caught.value.code.value == "validation"


@pytest.mark.parametrize("value", [None, 0, -1])
def test_an_id_that_is_not_set_is_none(value):
    with pytest.raises(PanelError, match="must be a positive number"):
        positive("server_id", value)
