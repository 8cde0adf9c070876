# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plain Huawei Cloud client for the tests."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests

from tests.simulator.process import WATCHDOG_S, Simulator

from ..plain_client import PlainClient

RX1, LITE = "physical.rx1.xlarge", "physical.rx1.xlarge.lite"
SPECIAL, PRIVATE = "physical.rx1.xlarge.special", "physical.rx1.xlarge.private"
GAMING, KG1 = "physical.rx1.xlarge.cg", "physical.kg1.4xlarge.cp"

START = (RX1, "rx1.cp.c6.d10.e1v1")
DEARER = (SPECIAL, "rx1.cp.sp.c6.d12.e6v6")
CHEAPER = (LITE, "rx1.cp.lt.c6.d8.e1v1")
WITHDRAWN = (RX1, "rx1.cp.c6.d6.old")
FEWER_PHONES = (SPECIAL, "rx1.cp.sp.c4.d20.e4v4")
OTHER_GENERATION = (KG1, "kg1.cp.c6.d10.e1v1")
HIDDEN = (PRIVATE, "rx1.cp.pv.c6.d10")
NO_PAIR = (SPECIAL, "rx1.cp.c6.d10.e1v1")

CHANGE = "POST /v1/{project_id}/cloud-phone/servers/change-server-model"


class Cloud(PlainClient):
    """A client with a token of the three services of a simulator with the default seed."""

    _ids: ClassVar[list[str]] = []

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(simulator, **{"X-Auth-Token": simulator.huaweicloud_token})
        self.account = simulator.huaweicloud
        self.url = simulator.huaweicloud_url

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str | None] | None = None,
        **query: Any,
    ) -> requests.Response:
        """Send one request to any service and return the response. A header of None is not sent."""
        return self.session.request(
            method,
            f"{self.url}{path}",
            json=body,
            params=query,
            headers=headers,
            timeout=WATCHDOG_S,
        )

    def cph(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Send one request to CPH, below its usual base."""
        return self.call(method, f"/v1/{self.account.project_id}/cloud-phone{path}", body, **query)

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """Return the answer of a read of CPH, which must succeed."""
        response = self.cph("GET", path, **query)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        """Return status and code of a call of CPH, which must be refused."""
        response = self.cph(method, path, body, **query)
        assert response.status_code >= 400, response.text
        answer = response.json()
        assert set(answer) == {"request_id", "error_code", "error_msg"}
        return response.status_code, answer["error_code"]

    def id_of(self, number: int) -> str:
        """Return the ID of a seeded server by its number. The same seed gives the same IDs."""
        if not self._ids:
            servers = self.control.state()["panels"]["huaweicloud"]["cph_servers"].values()
            bought = sorted(servers, key=lambda server: str(server["create_time"]))
            self._ids.extend(str(server["server_id"]) for server in bought)
        return self._ids[number - 1]

    def change(
        self, server_id: str, target: tuple[str, str], auto_pay: int | None = 1
    ) -> requests.Response:
        """Order another flavor."""
        body: dict[str, Any] = {
            "server_id": server_id,
            "server_model_name": target[0],
            "phone_model_name": target[1],
        }
        if auto_pay is not None:
            body["extend_param"] = {"is_auto_pay": auto_pay}
        return self.cph("POST", "/servers/change-server-model", body)

    def flavor(self, server_id: str) -> tuple[str, str]:
        """Return both flavors in the detail. A running change counts this read."""
        server = self.get(f"/servers/{server_id}")
        return server["server_model_name"], server["phone_model_name"]

    def bss(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """Send one request to the order service with the domain's token."""
        headers: dict[str, str | None] = {"X-Auth-Token": self.account.domain_token}
        return self.call(method, path, body, headers, **query)

    def order(self, order_id: str) -> dict[str, Any]:
        """Return an order from the list, which does not count as a read of its change."""
        answer = self.bss("GET", "/v2/orders/customer-orders", order_id=order_id).json()
        (found,) = answer["order_infos"]
        result: dict[str, Any] = found
        return result

    def signed(
        self,
        sdk: Any,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: dict[str, str] | None = None,
        keys: tuple[str, str] | None = None,
        signed: dict[str, str] | None = None,
        unsigned: dict[str, str] | None = None,
    ) -> requests.PreparedRequest:
        """Return a request signed by the vendor's signer; `unsigned` headers are added after signing."""
        access_key, secret_key = keys or (self.account.access_key, self.account.secret_key)
        text = "" if body is None else json.dumps(body)
        request = sdk.SdkRequest(
            method=method,
            host=urlsplit(self.url).netloc,
            resource_path=path,
            query_params=list((query or {}).items()),
            header_params={"Content-Type": "application/json", **(signed or {})},
            body=text,
        )
        done = sdk.Signer(sdk.BasicCredentials(access_key, secret_key)).sign(request)
        headers = {**done.header_params, **(unsigned or {})}
        return requests.Request(
            method, f"{self.url}{done.uri}", headers=headers, data=text
        ).prepare()

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send what `signed` made."""
        return self.session.send(request, timeout=WATCHDOG_S)
