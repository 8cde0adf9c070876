# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shapes: the keys and types of a JSON value, and the comparison of values with them.

A shape is a JSON value:

- `"integer"`, `"number"`, `"string"`, `"boolean"`: a scalar; several types joined by `|`.
- `"null"`: the published example shows null, so the type is unknown.
- `"any"`: not compared.
- `{"key": shape}`: an object with exactly these keys; a key that ends in `?` may be missing, and the one
  key `*` stands for any number of keys.
- `[shape]`: a list of such items; `[]` is a list whose items were never shown.
- `{"oneOf": [shape, ...]}`: an object here, a list there (PHP's empty arrays).
"""

from __future__ import annotations

from typing import Any

Shape = Any

ONE_OF = "oneOf"


def shape_of(value: Any) -> Shape:
    """Return the shape of one value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return [merged([shape_of(item) for item in value])] if value else []
    if value and all(key.isdigit() for key in value):
        return {"*": merged([shape_of(item) for item in value.values()])}
    return {key: shape_of(item) for key, item in value.items()}


def merged(shapes: list[Shape]) -> Shape:
    """Return a shape that fits every value that one of these fits."""
    result = shapes[0]
    for shape in shapes[1:]:
        result = _merge(result, shape)
    return result


def _merge(one: Shape, two: Shape) -> Shape:
    if one == two:
        return one
    if isinstance(one, str) and isinstance(two, str):
        return "|".join(sorted(set(one.split("|")) | set(two.split("|"))))
    if isinstance(one, list) and isinstance(two, list):
        return [merged(one + two)] if one or two else []
    if isinstance(one, dict) and isinstance(two, dict) and ONE_OF not in {*one, *two}:
        return _merge_objects(one, two)
    options = [*_options(one), *_options(two)]
    return {ONE_OF: [option for n, option in enumerate(options) if option not in options[:n]]}


def _merge_objects(one: dict[str, Shape], two: dict[str, Shape]) -> dict[str, Shape]:
    result: dict[str, Shape] = {}
    names = list(dict.fromkeys(key.removesuffix("?") for key in (*one, *two)))
    for name in names:
        found = [side[key] for side in (one, two) for key in (name, f"{name}?") if key in side]
        everywhere = name in one and name in two
        result[name if everywhere else f"{name}?"] = merged(found)
    return result


def _options(shape: Shape) -> list[Shape]:
    return shape[ONE_OF] if isinstance(shape, dict) and ONE_OF in shape else [shape]


def differences(shape: Shape, value: Any, path: str = "") -> list[str]:
    """Return the differences between a value and a shape, key by key and type by type."""
    if shape == "any":
        return []
    if isinstance(shape, dict) and ONE_OF in shape:
        tries = [differences(option, value, path) for option in shape[ONE_OF]]
        return min(tries, key=len)
    if isinstance(shape, dict):
        return _object_differences(shape, value, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{path}: {_type(value)} instead of a list"]
        return [
            found
            for n, item in enumerate(value)
            for found in (differences(shape[0], item, f"{path}[{n}]") if shape else [])
        ]
    return _scalar_differences(shape, value, path)


def _object_differences(shape: dict[str, Shape], value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {_type(value)} instead of an object"]
    if "*" in shape:
        return [
            found
            for key, item in value.items()
            for found in differences(shape["*"], item, f"{path}.{key}")
        ]
    known = {key.removesuffix("?"): inner for key, inner in shape.items()}
    found = [
        f"{path}.{key}: missing" for key in shape if not key.endswith("?") and key not in value
    ]
    for key, item in value.items():
        if key in known:
            found += differences(known[key], item, f"{path}.{key}")
        else:
            found.append(f"{path}.{key}: not published")
    return found


def _scalar_differences(shape: str, value: Any, path: str) -> list[str]:
    allowed = shape.split("|")
    actual = _type(value)
    if allowed == ["null"] or actual in allowed or (actual == "integer" and "number" in allowed):
        return []
    return [f"{path}: {actual} instead of {shape}"]


def _type(value: Any) -> str:
    shape = shape_of(value)
    if isinstance(shape, str):
        return shape
    return "list" if isinstance(shape, list) else "object"
