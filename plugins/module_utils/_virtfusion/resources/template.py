# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system templates of a VirtFusion panel, for a server or for a package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..._core.argspec import ArgumentSpec, one_of, positive
from ..._core.fields import Field, Schema, boolean, identifier, integer, text
from ..._core.runner import Query
from ..._core.select import exactly_one
from ..argspec import FIND_SERVER
from ..client import Raw, VirtFusion
from .package import find_package
from .server_view import find_server_id


def text_or_none(value: Any) -> str | None:
    """Return a text, or None if it is empty."""
    return text(value) or None


TEMPLATE = Schema(
    Field("id", "id", identifier, required=True),
    Field("name", "name", text, required=True),
    Field("version", "version", text_or_none, absent=None),
    Field("variant", "variant", text_or_none, absent=None),
    Field("arch", "arch", integer),
    Field("type", "type", text),
    Field("description", "description", text),
    Field("deploy_type", "deploy_type", integer),
    Field("vnc", "vnc", boolean),
    Field("eol", "eol", boolean),
    Field("eol_date", "eol_date", text),
    Field("eol_warning", "eol_warning", boolean),
)

#: The group named "Other" has the ID 0 (virtfusion 1.11).
GROUP = Schema(
    Field("group_id", "id", integer),
    Field("group_name", "name", text),
)


def templates_of(value: Any) -> list[dict[str, Any]]:
    """Return the templates of a group, projected."""
    return [_named(TEMPLATE.project(raw)) for raw in value or ()]


_TEMPLATES = Field("templates", "templates", templates_of, absent=())

TEMPLATE_KEYS = (*TEMPLATE, "short_name", "full_name", *GROUP)


def server_templates(client: VirtFusion, server_id: int) -> list[dict[str, Any]]:
    """Return the templates that a server can be built with."""
    return _flat(client.rows("list_server_templates", path={"server_id": server_id}))


def package_templates(client: VirtFusion, package_id: int) -> list[dict[str, Any]]:
    """Return the templates for a package, for all architectures (virtfusion 1.11)."""
    return _flat(client.rows("list_package_templates", path={"package_id": package_id}))


def find_template(templates: Iterable[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Return the template with that name, matched with the variant first, then without it.

    :raises PanelError: ``not_found``, or ``ambiguous`` with the IDs.
    """
    rows = list(templates)
    short = any(row["short_name"] == name for row in rows)
    full = any(row["full_name"] == name for row in rows)
    by = "short_name" if short and not full else "full_name"
    return exactly_one(rows, name, what="template", option="template_id", by=by)


KEYS = {
    **FIND_SERVER.options,
    "package_id": {"type": "int"},
    "package_name": {"type": "str"},
}

#: The options of virtfusion_template_info.
TEMPLATE_INFO_OPTIONS = one_of(*KEYS) + ArgumentSpec({**KEYS, "template_name": {"type": "str"}})


class TemplateInfo(Query[VirtFusion]):
    """The templates for a server or for a package."""

    def read(self) -> dict[str, Any]:
        name = self._params["template_name"]
        return {
            "templates": [
                row
                for row in self._rows()
                if name in (None, row["name"], row["short_name"], row["full_name"])
            ]
        }

    def _rows(self) -> list[dict[str, Any]]:
        package_id, package_name = self._params["package_id"], self._params["package_name"]
        if package_id is not None:
            return package_templates(self._client, positive("package_id", package_id))
        if package_name is not None:
            package = find_package(self._client, None, package_name)
            return package_templates(self._client, package["id"])
        return server_templates(self._client, find_server_id(self._client, self._params))


def _flat(groups: Iterable[Raw]) -> list[dict[str, Any]]:
    """Return the templates of all groups, each with its group and names."""
    return [
        {**template, **GROUP.project(group)}
        for group in groups
        for template in _TEMPLATES.read(group)
    ]


def _named(template: dict[str, Any]) -> dict[str, Any]:
    """Add the full name: name, version and variant. Bare names are not unique (virtfusion 1.11)."""
    parts = [template["name"], template["version"], template["variant"]]
    short, full = (" ".join(filter(None, some)) for some in (parts[:2], parts))
    return {**template, "short_name": short, "full_name": full}
