# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PHP's values as typed ones, and back.

What comes out of the panel's database is text, what it computes is a number; an empty list and an
empty object are the same (virtualizor 4.4, 6.1).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

#: PHP's serialized form: an array with so many pairs, a text of so many bytes, anything else that is simple.
_ARRAY = re.compile(rb"a:(\d+):{")
_TEXT = re.compile(rb's:(\d+):"')
_NO_TEXT = re.compile(rb"(?:[ibd]:[-+.\deEINFA]+|N);")


def whole_number(value: Any) -> int:
    """A whole number, also as text such as ``"4"`` or ``"4.00"``; nothing is 0."""
    number = decimal_number(value)
    if number != int(number):
        raise ValueError(value)
    return int(number)


def amount(value: Any) -> int | float:
    """Return a quantity without loss: a whole number as such, a fraction such as ``"93.13"`` as a decimal.

    Bandwidth can be a fraction, and negative after a script has reset it (virtualizor 3.4).
    """
    number = decimal_number(value)
    return int(number) if number == int(number) else number


def decimal_number(value: Any) -> float:
    """A number, also as text; nothing is 0."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(value)
    return float(value)


def yes_or_no(value: Any) -> bool:
    """Yes or no: 1 and 0 in any form, the ``on`` of a form's box, nothing for no."""
    if value in (None, 0, "0", "", "off", "false"):  # 0 == False
        return False
    if value in (1, "1", "on", "true"):
        return True
    raise TypeError(value)


def words(value: Any) -> list[str]:
    """The words of a list, also as text with commas. The one word ``""`` is an empty list (virtualizor 2.4)."""
    if isinstance(value, Mapping):
        value = value.values()
    items = value.split(",") if isinstance(value, str) else value or ()
    texts = [str(item).strip() for item in items]
    return sorted({text for text in texts if text})


def ids(value: Any) -> list[int]:
    """Return the IDs of a list, also as text with commas: ``""`` has none, ``"0"`` has the ID 0.

    The answer to an edit shows ``[0]`` for both (virtualizor 2.4), so this is for what the lists say.
    """
    return sorted(int(word) for word in words(value))


def rows_of(value: Any, id_key: str) -> list[dict[str, Any]] | None:
    """Return the objects of a map or list, each with its ID; ``None`` for something else.

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
    """Return whether a value of a record is a number, as text or not; nothing is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return False
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def form_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a form sends them: yes as 1, nothing as ``""``, a list under ``name[]``.

    An empty list is sent by leaving it out, as a browser does; PHP knows no other way (virtualizor 2.5).
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
    """Return the texts of an object by their keys, also where it comes serialized by PHP (virtualizor 3.6).

    Whatever is no such object, or is not whole, has none.
    """
    if isinstance(value, Mapping):
        return {str(key): text for key, text in value.items() if isinstance(text, str)}
    data = value.encode() if isinstance(value, str) else b""
    array = _ARRAY.match(data)
    items: list[str | None] = []
    position = array.end() if array else len(data)
    while item := _TEXT.match(data, position) or _NO_TEXT.match(data, position):
        position = item.end()
        if item[0].startswith(b"s:"):
            start, position = position, position + int(item[1])
            items.append(data[start:position].decode("utf-8", "replace"))
            position += len(b'";')
        else:
            items.append(None)
    if not array or data[position:] != b"}" or len(items) != 2 * int(array[1]):
        return {}
    pairs = zip(items[::2], items[1::2], strict=True)
    return {key: text for key, text in pairs if key is not None and text is not None}


def is_done(value: Any) -> bool:
    """Return whether ``done`` says that it is done.

    It is ``true``, 1, ``"1"``, a new ID, an object keyed by what was deleted, or an object that has
    a ``done`` of its own or a message. Absent, ``false``, 0, ``""`` and ``[]`` are not done (virtualizor 4.3).
    """
    if isinstance(value, Mapping) and "done" in value:
        return is_done(value["done"])
    if isinstance(value, str):
        return value.strip().lower() not in ("", "0", "false")
    return bool(value)
