# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All routes of the panel."""

from __future__ import annotations

from . import (
    compute,
    connect,
    connectivity,
    creation,
    firewall,
    lifecycle,
    media,
    modify,
    network,
    package_change,
    packages,
    packs,
    power,
    profiles,
    queue,
    reports,
    servers,
    ssh_keys,
    traffic,
    users,
    vnc,
)
from .call import new_routes

ROUTES = new_routes()
for _module in (
    compute,
    connect,
    connectivity,
    creation,
    firewall,
    lifecycle,
    media,
    modify,
    network,
    package_change,
    packages,
    packs,
    power,
    profiles,
    queue,
    reports,
    servers,
    ssh_keys,
    traffic,
    users,
    vnc,
):
    ROUTES.include(_module.routes)
