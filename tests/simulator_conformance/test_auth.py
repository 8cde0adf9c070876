# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bearer token."""

from __future__ import annotations

import pytest

from tests.simulator.process import Simulator

from .api import Api


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer wrong", "Basic sim-virtfusion-token", "sim-virtfusion-token"],
)
def test_without_a_good_token(panel: Api, header: str | None) -> None:
    panel.session.headers["Authorization"] = header  # type: ignore[assignment]
    start = panel.control.digest()
    for method, path in (("GET", "/connect"), ("PUT", "/servers/1/package/3"), ("GET", "/nowhere")):
        response = panel.call(method, path)
        assert (response.status_code, response.text) == (401, "401 Unauthorized")
        assert "json" not in response.headers["content-type"]
    assert panel.control.digest() == start


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_schemes_case_does_not_matter(panel: Api, scheme: str) -> None:
    panel.session.headers["Authorization"] = f"{scheme} {panel.simulator.token}"
    response = panel.call("GET", "/connect")
    assert (response.status_code, response.json()) == (200, [])


def test_another_token(panel: Api) -> None:
    with Simulator(servers=1, token="other") as simulator, Api(simulator) as api:
        assert api.call("GET", "/connect").json() == []
        with Api(simulator, token=panel.simulator.token) as stranger:
            assert stranger.call("GET", "/connect").status_code == 401


def test_the_log_does_not_hold_the_token(panel: Api) -> None:
    panel.call("GET", "/connect")
    (entry,) = panel.control.requests()
    assert entry["headers"]["authorization"].startswith("sha256:")
    assert panel.simulator.token not in str(entry)
