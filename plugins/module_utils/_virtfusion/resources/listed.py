# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects of a VirtFusion panel with a paged list and a read by ID."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..._core.argspec import named, positive
from ..._core.fields import Schema
from ..._core.select import exactly_one
from ..client import VirtFusion


@dataclass(frozen=True)
class Listed:
    """One kind of such objects.

    :param what: its singular name in messages.
    :param option: prefix of the options for an ID (``<option>_id``) and a name.
    :param part: placeholder for the ID in the path of the read.
    :param schema: the projection, the same for both reads.
    :param list_operation: reads all.
    :param get_operation: reads one.
    :param filters: the options that a field must equal, by the name of the field.
    """

    what: str
    option: str
    part: str
    schema: Schema
    list_operation: str
    get_operation: str
    filters: Mapping[str, str]

    def find_id(self, client: VirtFusion, params: Mapping[str, Any]) -> int:
        """Return the ID of the object that the options select by ID or by name."""
        by_id = f"{self.option}_id"
        if params[by_id] is not None:
            return positive(by_id, params[by_id])
        name = named(f"{self.option}_name", params[f"{self.option}_name"])
        return int(exactly_one(self.all(client), name, what=self.what, option=by_id)["id"])

    def read(self, client: VirtFusion, object_id: int) -> dict[str, Any]:
        """Return one object, projected."""
        return self.schema.project(client.one(self.get_operation, path={self.part: object_id}))

    def all(self, client: VirtFusion) -> list[dict[str, Any]]:
        """Return all objects, projected."""
        return [
            self.schema.project(raw) for raw in client.pages(self.list_operation, f"{self.what}s")
        ]

    def chosen(self, client: VirtFusion, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the objects that pass the filters: the one that the options select, or all if they select none."""
        if (params[f"{self.option}_id"], params[f"{self.option}_name"]) == (None, None):
            rows = self.all(client)
        else:
            rows = [self.read(client, self.find_id(client, params))]
        desired = {field: params[option] for field, option in self.filters.items()}
        return [
            row for row in rows if all(value in (None, row.get(f)) for f, value in desired.items())
        ]
