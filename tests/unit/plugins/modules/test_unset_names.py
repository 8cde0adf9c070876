# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An option that is not set names nothing, even past the validation of options: not an object called "None" either."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.http import Request, Response
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import run
from ansible_collections.vpsfleet.panels.tests.unit.support import virtfusion, virtualizor
from ansible_collections.vpsfleet.panels.tests.unit.support.clock import FakeClock
from ansible_collections.vpsfleet.panels.tests.unit.support.collection import MODULES
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import answer

ONE = {"id": 1, "name": "None", "email": "None", "uuid": "None", "hostname": "None"}
CALLED_NONE = {
    **ONE,
    "uplid": "1",
    "plid": "1",
    "vpsid": "1",
    "uid": "1",
    "plan_name": "None",
    "vps_name": "None",
}
#: What both panels answer to any read: each list has one object, which is called "None".
ANSWER = {
    "data": [CALLED_NONE],
    "last_page": 1,
    "total": 1,
    **{key: {"1": CALLED_NONE} for key in ("plans", "users", "vs")},
}
OPTIONS = {"virtfusion": virtfusion.options, "virtualizor": virtualizor.options}


class Recorder:
    """A panel that answers everything alike, and remembers what it was sent."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        return answer(200, ANSWER)

    def close(self) -> None:
        """Nothing is open."""


def _unset(module: str, **changes: Any) -> list[Request]:
    """Run a module without any naming option. Return the requests that it sent."""
    loaded = import_module(f"ansible_collections.vpsfleet.panels.plugins.modules.{module}")
    params = OPTIONS[module.partition("_")[0]](loaded.ARGUMENTS, **changes)
    panel = Recorder()
    try:
        run(loaded.MODULE.panel, loaded.MODULE.work, params, clock=FakeClock(), backend=panel)
    except PanelError as error:
        assert "None" not in error.action
    return panel.requests


SINGLE = [
    name
    for name in MODULES
    if name.startswith(tuple(OPTIONS))
    and not name.endswith(("_packages", "_plans", "virtfusion_api"))
]


@pytest.mark.parametrize("module", SINGLE)
def test_nothing_is_written_to_an_unnamed_object(module):
    for request in _unset(module):
        assert request.method == "GET"
        assert "None" not in request.url
        assert "None" not in str([*request.query.values(), request.body or ""])


@pytest.mark.parametrize(
    "module",
    ["virtfusion_server", "virtfusion_user", "virtfusion_ssh_key", "virtualizor_user_plan"],
)
def test_no_unnamed_object_is_deleted(module):
    assert all(request.method == "GET" for request in _unset(module, state="absent"))
