# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that make no sense are named before anything happens."""

from __future__ import annotations

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.plugin_utils._fleet.settings import (
    check_used,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.toy_fleet import settings_of


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers must be from 1 to 100, not 0"),
        ({"workers": 101}, "workers must be from 1 to 100"),
        ({"pause": -1}, "pause must be from 0"),
        ({"max_items": -1}, "max_items must be at least 0"),
        ({"deadline": 0}, "deadline must be at least 1"),
        ({"max_results": -1}, "max_results must be at least 0"),
        ({"lock_ttl": 5}, "lock_ttl must be at least 30"),
        ({"max_failures": "some"}, "max_failures"),
        ({"max_batch_failures": "1.5"}, "max_batch_failures"),
        ({"batches": ["1"]}, "batches"),
        ({"journal": ""}, "journal is empty"),
        (
            {"journal": "/tmp/a", "plan_file": "/tmp/../tmp/a"},
            "journal and plan_file name the same",
        ),
        ({"journal": "/tmp/a", "results_file": "/tmp/a"}, "results_file and journal name the same"),
    ],
)
def test_a_mistake_is_named(tmp_path, options, message):
    with pytest.raises(PanelError, match=message):
        settings_of(tmp_path, **options)


@pytest.mark.parametrize("option", [{"health_check": ["true"]}, {"pause": 60}])
def test_an_option_that_one_batch_never_uses_is_refused_unless_the_plan_has_it(option):
    (name,) = option
    params = {"health_check": None, "pause": 0, "batches": ["100%"], "run_dir": None, **option}
    with pytest.raises(PanelError, match=rf"^{name} is only used between two batches"):
        check_used(params, [name])
    check_used(params, ["batches"])
    check_used({**params, "batches": ["1", "100%"]}, [name])


def test_a_store_without_a_folder_is_refused_unless_the_environment_has_it():
    params = {"health_check": None, "pause": 0, "batches": ["100%"], "run_store": "/srv/runs"}
    with pytest.raises(PanelError, match=r"^run_store needs run_dir"):
        check_used({**params, "run_dir": None}, ["run_store"])
    check_used({**params, "run_dir": None}, [])
    check_used({**params, "run_dir": "/srv/run"}, ["run_store"])


def test_the_home_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    assert settings_of(tmp_path, state_dir="~/state").state_dir == "/home/ann/state"
