# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the rows of a list so that one unreadable value concerns one row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import PanelError, unreadable
from .fields import NOT_SHOWN, Schema


class OddRow(dict[str, Any]):
    """The readable values of an object that has an unreadable one.

    A field that is missing reads as ``None``; ``in`` shows that it is missing.

    :ivar error: names the object and the first value that cannot be read.
    """

    def __init__(self, values: Mapping[str, Any], error: PanelError) -> None:
        super().__init__(values)
        self.error = error

    def __missing__(self, key: str) -> None:
        return None


def read_row(schema: Schema, raw: Any, what: str, *names: str) -> dict[str, Any]:
    """Return the typed values of a row, an :class:`OddRow` if one of them cannot be read.

    :param what: what the row is called in messages, such as "server".
    :param names: the fields that can name it, the best first.
    :raises PanelError: ``protocol``, the row does not even show its ID.
    """
    values: dict[str, Any] = {}
    found: PanelError | None = None
    for field in schema.values():
        try:
            value = field.read(raw)
        except PanelError as error:
            found = found or error
        else:
            if value is not NOT_SHOWN:
                values[field.name] = value
    if values.get("id") is None:
        raise found or unreadable(f"the panel sends a {what} without its ID")
    if found is None:
        return values
    name = next((values[field] for field in names if values.get(field)), None)
    found.action = f"read {what} {values['id']}{f' ({name})' if name else ''}"
    return OddRow(values, found)


def whole(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of which every value could be read. :raises PanelError: it is an :class:`OddRow`."""
    if isinstance(row, OddRow):
        raise row.error
    return row
