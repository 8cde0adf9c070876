# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test schemas: typed values, and an allow-list of fields."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import (
    NOT_SHOWN,
    Answer,
    Compare,
    Field,
    Schema,
    anything,
    boolean,
    integer,
    limit,
    number,
    pick,
    text,
)

KINDS = [integer, number, boolean, limit, text, anything]
#: Any JSON value. Python reads 1e999 as infinity and accepts integers of any length.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.integers().map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(str)
    | st.sampled_from(["", "0", "1", "true", "false", "inherit"])
)

RAW = {
    "a": {"b": 1, "none": None},
    "rows": [{"id": 1, "primary": False}, {"id": 2, "primary": True}, {"id": 3, "primary": True}],
    "empty": [],
    "nested": [[{"x": 5}]],
    "text": "b",
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("a.none", None),
        ("a", RAW["a"]),
        ("a.c", NOT_SHOWN),
        ("a.b.c", NOT_SHOWN),
        ("c", NOT_SHOWN),
        ("rows[0].id", 1),
        ("rows[2].id", 3),
        ("rows[3].id", NOT_SHOWN),
        ("rows[primary=true].id", 2),
        ("rows[primary=false].id", 1),
        ("rows[id=3].primary", True),
        ("rows[id=9].primary", NOT_SHOWN),
        ("rows[other=true].id", NOT_SHOWN),
        ("rows.id", NOT_SHOWN),
        ("empty.b", NOT_SHOWN),
        ("empty[0]", NOT_SHOWN),
        ("empty[primary=true].id", NOT_SHOWN),
        ("a[0]", NOT_SHOWN),
        ("text.b", NOT_SHOWN),
        ("text[0]", NOT_SHOWN),
        ("nested[0]", [{"x": 5}]),
    ],
)
def test_a_path_finds_its_value_or_none(path, value):
    assert pick(RAW, path) == value


@pytest.mark.parametrize("flag", [True, 1, "true", "True"])
def test_a_flag_in_any_form_selects_a_row(flag):
    raw = {"rows": ["odd", {"primary": 0}, {"primary": flag, "id": 9}]}
    path = "rows[primary=1].id" if flag == 1 and flag is not True else "rows[primary=true].id"
    assert pick(raw, path) == 9


@pytest.mark.parametrize("path", ["a[", "a]b", "a[x=]", "a[-1]"])
def test_an_invalid_path_is_a_bug(path):
    with pytest.raises(ValueError, match="is not a path"):
        pick(RAW, path)


@given(JSON)
def test_a_path_never_fails_on_unexpected_data(raw):
    for path in ("a.b", "rows[0].id", "rows[primary=true].id", "[0]"):
        pick(raw, path)


@pytest.mark.parametrize(
    ("kind", "value", "typed"),
    [
        (integer, "12", 12),
        (integer, 12.0, 12),
        (integer, None, None),
        (integer, -1, -1),
        (number, "0.0100000000", 0.01),
        (number, 3, 3.0),
        (number, False, None),
        (number, None, None),
        (number, 0, 0.0),
        (boolean, 1, True),
        (boolean, "1", True),
        (boolean, "true", True),
        (boolean, True, True),
        (boolean, 0, False),
        (boolean, "0", False),
        (boolean, "", False),
        (boolean, "false", False),
        (boolean, None, False),
        (limit, 0, None),
        (limit, "0", None),
        (limit, None, None),
        (limit, "5", 5),
        (text, "a", "a"),
        (text, "", ""),
        (text, None, None),
        (text, 852, "852"),
        (anything, [1], [1]),
    ],
)
def test_values_are_typed(kind, value, typed):
    assert kind(value) == typed
    assert type(kind(value)) is type(typed)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (integer, True),
        (integer, "1.5"),
        (integer, 1.5),
        (integer, ""),
        (integer, "many"),
        (integer, []),
        (integer, {}),
        (integer, math.inf),
        (integer, math.nan),
        (number, True),
        (number, ""),
        (number, "many"),
        (number, []),
        pytest.param(number, 10**400, id="number-huge"),
        (boolean, 2),
        (boolean, "no"),
        (boolean, []),
        (limit, math.inf),
        (limit, "none"),
        (text, True),
        (text, []),
        (text, {}),
    ],
)
def test_an_invalid_value_is_a_protocol_error(kind, value):
    with pytest.raises(
        PanelError, match=f"as size, which is not a valid {kind.__name__}"
    ) as caught:
        Field("size", "size", kind).read({"size": value})
    assert caught.value.code.value == "protocol"


@pytest.mark.parametrize("kind", KINDS)
@given(value=JSON | SCALARS)
@example(value=math.inf)
@example(value=10**400)
def test_a_type_returns_a_value_or_none(kind, value):
    try:
        Field("size", "size", kind).read({"size": value})
    except PanelError as error:
        assert error.code.value == "protocol"


@pytest.mark.parametrize("kind", KINDS)
@given(value=SCALARS)
def test_a_typed_value_stays_unchanged(kind, value):
    try:
        once = kind(value)
    except (TypeError, ValueError, OverflowError):
        return
    assert kind(once) == once


SCHEMA = Schema(
    Field("id", "id", integer),
    Field("name", ("label", "name"), text),
    Field("enabled", "enabled", boolean, absent=True),
    Field("cap", "limits.cap", limit, absent=None),
)


def test_the_first_existing_path_is_used():
    assert SCHEMA.project({"name": "b"})["name"] == "b"
    assert SCHEMA.project({"label": "a", "name": "b"})["name"] == "a"
    assert SCHEMA.project({"label": None, "name": "b"})["name"] is None


def test_a_missing_value_is_omitted_or_has_its_default():
    assert SCHEMA.project({}) == {"enabled": True, "cap": None}
    assert SCHEMA.project([]) == {"enabled": True, "cap": None}


@given(st.dictionaries(st.text(min_size=1), JSON))
def test_a_projection_drops_undeclared_keys(extra):
    known = {"id": 1, "label": "a", "enabled": False, "limits": {"cap": 3, "secret": "x"}}
    assert SCHEMA.project({**extra, **known}) == {
        "id": 1,
        "name": "a",
        "enabled": False,
        "cap": 3,
    }


@given(JSON)
def test_a_projection_of_any_data_has_only_declared_names(raw):
    try:
        view = SCHEMA.project(raw)
    except PanelError:
        return
    assert set(view) <= set(SCHEMA)


@pytest.mark.parametrize("wrote", [True, False])
def test_an_odd_value_of_an_object_inside_another_names_the_operation(wrote):
    inner = Schema(Field("size", "size", integer))
    outer = Schema(Field("disk", "disk", inner.project))
    raw = Answer({"disk": {"size": "odd"}}, "grow disk 7", "grow_disk", wrote=wrote)
    with pytest.raises(PanelError) as caught:
        outer.project(raw)
    error = caught.value
    assert (error.operation, error.uncertain) == ("grow_disk", wrote)
    assert error.msg.startswith("Cannot grow disk 7: the panel sends 'odd' as size")
    assert ("the panel has accepted the request" in error.msg) is wrote


def test_a_schema_keeps_the_order_of_its_fields():
    assert list(SCHEMA) == ["id", "name", "enabled", "cap"]
    assert len(SCHEMA) == 4
    assert repr(NOT_SHOWN) == "NOT_SHOWN"


@pytest.mark.parametrize(
    ("compare", "value", "desired", "satisfied", "out_of_reach"),
    [
        (Compare.EQ, 1, 1, True, False),
        (Compare.EQ, 1, 2, False, False),
        (Compare.EQ, None, None, True, False),
        (Compare.EQ, None, 0, False, False),
        (Compare.SET, [1, 2], [2, 1], True, False),
        (Compare.SET, [1], [1, 2], False, False),
        (Compare.SET, [1, 2], [1], False, False),
        (Compare.SET, None, [], True, False),
        (Compare.AT_LEAST, 40, 40, True, False),
        (Compare.AT_LEAST, 40, 80, False, False),
        (Compare.AT_LEAST, 80, 40, True, True),
        (Compare.AT_LEAST, None, 40, False, False),
    ],
)
def test_a_value_satisfies_the_desired_one(compare, value, desired, satisfied, out_of_reach):
    field = Field("size", "size", integer, compare=compare)
    assert field.satisfied(value, desired) is satisfied
    assert (field.obstacle(value, desired) is not None) is out_of_reach


@pytest.mark.parametrize("compare", Compare)
def test_a_value_that_is_not_shown_may_be_an_obstacle(compare):
    field = Field("size", "size", integer, compare=compare, unseen="not shown")
    assert field.obstacle(None, [1]) == "not shown"
    assert field.obstacle([1], [1]) is None
