# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operating system templates, in groups."""

from __future__ import annotations

from typing import Any

from ..exchange import Reply
from .call import Call, data, new_routes

routes = new_routes()

ARM = 2
GROUPS: tuple[tuple[int, str, tuple[tuple[int, str, str, str | None, int], ...]], ...] = (
    (
        1,
        "Debian",
        (
            (8, "Debian", "11 (Bullseye)", "Minimal", 1),
            (44, "Debian", "12 (Bookworm)", None, ARM),
            (46, "Debian", "12 (Bookworm)", "Minimal", 1),
            (56, "Debian", "12 (Bookworm)", "Desktop", 1),
        ),
    ),
    (
        3,
        "Rocky Linux",
        ((7, "Rocky Linux", "8", "Minimal", 1), (13, "Rocky Linux", "9", "Minimal", 1)),
    ),
    (
        5,
        "Ubuntu",
        (
            (9, "Ubuntu Server", "22.04 LTS (Jammy Jellyfish)", "Minimal", 1),
            (49, "Ubuntu Server", "24.04 LTS (Noble Numbat)", "Minimal", 1),
            (51, "Ubuntu", "24.04 LTS (Noble Numbat)", None, ARM),
        ),
    ),
    (7, "FreeBSD", ((55, "FreeBSD", "14.2", "Minimal", 1),)),
    (0, "Other", ((5, "openSUSE", "Leap 15", "Minimal", 1),)),
)
"""Group id, group name, and templates: id, name, version, variant, architecture.

Names are not unique; the group "Other" has the id 0; a variant may be null (DOCUMENTED, virtfusion 1.11).
"""

TEMPLATES = {row[0] for group in GROUPS for row in group[2] if row[4] != ARM}
"""IDs of the templates for builds."""


@routes.add("GET", "/servers/{serverId}/templates")
def list_server_templates(call: Call) -> Reply:
    """Return the templates for a server: those of its architecture."""
    call.server()
    return data(_groups(with_arm=False))


@routes.add("GET", "/media/templates/fromServerPackageSpec/{serverPackageId}")
def list_package_templates(call: Call) -> Reply:
    """Return the templates for a package: those of every architecture (DOCUMENTED, virtfusion 1.11)."""
    call.package("serverPackageId")
    return data(_groups(with_arm=True))


def _groups(with_arm: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "description": f"{name} operating systems",
            "icon": f"{name.split()[0].lower()}_logo.png",
            "templates": [
                _template(*template) for template in templates if with_arm or template[-1] != ARM
            ],
            "id": number,
        }
        for number, name, templates in GROUPS
    ]


def _template(
    number: int, name: str, version: str, variant: str | None, arch: int
) -> dict[str, Any]:
    return {
        "id": number,
        "name": name,
        "version": version,
        "variant": variant,
        "arch": arch,
        "description": "Minimal installation with limited packages",
        "icon": f"{name.split()[0].lower()}_logo.png",
        "eol": False,
        "eol_date": "2024-03-12 00:00:00",
        "eol_warning": False,
        "deploy_type": 1,
        "vnc": False,
        "type": "unix" if name == "FreeBSD" else "linux",
    }
