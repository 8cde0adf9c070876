# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conversion between PHP's values and typed values.

The panel sends values from its database as text and computed values as numbers. An empty list and
an empty object look the same (virtualizor 4.4, 6.1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

#: PHP's serialized form: an array with a pair count, a text with a byte count, or another scalar.
_ARRAY = re.compile(rb"a:(\d+):{")
_TEXT = re.compile(rb's:(\d+):"')
_NO_TEXT = re.compile(rb"(?:[ibd]:[-+.\deEINFA]+|N);")


def whole_number(value: Any) -> int:
    """Return a whole number, also from text such as ``"4"`` or ``"4.00"``; an empty value is 0."""
    number = decimal_number(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def amount(value: Any) -> int | float:
    """Return a quantity without loss: an int if it is whole, else a float, such as for ``"93.13"``.

    Bandwidth can be a fraction, and negative after a script has reset it (virtualizor 3.4).
    """
    number = decimal_number(value)
    return int(number) if number == int(number) else number


def decimal_number(value: Any) -> float:
    """Return a number, also from text; an empty value is 0."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def yes_or_no(value: Any) -> bool:
    """Return a boolean from 1 or 0 in any form, or a check box's ``on``; an empty value is false."""
    if value in (None, 0, "0", "", "off", "false"):  # 0 == False
        return False
    if value in (1, "1", "on", "true"):
        return True
    raise TypeError(value)


def words(value: Any) -> list[str]:
    """Return the words of a list or of comma-separated text. A single ``""`` is an empty list (virtualizor 2.4)."""
    if isinstance(value, Mapping):
        value = value.values()
    items = value.split(",") if isinstance(value, str) else value or ()
    texts = [str(item).strip() for item in items]
    return sorted({text for text in texts if text})


def ids(value: Any) -> list[int]:
    """Return the IDs of a list or of comma-separated text: ``""`` is empty, ``"0"`` is the ID 0.

    The response to an edit shows ``[0]`` for both (virtualizor 2.4), so use this for lists only.
    """
    return sorted(int(word) for word in words(value))


def rows_of(value: Any, id_key: str) -> list[dict[str, Any]] | None:
    """Return the objects of a map or list, each with its ID, or ``None`` for any other value.

    PHP sends a map whose keys are 0, 1, 2 … as a list, and an empty one as ``[]`` (virtualizor 4.4).
    """
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        pairs = ((None, row) for row in value)
    else:
        return None
    rows = [(key, row) for key, row in pairs if isinstance(row, Mapping)]
    if len(rows) != len(value):
        return None
    return [{**({} if key is None else {id_key: key}), **row} for key, row in rows]


def is_number(value: Any) -> bool:
    """Return whether a value of a record is a number or numeric text; an empty value is not."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def is_whole(value: Any) -> bool:
    """Return whether a value of a record is a whole number or the text of one."""
    return is_number(value) and float(value).is_integer()


def form_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as form fields: true as 1, false as 0, None as ``""``, a list under ``name[]``.

    An empty list is omitted, as by a browser; a form cannot express it otherwise (virtualizor 2.5).
    """
    fields: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            if value:
                fields[f"{name}[]"] = list(value)
        elif isinstance(value, float) and value.is_integer():
            fields[name] = int(value)
        else:
            fields[name] = int(value) if isinstance(value, bool) else "" if value is None else value
    return fields


def serialized_texts(value: Any) -> dict[str, str]:
    """Return the texts of an object by key, also if PHP has serialized it (virtualizor 3.6).

    An empty value has no texts.

    :raises ValueError: for any other value, and for an incomplete one.
    """
    if isinstance(value, str) and value:
        data = value.encode()
        try:
            value, end = _deserialized(data, 0)
        except RecursionError as error:
            raise ValueError(value) from error
        if end != len(data):
            raise ValueError(value)
    if value and not isinstance(value, Mapping):
        raise ValueError(value)
    return {key: text for key, text in (value or {}).items() if isinstance(text, str)}


def _deserialized(data: bytes, position: int) -> tuple[Any, int]:
    """Return a text or an array that PHP has serialized, or ``None`` for a number, and where it ends."""
    if scalar := _NO_TEXT.match(data, position):
        return None, scalar.end()
    if text := _TEXT.match(data, position):
        start, end = text.end(), text.end() + int(text[1])
        if data[end : end + 2] == b'";':
            return data[start:end].decode("utf-8", "replace"), end + 2
    if array := _ARRAY.match(data, position):
        items, position = [], array.end()
        for dummy in range(2 * int(array[1])):
            item, position = _deserialized(data, position)
            items.append(item)
        if data[position : position + 1] == b"}":
            pairs = zip(items[::2], items[1::2], strict=True)
            return {key: item for key, item in pairs if isinstance(key, str)}, position + 1
    raise ValueError(data)


def is_done(value: Any) -> bool:
    """Return whether the value of ``done`` reports success.

    Success is ``true``, 1, ``"1"``, a new ID, an object keyed by the deleted IDs, or an object with
    its own ``done`` or a message. Absent, ``false``, 0, ``""`` and ``[]`` are no success (virtualizor 4.3).
    """
    if isinstance(value, Mapping) and "done" in value:
        return is_done(value["done"])
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false")
    return bool(value)
