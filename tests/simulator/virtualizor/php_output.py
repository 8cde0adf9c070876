# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers in PHP's encodings: JSON, serialized values, or the XML of the output layer.

PHP has one type for lists and maps. As JSON, an array whose keys are 0, 1, 2, … becomes a list, and an empty one
becomes `[]`, even if it is a map (virtualizor 4.4).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from ..exchange import NO_BODY, Reply

NOTICE = (
    "<br />\n<b>Notice</b>:  Undefined index: sg_select in"
    " <b>/usr/local/virtualizor/main/admin/user_plans.php</b> on line <b>212</b><br />\n"
)
"""A PHP notice that a panel with visible warnings prints before the answer."""


@dataclass
class PhpReply(Reply):
    """An answer whose value is encoded when it is sent, after the text printed before it."""

    encoding: str = "json"
    """`json`, `serialize` or `xml`."""
    before: str = ""
    refused: bool = False
    """The panel refused the request, although the status is 200 or 302."""

    def payload(self) -> bytes:
        """Return the bytes that go on the wire."""
        if self.value is NO_BODY or self.text is not None:
            return super().payload()
        value = php(self.value)
        if self.encoding == "serialize":
            text = serialize(value)
        elif self.encoding == "xml":
            text = f'<?xml version="1.0" encoding="UTF-8"?>\n<xml>{xml(value)}</xml>\n'
        else:
            text = json.dumps(value, separators=(",", ":")).replace("/", "\\/")
        return (self.before + text).encode()


def php(value: Any) -> Any:
    """Return a value with maps and lists converted as by PHP's JSON encoder."""
    if isinstance(value, dict):
        items = [php(item) for item in value.values()]
        if [str(key) for key in value] == [str(n) for n in range(len(value))]:
            return items
        return dict(zip(map(str, value), items, strict=True))
    if isinstance(value, (list, tuple)):
        return [php(item) for item in value]
    return value


def serialize(value: Any) -> str:
    """Encode a value as PHP's `serialize()` does. Lengths are in bytes."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inner = "".join(serialize(_array_key(key)) + serialize(item) for key, item in items)
    return f"a:{len(value)}:{{{inner}}}"


def xml(value: Any) -> str:
    """Return the output layer's XML. A key that is not a name becomes `item`. INFERRED from a sibling product."""
    if isinstance(value, (dict, list)):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return "".join(_element(str(key), item) for key, item in items)
    if isinstance(value, bool):
        return str(int(value))
    return escape(str(value))


def _element(key: str, value: Any) -> str:
    name = "item" if not key or key[0].isdigit() else key
    return f"<{name}>{xml(value)}</{name}>"


def _array_key(key: Any) -> Any:
    """Convert a key as PHP does: whole numbers become integers."""
    text = str(key)
    number = text[1:] if text.startswith("-") else text
    whole = number.isascii() and number.isdigit() and (number == "0" or number[0] != "0")
    return int(text) if whole else text
