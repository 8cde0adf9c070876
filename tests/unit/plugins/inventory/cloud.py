# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions of Huawei Cloud without a network, for the inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import (
    Request,
    Response,
)
from ansible_collections.vpsfleet.panels.tests.unit.plugins.inventory.sources import (
    FakeNetwork,
    Sources,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    PROJECT,
    REGION,
    TOKEN,
    server,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Reply,
    answer,
    response_of,
)


class FakeRegion:
    """A region that only answers what an inventory asks."""

    def __init__(self, *servers: Mapping[str, Any]) -> None:
        self.servers = list(servers)
        #: Instead of any answer.
        self.fault: Reply | None = None
        #: What was asked, as (path below the project, query), and by whom.
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.tokens: set[str] = set()
        self.projects: set[str] = set()

    def answer(self, request: Request) -> Response:
        """Answer a request to any of the region's services."""
        dummy, version, project, *rest = urlsplit(request.url).path.split("/")
        if version == "v3":
            return answer(200, {"projects": [{"id": PROJECT}]})
        path = "/".join(rest).removeprefix("cloud-phone/")
        query = dict(request.query)
        self.requests.append((path, query))
        self.tokens.add(request.headers.get("X-Auth-Token", ""))
        self.projects.add(project)
        if self.fault:
            return response_of(self.fault)
        if path == "servers":
            start, size = query["offset"], query["limit"]
            model = query.get("phone_model_name")
            found = [raw for raw in self.servers if model in (None, raw.get("phone_model_name"))]
            rows = found[start : start + size]
            return answer(200, {"servers": rows, "count": len(found)})
        for raw in self.servers:
            if path == f"servers/{raw['server_id']}" and not raw.get("deleted"):
                return answer(200, {**raw, "volumes": []})
        return answer(404, {"error_code": "CPS.0015", "error_msg": "no such server"})


class Cloud(FakeNetwork):
    """The regions, by their names."""

    def __init__(self) -> None:
        super().__init__(**{REGION: FakeRegion(server())})

    @property
    def regions(self) -> dict[str, FakeRegion]:
        """What other panels are to others."""
        return self.panels

    @property
    def region(self) -> FakeRegion:
        """The region of the tests that need only one."""
        return self.regions[REGION]

    def send(self, request: Request) -> Response:
        dummy, region, *domain = (urlsplit(request.url).hostname or "").split(".")
        assert domain == ["myhuaweicloud", "com"], request.url
        return self.regions[region].answer(request)


class CloudSources(Sources):
    """Source files of Huawei Cloud."""

    name = "vpsfleet.panels.huaweicloud_cph"
    file = "huaweicloud_cph.yml"
    connection = (f"region: {REGION}", f"project_id: {PROJECT}", f"auth_token: {TOKEN}")
    secret = TOKEN
