# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode of a chain: the ID of an object that an earlier task would create is null."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.tests.unit.support.modules import ModuleRunner
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import CONNECTION

KEY = {"name": "laptop", "public_key": "ssh-ed25519 AAAA ada"}
CHAIN = [
    ("virtfusion_ssh_key", "user_id", KEY),
    ("virtfusion_server", "server_id", {"suspended": True}),
    ("virtfusion_server_build", "server_id", {"template_id": 7}),
    ("virtfusion_server_firewall", "server_id", {"enabled": True}),
    ("virtfusion_server_package", "server_id", {"package_name": "Cloud 4"}),
    ("virtfusion_server_password", "server_id", {}),
]


@pytest.fixture
def module(modules, monkeypatch) -> ModuleRunner:
    """Run modules with the connection in the environment."""
    for name, value in CONNECTION.items():
        monkeypatch.setenv(f"VIRTFUSION_{name.upper()}", str(value))
    return modules


@pytest.mark.parametrize(("name", "option", "options"), CHAIN)
def test_a_task_on_an_object_that_does_not_exist_yet_is_predicted(module, name, option, options):
    result = module.run(name, check_mode=True, **{option: None}, **options)
    assert "failed" not in result, result
    assert (result["changed"], result.get("changes", [])) == (True, [])
    assert result["api_calls"] == {"read": 0, "write": 0, "retried": 0, "waited_s": 0.0}
    (warning,) = module.warnings
    assert warning == (
        f"{option} is null, which is the ID of an object that does not exist yet. The prediction is"
        " that an earlier task creates it; nothing else was checked"
    )


@pytest.mark.parametrize(("name", "option", "options"), CHAIN)
def test_a_null_id_names_nothing_in_a_real_run(module, name, option, options):
    result = module.run(name, **{option: None}, **options)
    assert result["msg"].startswith("one of the following is required")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("virtfusion_server", {"server_id": None, "state": "absent"}),
        ("virtfusion_server_firewall", {"server_uuid": None, "enabled": True}),
        ("virtfusion_server_firewall", {"enabled": True}),
        ("virtfusion_server_package", {"server_id": 7, "package_id": None}),
        ("virtfusion_server_backup_info", {"server_id": None}),
    ],
)
def test_check_mode_predicts_nothing_else(module, name, options):
    result = module.run(name, check_mode=True, **options)
    assert result["msg"].startswith("one of the following is required")


def test_the_other_options_are_checked_in_a_prediction(module):
    result = module.run(
        "virtfusion_server_package", check_mode=True, server_id=None, package_id=1, package_name="a"
    )
    assert "mutually exclusive" in result["msg"]
