# Copyright: (c) 2026, vpsfleet.panels contributors
# GNU General Public License v3.0 or later (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test resource packs and their servers."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vpsfleet.panels.plugins.module_utils._core.errors import PanelError
from ansible_collections.vpsfleet.panels.plugins.module_utils._virtfusion.resources.selfservice_resource_pack import (
    ResourcePack,
    ResourcePackInfo,
    ResourcePackServers,
)
from ansible_collections.vpsfleet.panels.plugins.modules import (
    virtfusion_selfservice_resource_pack,
    virtfusion_selfservice_resource_pack_info,
    virtfusion_selfservice_resource_pack_servers,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.accounts import (
    BY_ID,
    DONE,
    delete,
    pack,
    post,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.scripted import (
    HTML,
    Step,
    answer,
    get,
    interrupted,
    ok,
    put,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.task_runs import known
from ansible_collections.vpsfleet.panels.tests.unit.support.tasks import (
    fail_task,
    outcomes,
    run_task,
)
from ansible_collections.vpsfleet.panels.tests.unit.support.virtfusion import server

PACK = "/selfService/resourcePack/18"
ADD = "/selfService/resourcePack/byUserExtRelationId/1042"
SERVERS = "/selfService/resourcePackServers/18"
GONE = answer(404, {"msg": "resource pack not found"})
ADDED = answer(201, {"data": {"id": 18}})
NEW = {**BY_ID, "template_id": 9, "create": True}
ARGUMENTS = virtfusion_selfservice_resource_pack.ARGUMENTS


def shown(raw: Any) -> Step:
    """Expect a read of the pack. ``raw`` is the pack or the reply."""
    return get(PACK, ok(raw) if isinstance(raw, dict) else raw)


def bring(*steps: Step, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Bring a pack into a state."""
    return run_task(ResourcePack, ARGUMENTS, *steps, check_mode=check_mode, **options)


def fail(*steps: Step, **options: Any) -> PanelError:
    """Bring a pack into a state, which must fail."""
    return fail_task(ResourcePack, ARGUMENTS, *steps, **options)


# --- reading ---------------------------------------------------------------------------------


def read(*steps: Step, **options: Any) -> Any:
    """Read pack 18."""
    spec = virtfusion_selfservice_resource_pack_info.ARGUMENTS
    return run_task(ResourcePackInfo, spec, *steps, pack_id=18, **options)["resource_pack"]


def test_a_pack_has_two_ids():
    view = read(get(PACK, ok(pack()), {}))
    assert (view["id"], view["template_id"]) == (18, 9)
    assert view["enabled"] is None
    assert view["usage"]["servers"] == {
        "total": 2, "used": 0, "free": 2, "percent": 0.0, "limited": True,
    }  # fmt: skip
    assert "servers" not in view


@pytest.mark.parametrize(
    ("rows", "names"),
    [([{"id": 7, "name": "a", "secret": 1}], ["a"]), ([7], [None]), ([], [])],
)
def test_the_servers_of_a_pack_may_come_in_any_shape(rows, names):
    step = get(PACK, ok(pack(len(rows), servers=rows)), {"withServers": "true"})
    view = read(step, with_servers=True)
    assert [row.get("name") for row in view["servers"]] == names
    assert "secret" not in str(view)


def test_a_pack_without_servers_need_not_show_them():
    assert read(shown(pack(0)), with_servers=True)["servers"] == []


@pytest.mark.parametrize("raw", [pack(1), pack(1, servers="none"), pack(used=[])])
def test_missing_servers_are_an_error(raw):
    spec = virtfusion_selfservice_resource_pack_info.ARGUMENTS
    error = fail_task(ResourcePackInfo, spec, shown(raw), pack_id=18, with_servers=True)
    assert error.code.value == "protocol"


# --- adding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("enabled", "sent"), [(None, True), (True, True), (False, False)])
def test_a_pack_is_added(enabled, sent):
    body = {"packId": 9, "enabled": sent}
    result = bring(post(ADD, ADDED, body), shown(pack()), enabled=enabled, **NEW)
    predicted = bring(check_mode=True, enabled=enabled, **NEW)
    assert result["changed"] is predicted["changed"] is True
    assert result["diff"] == predicted["diff"]
    assert result["resource_pack"]["id"] == 18
    assert result["resource_pack"]["enabled"] is sent


def test_the_callers_id_prevents_a_second_pack():
    assert bring(shown(pack()), pack_id=18, **NEW)["changed"] is False


@pytest.mark.parametrize("fault", [interrupted(), answer(502, HTML)])
def test_a_pack_is_never_added_twice(fault):
    assert fail(post(ADD, fault), **NEW).failure()["state"] == "unknown"


def test_the_id_of_a_new_pack_is_reported_if_the_read_fails():
    error = fail(post(ADD, ADDED), shown(answer(403)), **NEW)
    result = error.to_result()
    assert result["resource_pack"] == {"id": 18}
    assert result["changed"] is True


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({**BY_ID, "template_id": 9}, "pack_id must be set (or set create"),
        ({"state": "absent", "create": True}, "pack_id must be set"),
        ({**BY_ID, "create": True}, "template_id must be set"),
        ({"template_id": 9, "create": True}, "ext_relation_id or relation_string must be set"),
        ({"pack_id": 0}, "pack_id must be a positive number"),
        ({"pack_id": 18, "template_id": -9}, "template_id must be a positive number"),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_is_sent(options, words, check_mode):
    error = fail(check_mode=check_mode, **options)
    assert error.code.value == "validation"
    assert words in error.msg


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_missing_pack_cannot_be_created_by_id(check_mode):
    error = fail(shown(GONE), pack_id=18, check_mode=check_mode, **NEW)
    assert error.msg == "Cannot read resource pack 18: resource pack not found"
    assert "resource_pack" not in error.result


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_pack_of_another_template_is_refused(check_mode):
    error = fail(shown(pack()), pack_id=18, template_id=3, check_mode=check_mode)
    assert error.code.value == "conflict"
    assert "it comes from template 9, not 3" in error.msg


# --- enabling --------------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_a_hidden_value_is_sent_at_every_run(enabled):
    result = bring(
        shown(pack()),
        put(PACK, DONE, {"enabled": enabled}),
        shown(pack()),
        pack_id=18,
        enabled=enabled,
    )
    predicted = bring(shown(pack()), pack_id=18, enabled=enabled, check_mode=True)
    assert outcomes(result) == {"state": "unchanged", "enabled": "changed"}
    assert result["diff"] == predicted["diff"]
    assert result["resource_pack"]["enabled"] is enabled


def test_a_visible_value_is_compared():
    assert bring(shown(pack(enabled=1)), pack_id=18, enabled=True)["changed"] is False


def test_a_visible_value_is_verified():
    raw = pack(enabled=True)
    error = fail(shown(raw), put(PACK, DONE), shown(raw), pack_id=18, enabled=False)
    assert error.code.value == "refused"


def test_a_write_with_a_lost_response_is_repeated():
    result = bring(
        shown(pack()),
        put(PACK, interrupted()),
        shown(pack()),
        put(PACK, DONE),
        shown(pack()),
        pack_id=18,
        enabled=False,
    )
    assert result["changed"] is True


# --- deleting --------------------------------------------------------------------------------

ABSENT = {"pack_id": 18, "state": "absent"}
OR_DISABLED = {**ABSENT, "disable_if_in_use": True}


def test_a_pack_without_servers_is_deleted():
    result = bring(shown(pack()), delete(PACK, DONE, {}), shown(GONE), **ABSENT)
    assert result["changed"] is True
    assert known(result["resource_pack"]) == {"state": "absent"}


def test_a_missing_pack_is_not_deleted():
    assert bring(shown(GONE), **ABSENT)["changed"] is False


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_pack_with_servers_is_not_deleted(check_mode):
    error = fail(shown(pack(3)), check_mode=check_mode, **ABSENT)
    assert error.code.value == "refused"
    assert "Cannot delete resource pack 18: it has 3 servers" in error.msg


def test_a_pack_with_servers_may_be_disabled_instead():
    result = bring(
        shown(pack(3)), delete(PACK, DONE, {"disable": "true"}), shown(pack(3)), **OR_DISABLED
    )
    predicted = bring(shown(pack(3)), check_mode=True, **OR_DISABLED)
    assert result["changed"] is predicted["changed"] is True
    assert result["diff"] == predicted["diff"]
    assert result["resource_pack"]["state"] == "present"
    assert result["resource_pack"]["enabled"] is False


def test_a_visibly_disabled_pack_is_left_unchanged():
    assert bring(shown(pack(3, enabled=False)), **OR_DISABLED)["changed"] is False


def test_a_pack_that_cannot_be_deleted_is_disabled():
    result = bring(
        shown(pack()), delete(PACK, DONE, {"disable": "true"}), shown(pack(1)), **OR_DISABLED
    )
    assert result["changed"] is True
    assert result["resource_pack"]["state"] == "present"
    assert [row["field"] for row in result["refused"]] == ["state"]


def test_a_pack_that_is_neither_deleted_nor_disabled_fails_the_task():
    raw = pack(3, enabled=True)
    error = fail(shown(raw), delete(PACK, DONE), shown(raw), **OR_DISABLED)
    assert error.code.value == "refused"


# --- its servers -----------------------------------------------------------------------------


def holding(**suspended: bool) -> Step:
    """A read of the pack, which has these servers."""
    rows = [
        {"id": int(name[1:]), "uuid": "u", "name": name, "suspended": value}
        for name, value in suspended.items()
    ]
    return get(PACK, ok(pack(len(rows), servers=rows)), {"withServers": "true"})


def servers(*steps: Step, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """Bring the servers of pack 18 into a state."""
    spec = virtfusion_selfservice_resource_pack_servers.ARGUMENTS
    wishes = {"pack_id": 18, **options}
    return run_task(ResourcePackServers, spec, *steps, check_mode=check_mode, **wishes)


def fail_servers(*steps: Step, **options: Any) -> PanelError:
    """Bring the servers of pack 18 into a state, which must fail."""
    spec = virtfusion_selfservice_resource_pack_servers.ARGUMENTS
    return fail_task(ResourcePackServers, spec, *steps, **{"pack_id": 18, **options})


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [("suspended", "suspend", True), ("unsuspended", "unsuspend", False)],
)
def test_all_servers_are_suspended_or_none(state, verb, after):
    before = holding(s7=after, s9=not after)
    result = servers(
        before, post(f"{SERVERS}/{verb}", DONE), holding(s7=after, s9=after), state=state
    )
    predicted = servers(before, state=state, check_mode=True)
    assert result["changed"] is predicted["changed"] is True
    assert result["diff"] == predicted["diff"]
    assert result["resource_pack"]["suspended_server_ids"] == ([7, 9] if after else [])


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("suspended", holding(s7=True, s9=True)),
        ("unsuspended", holding(s7=False)),
        ("suspended", holding()),
        ("absent", holding()),
    ],
)
def test_nothing_is_sent_without_a_difference(state, step):
    assert servers(step, state=state)["changed"] is False


def test_a_server_with_an_incomplete_row_is_read_separately():
    result = servers(
        shown(pack(1, servers=[7])),
        get("/servers/7", ok(server(suspended=True))),
        state="suspended",
    )
    assert result["changed"] is False


def test_a_change_in_the_queue_is_waited_for():
    result = servers(
        holding(s7=False),
        post(f"{SERVERS}/suspend", DONE),
        holding(s7=False),
        holding(s7=False),
        holding(s7=True),
        state="suspended",
    )
    assert result["changed"] is True


def test_an_ignored_change_fails_the_task():
    error = fail_servers(
        holding(s7=False),
        post(f"{SERVERS}/suspend", DONE),
        holding(s7=False),
        state="suspended",
        wait_timeout=0,
    )
    assert error.code.value == "refused"
    assert "Cannot suspend the servers of resource pack 18" in error.msg
    assert "raise wait_timeout" in error.msg


def test_a_change_with_a_lost_response_is_verified():
    result = servers(
        holding(s7=False),
        post(f"{SERVERS}/suspend", answer(502, HTML)),
        holding(s7=True),
        holding(s7=True),
        state="suspended",
    )
    assert result["changed"] is True
    assert result["api_calls"]["write"] == 1


def test_servers_are_deleted_at_once_and_it_is_checked():
    result = servers(
        holding(s7=False, s9=True),
        delete(SERVERS, DONE, {"delay": 0}),
        holding(s9=True),
        holding(),
        state="absent",
    )
    assert result["changed"] is True
    assert result["diff"]["before"] == {"server_ids": [7, 9]}


def test_a_lost_delayed_deletion_is_not_requested_again():
    lost = delete(SERVERS, interrupted(), {"delay": 60})
    steps = (holding(s7=False), lost, holding(s7=False))
    error = fail_servers(*steps, state="absent", delay=60)
    assert (error.uncertain, error.partial) == (True, False)
    assert "check the panel before you run this again" in error.msg


def test_a_delayed_deletion_is_not_verified():
    result = servers(
        holding(s7=False),
        delete(SERVERS, DONE, {"delay": 60}),
        holding(s7=False),
        state="absent",
        delay=60,
    )
    predicted = servers(holding(s7=False), state="absent", delay=60, check_mode=True)
    assert result["changed"] is predicted["changed"] is True
    assert result["diff"] == predicted["diff"]
    assert result["resource_pack"]["deletion_requested"] is True
    assert result["resource_pack"]["server_ids"] == [7]


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"state": "suspended", "delay": 0}, "delay is only for state=absent"),
        ({"state": "absent", "delay": -1}, "delay must be from 0 to 43800 minutes, not -1"),
        ({"state": "absent", "delay": 43801}, "delay must be from 0 to 43800 minutes, not 43801"),
        ({"state": "absent", "wait_timeout": -1}, "wait_timeout must be at least 0"),
        ({"state": "absent", "pack_id": 0}, "pack_id must be a positive number"),
    ],
)
def test_wrong_options_for_servers_are_refused_and_nothing_is_sent(options, words, check_mode):
    error = fail_servers(check_mode=check_mode, **options)
    assert error.code.value == "validation"
    assert words in error.msg
