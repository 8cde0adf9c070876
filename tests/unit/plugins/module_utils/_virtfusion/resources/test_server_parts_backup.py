# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test backups and the write-only access to them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.server_parts import (
    BackupAccess,
    BackupInfo,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_server_backup_access,
    virtfusion_server_backup_info,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    Step,
    answer,
    get,
    interrupted,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import fail_task, run_task
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

ACCESS = virtfusion_server_backup_access.ARGUMENTS
INFO = virtfusion_server_backup_info.ARGUMENTS
SERVER = get("/servers/7", ok(server()))
MISSING = get("/servers/7", answer(404, {"msg": "server not found"}))


def _set(access: str, reply: Any = None) -> Step:
    return put("/servers/7/backupManager/access", reply or answer(201), {"type": access})


def _access(*steps: Step, **options: Any) -> dict[str, Any]:
    return run_task(BackupAccess, ACCESS, *steps, server_id=7, **options)


def _backup(**changes: Any) -> dict[str, Any]:
    return {
        "id": 42,
        "serverId": 7,
        "storage": {"id": 5, "name": "Backup Server 1", "enabled": True},
        "deleting": False,
        "restoring": False,
        "progress": False,
        "complete": True,
        "deleteAfter": None,
        "created": "2022-03-03T20:25:01+00:00",
        "updated": "2022-03-03T20:26:01+00:00",
        **changes,
    }


@pytest.mark.parametrize("known", [None, "inherit"])
def test_the_access_is_set_each_time(known):
    options = {"access": "full", "known_access": known}
    predicted = _access(SERVER, check_mode=True, **options)
    real = _access(SERVER, _set("full"), SERVER, **options)
    for key in ("changed", "diff", "changes", "backup_access"):
        assert predicted[key] == real[key]
    assert real["changed"] is True
    assert real["backup_access"] == {"server_id": 7, "access": "full"}
    assert real["diff"]["before"] == {"access": known}


@pytest.mark.parametrize("access", ACCESS.options["access"]["choices"])
def test_each_access_is_sent_under_its_name(access):
    result = _access(SERVER, _set(access), SERVER, access=access)
    assert result["backup_access"] == {"server_id": 7, "access": access}


def test_the_known_access_is_trusted():
    result = _access(SERVER, access="full", known_access="full")
    assert result["changed"] is False
    assert result["api_calls"]["write"] == 0


def test_a_write_with_a_lost_response_is_repeated():
    result = _access(
        SERVER, _set("full", interrupted()), SERVER, _set("full"), SERVER, access="full"
    )
    assert result["api_calls"]["retried"] == 1


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_missing_server(check_mode):
    error = fail_task(
        BackupAccess, ACCESS, MISSING, server_id=7, access="full", check_mode=check_mode
    )
    assert error.code.value == "not_found"


def test_backups_are_read():
    step = get("/backups/server/7", ok([_backup(), _backup(id=43, progress=40, complete=False)]))
    first, second = run_task(BackupInfo, INFO, step, server_id=7)["backups"]
    assert first == {
        "id": 42,
        "server_id": 7,
        "storage_id": 5,
        "storage_name": "Backup Server 1",
        "storage_enabled": True,
        "complete": True,
        "in_progress": False,
        "restoring": False,
        "deleting": False,
        "delete_after": None,
        "created": "2022-03-03T20:25:01+00:00",
        "updated": "2022-03-03T20:26:01+00:00",
    }
    assert second["in_progress"] is True


@pytest.mark.parametrize(
    ("value", "busy"), [(False, False), (None, False), (0, False), (True, True), (7, True)]
)
def test_progress_is_yes_or_no(value, busy):
    step = get("/backups/server/7", ok([_backup(progress=value)]))
    assert run_task(BackupInfo, INFO, step, server_id=7)["backups"][0]["in_progress"] is busy
