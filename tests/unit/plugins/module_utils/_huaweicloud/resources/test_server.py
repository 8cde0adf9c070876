# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test the values of a server, and the search for one."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.fields import Answer
from ansible_collections.vpsfleet.panels.plugins.module_utils._core.runner import Query
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.argspec import CONNECTION
from ansible_collections.vpsfleet.panels.plugins.module_utils._huaweicloud.resources.server import (
    SERVER,
    find_server_id,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.huaweicloud import (
    SERVER_ID,
    SERVERS,
    fail_task,
    get,
    run_task,
    server,
)

OTHER_ID = "5e000000000000000000000000000008"


class Found(Query):
    """Finds a server by its name."""

    def __init__(self, client, params):
        self._client = client

    def read(self):
        return {"id": find_server_id(self._client, {"server_id": None, "server_name": "farm"})}


def listed(*rows):
    return get(SERVERS, {"servers": list(rows)}, {"server_name": "farm", "offset": 0, "limit": 100})


def find(*rows):
    return run_task(Found, CONNECTION, listed(*rows))["id"]


def test_a_name_is_compared_to_the_letter():
    rows = (server(OTHER_ID, server_name="farm-2"), server(server_name="farm"))
    assert find(*rows) == SERVER_ID


def test_the_name_of_a_server_that_was_given_up_is_free():
    rows = (server(OTHER_ID, server_name="farm", status=6), server(server_name="farm"))
    assert find(*rows) == SERVER_ID


def test_a_name_that_several_have_is_an_error_with_the_ids():
    rows = (server(OTHER_ID, server_name="farm"), server(server_name="farm"))
    error = fail_task(Found, CONNECTION, listed(*rows))
    assert error.code.value == "ambiguous"
    assert OTHER_ID in error.msg


def test_an_unknown_name_is_an_error():
    row = server(server_name="farm-1")
    everything = get(SERVERS, {"servers": [row]}, {"offset": 0, "limit": 100})
    error = fail_task(Found, CONNECTION, listed(row), everything)
    assert error.code.value == "not_found"
    assert "'farm-1'" in error.msg


@pytest.mark.parametrize(
    ("status", "word"),
    [
        *((status, "creating") for status in (0, 1, 3, 4)),
        (2, "abnormal"),
        (5, "normal"),
        (6, "gone"),
        (7, "unknown"),
        (8, "frozen"),
        (10, "stopped"),
        (11, "stopping"),
        (12, "stop_failed"),
        (13, "starting"),
        ("5", "normal"),
    ],
)
def test_a_status_is_a_number_and_a_word(status, word):
    view = SERVER.project(server(status=status))
    assert (view["status"], view["state"]) == (int(status), word)


@pytest.mark.parametrize(
    ("mode", "word"), [(0, "yearly_monthly"), (1, "on_demand"), (7, "unknown"), (None, None)]
)
def test_the_charging_mode_is_a_word(mode, word):
    view = SERVER.project(server(metadata={"charging_mode": mode}))
    assert view["charging_mode"] == word


def test_old_names_of_addresses_are_understood():
    old = [{"intranet_ip": "192.0.2.7", "access_ip": "198.51.100.7"}]
    new = [{"server_ip": "192.0.2.7", "public_ip": "198.51.100.7"}]
    assert SERVER.project(server(addresses=old))["addresses"] == new
    assert SERVER.project(server(addresses=None))["addresses"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("addresses", ["192.0.2.7"]),
        ("addresses", {"server_ip": "192.0.2.7"}),
        ("addresses", [{"server_ip": ["192.0.2.7"]}]),
        ("band_widths", [{"band_width_id": {}}]),
        ("volumes", [{"volume_type": True}]),
        ("security_groups", "sg-1"),
        ("security_groups", [{"id": "sg-1"}]),
    ],
)
def test_an_odd_list_in_a_server_is_an_error(field, value):
    raw = Answer(server(**{field: value}), "read server 7", "show_server")
    with pytest.raises(PanelError) as caught:
        SERVER.project(raw)
    assert (caught.value.code.value, caught.value.operation) == ("protocol", "show_server")
    assert caught.value.msg.startswith("Cannot read server 7: ")


def test_what_the_list_leaves_out_is_not_claimed():
    view = SERVER.project(server())
    assert not {"bandwidths", "volumes", "security_groups"} & set(view)


def test_only_known_values_are_shown():
    view = SERVER.project(server(vnc_passwd="secret", tags=["x"]))
    assert not {"vnc_passwd", "tags", "request_id"} & set(view)


@pytest.mark.parametrize(
    "missing", ["server_id", "server_model_name", "phone_model_name", "status"]
)
def test_an_object_without_required_fields_is_not_a_server(missing):
    raw = server()
    del raw[missing]
    with pytest.raises(PanelError) as caught:
        SERVER.project(raw)
    assert caught.value.code.value == "protocol"
